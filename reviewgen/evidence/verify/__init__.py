"""Running the real Terraform on the trees of a sample, where it can do no harm: ``reviewgen verify``."""

from .emulator import EXTRA, Emulator, available, given, reset, started
from .program import Program, find
from .run import NO_EMULATOR, SECONDS, Interrupted, Wishes, run_tree, standing_in, wanted
from .safety import MOST_INSTANCES, dangers

__all__ = [
    "EXTRA", "MOST_INSTANCES", "NO_EMULATOR", "SECONDS", "Emulator", "Interrupted", "Program", "Wishes", "available", "dangers", "find", "given",
    "reset", "run_tree", "standing_in", "started", "wanted",
]  # fmt: skip
