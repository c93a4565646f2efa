"""A batch in parts, and the parts put together."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from reviewgen.batch.shards import Shard, parse
from tests.batch.test_again import files, of_samples, times
from tests.command_line import Cli, MakeSample, Run

SHARDS = 3


@pytest.fixture
def parts(cli: Cli, make_sample: MakeSample, tmp_path: Path) -> list[Path]:
    """The runs of all shards of a batch; one of its samples fails."""
    for number in range(7):
        make_sample(f"s{number}")
    (make_sample("team/bad") / "IDEAL_RESPONSE.md").write_bytes(b"\x00")
    runs = [tmp_path / f"part{number}" for number in range(1, SHARDS + 1)]
    codes = [shard(cli, run, f"{number}/{SHARDS}").code for number, run in enumerate(runs, 1)]
    assert sorted(codes) == [0, 0, 3]
    return runs


def shard(cli: Cli, out: Path, which: str, *options: object) -> Run:
    return cli("batch", out.parent / "samples", "-o", out, "-j", 1, "--shard", which, *options)


def everything(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def rewrite(run: Path, **members: Any) -> None:
    """Change what the journal's header says."""
    journal = run / ".reviewgen" / "journal.jsonl"
    header, _, rest = journal.read_text("utf-8").partition("\n")
    journal.write_text(f"{json.dumps({**json.loads(header), **members})}\n{rest}", "utf-8")


def test_shards_put_together_are_one_run(cli: Cli, parts: list[Path], tmp_path: Path) -> None:
    whole = cli("batch", tmp_path / "samples", "-o", tmp_path / "whole", "-j", 1)
    merged = cli("merge", *reversed(parts), "-o", tmp_path / "merged")
    assert (merged.code, merged.out) == (whole.code, whole.out) == (3, whole.out)
    assert everything(tmp_path / "merged") == everything(tmp_path / "whole")
    assert "error: team/bad: " in merged.err and merged.err.endswith(f"7 of 8 samples reviewed: {tmp_path / 'merged'}\n")
    assert all(files(part) for part in parts)
    assert sum(len(of_samples(part)) for part in parts) == len(of_samples(tmp_path / "whole")) == 14


def test_what_was_put_together_goes_on_and_is_not_touched_again(cli: Cli, parts: list[Path], tmp_path: Path) -> None:
    out = tmp_path / "merged"
    cli("merge", *parts, "-o", out)
    before = times(out)
    cli("merge", *parts, "-o", out)
    assert "8 of them as they were" in cli("batch", "--resume", "-o", out, "-j", 1).err
    assert times(out) == before


def test_a_shard_is_told_by_the_id_alone() -> None:
    ids = [f"team/{number}" for number in range(1000)]
    found = {number: [id for id in ids if Shard(number, 4).has(id)] for number in range(1, 5)}
    assert sorted(id for part in found.values() for id in part) == sorted(ids)
    assert all(200 < len(part) < 300 for part in found.values())
    numbers = {id: next(n for n in range(1, 11) if Shard(n, 10).has(id)) for id in ("a", "team/c", "grün")}
    assert numbers == {"a": 1, "team/c": 5, "grün": 7}  # the same wherever and whenever


@pytest.mark.parametrize("text", ["", "0/2", "3/2", "1", "1/2/3", "a/b", "-1/2", "1/0", "01/2", " 1/2", "1/2\n", "\u0661/2"])
def test_what_is_no_shard(cli: Cli, make_sample: MakeSample, tmp_path: Path, text: str) -> None:
    make_sample("a")
    found = cli("batch", tmp_path / "samples", "-o", tmp_path / "out", "--shard", text or "x")
    assert found.code == 2 and "is no shard (give its number and how many there are: 1/8 to 8/8)" in found.err
    assert not (tmp_path / "out").exists()


def test_texts_of_shards() -> None:
    assert str(parse("12/128")) == "12/128"


def test_a_shard_without_samples_is_a_run(cli: Cli, make_sample: MakeSample, tmp_path: Path) -> None:
    make_sample("a")
    runs = [tmp_path / "one", tmp_path / "two"]
    said = [shard(cli, run, f"{number}/2").err.splitlines()[-1] for number, run in enumerate(runs, 1)]
    assert sorted(line.partition(":")[0] for line in said) == ["0 of 0 samples reviewed", "1 of 1 samples reviewed"]
    assert cli("merge", *runs, "-o", tmp_path / "out").code == 0
    assert list(of_samples(tmp_path / "out")) == ["a/MODEL_FAILURES.md", "a/review.json"]


