"""Samples from wherever they come: each folder of tests/cases/sources is a command line's arguments, and what becomes of them."""

from __future__ import annotations

import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

from reviewgen.errors import InputError, UserError
from reviewgen.sample import Folder, Row
from reviewgen.sample.sources import Source, expand, opened, parse

CASES = Path(__file__).parent.parent / "cases" / "sources"


def read(arguments: list[str], columns: list[str] | None = None) -> Source:
    return opened([path for argument in arguments for path in expand(argument)], parse(columns or []))


@pytest.mark.parametrize("name", sorted(place.name for place in CASES.iterdir()))
def test_case(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    case = tomllib.loads((CASES / name / "case.toml").read_text("utf-8"))
    monkeypatch.chdir(CASES / name)
    if "error" in case:
        with pytest.raises(InputError) as caught:
            read(case["arguments"], case.get("columns"))
        assert str(caught.value) == case["error"]
        return
    items = list(read(case["arguments"], case.get("columns")))
    ids = [item.id for item in items]
    assert len({id.casefold() for id in ids}) == len(ids)
    if "items" in case:
        _same(items, case["items"])
    for item in items:
        if item.id in case.get("texts", {}):
            assert isinstance(item, Row) and item.texts == case["texts"][item.id]
    if "safe" in case:
        assert not any(isinstance(item, Row) and item.error for item in items)
        assert not set(ids) & set(case["safe"])
        assert all(id.isascii() and len(id) <= 100 and not set(id) & set('/\\:*?"<>| ') and id[0] not in ".-" for id in ids)


def _same(items: list[Any], wanted: list[list[str]]) -> None:
    assert [[item.id, item.place] for item in items] == [row[:2] for row in wanted]
    for item, row in zip(items, wanted, strict=True):
        said = item.error if isinstance(item, Row) else ""
        assert said.startswith(row[2]) if len(row) > 2 else not said, said


def parquet(path: Path, rows: list[dict[str, Any]], group: int = 100) -> str:
    import pyarrow as pa
    from pyarrow import parquet as pq

    pq.write_table(pa.Table.from_pylist(rows), path, row_group_size=group)
    return str(path)


def rows(number: int) -> list[dict[str, Any]]:
    return [{"id": f"s{n:03}", "prompt": "p", "model": f"answer {n}", "ideal": "b" * 300, "score": n} for n in range(number)]


def test_parquet_is_read_as_jsonl_is(tmp_path: Path) -> None:
    given = [*rows(70), {"id": "cut", "prompt": None, "model": "a", "ideal": None, "score": 1}]
    items = list(read([parquet(tmp_path / "data.parquet", given, 50)]))
    assert [item.id for item in items] == [*(f"s{n:03}" for n in range(70)), "data.parquet:71"]
    assert isinstance(items[3], Row) and items[3].texts == {"prompt": "p", "model": "answer 3", "ideal": "b" * 300}
    assert isinstance(items[70], Row) and items[70].error == "no text in the column 'ideal'"
    assert items[70].place == f"{tmp_path / 'data.parquet'}:71"


def test_rows_carry_their_columns_only_where_they_are_asked_for(tmp_path: Path) -> None:
    source = read([parquet(tmp_path / "data.parquet", rows(40))])
    assert all(isinstance(item, Row) and item.own is None for item in source)
    whole = [item for item in source.read(whole=True) if isinstance(item, Row)]
    assert [row.own.to_pylist() for row in whole] == [[row] for row in rows(40)]
    assert whole[0].bare().own is None and whole[0].bare() == whole[0]


def test_a_parquet_file_that_was_cut_is_an_error(tmp_path: Path) -> None:
    file = tmp_path / "data.parquet"
    whole = Path(parquet(file, rows(40))).read_bytes()
    for data in (whole[: len(whole) // 2], whole[:-4], b"", b"PAR1", b"text, not Parquet"):
        file.write_bytes(data)
        with pytest.raises(InputError, match=r"data\.parquet: this is no whole Parquet file: .*cut short"):
            read([str(file)])


def test_rows_of_a_group_that_is_damaged_are_failures_and_the_others_are_samples(tmp_path: Path) -> None:
    file = tmp_path / "data.parquet"
    data = bytearray(Path(parquet(file, rows(30), 10)).read_bytes())
    from pyarrow import parquet as pq

    place = pq.ParquetFile(file).metadata.row_group(1).column(2)
    start = place.dictionary_page_offset or place.data_page_offset
    data[start : start + 20] = b"\xff" * 20
    file.write_bytes(data)
    items = [item for item in read([str(file)]) if isinstance(item, Row)]
    assert [item.id for item in items] == [f"s{n:03}" if n // 10 != 1 else f"data.parquet:{n + 1}" for n in range(30)]
    assert {item.error for item in items} == {"", "the row cannot be read: the file is damaged"}


def test_without_pyarrow_parquet_is_an_error_that_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = parquet(tmp_path / "data.parquet", rows(1))
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(UserError, match=r"pip install 'reviewgen\[parquet\]'"):
        read([file])


@pytest.mark.parametrize("text", ["# No code\n", "", "\ud800 a lone surrogate", "\x00" * 9])
def test_a_row_is_read_as_the_folder_with_its_texts_as_files_is(tmp_path: Path, text: str) -> None:
    for name in ("MODEL_RESPONSE.md", "IDEAL_RESPONSE.md"):
        (tmp_path / name).write_text(text, "utf-8", "surrogatepass")
    row, folder = Row("x", "data.jsonl", 3, {"model": text, "ideal": text}), Folder("x", tmp_path)
    try:
        expected = folder.load()
    except InputError as error:
        with pytest.raises(InputError, match=r"data\.jsonl:3/MODEL_RESPONSE\.md: the file is binary"):
            row.load()
        assert "the file is binary" in str(error)
    else:
        assert row.load() == expected
