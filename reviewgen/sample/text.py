"""Bytes to text: what a file must be to be read, and how its text is normalised."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from reviewgen.errors import InputError

MOST_BYTES = 50 * 1024 * 1024
# Zero bytes at the beginning, or many of them, make a file binary; some further on are an archive that was pasted into a document.
_HEAD = 1024
_MOST_ZEROS = 0.05


def read_text(path: Path, shown: str = "") -> tuple[str, tuple[str, ...]]:
    """Return a file's text with LF line ends and no byte order mark, and notes about what had to be assumed.

    Args:
        path: The file.
        shown: How messages call it; the path itself when empty.

    Raises:
        InputError: It cannot be read, is larger than 50 MB, or holds binary data.
    """
    name = shown or str(path)
    with readable(name), path.open("rb") as file:
        data = file.read(MOST_BYTES + 1)  # of what is no regular file the size is not known before
    return decode(data, name)


@contextmanager
def readable(name: str, what: str = "file") -> Iterator[None]:
    """Say that a file or folder cannot be read, where the system does."""
    try:
        yield
    except OSError as error:
        raise InputError(
            f"cannot read the {what}: {error.strerror or error}", path=name, hint="check the path and its permissions"
        ) from None


def decode(data: bytes, name: str) -> tuple[str, tuple[str, ...]]:
    """Return the normalised text of some bytes, and notes; see ``read_text``."""
    if len(data) > MOST_BYTES:
        raise InputError("the input is larger than 50 MB", path=name, hint="a sample's documents are text; check the path")
    notes: tuple[str, ...] = ()
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = data.decode("utf-16", "replace")
    else:
        if b"\x00" in data[:_HEAD] or data.count(b"\x00") > len(data) * _MOST_ZEROS:
            raise InputError("the file is binary", path=name, hint="a sample's documents are Markdown or Terraform text")
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = data.decode("utf-8-sig", "replace")
            notes = (f"`{name.rpartition('/')[2]}` is not valid UTF-8; what could not be read is shown as a replacement character.",)
    if "\x00" in text:
        text = text.replace("\x00", "\N{REPLACEMENT CHARACTER}")
        notes = (*notes, f"`{name.rpartition('/')[2]}` contains zero bytes; they are shown as replacement characters.")
    return text.replace("\r\n", "\n").replace("\r", "\n"), notes
