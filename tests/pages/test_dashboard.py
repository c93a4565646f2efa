"""The pages of a run, as files."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path
from urllib.parse import unquote

import pytest

from reviewgen import runs
from tests.command_line import IDEAL, Cli, MakeSample

from .html import Page

IDS = ("plain", "with space", "50%25 #1?", "team/deep/a", "ünï")


@pytest.fixture
def run(cli: Cli, make_sample: MakeSample, tmp_path: Path) -> Path:
    """Return a run over samples whose names a web address has to escape."""
    for id in IDS:
        make_sample(id)
    assert cli("batch", tmp_path / "samples", "-o", tmp_path / "run", "-j", 1, "-q").code == 0
    return tmp_path / "run"


def data(path: Path) -> dict[str, list[object]]:
    text = path.read_text("utf-8")
    return dict(json.loads(text.removeprefix("window.REVIEWGEN = ").removesuffix(";\n")))


def test_each_sample_has_a_page_that_leads_back(cli: Cli, run: Path, tmp_path: Path) -> None:
    out = tmp_path / "pages"
    done = cli("dashboard", run, "-o", out)
    assert done.code == 0 and str(out / "index.html") in done.err
    rows = data(out / "data.js")["samples"]
    assert sorted(str(row[0]) for row in rows if isinstance(row, list)) == sorted(IDS)
    for row in rows:
        assert isinstance(row, list)
        path = out / unquote(str(row[1]))
        page = Page(path.read_text("utf-8"))
        (home,) = [address for address in page.values("a", "href") if address.endswith("index.html")]
        assert (path.parent / home).resolve() == out / "index.html"


def test_everything_it_loads_is_there(cli: Cli, run: Path, tmp_path: Path) -> None:
    out = tmp_path / "pages"
    assert cli("dashboard", run, "-o", out, "--against", run).code == 0
    for name in ("index.html", "comparison.html"):
        page = Page((out / name).read_text("utf-8"))
        addresses = [*page.values("script", "src"), *page.values("link", "href"), *page.values("a", "href")]
        assert all((out / address).is_file() for address in addresses if not address.startswith("#"))
    assert "MIT License" in (out / "assets" / "LICENSES.txt").read_text("utf-8")


def test_the_charts_count_what_the_reviews_say(cli: Cli, run: Path, tmp_path: Path) -> None:
    out = tmp_path / "pages"
    cli("dashboard", run, "-o", out)
    rows = runs.read(run).values()
    page = Page((out / "index.html").read_text("utf-8"))
    drawn = {chart["id"]: chart for chart in data(out / "data.js")["charts"] if isinstance(chart, dict)}
    assert {f"chart-{id}" for id in drawn} == {a["id"] for tag, a in page.tags if tag == "canvas"}
    counts = Counter((issue.category, issue.status) for row in rows for issue in row.issues)
    told = {
        (category, series["name"]): number
        for series in drawn["categories"]["series"]
        for category, number in zip(drawn["categories"]["labels"], series["numbers"], strict=True)
        if number
    }
    assert told == counts
    assert [sum(series["numbers"]) for series in drawn["scores"]["series"]] == [len(IDS)] * 3
    assert re.search(r"fixed\s+left\s+unmet\s+introduced|fixedleftunmetintroduced", page.text)


def test_the_same_run_gives_the_same_bytes(cli: Cli, run: Path, tmp_path: Path) -> None:
    for name, jobs in (("one", 1), ("two", 2)):
        cli("dashboard", run, "-o", tmp_path / name, "-j", jobs)
    one, two = ({p.relative_to(tmp_path / n): p.read_bytes() for p in (tmp_path / n).rglob("*") if p.is_file()} for n in ("one", "two"))
    assert one == two


def test_batch_writes_them_too(cli: Cli, run: Path, tmp_path: Path) -> None:
    cli("batch", tmp_path / "samples", "-o", run, "--dashboard", tmp_path / "pages", "-q")
    assert len(data(tmp_path / "pages" / "data.js")["samples"]) == len(IDS)


def test_changes_since_an_earlier_run(cli: Cli, run: Path, make_sample: MakeSample, tmp_path: Path) -> None:
    (tmp_path / "samples" / "plain" / "IDEAL_RESPONSE.md").write_text(
        IDEAL.replace("restrict_public_buckets = true", "restrict_public_buckets = false")
    )
    make_sample("new one")
    cli("batch", tmp_path / "samples", "-o", tmp_path / "later", "-j", 1, "-q")
    assert cli("dashboard", tmp_path / "later", "-o", tmp_path / "pages", "--against", run).code == 0
    page = Page((tmp_path / "pages" / "comparison.html").read_text("utf-8"))
    assert f"{len(IDS)} samples in both runs" in page.text and "Only in later: 1 sample" in page.text
    found = data(tmp_path / "pages" / "comparison.js")
    assert {change[0] for change in found["changes"] if isinstance(change, list)} == {"plain"}


@pytest.mark.parametrize("wrong", ["empty", "old", "broken", "file", "foreign", "itself"])
def test_bad_input_overwrites_nothing(cli: Cli, run: Path, tmp_path: Path, wrong: str) -> None:
    out, message = tmp_path / "pages", ""
    review = run / "plain" / "review.json"
    if wrong == "empty":
        run, message = tmp_path / "nothing", "no review.json in the folder"
        run.mkdir()
    elif wrong == "old":
        review.write_text(review.read_text("utf-8").replace('"format_version": "1.0"', '"format_version": "0.9"', 1), "utf-8")
        message = "format version '0.9'"
    elif wrong == "broken":
        review.write_text("{", "utf-8")
        message = "this is no review"
    elif wrong == "file":
        out.write_text("mine", "utf-8")
        message = "not a folder"
    elif wrong == "foreign":
        out.mkdir()
        (out / "index.html").write_text("<p>mine</p>", "utf-8")
        message = "another page"
    else:
        out, message = run, "folder of their own"
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    done = cli("dashboard", run, "-o", out)
    assert done.code == 2 and message in done.err and "Traceback" not in done.err
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before
