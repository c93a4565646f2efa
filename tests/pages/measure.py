"""``python -m tests.pages.measure RUN [N]``: how the table of a dashboard behaves with the samples of a run repeated to N (20,000).

Prints the size of the data, the time until the table can be used, and how long a search, a filter, a sort and the next page take, in Chromium.
"""

from __future__ import annotations

import sys
import tempfile
import time
from dataclasses import replace
from itertools import count, islice
from pathlib import Path

from reviewgen import runs
from reviewgen.pages.dashboard import overview

from .browser import launched

_STEPS = {
    "search": "t.search('alarm').draw()",
    "filter": "document.getElementById('filter-category').value = 'blocker', document.getElementById('filters').dispatchEvent(new Event('input'))",
    "sort": "t.order([4, 'desc']).draw()",
    "next page": "t.page('next').draw('page')",
}


def main(run: str, number: int) -> None:
    """Write the overview of the repeated run, open it and measure."""
    rows = runs.read(Path(run))
    repeated = (replace(row, id=f"{row.id}-{turn}") for turn in count() for row in rows.values())
    many = {row.id: row for row in islice(repeated, number)}
    with tempfile.TemporaryDirectory() as name:
        for path, text in overview(many, "measured", compared=False):
            target = Path(name, path)
            target.parent.mkdir(exist_ok=True)
            target.write_text(text, "utf-8")
        print(f"{number} samples: data.js {Path(name, 'data.js').stat().st_size / 1e6:.1f} MB")
        with launched() as browser:
            page = browser.new_page()
            begin = time.perf_counter()
            page.goto(Path(name, "index.html").as_uri())
            page.locator("#table tbody tr").first.wait_for()
            print(f"open: {(time.perf_counter() - begin) * 1000:.0f} ms")
            for step, code in _STEPS.items():
                taken = page.evaluate(
                    f"() => {{ const t = new DataTable('#table'); const b = performance.now(); {code}; return performance.now() - b; }}"
                )
                print(f"{step}: {taken:.0f} ms")


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 20_000)
