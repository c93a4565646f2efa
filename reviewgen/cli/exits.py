"""Exit codes; frozen, explained in README.md."""

DONE = 0
GATE = 1
USAGE = 2
FAILED_SAMPLES = 3
INTERNAL = 70
INTERRUPTED = 130
