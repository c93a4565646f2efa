"""The strict reader reads right files only, and these as the tolerant reader does."""

from __future__ import annotations

import random
import tomllib
from collections.abc import Iterator

import pytest

from reviewgen.hcl import strict, tolerant
from reviewgen.hcl.contents import Contents
from reviewgen.hcl.syntax import diagnose
from reviewgen.model.source import SourceFile
from tests.paths import CASES, ROOT

RIGHT: list[str] = tomllib.loads((CASES / "hcl" / "right.toml").read_text())["texts"]
# What spoils a text, or only changes it, wherever it is put.
_BITS = (
    '"', "{", "}", "[", "]", "(", ")", "\n", " ", "${", "#", "//", "/*", "*/", "=", "==", "=>", ":", "?", ".", "...", ",", "-", "!",
    "<<E\n", "E\n", "%{", "\\", "a", "1", "x.y", "for ", "in ", "if ", "$", "%", ".*", "[*]", "~", "||", "é", "\t", "0", "'", "\r",
)  # fmt: skip


def _read(file: SourceFile) -> Contents | None:
    try:
        return strict.contents(file)
    except strict.Refused:
        return None


def _agree(file: SourceFile, found: Contents) -> bool:
    """Whether both readers see the same, down to each offset; true where the tolerant one sees an error."""
    other = tolerant.whole(file)
    return other is None or repr(other) == repr(found)


def _sources() -> Iterator[SourceFile]:
    for folder in (ROOT / "samples", CASES / "validate"):
        for path in sorted(folder.rglob("*.tf")):
            yield SourceFile(path.relative_to(ROOT).as_posix(), path.read_text())


@pytest.mark.parametrize("text", RIGHT)
def test_what_is_right_is_read_as_the_tolerant_reader_reads_it(text: str) -> None:
    file = SourceFile("main.tf", text + "\n")
    found = _read(file)
    assert found is not None and tolerant.whole(file) is not None
    assert repr(tolerant.whole(file)) == repr(found)


def test_both_readers_agree_on_all_our_files() -> None:
    read = [(file, found) for file in _sources() if (found := _read(file)) is not None]
    assert len(read) > 50
    assert [file.path for file, found in read if not _agree(file, found)] == []


@pytest.mark.parametrize("seed", range(8))
def test_what_hcl_rejects_is_refused(seed: int) -> None:
    chance = random.Random(seed)
    for _ in range(60):
        text = "\n".join(text.replace("a = ", f"{name} = ", 1) for name, text in zip("abc", chance.sample(RIGHT, 3), strict=True)) + "\n"
        for _ in range(chance.randint(1, 3)):
            at = chance.randrange(len(text) + 1)
            text = text[:at] + chance.choice(_BITS) + text[at + chance.choice((0, 0, 1)) :]
        file = SourceFile("main.tf", text)
        found = _read(file)
        if found is not None:
            assert diagnose(file) == (), text
            assert _agree(file, found), text
