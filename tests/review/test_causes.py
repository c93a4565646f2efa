"""What Terraform says only because of another error stands with that error: `tests/cases/causes/`.

`issues` lists status and rule of each issue that comes from Terraform. Of the last of `issues`: `title`; `where` are places among the first six;
`says` stands in its problem, `checks` in its assertions; `messages` begin its messages, in this order, `only` are all of them, `quoted` stands in
them; `removed` lines went; `corrected` is all that IDEAL does about it.
"""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from reviewgen import pipeline, sample
from reviewgen.config import Config
from reviewgen.model.review import Issue
from reviewgen.model.source import Document, SourceFile
from tests.paths import CASES

FOLDER = CASES / "causes"
# A document leads with the places that matter.
FIRST = 6


def issues(case: dict[str, dict[str, str]]) -> tuple[Issue, ...]:
    sides = [
        Document(side, files=tuple(SourceFile(path, text.lstrip("\n")) for path, text in case[side].items())) for side in ("model", "ideal")
    ]
    return pipeline.review_sample(sample.of_documents(*sides, None, "x"), Config()).issues


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.toml")), ids=lambda path: path.stem)
def test_one_cause_is_one_issue(path: Path) -> None:
    case = tomllib.loads(path.read_text("utf-8"))
    every = issues(case)
    found = sorted((i for i in every if i.rule.startswith("tf:")), key=lambda i: (i.status.value, i.rule))
    assert [f"{i.status.value} {i.rule}" for i in found] == case["issues"]
    last = found[-1]
    assert last.title == case.get("title", last.title)
    assert set(case.get("where", ())) <= set(last.where[:FIRST])
    assert [said for said in case.get("says", ()) if said not in last.problem] == []
    assert last.lines_removed == case.get("removed", last.lines_removed)
    assert list(last.corrected) == case.get("corrected", list(last.corrected))
    assert [said for said in case.get("checks", ()) if not any(said in c.check for c in last.verification)] == []
    told = [line for line in last.message.splitlines() if line.startswith("Error: ")]
    assert told[: len(case.get("messages", ()))] == case.get("messages", [])
    assert told == case.get("only", told)
    assert case.get("quoted", "") in last.message
