"""How an answer is shown: text to read aloud, tables for other programs, a fragment for notebooks."""
