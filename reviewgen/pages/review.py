"""The page of one review: the document's view, and beside each issue the declarations that it is about."""

from __future__ import annotations

from collections.abc import Iterator

from markupsafe import Markup

from reviewgen.model import Issue, Review
from reviewgen.records import dataclass
from reviewgen.render.issuemodel import IssueView
from reviewgen.render.view import view

from .markup import asset, rendered
from .sides import Sides, sides


@dataclass(frozen=True, slots=True)
class Entry:
    """One issue on the page: what the document says of it, its category for the style sheet, code of both trees."""

    said: IssueView
    category: str
    code: tuple[Sides, ...]


def review_page(review: Review, home: str = "") -> str:
    """Return the page of a review: one HTML file without scripts that asks for nothing from anywhere.

    Args:
        review: The review.
        home: Relative address of the page that leads here; empty for a page that stands alone.
    """
    shown = view(review)
    said = {issue.id: issue for issue in (*shown.serious, *shown.minor)}
    entries = [Entry(said[issue.id], issue.category.value, tuple(_code(issue, review))) for issue in review.issues]
    return rendered("review.html.j2", view=shown, entries=entries, style=Markup(asset("page.css")), home=home)


def _code(issue: Issue, review: Review) -> Iterator[Sides]:
    """Yield the declarations of an issue, what was corrected first."""
    renamed = {entry.before: entry.after for entry in review.diff.renamed}
    met = set()
    for address in (*issue.corrected, *issue.where):
        owner = _listed(renamed.get(address, address), review)
        if owner and owner not in met:
            met.add(owner)
            yield sides(owner, review.listings[owner])


def _listed(address: str, review: Review) -> str:
    """Return the declaration with a listing that an address belongs to; empty when there is none."""
    while address and address not in review.listings:
        address = address.rpartition(".")[0]
    return address
