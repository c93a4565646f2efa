"""The compiled form of the shipped templates, kept from one start to the next."""

from __future__ import annotations

import contextlib
from pathlib import Path

from jinja2.bccache import Bucket, BytecodeCache

from reviewgen import resources


class CompiledTemplates(BytecodeCache):
    """Keeps what Jinja compiles beside the shipped templates; Jinja itself drops what is of another text or version.

    It is never read from the folder that a user names: compiled code would get around the sandbox.
    """

    def __init__(self, folder: Path) -> None:
        """Keep it beside the templates of a folder."""
        self.folder = folder

    def load_bytecode(self, bucket: Bucket) -> None:
        """Fill a bucket with what is kept for it, if anything is."""
        with contextlib.suppress(OSError), self._place(bucket).open("rb") as file:
            bucket.load_bytecode(file)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what a bucket holds."""
        resources.keep(self._place(bucket), bucket.bytecode_to_string())

    def _place(self, bucket: Bucket) -> Path:
        return resources.kept(self.folder, f"{bucket.key}.j2c")
