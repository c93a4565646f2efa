"""How much is told of one file: what all readers know without the recognizer, which few files need."""

MOST_DIAGNOSTICS = 100
"""Most problems of one file that are told: whoever mends the first hundred reads the file again."""
