"""The code of the declarations that issues are about, in both trees: what a page shows side by side."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from reviewgen.model.diff import Diff
from reviewgen.model.review import Issue, Listing
from reviewgen.model.tree import LAID_UNDER, Declaration
from reviewgen.terraform import Graph

from ..correction.passages import first_line

MOST_LINES = 80
"""Lines of one declaration; a longer one is cut, and its ``end_line`` tells how long it is."""
_MOST_DECLARATIONS = 4  # of one issue, the most important first


def listings(model: Graph, ideal: Graph, diff: Diff, issues: Iterable[Issue]) -> Mapping[str, tuple[Listing, ...]]:
    """Return the code of the declarations that each issue is about, by address (IDEAL's after a rename), MODEL's first."""
    earlier = {entry.after: entry.before for entry in diff.renamed}
    later = {before: after for after, before in earlier.items()}
    found: dict[str, tuple[Listing, ...]] = {}
    for issue in issues:
        owners = [_owner(model, ideal, address) for address in (*issue.corrected, *issue.where)]
        for address in list(dict.fromkeys(later.get(owner, owner) for owner in owners if owner))[:_MOST_DECLARATIONS]:
            found[address] = (*_listing("model", model, earlier.get(address, address)), *_listing("ideal", ideal, address))
    return {address: listed for address, listed in found.items() if listed}


def _owner(model: Graph, ideal: Graph, address: str) -> str:
    """Return the declaration that an address belongs to; empty when neither tree declares it."""
    return max(model.owner(address)[0], ideal.owner(address)[0], key=len)


def _listing(side: str, graph: Graph, address: str) -> Iterator[Listing]:
    """Yield a declaration's code, with the comments right above it; nothing where the tree has none of its own."""
    declaration = graph.get(address)
    file = graph.tree.files.get(declaration.block.file) if declaration else None
    # What IDEAL's snippets do not show stands in MODEL only.
    if declaration is None or file is None or file.path.endswith(LAID_UNDER):
        return
    first, last = first_line(graph.tree.files, declaration), _last_line(declaration)
    yield Listing(side, file.path, first, last, file.lines(first, min(last, first + MOST_LINES - 1)))


def _last_line(declaration: Declaration) -> int:
    return declaration.attribute.end_line if declaration.attribute else declaration.block.end_line
