"""The canned questions: one module each, with parameters, a docstring and frozen results."""
