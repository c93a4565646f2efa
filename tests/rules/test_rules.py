"""Each rule on a tree that has the defect, on one that does not, and on one that nearly has it."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest

from reviewgen import rules
from reviewgen.rules import CATALOGUE
from reviewgen.rules.families import FAMILIES
from tests.build import graph
from tests.paths import CASES

FILES = sorted((CASES / "rules").glob("*.toml"))
RULES = {rule.slug: rule for rule in CATALOGUE}
ROWS = [(f.stem, kind, n, row) for f in FILES for kind, rows in tomllib.loads(f.read_text()).items() for n, row in enumerate(rows)]


def test_every_rule_has_cases() -> None:
    """A failing case and a passing one, which is a near miss, for each rule; no cases without a rule."""
    seen = {slug: {k for s, k, _, _ in ROWS if s == slug} for slug in {s for s, *_ in ROWS}}
    assert set(seen) == set(RULES)
    assert [slug for slug, kinds in seen.items() if kinds != {"fails", "passes"}] == []


@pytest.mark.parametrize(("slug", "kind", "number", "row"), ROWS, ids=[f"{s}-{k}-{n}" for s, k, n, _ in ROWS])
def test_cases(slug: str, kind: str, number: int, row: dict[str, Any]) -> None:
    tree = graph(row["code"], **row.get("files", {}))
    assert not tree.tree.diagnostics, "the case itself must parse"
    result = rules.run(tree, [RULES[slug]])
    assert not result.failed
    found = result.findings
    assert bool(found) is (kind == "fails"), [f.problem for f in found]
    if "at" in row:
        assert f"{found[0].address}.{found[0].attribute}".strip(".") == row["at"]
    if "related" in row:
        assert list(found[0].related) == row["related"]
    if "stage" in row:
        assert found[0].stage == row["stage"]
    if "says" in row or "never" in row:
        said = row.get("says", ())
        advice = [(f.recommendation.text, f.recommendation.code) for f in found if f.recommendation]
        told = [(f.title, f.problem, f.check, f.message, f.source, *(i.text for i in f.impact)) for f in found]
        words = "\n".join(text for texts in (*told, *advice) for text in texts)
        assert all(part in words for part in ([said] if isinstance(said, str) else said)), words
        assert row.get("never", "\0") not in words
    for part in ("title", "problem", "check", "message", "source"):
        assert row.get(part, "") in getattr(found[0], part) if found else part not in row
    for finding in found:
        assert finding.problem and finding.check and finding.title
        assert len(finding.title) <= 90
        assert finding.problem.count("`") % 2 == 0 and finding.check.count("`") % 2 == 0


def test_ids_and_slugs_are_unique() -> None:
    assert len({r.id for r in CATALOGUE}) == len({r.slug for r in CATALOGUE}) == len(CATALOGUE)


def test_a_family_stands_in_the_room_of_its_number() -> None:
    rooms: dict[str, set[str]] = {}
    for family in FAMILIES:
        digits = [rule.id[len("RG")] for rule in family.RULES]
        rooms.setdefault(family.__name__.split(".")[-2], set()).add(max(digits, key=digits.count))
    assert rooms == {
        "identity": {"1"},
        "storage": {"2"},
        "serverless": {"3"},
        "network": {"4"},
        "compute": {"5"},
        "language": {"6", "9"},
        "audit": {"7"},
        "monitoring": {"8"},
    }