def test_a_shard_goes_on_as_that_shard(cli: Cli, parts: list[Path], tmp_path: Path) -> None:
    before = times(parts[0])
    cli("batch", "--resume", "-o", parts[0], "-j", 1)
    assert before and times(parts[0]) == before
    other = shard(cli, parts[0], "2/3")
    assert other.code == 2 and "there is a run of shard 1/3 in the folder, not of 2/3 (give each shard an --output of its own)" in other.err
    assert "exclude each other" in shard(cli, tmp_path / "new", "1/3", "--no-cache").err


def refused(cli: Cli, *runs: Path) -> str:
    """Return why runs cannot be put together; nothing is written."""
    out = runs[0].parent / "merged"
    found = cli("merge", *runs, "-o", out)
    assert found.code == 2 and not out.exists() and len(found.err.splitlines()) == 1
    return found.err.removeprefix("error: ").strip()


def test_missing_and_overlapping_shards(cli: Cli, parts: list[Path], tmp_path: Path) -> None:
    one, two, three = parts
    assert refused(cli, two) == "missing shards: 1/3, 3/3 (name the runs of all shards)"
    assert refused(cli, one, two, one) == f"overlapping shards: {one} and {one} are both 1/3 (name one of them)"
    shard(cli, tmp_path / "half", "1/2")
    assert refused(cli, one, tmp_path / "half") == f"shards of different divisions: 1/2 in {tmp_path / 'half'}, 1/3 in {one}"
    assert refused(cli, one, two, tmp_path / "none").startswith(f"{tmp_path / 'none'}: no run in the folder that can be merged")
    found = cli("merge", one, two, three, "-o", three)
    assert found.code == 2 and "the output is one of the runs" in found.err


def test_many_missing_shards_are_counted(cli: Cli, make_sample: MakeSample, tmp_path: Path) -> None:
    make_sample("a")
    shard(cli, tmp_path / "out", "4/100")
    assert refused(cli, tmp_path / "out") == "missing shards: 1/100, 2/100, 3/100, 5/100, 6/100 and 94 more (name the runs of all shards)"


def test_shards_that_were_not_reviewed_alike(cli: Cli, parts: list[Path], tmp_path: Path) -> None:
    one, two, _ = parts
    pair = f"{one} and {two} were not reviewed alike: "
    shard(cli, two, "2/3", "--template", "failure-analysis", "--redact")
    assert (
        refused(cli, *parts)
        == f"{pair}`template` is 'failures-and-corrections' and 'failure-analysis'; `redact` is False and True (review both alike)"
    )
    shard(cli, two, "2/3")
    common = json.loads((two / ".reviewgen" / "journal.jsonl").read_text("utf-8").partition("\n")[0])["common"]
    rewrite(two, common={**common, "version": "9.9", "tool": "another"})
    assert refused(cli, *parts).startswith(f"{pair}by reviewgen {common['version']} and 9.9 (")
    rewrite(two, common={**common, "tool": "another", "rubrics": "another"})
    assert "by different working copies of reviewgen, or with different versions of its libraries; what `rubrics` names" in refused(
        cli, *parts
    )


def test_shards_of_other_samples(cli: Cli, parts: list[Path], make_sample: MakeSample) -> None:
    make_sample("late")
    shard(cli, parts[1], "2/3")
    assert "are not parts of the same samples (give --shard the same sources everywhere)" in refused(cli, *parts)


def test_shards_that_have_not_come_to_their_end(cli: Cli, parts: list[Path]) -> None:
    rewrite(parts[1], finished=False)
    expected = f"{parts[1]}: the run has not come to its end: shard 2/3 (reviewgen batch --resume -o {parts[1]})"
    assert refused(cli, *parts) == expected
    cli("batch", "--resume", "-o", parts[1], "-j", 1)
    journal = parts[1] / ".reviewgen" / "journal.jsonl"
    journal.write_bytes(journal.read_bytes()[:-20])
    assert refused(cli, *parts) == expected


def test_files_that_somebody_changed(cli: Cli, parts: list[Path]) -> None:
    document = next(parts[2].rglob("MODEL_FAILURES.md"))
    document.write_text("mine", "utf-8")
    hint = f"reviewgen batch --resume -o {parts[2]}"
    assert refused(cli, *parts) == f"{document.parent}: the files of the sample are not those that the run wrote ({hint})"
