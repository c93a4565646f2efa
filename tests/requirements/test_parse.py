"""PROMPT to requirements: the forms that PROMPTs have, and what holds for any text."""

from __future__ import annotations

import json
import re
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewgen.model.requirement import Requirement
from reviewgen.model.source import Document
from reviewgen.requirements import parse
from tests.paths import CASES

FOLDERS = sorted(p.parent for p in (CASES / "requirements").glob("*/PROMPT.md"))
LINES = """# Head
## 2. Head
**Bold**
1. one
2) two
   - sub
- item
| a | b |
|---|---|
```
```hcl
Create a VPC.
Never do it!
	* tab
> quoted must
lower case
e.g. this. And that
Alarms:
\u2022 dot
1\ufe0f\u20e3 Key
**3.** x
2.1 X
"""
PIECES = st.sampled_from(LINES.split("\n"))


def squashed(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


def row(requirement: Requirement) -> dict[str, Any]:
    """The fields that differ from their usual value."""
    values = {name: getattr(requirement, name) for name in ("id", "text", "line", "number", "section", "parent", "forbids", "binding")}
    return {name: value for name, value in values.items() if value not in (None, "", False) or name == "binding"} | (
        {} if requirement.binding else {"binding": False}
    )


EXAMPLE = "- Each file in a fence of its own, e.g.:\n```hcl\n# main.tf\n...\n\n"
ASKED = "1. Create a VPC.\n2. Create a private bucket with versioning.\n"


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        (EXAMPLE + ASKED, ["1", "2"]),
        (EXAMPLE.replace("...\n\n", "...\n```\n\n") + ASKED, ["1", "2"]),
        ('```hcl\nvariable "a" {\n}\n\n# 1. Create a VPC.\nvariable "b" {\n}\n', []),
        (EXAMPLE.replace("\n\n", "\n") + ASKED, []),
    ],
    ids=["forgotten", "closed", "code to the end", "no blank line"],
)
def test_an_example_whose_fence_is_never_closed_ends_at_a_blank_line(text: str, numbers: list[str]) -> None:
    assert [r.number for r in parse(Document("PROMPT.md", text)) if r.number] == numbers


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda p: p.name)
def test_cases(folder: Any) -> None:
    found = parse(Document("PROMPT.md", (folder / "PROMPT.md").read_text("utf-8")))
    expected = json.loads((folder / "expected.json").read_text("utf-8"))
    assert [row(r) for r in found] == [{"binding": True, **e} for e in expected]


@given(st.lists(st.one_of(PIECES, st.text(max_size=40)), max_size=25).map("\n".join))
def test_laws(text: str) -> None:
    """Words are PROMPT's own, ids are unique and stable, parents come first, lines exist."""
    found = parse(Document("PROMPT.md", text))
    assert found == parse(Document("PROMPT.md", text))
    seen: set[str] = set()
    for requirement in found:
        assert requirement.text and squashed(requirement.text) in squashed(text)
        assert requirement.id not in seen
        assert not requirement.parent or requirement.parent in seen
        assert 1 <= requirement.line <= text.count("\n") + 1
        seen.add(requirement.id)


@pytest.mark.parametrize("text", ["Create a VPC. " * 60_000, "- must\n" * 60_000, "1. a\n  " * 60_000, "word" * 250_000, "must " * 200_000])
def test_long_prompts_are_bounded(text: str) -> None:
    start = time.process_time()
    found = parse(Document("PROMPT.md", text))
    assert len(found) <= 1500 and all(len(r.text) <= 900 for r in found)
    assert time.process_time() - start < 5


def test_a_sentence_may_end_with_a_stop_behind_a_space() -> None:
    rows = parse(Document("PROMPT.md", "Create a bucket for logs .Enable versioning on the bucket .NET code is not needed\n"))
    assert [row.text for row in rows] == ["Create a bucket for logs", "Enable versioning on the bucket .NET code is not needed"]


def test_details_of_a_numbered_title_stand_as_far_in_as_its_first() -> None:
    """What stands flush behind an empty line is not the last item's; without details of its own a title is gone on with."""
    indented = "1. Good practice:\n     Tags: All buckets carry a tag.\n\n The outputs\nThe stack must return the queue's address.\n"
    assert [(r.number, r.line) for r in parse(Document("PROMPT.md", indented))] == [("1", 1), ("1", 2), (None, 5)]
    flush = "1. Network\n\nCreate a VPC.\n\nCreate two subnets.\n"
    assert [(r.number, r.line) for r in parse(Document("PROMPT.md", flush))] == [("1", 1), ("1", 3), ("1", 5)]


def test_a_number_outside_of_bold_words_leaves_no_half_of_their_mark() -> None:
    rows = parse(Document("PROMPT.md", "#### 3. **Event Bus**\n- Create an event bus.\n\n#### **4. Queues**\n- Create a **queue**.\n"))
    assert [(row.number, row.text, row.section) for row in rows] == [
        ("3", "Event Bus", "Event Bus"),
        ("3", "Create an event bus.", "Event Bus"),
        ("4", "Queues", "Queues"),
        ("4", "Create a **queue**.", "Queues"),
    ]
