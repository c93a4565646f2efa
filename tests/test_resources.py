"""What is compiled from shipped files: read as it was parsed, never stale, written only where Python writes its own."""

from __future__ import annotations

import sys
import tomllib
from datetime import date
from pathlib import Path

import pytest

from reviewgen import resources

TEXT = 'since = 2025-01-31\nwords = ["a", "b"]\n\n[[row]]\nname = "x"\nlimit = 1.5\n'


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(resources, "PACKAGE", tmp_path)
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    return tmp_path


def test_a_table_is_parsed_once(package: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = package / "facts.toml"
    file.write_text(TEXT, "utf-8")
    first = resources.table(file)
    monkeypatch.setattr(tomllib, "loads", lambda text: pytest.fail("parsed again"))
    assert resources.table(file) == first == {"since": date(2025, 1, 31), "words": ["a", "b"], "row": [{"name": "x", "limit": 1.5}]}


def test_a_changed_table_is_read_as_it_is_now(package: Path) -> None:
    file = package / "facts.toml"
    for words in ("a", "b"):
        file.write_text(f'word = "{words}"\n', "utf-8")
        assert resources.table(file) == {"word": words}


@pytest.mark.parametrize("broken", ["", "[]", "{", '{"digest": 1}', "\udcff"])
def test_a_broken_kept_form_does_no_harm(package: Path, broken: str) -> None:
    file = package / "facts.toml"
    file.write_text(TEXT, "utf-8")
    expected = resources.table(file)
    (place,) = (package / "__pycache__").iterdir()
    place.write_bytes(broken.encode("utf-8", "surrogateescape"))
    assert resources.table(file) == expected


def test_nothing_is_written_where_python_writes_nothing(package: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    outside = tmp_path_factory.mktemp("user") / "own.toml"
    outside.write_text(TEXT, "utf-8")
    resources.table(outside)
    assert [path.name for path in outside.parent.iterdir()] == ["own.toml"]
    sys.dont_write_bytecode = True
    file = package / "facts.toml"
    file.write_text(TEXT, "utf-8")
    resources.table(file)
    assert [path.name for path in package.iterdir()] == ["facts.toml"]
