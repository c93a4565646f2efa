from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from reviewgen.batch import files

# In a process of its own: where further threads run, as those of a test runner do, one of them takes the request.
TOLD_TO_END = """
import os, signal, sys
from pathlib import Path
from reviewgen.batch.files import write

folder, rename = Path(sys.argv[1]), Path.replace

def told_to_end(part, target):
    os.kill(os.getpid(), signal.SIGTERM)
    return rename(part, target)

Path.replace = told_to_end
signal.signal(signal.SIGTERM, lambda *_: print([path.name for path in folder.iterdir()]))
write(folder / "review.json", "{}\\n")
"""


@pytest.mark.skipif(not hasattr(signal, "pthread_sigmask"), reason="this system ends processes without asking")
def test_who_is_told_to_end_leaves_no_half_written_file(tmp_path: Path) -> None:
    done = subprocess.run([sys.executable, "-c", TOLD_TO_END, str(tmp_path)], capture_output=True, text=True, check=True)
    assert done.stdout == "['review.json']\n"


def test_what_a_killed_process_left_is_removed_and_what_a_living_one_writes_is_not(tmp_path: Path) -> None:
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    left, living, other = (tmp_path / name for name in (f".review.json.{gone.pid}.part", f".review.json.{os.getpid()}.part", ".mine.part"))
    for path in (left, living, other):
        path.write_bytes(b"")
    files.sweep(tmp_path)
    assert sorted(tmp_path.iterdir()) == sorted([living, other])
