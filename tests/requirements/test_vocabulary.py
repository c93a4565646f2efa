"""The vocabulary: every entry is well formed, names what the AWS provider knows, and is found by its own words."""

from __future__ import annotations

from pathlib import Path

import pytest

from reviewgen.errors import DataError
from reviewgen.requirements import capabilities, capability
from reviewgen.requirements.prompt.phrases import compile_phrase
from reviewgen.requirements.prompt.words import normal
from reviewgen.requirements.tables.capability import vocabulary
from tests.requirements.schemas import knows, schemas

ENTRY = """
[[capability]]
id = "x"
title = "x"
service = "X"
ask = ["x"]
met = ["aws_vpc"]
check = "An `aws_vpc` is declared"
impact = { Function = "None." }
"""


def test_types_and_arguments_exist() -> None:
    found: dict[str, list[str]] = {}
    for known in capabilities().values():
        for condition in (*known.met, *known.maybe, *known.given):
            for term in condition.terms:
                if not term.type.startswith(("aws_", "data.aws_")):
                    continue
                paths = [test.path for test in term.tests] or [()]
                wrong = [p for p in paths if not any(knows(s, p) for s in schemas(term.type))]
                if wrong:
                    found.setdefault(known.id, []).append(f"{term.type} {wrong}")
    assert found == {}


def test_what_an_entry_narrows_is_there() -> None:
    assert {wider for known in capabilities().values() for wider in known.narrows} <= set(capabilities())


def test_words_for_readers() -> None:
    for known in capabilities().values():
        assert len(f"IDEAL drops {known.title}") <= 90
        assert known.check.count("`") % 2 == 0 and not known.check.endswith(".")
        for aspect, sentence in known.impact:
            assert aspect in {"Deployment", "Function", "Requirement", "Security", "Compliance", "Cost", "Operations"}
            assert sentence.endswith(".") and sentence[0].isupper()


def test_remarks_are_recognised() -> None:
    failover = capability("route53-failover")
    assert failover is not None
    assert failover.mentioned("# NOTE: the Route53 zone and its failover records would typically be managed elsewhere")
    assert not failover.mentioned("# the database fails over by itself")


@pytest.mark.parametrize(
    ("phrase", "text", "found"),
    [
        ("flow log", "enable VPC Flow Logs", True),
        ("rout* polic*", "routing policies", True),
        ("(a|b c) d", "b c d", True),
        ("(a|b c) d", "b d", False),
        ("scan [on] push", "scan push", True),
        ("scan [on] push", "Scan-on-push", True),
        ("log ~ cloudwatch", "logs are sent to CloudWatch", True),
        ("log ~ cloudwatch", "keep the log. Use CloudWatch", False),
        ("bucket ! public", "a public bucket", False),
        ("bucket & versioning", "versioning for the bucket", True),
        ("^bucket", "Create an encrypted bucket", True),
        ("^bucket", "Create a key for the bucket", False),
        ("^bucket", "All buckets must be private", False),
        ("^bucket", "bucket policy", False),
        ("^bucket", "The editors write their drafts and one bucket", False),
    ],
)
def test_phrases(phrase: str, text: str, found: bool) -> None:
    words = normal(text)
    assert (compile_phrase(phrase).find(words, "") is not None) is found


@pytest.mark.parametrize("phrase", ["", "~ x", "x ~", "[x] y", "x & ^y", "x !"])
def test_broken_phrases(phrase: str) -> None:
    with pytest.raises(ValueError, match=r"phrase|beginning"):
        compile_phrase(phrase)


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ('met = ["aws_vpc"]', 'met = ["aws_vpc[]x"]', 2, "not a condition"),
        ('met = ["aws_vpc"]', 'met = ["aws_vpc[=3]"]', 2, "not a test"),
        ('ask = ["x"]', 'ask = ["~ x"]', 2, "phrase"),
        ('title = "x"', 'titel = "x"', 2, "missing keys"),
        ('service = "X"', 'service = "X"\nfoo = 1', 2, "unknown keys"),
        ('service = "X"', 'service = "X"\ncategory = "bad"', 2, "bad"),
        ('title = "x"', "title = x", 4, "not a table"),
    ],
)
def test_broken_tables(tmp_path: Path, old: str, new: str, line: int, words: str) -> None:
    table = tmp_path / "broken.toml"
    table.write_text(ENTRY.replace(old, new))
    with pytest.raises(DataError, match=words) as caught:
        list(vocabulary([table]).values())
    assert (caught.value.path, caught.value.line) == ("broken.toml", line)
