"""A broken table of knowledge is an error when a review begins, with its file and line; a sound one is read whole once."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from reviewgen import knowledge, resources
from reviewgen.audit.statements import statements
from reviewgen.audit.words import words
from reviewgen.diff.values import sets
from reviewgen.documents.words import words as labels
from reviewgen.errors import DataError
from reviewgen.requirements.prompt.wording import wording
from reviewgen.requirements.tables.capability import capabilities
from reviewgen.requirements.tables.count import counts
from reviewgen.requirements.tables.everywhere import everywhere
from reviewgen.requirements.tables.opposite import opposites
from reviewgen.requirements.tables.prohibition import prohibitions
from reviewgen.requirements.tables.value import values
from reviewgen.review.diagnostics.diagnosed import kinds
from reviewgen.review.diagnostics.meant import rows as meant
from reviewgen.review.issues.advised import classes
from reviewgen.rules import tables
from reviewgen.rules.changes.table import groups, themes
from reviewgen.score.services import table as services
from tests.command_line import Cli, MakeSample

SHIPPED = resources.PACKAGE
CACHED = (statements, words, sets, labels, capabilities, counts, everywhere, opposites, prohibitions, values, wording, kinds, meant, classes,
          tables.rows, groups, themes, services)  # fmt: skip
ROOMS = ("diff/", "requirements/", "review/", "rules/", "score/")
# Tables that are compiled whole by whoever reads them.
WHOLE: dict[str, Callable[[], object]] = {"audit/statements.toml": statements, "audit/words.toml": words, "documents/words.toml": labels}
# What is written at the end of a table, and on which of these lines it is wrong.
BROKEN = {
    "audit/statements.toml": '[[literal]]\nname = "x"\nwords = "(x"\ncode = "x"\n',
    "audit/words.toml": '[[noun]]\nname = "x"\nwords = "x"\n',
    "diff/sets.toml": "x = \n",
    "documents/words.toml": '[[role]]\nrole = "x"\nwords = ["(x"]\n',
    "requirements/tables/counts.toml": '[[count]]\nid = "x"\n',
    "requirements/tables/everywhere.toml": '[[everywhere]]\ncapability = "x"\n',
    "requirements/tables/opposites.toml": '[[opposites]]\nid = "x"\n',
    "requirements/tables/prohibitions.toml": '[[prohibition]]\nid = "x"\n',
    "requirements/tables/values.toml": '[[value]]\nid = "x"\n',
    "requirements/tables/vocabulary/data.toml": '[[capability]]\nid = "x"\ntitle = "x"\nservice = "S3"\nask = ["x"]\nmet = ["aws_x[]y"]\n',
    "requirements/prompt/wording.toml": "x = \n",
    "review/diagnostics/diagnosed.toml": '[[kind]]\nid = "x"\none = "nothing"\n',
    "review/diagnostics/meant.toml": '[[meant]]\ntype = "x"\nnames = []\nadvice = "x"\n',
    "review/issues/advised.toml": '[[class]]\nid = "x"\nasked = ["(x"]\nyields = []\n',
    "rules/changes/groups.toml": '[[group]]\nid = "x"\n',
    "rules/changes/protections.toml": '[[theme]]\nid = "x"\ncategory = "bad"\n',
    "rules/tables/rds_versions.toml": '[[row]]\nengine = "x"\n',
    "score/services.toml": "x = \n",
}


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A copy of the package's tables that is used in its place."""
    for file in SHIPPED.rglob("*.toml"):
        copy = tmp_path / file.relative_to(SHIPPED)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(file, copy)
    monkeypatch.setattr(resources, "PACKAGE", tmp_path)
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    _clear()
    yield tmp_path
    _clear()


def _clear() -> None:
    for function in CACHED:
        function.cache_clear()


def test_each_shipped_table_is_read_whole() -> None:
    files = {file.relative_to(SHIPPED).as_posix() for file in SHIPPED.rglob("*.toml") if file.parent.name != "rubrics"}
    assert not {file for file in files if file.startswith(ROOMS) and _table(file) is None}
    assert all((SHIPPED / name).exists() for name in knowledge.TABLES)
    assert set(knowledge.readers()) == set(knowledge.TABLES)
    assert set(tables.COLUMNS) == {file.stem for file in (SHIPPED / "rules" / "tables").glob("*.toml")}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_table_is_told_with_its_line(package: Path, name: str) -> None:
    file = package / name
    text = file.read_text("utf-8").rstrip("\n") + "\n\n"
    file.write_text(text + BROKEN[name], "utf-8")
    table = _table(name)
    for _ in range(2):
        with pytest.raises(DataError) as caught:
            WHOLE[name]() if table is None else knowledge.verified(package, [table], knowledge.readers)
        assert (caught.value.path, caught.value.line) == (file.name, text.count("\n") + 1)


def _table(name: str) -> str | None:
    """Return the table, or folder of tables, that a file belongs to; None for one that is compiled whole each time."""
    return next((t for t in knowledge.TABLES if name == t or (t.endswith("/") and name.startswith(t))), None)


def test_each_kind_of_table_is_broken_once() -> None:
    assert {_table(name) for name in BROKEN} - {None} == set(knowledge.TABLES)
    assert {name for name in BROKEN if _table(name) is None} == set(WHOLE)


def test_only_what_has_changed_is_read(package: Path) -> None:
    read: list[str] = []

    def whole() -> dict[str, Callable[[], object]]:
        return {name: (lambda name=name: read.append(name)) for name in knowledge.TABLES}  # type: ignore[misc]

    knowledge.verified(package, knowledge.TABLES, whole)
    assert read == list(knowledge.TABLES)
    knowledge.verified(package, knowledge.TABLES, lambda: pytest.fail("read again"))
    (package / "requirements" / "tables" / "vocabulary" / "data.toml").write_text("", "utf-8")
    read.clear()
    knowledge.verified(package, knowledge.TABLES, whole)
    assert read == ["requirements/tables/vocabulary/"]


@pytest.mark.parametrize("kept", [b"[]", b"{", b"\xff", b'{"diff/sets.toml": 1}'])
def test_a_broken_record_does_no_harm(package: Path, kept: bytes) -> None:
    place = package / "__pycache__" / "tables.json"
    place.parent.mkdir()
    place.write_bytes(kept)
    knowledge.verified(package, ["diff/sets.toml"], knowledge.readers)
    assert b"diff/sets.toml" in place.read_bytes()


def test_a_review_with_a_broken_table_is_refused(cli: Cli, make_sample: MakeSample, package: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(knowledge, "TABLES", ("score/services.toml",))
    knowledge.verify.cache_clear()
    (package / "score" / "services.toml").write_text("utilities = 1\n", "utf-8")
    run = cli("report", make_sample())
    knowledge.verify.cache_clear()
    assert (run.code, run.out) == (2, "") and "services.toml:1: " in run.err
