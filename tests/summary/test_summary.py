"""What is counted over all samples of a run; each folder of tests/cases/summary has rows and the document that says what is in them."""

from __future__ import annotations

import random
import time
import tomllib
from pathlib import Path
from typing import Any

import pytest

from reviewgen.runs import MEASURES, IssueRow, SampleRow
from reviewgen.summary import Failure, page, summarise
from reviewgen.summary.likeness import Likeness
from tests.command_line import MODEL, Cli, MakeSample
from tests.goldens import golden

CASES = Path(__file__).parent.parent / "cases" / "summary"


def sample(said: dict[str, Any]) -> SampleRow:
    issues = [
        IssueRow(f"{rule}:{number}", rule, title, category, status, tuple(where), lesson)
        for number, (rule, category, status, title, lesson, *where) in enumerate(said.get("issues", ()))
    ]
    return SampleRow(
        id=said["id"],
        class_=said.get("class", "pair"),
        scores={name: None if value == "-" else float(value) for name, value in zip(MEASURES, said["scores"], strict=True)},
        issues=tuple(issues),
        accepted=said.get("accepted", False),
        services=(),
        used=tuple(said.get("services", ())),
        asked=tuple(tuple(asked) for asked in said.get("asked", ())),
        texts=tuple(said["texts"]),
        blocks=" ".join(f"{number * 0x9E3779B97F % 2**40:010x}" for number in said["blocks"]),
    )


@pytest.mark.parametrize("name", sorted(place.name for place in CASES.iterdir()))
def test_golden(name: str) -> None:
    said = tomllib.loads((CASES / name / "rows.toml").read_text("utf-8"))
    rows = sorted(map(sample, said.get("sample", ())), key=lambda row: row.id)
    failures = [Failure(**failure) for failure in said.get("failure", ())]
    golden(CASES / name / "SUMMARY.md", page(summarise(rows, failures)))


def alike(id: str, blocks: list[int], text: str = "") -> SampleRow:
    return sample({"id": id, "scores": ["-", "-", "-"], "texts": [text or id] * 3, "blocks": blocks})


def test_samples_that_share_four_fifths_of_their_blocks_are_found_and_others_are_not() -> None:
    numbers = random.Random(5)
    found, wrong = 0, 0
    for _ in range(200):
        blocks = numbers.sample(range(10**6), 90)
        likeness = Likeness()
        likeness.add(alike("a", blocks))
        likeness.add(alike("b", [*blocks[:80], *numbers.sample(range(10**6, 2 * 10**6), 10)]))  # 80 of 100
        found += likeness.repeated.get("b") == "a"
        likeness.add(alike("c", [*blocks[:79], *numbers.sample(range(10**6, 2 * 10**6), 10)]))  # 79 of 101
        wrong += "c" in likeness.repeated
    assert found >= 198 and wrong == 0


def test_work_grows_with_the_number_of_samples_only() -> None:
    likeness, numbers = Likeness(), random.Random(7)
    common = list(range(40))
    begun = time.process_time()
    for number in range(3000):  # all share forty of eighty blocks, half are one and the same sample
        own = list(range(40, 80)) if number % 2 else numbers.sample(range(10**6), 40)
        likeness.add(alike(f"{number:05}", common + own, "same" if number % 2 else ""))
    assert time.process_time() - begun < 10
    assert len(likeness.same("all")) == 1 and len(likeness.same("all")[0]) == 1500


def test_a_batch_writes_its_summary_and_a_finished_run_has_the_same(cli: Cli, make_sample: MakeSample, tmp_path: Path) -> None:
    make_sample("a")
    make_sample("b", ideal=MODEL)
    (make_sample("c") / "IDEAL_RESPONSE.md").write_bytes(b"\x00")
    for jobs in (1, 2):
        assert cli("batch", tmp_path / "samples", "-o", tmp_path / f"out{jobs}", "-j", jobs).code == 3
    text = (tmp_path / "out1" / "SUMMARY.md").read_text("utf-8")
    assert text == (tmp_path / "out2" / "SUMMARY.md").read_text("utf-8") == cli("summary", tmp_path / "out1").out
    assert "Samples reviewed: 2. Samples that failed: 1." in text and str(tmp_path) not in text
    assert "| `c` | `input` | `c/IDEAL_RESPONSE.md: the file is binary" in text
    written = cli("summary", tmp_path / "out1", "-o", tmp_path / "summary.md")
    assert written.code == 0 and (tmp_path / "summary.md").read_text("utf-8") == text


def test_a_summary_is_made_again_only_for_other_reviews(cli: Cli, make_sample: MakeSample, tmp_path: Path) -> None:
    make_sample("a")
    place = tmp_path / "out" / "SUMMARY.md"

    def batch() -> str:
        assert cli("batch", tmp_path / "samples", "-o", tmp_path / "out", "-j", 1).code == 0
        return place.read_text("utf-8")

    first = batch()
    place.write_text("mine", "utf-8")
    assert batch() == first
    make_sample("b")
    assert "Samples reviewed: 2." in batch()


def test_where_no_summary_can_be_written_the_run_is_done_and_says_so(cli: Cli, make_sample: MakeSample, tmp_path: Path) -> None:
    make_sample("a")
    (tmp_path / "out" / "SUMMARY.md").mkdir(parents=True)
    found = cli("batch", tmp_path / "samples", "-o", tmp_path / "out", "-j", 1)
    assert found.code == 2 and "1 of 1 samples reviewed" in found.err and "SUMMARY.md: cannot write" in found.err.splitlines()[-1]
    assert "1 of them as they were" in cli("batch", "--resume", "-o", tmp_path / "out", "-j", 1).err
