"""Knowledge tables: what is wrong in one is said with its line; all shipped ones are dated and sourced."""

from __future__ import annotations

from pathlib import Path

import pytest

from reviewgen.errors import DataError
from reviewgen.rules import tables

HEAD = 'date = 2025-01-31\nsource = "https://docs.aws.amazon.com/x"\n'


def test_rows_carry_their_source(tmp_path: Path) -> None:
    text = HEAD + '[[row]]\nname = "a"\n\n[[row]]\nname = "b"\nsource = "https://docs.aws.amazon.com/y"\n'
    assert [(r["name"], r["source"][-1]) for r in tables.read(_file(tmp_path, text), ("name",))] == [("a", "x"), ("b", "y")]


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("date = 2025-01-31\n[[row]]\n", 1, "date and a source"),
        (HEAD + "[[row]\n", 3, "not TOML"),
        (HEAD + "rows = 1\n", 1, "unknown keys"),
        (HEAD + '[[row]]\nname = "a"\n\n[[row]]\nnam = "b"\n', 6, "missing keys: ['name']"),
        (HEAD + '[[row]]\nname = "a"\nextra = 1\n', 3, "unknown keys: ['extra']"),
    ],
)
def test_broken_tables_say_where(tmp_path: Path, text: str, line: int, said: str) -> None:
    with pytest.raises(DataError) as caught:
        tables.read(_file(tmp_path, text), ("name",))
    assert (caught.value.path, caught.value.line) == ("t.toml", line)
    assert said in caught.value.message


def _file(folder: Path, text: str) -> Path:
    file = folder / "t.toml"
    file.write_text(text, "utf-8")
    return file
