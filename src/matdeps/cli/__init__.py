"""The command line: thin click commands over the Python API; the one place that imports every layer."""
