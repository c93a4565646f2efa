"""The pages of a run: an overview with charts and a table of all samples, a page a sample, and what changed since another run.

A folder that opens from disk: every address in it is relative, and nothing is loaded from anywhere else. A browser that opens a file may not
read others as data, so data stands in scripts that set one global each.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path, PurePosixPath
from urllib.parse import quote

from reviewgen import render, resources
from reviewgen.errors import InputError
from reviewgen.render import hygiene
from reviewgen.runs import Comparison, SampleRow, review

from .charts import charts
from .markup import asset, rendered
from .review import review_page

INDEX, COMPARISON = "index.html", "comparison.html"
_SAMPLES = PurePosixPath("samples")
_CATEGORIES = ("blocker", "critical", "warning")
_SCRIPTS = ("jquery.min.js", "datatables.min.js", "chart.min.js")
_STYLES = ("datatables.min.css",)


def overview(rows: Mapping[str, SampleRow], name: str, compared: bool) -> Iterator[tuple[str, str]]:
    """Yield (path, text) of the overview and all that it loads.

    Args:
        rows: The samples of the run.
        name: What the run is called on the page.
        compared: Whether there is a page that compares it with another run.
    """
    drawn = charts(rows.values())
    yield (
        INDEX,
        rendered(
            "dashboard.html.j2", name=name, number=len(rows), charts=drawn, compared=compared and COMPARISON, **_choices(rows.values())
        ),
    )
    samples = [_sample(row) for row in rows.values()]
    yield "data.js", _script("REVIEWGEN", {"samples": samples, "charts": [chart.data() for chart in drawn]})
    for script in _SCRIPTS + _STYLES + ("LICENSES.txt",):
        yield f"assets/{script}", resources.shipped(f"pages/assets/{script}").read_text("utf-8")
    yield "assets/dashboard.js", asset("dashboard.js")
    yield "assets/page.css", asset("page.css") + asset("dashboard.css")


def sample_page(run: Path, id: str) -> tuple[str, str]:
    """Return (path, text) of the page of one sample of a run.

    Raises:
        InputError: Its review cannot be read or is none.
    """
    path, found = review(run, id)
    try:
        shown = render.read(found)
    except (KeyError, TypeError, ValueError, AttributeError):
        raise InputError("the review tells too little for a page", path=str(path), hint="run `reviewgen batch` again") from None
    at = _page(id)
    return str(at), review_page(shown, "../" * (len(at.parts) - 1) + INDEX)


def comparison_page(found: Comparison, before: str, after: str) -> Iterator[tuple[str, str]]:
    """Yield (path, text) of what changed between two runs; samples are linked where the later run has them."""
    changes = [
        [c.sample, _address(c.sample), c.kind, hygiene.visible(c.title), _said(c.before), _said(c.after), c.worse] for c in found.changes
    ]
    moves = [[m.sample, _address(m.sample), m.measure, m.before, m.after] for m in found.movements]
    kinds = {kind: sum(change.kind == kind for change in found.changes) for kind in ("new", "changed", "gone")}
    yield COMPARISON, rendered("comparison.html.j2", found=found, before=before, after=after, kinds=kinds, home=INDEX)
    yield "comparison.js", _script("REVIEWGEN", {"changes": changes, "movements": moves})


def _choices(rows: Iterable[SampleRow]) -> dict[str, list[str]]:
    """Return what the filters of the table offer: classes, and rules with an issue in some sample."""
    found = list(rows)
    return {
        "classes": sorted({row.class_ for row in found}),
        "rules": sorted({issue.rule for row in found for issue in row.issues}),
    }


def _sample(row: SampleRow) -> list[object]:
    """Return one row of the table; dashboard.js names the columns."""
    counts = [sum(issue.category == category for issue in row.issues) for category in _CATEGORIES]
    rules, statuses = (sorted({getattr(issue, name) for issue in row.issues}) for name in ("rule", "status"))
    titles = [hygiene.visible(issue.title) for issue in row.issues]
    return [row.id, _address(row.id), row.class_, *row.scores.values(), *counts, titles, rules, statuses]


def _page(id: str) -> PurePosixPath:
    """Return the path of a sample's page; an id is a relative path without ``..``."""
    return _SAMPLES / f"{id}.html"


def _address(id: str) -> str:
    return quote(str(_page(id)))


def _said(what: tuple[str, str] | None) -> str:
    return ", ".join(what) if what else ""


def _script(name: str, value: object) -> str:
    """Return a script that sets a global; nothing of the value can end the script or its strings."""
    return f"window.{name} = {json.dumps(value, separators=(',', ':')).replace('<', chr(92) + 'u003c')};\n"
