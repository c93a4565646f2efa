"""What an answer declares a first time in its thoughts: drafts of the answer, of which only a careful reader takes one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from reviewgen.model.finding import Finding
from reviewgen.model.prose import series
from reviewgen.model.review import Category, Impact, Recommendation, Severity, Stage
from reviewgen.model.source import Document, SourceFile
from reviewgen.model.tree import Declaration, Tree
from reviewgen.rules.places import listed
from reviewgen.sample import addresses

_PREFIXES = {"resource": "", "data": "data.", "module": "module.", "variable": "var.", "output": "output."}
_WORDS = {"resource": "resource", "data": "data source", "module": "module call", "variable": "variable", "output": "output"}


def drafted(files: Iterable[SourceFile]) -> frozenset[str]:
    """Return the addresses that the drafts of an answer declare, as if they stood in one module."""
    words = (address.split(" ") for file in files for address in addresses(file.text))
    return frozenset(_PREFIXES[kind] + ".".join(names) for kind, *names in words if kind in _PREFIXES)


def declared_twice(document: Document, tree: Tree) -> tuple[Finding, ...]:
    """Return what is to be said of an answer that holds drafts of itself; nothing of any other."""
    written = {file.path for file in document.files}  # a file that is given anew takes the place of its draft
    beside = [file for file in document.drafts if file.unnamed or file.path not in written]
    first = drafted(beside)
    again = [d for d in tree.declarations.values() if d.module == tree.root and d.address in first]
    if not again:
        return ()
    again.sort(key=lambda d: (d.kind != "resource", d.block.file, d.block.line))
    names = [d.address for d in again]
    number = _counted(again)
    apart = ", not counting files that the answer gives anew" if len(beside) < len(document.drafts) else ""
    return (
        Finding(
            "tf:drafts",
            "Drafts before the answer declare the same once more",
            Category.WARNING,
            Severity.MEDIUM,
            "",
            f"`{document.name}` drafts {number} of its answer before it gives it{apart}: {listed(names, 4)}. Whoever saves all of its code, and not "
            "the answer alone, declares each more than once, and `terraform init` refuses that.",
            "No draft before the answer declares the same once more",
            fix_class="C",
            related=tuple(names),
            stage=Stage.INIT,
            impact=(Impact("Operations", "Code has to be picked out of the text by hand."),),
            lesson="Names are unique within a module: an answer gives each declaration once.",
            recommendation=Recommendation("Leave the drafts out of the answer."),
        ),
    )


def _counted(again: Sequence[Declaration]) -> str:
    """Return how many of the kinds that are looked for there are twice: of local values and of providers nobody counts them."""
    if len(again) == 1:
        return f"one {_WORDS[again[0].kind]}"
    kinds = {d.kind for d in again}
    return f"{len(again)} {series([f'{word}s' for kind, word in _WORDS.items() if kind in kinds])}"
