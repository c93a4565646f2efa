"""Which requirements of PROMPT the trees meet, as rows, and what the trees have for those of which that cannot be said."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from reviewgen.model import Category, Coverage, Issue, Requirement, Review, Status, Verdict
from reviewgen.model.addresses import declaration
from reviewgen.model.prose import doubt
from reviewgen.requirements import capability

from . import hygiene, words
from .viewmodel import AnswerRow, CoverageRow

# The rule about values of PROMPT in whose place others stand; it is about none of its sentences.
_VALUE = "RG050"
# The number of an issue in the words of another one.
_NUMBER = re.compile(r"#(\w+)")
_MOST_ROWS = 12
_LONGEST_CELL = 160
_MOST_ADDRESSES = 3
_MODEL, _IDEAL = "model", "ideal"
# What is said where a part is missing and nobody can say that the rest holds.
_NOT_WHOLLY = "❌ not wholly met"
# What stands for no verdict where the tree has something for the line.
_SEE, _AS_A_WHOLE = "⚠️ see", "not judged as a whole"
# The capability of a provider that says where it deploys to: its defects are seldom about that.
_ANY_REGION = "provider-region"
_PARTLY, _UNMET = "⚠️ partly met", "❌ unmet"
_VERDICTS = {Verdict.MET: "✅ met", Verdict.PARTIAL: _PARTLY, Verdict.UNMET: _UNMET, Verdict.UNKNOWN: "not judged"}


def judged(review: Review) -> tuple[tuple[CoverageRow, ...], str]:
    """Return the judged requirements as rows, and a sentence with all counts.

    A long table shows only what one of the trees does not meet; the sentence says how many rows it leaves out.
    """
    if not review.coverage:
        return (), "No requirement could be told apart in PROMPT." if review.sample.prompt else ""
    known = [entry for entry in review.coverage if _judged(entry)]
    passages = words.count(len(review.coverage), "passage")
    total = f"{passages} of PROMPT {'was read as a requirement' if len(review.coverage) == 1 else 'were read as requirements'}"
    parts = _parts(review)
    if not known:
        return (), f"{total}; none was judged on the code{' as a whole' if parts else ''}.{parts}"
    sides = {side.upper(): [said for entry in known if (said := _said(entry, side, review))] for side in (_MODEL, _IDEAL)}
    # A row that one tree alone could be judged by says nothing of the other.
    met = [f"{said.count(_VERDICTS[Verdict.MET])} of {len(said)} in {name}" for name, said in sides.items() if said]
    counts = f"{total}, of which {len(known)} {'was' if len(known) == 1 else 'were'} judged on the code: {words.series(met)} are met."
    if left := len(review.coverage) - len(known):
        counts += f" {left} {'was' if left == 1 else 'were'} not judged{' as a whole' if parts else ''}.{parts}"
    shown = known
    if len(known) > _MOST_ROWS:
        shown = [entry for entry in known if (entry.model, entry.ideal) != (Verdict.MET, Verdict.MET)]
        counts += f" The table leaves out the {len(known) - len(shown)} that both trees meet." if len(shown) < len(known) else ""
    return tuple(_row(entry, review) for entry in shown), counts


def _parts(review: Review) -> str:
    """Return what is said of the issues that passages led to which are not judged: each is about a part of one; and of values."""
    found = {id_ for entry in review.coverage if not _judged(entry) for id_ in entry.issues}
    told = [f"#{issue.id}" for issue in review.issues if issue.id in found]
    values = [f"#{issue.id}" for issue in review.issues if issue.rule == _VALUE and issue.id not in found]
    return _about(told, "a part of what they ask", "parts of what they ask") + _about(
        values, "a value that PROMPT names", "values that PROMPT names"
    )


def _about(told: list[str], one: str, several: str) -> str:
    if not told:
        return ""
    return f" Issue {told[0]} is about {one}." if len(told) == 1 else f" Issues {words.series(told)} are about {several}."


def _row(entry: Coverage, review: Review) -> CoverageRow:
    """Return one row of the coverage table."""
    return CoverageRow(
        number=number(entry.requirement),
        text=cut(entry.requirement),
        model=_said(entry, _MODEL, review) or _unjudged(entry, _MODEL, review),
        ideal=_said(entry, _IDEAL, review) or _unjudged(entry, _IDEAL, review),
        issues=", ".join(f"#{id_}" for id_ in entry.issues) or "-",
    )


def _said(entry: Coverage, side: str, review: Review) -> str:
    """Return the verdict on a tree in words; empty where nobody judged it.

    Of a tree that has something for a line, and of which an issue of that line says what is missing, it is certain that it does not meet all.
    """
    verdict, found = _answered(entry, side)
    if verdict is not Verdict.UNKNOWN:
        return _VERDICTS[verdict]
    return _NOT_WHOLLY if found and any(issue.id in entry.issues for issue in _wrong(side, review)) else ""


def _unjudged(entry: Coverage, side: str, review: Review) -> str:
    """Return what stands for no verdict: the grave issues of a tree at the places of what it has for the line, where there are any.

    Of what IDEAL adds for an issue of the line, but is not what the line's words name, an issue of its own tells as well.
    """
    found, added = set(_answered(entry, side)[1]), _of_repairs(entry, review)
    about = [
        f"#{issue.id}"
        for issue in _wrong(side, review)
        if found
        and _names_a_part(entry)
        and _is_at_fault(issue)
        and (issue.id in added or any(place in found for place in _above(issue.where)))
    ]
    if about:
        return f"{_SEE} {words.series(about)}"
    return _AS_A_WHOLE if found else _VERDICTS[Verdict.UNKNOWN]


def _of_repairs(entry: Coverage, review: Review) -> set[str]:
    """Return the numbers of the issues that what IDEAL adds for the issues of a line is told to have."""
    fixed = (issue for issue in review.issues if issue.id in entry.issues and issue.status is Status.FIXED)
    return {number for issue in fixed for number in _NUMBER.findall(doubt(issue.problem, "IDEAL"))}


def _answered(entry: Coverage, side: str) -> tuple[Verdict, tuple[str, ...]]:
    return (entry.model, entry.model_addresses) if side == _MODEL else (entry.ideal, entry.ideal_addresses)


def _wrong(side: str, review: Review) -> Iterator[Issue]:
    return (issue for issue in review.issues if side in issue.status.sides)


def _is_at_fault(issue: Issue) -> bool:
    """Whether an issue says something grave of its places; what is missing beside them says nothing of them."""
    return issue.category is not Category.WARNING and not issue.rule.startswith("need:")


def _names_a_part(entry: Coverage) -> bool:
    """Whether a line asks for a part of a stack: for tags, names or a region, most of what is wrong with their blocks is beside the point."""
    return any(id_ != _ANY_REGION and capability(id_) is not None for id_ in entry.capability.split())


def _above(places: tuple[str, ...]) -> Iterator[str]:
    """Yield the declarations that places are, or lie in."""
    return (declaration(place)[0] for place in places)


def legend(rows: Iterable[CoverageRow]) -> str:
    """Say what the verdicts of a table mean that do not speak for themselves."""
    said = {cell for row in rows for cell in (row.model, row.ideal)}
    sentences = (
        ("A line is unmet where what was judged of it does not hold, and partly met where only a part of that does.", _UNMET, _PARTLY),
        ("It is not wholly met where an issue tells that a part is missing, and nobody judged the rest.", _NOT_WHOLLY),
        ("Where a cell names issues in place of a verdict, they are about blocks found for the line, or added for its issues.", _SEE),
        ("Where a line is not judged as a whole, no verdict is given on all that it asks.", _AS_A_WHOLE),
    )
    return " ".join(text for text, *cells in sentences if any(cell.startswith(tuple(cells)) for cell in said))


def answers(review: Review) -> tuple[tuple[AnswerRow, ...], str]:
    """Return what the trees have for requirements that are not judged, as rows, and a sentence with their number.

    A part of a stack that such a line names is there, and what else the line says nobody judged; lines that say much more have no row, though
    there may be something for them as well. Of many rows those stay in which only one
    tree has something, and then the first.
    """
    found = [entry for entry in review.coverage if not _judged(entry) and (entry.model_addresses or entry.ideal_addresses)]
    if not found:
        return (), ""
    whose, rest = ("its", "it says") if len(found) == 1 else ("their", "they say")
    counts = (
        f"Of {len(found)} of those that were not judged the next table tells what was found that {whose} words name; what else {rest} was not "
        "judged, and what there may be for the others is not told."
    )
    if len(found) > _MOST_ROWS:
        ranked = sorted(found, key=lambda entry: bool(entry.model_addresses) == bool(entry.ideal_addresses))[:_MOST_ROWS]
        chosen = {entry.requirement.id for entry in ranked}
        found = [entry for entry in found if entry.requirement.id in chosen]
        counts += f" The table shows {len(found)}, those first for which something was found in one tree only."
    return tuple(map(_answer, found)), counts


def _judged(entry: Coverage) -> bool:
    return (entry.model, entry.ideal) != (Verdict.UNKNOWN, Verdict.UNKNOWN)


def _answer(entry: Coverage) -> AnswerRow:
    """Return one row of what was found."""
    model, ideal = entry.model_addresses[:_MOST_ADDRESSES], entry.ideal_addresses[:_MOST_ADDRESSES]
    more = len(entry.model_addresses) - len(model), len(entry.ideal_addresses) - len(ideal)
    same = entry.model_addresses == entry.ideal_addresses
    return AnswerRow(number(entry.requirement), cut(entry.requirement), model, more[0], ideal, more[1], same)


def number(asked: Requirement) -> str:
    """Return PROMPT's own number of a requirement, or its line."""
    return asked.number or (f"line {asked.line}" if asked.line else asked.id)


def cut(asked: Requirement) -> str:
    """Return the words of a requirement for a cell; of a long one the beginning, with dots that say so."""
    text = " ".join(hygiene.unmarked(asked.text).split())
    return text if len(text) <= _LONGEST_CELL else text[:_LONGEST_CELL].rsplit(" ", 1)[0] + " ..."
