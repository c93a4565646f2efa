"""Which requirements of PROMPT the trees meet, as rows, and what the trees have for those of which that cannot be said."""

from __future__ import annotations

from reviewgen.model import Coverage, Requirement, Review, Verdict

from . import hygiene, words
from .viewmodel import AnswerRow, CoverageRow

# The rule about values of PROMPT in whose place others stand; it is about none of its sentences.
_VALUE = "RG050"
_MOST_ROWS = 12
_LONGEST_CELL = 160
_MOST_ADDRESSES = 3
_VERDICTS = {Verdict.MET: "✅ met", Verdict.PARTIAL: "⚠️ partly met", Verdict.UNMET: "❌ unmet", Verdict.UNKNOWN: "not judged"}


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
    sides = {"MODEL": [entry.model for entry in known], "IDEAL": [entry.ideal for entry in known]}
    looked_at = {name: verdicts for name, verdicts in sides.items() if set(verdicts) != {Verdict.UNKNOWN}}
    # A row that one tree alone could be judged by says nothing of the other.
    met = [f"{v.count(Verdict.MET)} of {len(v) - v.count(Verdict.UNKNOWN)} in {name}" for name, v in looked_at.items()]
    counts = f"{total}, of which {len(known)} {'was' if len(known) == 1 else 'were'} judged on the code: {words.series(met)} are met."
    if left := len(review.coverage) - len(known):
        counts += f" {left} {'was' if left == 1 else 'were'} not judged{' as a whole' if parts else ''}.{parts}"
    shown = known
    if len(known) > _MOST_ROWS:
        shown = [entry for entry in known if (entry.model, entry.ideal) != (Verdict.MET, Verdict.MET)]
        counts += f" The table leaves out the {len(known) - len(shown)} that both trees meet." if len(shown) < len(known) else ""
    return tuple(map(_row, shown)), counts


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


def _row(entry: Coverage) -> CoverageRow:
    """Return one row of the coverage table."""
    return CoverageRow(
        number=number(entry.requirement),
        text=cut(entry.requirement),
        model=_VERDICTS[entry.model],
        ideal=_VERDICTS[entry.ideal],
        issues=", ".join(f"#{id_}" for id_ in entry.issues) or "-",
    )


def answers(review: Review) -> tuple[tuple[AnswerRow, ...], str]:
    """Return what the trees have for requirements that are not judged, as rows, and a sentence with their number.

    A part of a stack that such a line names is there, and what else the line says nobody looked at. Of many rows those stay in which only one
    tree has something, and then the first.
    """
    found = [entry for entry in review.coverage if not _judged(entry) and (entry.model_addresses or entry.ideal_addresses)]
    if not found:
        return (), ""
    counts = (
        f"For {len(found)} of those that were not judged, something that their words name was found; what else they say nobody looked at."
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
