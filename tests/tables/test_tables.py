"""The tables that a batch writes beside its reviews."""

from __future__ import annotations

import datetime
import json
import sys
from pathlib import Path
from typing import Any

import pytest

from reviewgen.tables.plain import cleaned, kind
from reviewgen.tables.schema import TABLES
from tests.command_line import IDEAL, MODEL, PROMPT, Cli, MakeSample

DATA: list[dict[str, Any]] = [
    {"id": "b", "team": "x", "n": 1, "mixed": 1, "tags": ["p"], "class": "theirs"},
    {"id": "a", "team": "y", "n": 2.5, "mixed": "one"},
    {"id": "c", "team": None, "ideal": None},
]


def dataset(path: Path) -> Path:
    rows = [{"prompt": PROMPT, "model": MODEL, "ideal": IDEAL, **row} for row in DATA]
    path.write_text("".join(f"{json.dumps(row)}\n" for row in rows), "utf-8")
    return path


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def parquet(path: Path) -> Any:
    from pyarrow.parquet import read_table

    return read_table(path)


def written(cli: Cli, source: Path, folder: Path, *names: str, jobs: int = 1, code: int = 3) -> None:
    asked = [word for name in names for word in ("--write", folder / name)]
    found = cli("batch", source, "-o", folder / "out", "-j", jobs, *asked)
    assert found.code == code, found.err


ALL = tuple(f"{table}.{format}" for table in TABLES for format in ("jsonl", "parquet"))


def test_tables_say_what_reviews_say_whatever_the_number_of_workers(cli: Cli, tmp_path: Path) -> None:
    for jobs in (1, 2):
        written(cli, dataset(tmp_path / "data.jsonl"), tmp_path / str(jobs), *ALL, jobs=jobs)
    one = tmp_path / "1"
    assert all((one / name).read_bytes() == (tmp_path / "2" / name).read_bytes() for name in ALL)
    reviews = [json.loads((one / "out" / id / "review.json").read_text("utf-8")) for id in "ab"]
    assert lines(one / "reviews.jsonl") == reviews
    assert [json.loads(row["review"]) for row in parquet(one / "reviews.parquet").to_pylist()] == reviews
    issues = lines(one / "issues.jsonl")
    assert parquet(one / "issues.parquet").to_pylist() == issues and list(issues[0]) == [c.name for c in TABLES["issues"]]
    assert [(i["sample"], i["fingerprint"]) for i in issues] == [
        (r["sample"]["id"], i["fingerprint"]) for r in reviews for i in r["issues"]
    ]
    samples = lines(one / "samples.jsonl")
    assert [(s["id"], s["class"], s["failure"]) for s in samples] == [
        ("a", "pair", None),
        ("b", "pair", None),
        ("data.jsonl:3", None, "input"),
    ]
    assert samples[2]["error"] == "data.jsonl:3: no text in the column 'ideal'"
    assert samples[0]["learning_value"] == reviews[0]["score"]["learning_value"]["final"]
    assert parquet(one / "samples.parquet").schema.metadata[b"reviewgen"] == b"samples@1"


def test_columns_of_a_dataset_are_kept_beside_ours(cli: Cli, tmp_path: Path) -> None:
    written(cli, dataset(tmp_path / "data.jsonl"), tmp_path, "samples.jsonl", "samples.parquet")
    ours = [column.name for column in TABLES["samples"]]
    own = ["prompt", "model", "ideal", "dataset_id", "team", "n", "mixed", "tags", "dataset_class"]
    a, b, c = lines(tmp_path / "samples.jsonl")
    assert list(a) == ours + own
    assert (b["team"], b["n"], b["mixed"], b["tags"], b["dataset_class"], b["dataset_id"]) == ("x", 1, 1, ["p"], "theirs", "b")
    assert (a["team"], a["n"], a["mixed"], a["tags"], a["model"]) == ("y", 2.5, "one", None, MODEL)
    assert (c["team"], c["dataset_id"], c["ideal"]) == (None, "c", None)
    table = parquet(tmp_path / "samples.parquet")
    assert table.column_names == ours + own
    assert [str(table.schema.field(name).type) for name in own[4:]] == ["string", "double", "string", "string", "string"]
    assert table.column("n").to_pylist() == [2.5, 1.0, None] and table.column("mixed").to_pylist() == ['"one"', "1", None]


