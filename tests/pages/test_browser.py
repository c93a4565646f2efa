"""The pages in a real browser, from disk: a way that a person would go. Skipped where there is no Chromium or no playwright."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.command_line import Cli, MakeSample

from .browser import Missing, launched

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

HOSTILE = "<img src=https://example.invalid/x onerror=document.title='taken'><script>document.title='taken'</script>\"'`"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    try:
        with launched() as found:
            yield found
    except Missing as reason:
        pytest.skip(str(reason))


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """Yield a page; in the end nothing was written to its console and no request left the disk."""
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda request: None if request.url.startswith("file:") else said.append(request.url))
    yield page
    page.close()
    assert said == []


@pytest.fixture
def pages(cli: Cli, make_sample: MakeSample, tmp_path: Path) -> Path:
    """Return the dashboard of forty samples, one of them hostile in every text of its review, compared with an earlier run."""
    make_sample("s00")
    earlier = tmp_path / "earlier"
    cli("batch", tmp_path / "samples", "-o", earlier, "-j", 1, "-q")
    text = (earlier / "s00" / "review.json").read_text("utf-8")
    shutil.rmtree(earlier / ".reviewgen")
    for number in range(1, 40):
        (earlier / f"s{number:02}").mkdir()
        (earlier / f"s{number:02}" / "review.json").write_text(text.replace('"id": "s00"', f'"id": "s{number:02}"'), "utf-8")
    shutil.copytree(tmp_path / "earlier", tmp_path / "run")
    edit(tmp_path / "run" / "s07" / "review.json")
    assert cli("dashboard", tmp_path / "run", "-o", tmp_path / "pages", "--against", tmp_path / "earlier").code == 0
    return tmp_path / "pages"


def edit(path: Path) -> None:
    review = json.loads(path.read_text("utf-8"))
    review["score"]["learning_value"]["final"] = 3
    issue = review["issues"][0]
    issue |= {"title": HOSTILE, "problem": HOSTILE, "category": "warning", "fingerprint": HOSTILE, "rule": HOSTILE, "lesson": HOSTILE}
    issue["solution"] = []
    issue["impact"] = [{"aspect": HOSTILE, "text": HOSTILE}]
    for listing in review["listings"]:
        listing["code"] = HOSTILE
    path.write_text(json.dumps(review), "utf-8")


def rows(page: Page, first: str, table: str = "#table") -> list[str]:
    """Return the first cells of a table, once the first of them is what it should be."""
    cells = page.locator(f"{table} tbody tr td:first-child")
    cells.first.filter(has_text=re.compile(f"^{first}$")).wait_for(timeout=5000)
    return cells.all_inner_texts()


def test_a_way_through(page: Page, pages: Path) -> None:
    page.goto((pages / "index.html").as_uri())
    assert rows(page, "s00")[:2] == ["s00", "s01"] and len(rows(page, "s00")) == 25
    page.locator(".dt-paging").get_by_text("2", exact=True).click()
    assert len(rows(page, "s25")) == 15
    # Filter, then sort from the keyboard.
    page.get_by_label("Learning value at least").fill("5")
    assert "s07" not in rows(page, "s00") and "39 entries" in page.locator(".dt-info").inner_text()
    page.locator("#table thead th", has_text="Sample").locator("[tabindex='0'], [role='button']").first.press("Enter")
    assert rows(page, "s39")[1] == "s38"
    assert page.locator("#table thead th", has_text="Sample").get_attribute("aria-sort") == "descending"
    # A sample and back: the same rows.
    page.get_by_role("link", name="s38", exact=True).click()
    assert page.locator("h1").inner_text() == "s38" and page.locator("article.issue").count() > 0
    page.get_by_role("link", name="All samples").click()
    assert rows(page, "s39") and page.get_by_label("Learning value at least").input_value() == "5"
    page.get_by_role("button", name="Clear").click()
    page.get_by_label("Search").fill("s07")
    assert rows(page, "s07") == ["s07"]
    # What changed.
    page.get_by_role("link", name="what changed").click()
    assert set(rows(page, "s07", "#table-changes")) == set(rows(page, "s07", "#table-movements")) == {"s07"}
    page.locator("#table-movements").get_by_role("link", name="s07").click()
    assert page.locator("h1").inner_text() == "s07"


def test_hostile_text_stays_text(page: Page, pages: Path) -> None:
    for name in ("index.html", "comparison.html", "samples/s07.html"):
        page.goto((pages / name).as_uri())
        if name == "index.html":
            page.get_by_label("Search").fill("taken")
        assert page.title() != "taken" and page.locator("img").count() == 0
        assert HOSTILE.replace("`", "") in page.locator("body").inner_text().replace("`", "")


def test_the_charts_are_drawn_and_told(page: Page, pages: Path) -> None:
    page.goto((pages / "index.html").as_uri())
    drawn = page.locator("canvas")
    assert drawn.count() >= 4
    for canvas in drawn.all():
        assert canvas.evaluate("c => new Uint32Array(c.getContext('2d').getImageData(0, 0, c.width, c.height).data.buffer).some(p => p)")
        name = page.locator(f"#{canvas.get_attribute('aria-labelledby')}").inner_text()
        assert name and canvas.get_attribute("role") == "img"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_words_can_be_read_on_their_ground(browser: Browser, page: Page, pages: Path, scheme: Any) -> None:
    """The contrast of all texts is that of WCAG 2.1 AA: 4.5 to 1."""
    page.emulate_media(color_scheme=scheme)
    for name in ("index.html", "samples/s00.html"):
        page.goto((pages / name).as_uri())
        assert page.evaluate(CONTRAST) == []


def test_a_phone_shows_it_without_sideways_scrolling(page: Page, pages: Path) -> None:
    page.set_viewport_size({"width": 390, "height": 800})
    for name in ("index.html", "comparison.html", "samples/s00.html"):
        page.goto((pages / name).as_uri())
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), name


CONTRAST = """() => {
  const linear = (x) => (x /= 255) <= 0.03928 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4;
  const light = (c) => 0.2126 * linear(c[0]) + 0.7152 * linear(c[1]) + 0.0722 * linear(c[2]);
  const parse = (s) => s.match(/[\\d.]+/g).map(Number);
  const ground = (e) => {
    for (; e; e = e.parentElement) {
      const c = parse(getComputedStyle(e).backgroundColor);
      if (c.length < 4 || c[3] > 0.99) return c;
    }
    return [255, 255, 255];
  };
  const poor = new Set();
  for (const e of document.querySelectorAll("body *")) {
    const own = [...e.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim());
    if (!own || !e.checkVisibility() || e.closest(".hidden, .skip, [aria-disabled=true], .disabled, noscript")) continue;
    const [a, b] = [light(parse(getComputedStyle(e).color)), light(ground(e))];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < 4.5) poor.add(e.tagName + "." + e.className + " " + ratio.toFixed(2));
  }
  return [...poor];
}"""
