"""What stands under labels that speak of one tree: the sentence that is true there, and the code of that tree."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from reviewgen.model import Issue, Listing, Minor, Review, SampleClass, Status, tf

from . import words
from .issuemodel import Excerpt, Solution

# Rules whose titles list what is used and not declared.
_UNDECLARED = (tf.UNDECLARED_VARIABLE, tf.UNDECLARED_RESOURCE)
_NAMES = re.compile(r"`[^`]+`")
_MOST_EXCERPTS = 2
_MOST_LINES = 16
_SKETCH = "A sketch of ours, not code of IDEAL:"
_LANGUAGES = {"tf": "hcl", "hcl": "hcl", "tfvars": "hcl", "json": "json", "yaml": "yaml", "yml": "yaml", "py": "python", "sh": "bash"}


def in_model(issue: Issue, review: Review) -> str:
    """Return the problem, with a word before it where it is none of MODEL."""
    if review.sample.class_ == SampleClass.NO_MODEL_CODE:
        return f"MODEL declares no resource or module; of IDEAL: {issue.problem}"
    if issue.status is not Status.INTRODUCED:
        return issue.problem
    found = elsewhere(issue, review)
    has = (
        f"MODEL has {'this' if covers(found, issue) else 'some of this'} at other places"
        if found
        else f"{whole(review)} does not have this"
    )
    return f"{has[:1].upper()}{has[1:]}; it is new in IDEAL. {issue.problem}"


def whole(review: Review) -> str:
    """Return what can be said to lack something: MODEL, or what there is of it where it is cut off or calls modules that nobody has."""
    said = review.model_validation
    part = said is not None and (said.incomplete or any(d.summary == "Module not installed" for d in said.diagnostics))
    return "what there is of MODEL" if part else "MODEL"


def elsewhere(issue: Issue, review: Review) -> list[Issue | Minor]:
    """Return where MODEL has, at other places, the defect that IDEAL introduces at one."""
    told: list[Issue | Minor] = [*review.issues, *review.minor]
    alike = [i for i in told if i.rule == issue.rule and i.status is not Status.INTRODUCED]
    # What Terraform says has one name for many mistakes, and a comparison one rule for many arguments.
    one = [i for i in alike if i.title == issue.title or not (tf.is_rule(issue.rule) or "`" in issue.title + i.title)]
    return one or [i for i in alike if issue.rule in _UNDECLARED and set(_named(i)) & set(_named(issue))]


def covers(found: Sequence[Issue | Minor], issue: Issue) -> bool:
    """Whether MODEL has the whole of a defect at other places: of names that nobody declares, each."""
    return issue.rule not in _UNDECLARED or set(_named(issue)) <= {name for other in found for name in _named(other)}


def _named(issue: Issue | Minor) -> list[str]:
    return _NAMES.findall(issue.title)


def in_ideal(issue: Issue, solution: Solution) -> str:
    """Return what IDEAL does, with a word before it where that is no fix."""
    if issue.status is Status.INTRODUCED:
        return f"No fix: this is new in IDEAL. {solution.text}"
    return f"{solution.lead}. {solution.text}" if solution.lead else solution.text


def model_code(issue: Issue, review: Review, quotes: Sequence[Excerpt]) -> tuple[Excerpt, ...]:
    """Return MODEL's code at the place of an issue, else what MODEL itself says of it."""
    return tuple(_listed(issue, review, "model"))[:_MOST_EXCERPTS] or tuple(quotes)[:_MOST_EXCERPTS]


def ideal_code(issue: Issue, review: Review, solution: Solution) -> tuple[Excerpt, ...]:
    """Return IDEAL's correction, else our sketch of one, else what IDEAL has in that place."""
    if solution.passages:
        return solution.passages
    if issue.recommendation is not None and issue.recommendation.code:
        return (Excerpt(_SKETCH, issue.recommendation.code, "hcl"),)
    return tuple(_listed(issue, review, "ideal"))[:_MOST_EXCERPTS]


def language(path: str) -> str:
    """Return the info string for the code of a file; empty when it is none that readers colour."""
    return _LANGUAGES.get(path.rpartition(".")[2].lower(), "")


def at(file: str, first: int, last: int) -> str:
    """Return ```main.tf`, lines 3 to 7``."""
    return ", ".join(filter(None, [words.tick(file) if file else "", words.lines(first, last)]))


def _listed(issue: Issue, review: Review, side: str) -> Iterator[Excerpt]:
    """Yield the code of one tree for the declarations that an issue is about, of a long one the lines around its place."""
    later = {entry.before: entry.after for entry in review.diff.renamed}
    met: set[str] = set()
    for address in issue.where:
        owner = _owner(address, review, later)
        for listing in review.listings.get(owner, ()):
            if listing.side == side and owner not in met:
                met.add(owner)
                yield _excerpt(listing, next((p.line for p in review.places.get(address, ()) if p.side == side), listing.start_line))


def _owner(address: str, review: Review, later: dict[str, str]) -> str:
    """Return the declaration whose code is listed that an address belongs to; empty without one."""
    while address and address not in review.listings and later.get(address) not in review.listings:
        address = address.rpartition(".")[0]
    return address if address in review.listings else later.get(address, "")


def _excerpt(listing: Listing, line: int) -> Excerpt:
    """Return the lines of a listing around a line."""
    lines = listing.code.split("\n")
    first = max(0, min(line - listing.start_line - _MOST_LINES // 2, len(lines) - _MOST_LINES))
    shown = lines[first : first + _MOST_LINES]
    start = listing.start_line + first
    caption = f"{at(listing.file, start, start + len(shown) - 1)} of {listing.side.upper()}:"
    return Excerpt(caption, "\n".join(shown), language(listing.file))