def test_columns_of_parquet_keep_their_types(cli: Cli, tmp_path: Path) -> None:
    import pyarrow as pa
    from pyarrow import parquet as pq

    texts = {"model": [MODEL] * 2, "ideal": [IDEAL, None], "id": ["b", "a"]}
    when = pa.array([datetime.datetime(2026, 1, 2), None], pa.timestamp("ns"))
    kinds = pa.array(["x", "y"]).dictionary_encode()
    table = pa.table({**texts, "when": when, "kind": kinds, "tags": [["p", "q"], []], "small": pa.array([1, 2], pa.int8())})
    pq.write_table(table, tmp_path / "data.parquet")
    written(cli, tmp_path / "data.parquet", tmp_path, "samples.parquet", "samples.jsonl")
    found = parquet(tmp_path / "samples.parquet")
    assert found.column("id").to_pylist() == ["b", "data.parquet:2"]
    assert [str(found.schema.field(n).type) for n in ("when", "kind", "tags", "small")] == [
        "timestamp[ns]", "string", "list<element: string>", "int8",
    ]  # fmt: skip
    assert found.column("when").to_pylist()[1] is None and found.column("small").to_pylist() == [1, 2]
    first, second = lines(tmp_path / "samples.jsonl")
    assert (first["when"], first["kind"], first["tags"], first["small"]) == ("2026-01-02T00:00:00", "x", ["p", "q"], 1)
    assert second["when"] is None and second["dataset_id"] == "a"


def test_folders_have_no_columns_of_their_own(cli: Cli, make_sample: MakeSample, tmp_path: Path) -> None:
    make_sample("team/a")
    written(cli, tmp_path / "samples", tmp_path, "samples.jsonl", "samples.parquet", code=0)
    assert parquet(tmp_path / "samples.parquet").to_pylist() == lines(tmp_path / "samples.jsonl")
    assert lines(tmp_path / "samples.jsonl")[0]["id"] == "team/a"


def test_a_finished_run_writes_tables_without_reviewing_again(cli: Cli, tmp_path: Path) -> None:
    written(cli, dataset(tmp_path / "data.jsonl"), tmp_path)
    found = cli("batch", "--resume", "-o", tmp_path / "out", "--write", tmp_path / "samples.jsonl")
    assert found.code == 3 and "3 of them as they were" in found.err
    first = (tmp_path / "samples.jsonl").stat().st_mtime_ns
    cli("batch", "--resume", "-o", tmp_path / "out", "--write", tmp_path / "samples.jsonl")
    assert len(lines(tmp_path / "samples.jsonl")) == 3 and (tmp_path / "samples.jsonl").stat().st_mtime_ns == first


@pytest.mark.parametrize("name", ["out.jsonl", "issues.csv", "issues-samples.jsonl", "reviews"])
def test_a_name_that_says_no_table_stops_before_anything_runs(cli: Cli, make_sample: MakeSample, tmp_path: Path, name: str) -> None:
    make_sample()
    found = cli("batch", tmp_path / "samples", "-o", tmp_path / "out", "--write", tmp_path / name)
    assert found.code == 2 and "the name does not say what is to be written" in found.err and not (tmp_path / "out").exists()


def test_what_cannot_be_written_costs_no_review_and_leaves_nothing_half_written(cli: Cli, make_sample: MakeSample, tmp_path: Path) -> None:
    make_sample("a")
    (tmp_path / "file").write_text("", "utf-8")
    (tmp_path / "samples.jsonl").mkdir()
    names = ("file/issues.jsonl", "samples.jsonl", "reviews.jsonl")
    asked = [word for name in names for word in ("--write", tmp_path / name)]
    found = cli("batch", tmp_path / "samples", "-o", tmp_path / "out", "-j", 1, *asked)
    assert found.code == 2 and "1 of 1 samples reviewed" in found.err
    assert f"error: {tmp_path / 'file/issues.jsonl'}: cannot write: " in found.err
    assert f"error: {tmp_path / 'samples.jsonl'}: cannot write: " in found.err and len(lines(tmp_path / "reviews.jsonl")) == 1
    assert (tmp_path / "out" / "a" / "review.json").exists() and not list(tmp_path.rglob("*.part"))


def test_parquet_without_pyarrow_stops_before_anything_runs(
    cli: Cli, make_sample: MakeSample, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_sample()
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    monkeypatch.setitem(sys.modules, "pyarrow.parquet", None)
    found = cli("batch", tmp_path / "samples", "-o", tmp_path / "out", "--write", tmp_path / "issues.parquet")
    assert found.code == 2 and "pip install 'reviewgen[parquet]'" in found.err and not (tmp_path / "out").exists()


def test_values_become_what_json_can_say() -> None:
    assert cleaned({"a": float("nan"), "b": [b"x", 2**70], "c": datetime.date(2026, 1, 2), "d": True}) == {
        "a": None, "b": ["eA==", str(2**70)], "c": "2026-01-02", "d": True,
    }  # fmt: skip
    assert [kind(types) for types in ({"str", "NoneType"}, {"int", "float"}, {"int", "bool"}, {"list"}, set())] == [
        "text", "number", "json", "json", "text",
    ]  # fmt: skip


def test_the_schema_is_documented() -> None:
    text = (Path(__file__).parent.parent.parent / "docs" / "batches.md").read_text("utf-8")
    for columns in TABLES.values():
        for column in columns:
            assert f"| `{column.name}` | {column.kind} | {column.meaning} |" in text
