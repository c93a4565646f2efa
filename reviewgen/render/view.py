"""Review to view: everything that the templates print, in their order, with all counts and sentences computed here."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from reviewgen.model import (
    Category,
    Contradiction,
    Issue,
    Minor,
    Review,
    SampleClass,
    Severity,
    Status,
)
from reviewgen.model.diff import Diff
from reviewgen.model.prose import doubt
from reviewgen.model.sight import Sight
from reviewgen.model.went import extent

from . import hygiene, words
from .coverage import answers, cut, judged, legend, number
from .issue import SIGNS, issue_view
from .issuemodel import IssueView
from .outcome import left_open
from .results import score_view, steps
from .viewmodel import ContradictionRow, Correction, Entry, Fact, Group, Level, SmallerRow, View

_NOUNS = {Category.BLOCKER: "blocker", Category.CRITICAL: "critical issue", Category.WARNING: "warning"}
_CLASSES = {
    SampleClass.SNIPPET_IDEAL: "IDEAL shows parts of the code: what it leaves out is read as unchanged.",
    SampleClass.NO_IDEAL_CODE: "IDEAL declares no resource or module, so the trees are not compared: the issues come from MODEL and PROMPT.",
    SampleClass.NO_MODEL_CODE: "MODEL declares no resource or module, so the trees cannot be compared: the issues come from PROMPT and IDEAL.",
    SampleClass.WRONG_TASK: "MODEL's code does not answer the task, so the trees are not compared resource by resource.",
    SampleClass.IDENTICAL: "MODEL and IDEAL declare the same, block by block: IDEAL corrects nothing.",
}
# The same where there is no PROMPT, or a placeholder in its place.
_WITHOUT_PROMPT = {
    SampleClass.NO_IDEAL_CODE: "IDEAL declares no resource or module, so the trees are not compared: the issues come from MODEL.",
    SampleClass.NO_MODEL_CODE: "MODEL declares no resource or module, so the trees cannot be compared: the issues come from IDEAL.",
}
# No order among messages is claimed: what a run comes to first depends on the versions, the account and the graph.
_EXPECTED = (
    "Messages marked as expected were not run: each is what Terraform or AWS says of that mistake by itself; "
    "a run that fails at something else first does not come to it."
)
_COMPARABLE = (SampleClass.PAIR, SampleClass.SNIPPET_IDEAL, SampleClass.IDENTICAL)


def view(review: Review) -> View:
    """Return the view of a review."""
    issues = [(issue, issue_view(issue, review, part)) for issue, part in zip(review.issues, _parts(review.issues), strict=True)]
    rows, counts = judged(review)
    found, found_counts = answers(review)
    levels = tuple(_levels(issues))
    return View(
        sample=review.sample.id,
        model=review.sample.model,
        ideal=review.sample.ideal,
        prompt=review.sample.prompt or "",
        headline=_headline(review),
        notes=tuple(_notes(review)),
        issues=tuple(shown for _, shown in issues),
        serious=tuple(shown for issue, shown in issues if issue.category is not Category.WARNING),
        minor=tuple(shown for issue, shown in issues if issue.category is Category.WARNING),
        levels=tuple(level for level in levels if level.issues),
        severities=levels,
        lessons=tuple(dict.fromkeys(issue.lesson for issue in review.issues if issue.lesson)),
        strengths=review.strengths,
        groups=tuple(_groups(review)),
        coverage=rows,
        coverage_counts=counts,
        coverage_legend=legend(rows),
        answers=found,
        answers_counts=found_counts,
        contradictions=tuple(map(_contradiction, review.contradictions)),
        corrections=tuple(Correction(_unmarked(quote.text), quote.line) for quote in review.corrections),
        smaller=tuple(_smaller(finding, review) for finding in review.minor),
        differences=_differences(review),
        difference_details=tuple(_difference_details(review)),
        facts=_facts(review),
        score=score_view(review.score),
        steps=tuple(steps(review)),
        assessment=" ".join(review.assessment or (_headline(review), *_class_note(review))),
        dismissed=review.dismissed,
        stale=review.stale,
    )


def _parts(issues: Sequence[Issue]) -> Iterator[str]:
    """Yield the names of the issues' parts: their fingerprints, and a number where several have the same."""
    met: Counter[str] = Counter()
    for issue in issues:
        met[issue.fingerprint] += 1
        yield issue.fingerprint + (f"#{met[issue.fingerprint]}" if met[issue.fingerprint] > 1 else "")


def _unmarked(text: str) -> str:
    """Return words of an input without bold type and without marks that stand for checked facts here."""
    return hygiene.unmarked(text).lstrip("\u2705\u274c\u2714\u2716\ufe0f ")


def _state(status: Status, review: Review, plural: bool = False) -> str:
    """Return a status in words; without code on one side nothing was left or introduced, only found."""
    class_ = review.sample.class_
    if status is Status.LEFT:
        sight = Sight.of(review)
        unknown = sight.partial or any(map(sight.loses, review.issues))
        open_ = unknown or class_ in (SampleClass.NO_IDEAL_CODE, SampleClass.NO_MODEL_CODE)
        return "open" if open_ else "left as they are" if plural else "left as it is"
    if status is Status.INTRODUCED:
        return "found in IDEAL" if class_ == SampleClass.NO_MODEL_CODE else "introduced by IDEAL"
    return "fixed by IDEAL" if status is Status.FIXED else "unmet"


def _together(status: Status, review: Review, plural: bool = False) -> str:
    """Return the status of all issues that have it; some that are left need not be as they were."""
    state = _state(status, review, plural)
    some = status is Status.LEFT and any(left_open(issue, review) for issue in review.issues)
    return "left open" if some and state != "open" else state


def _by_category(issues: Sequence[Issue]) -> str:
    """Return ``2 blockers and 1 warning``."""
    found = [(category, sum(issue.category is category for issue in issues)) for category in Category]
    return words.series([words.count(number, _NOUNS[category]) for category, number in found if number])


def _headline(review: Review) -> str:
    """Return how many issues there are, by category and by status."""
    issues = review.issues
    if not issues:
        return "No issues were found."
    if len(issues) == 1:
        return f"One {_NOUNS[issues[0].category]}, {_together(issues[0].status, review)}."
    states = [(status, sum(issue.status is status for issue in issues)) for status in Status]
    ended = words.series([f"{number} {_together(status, review, number > 1)}" for status, number in states if number])
    return f"{len(issues)} issues: {_by_category(issues)}; {ended}."


def _class_note(review: Review) -> Iterator[str]:
    """Yield what the class of the sample means for the review; nothing for a pair of trees."""
    calls = any(address.startswith("module.") for address in review.diff.added)
    declares = calls or review.ideal_facts.resources or review.ideal_facts.data_sources
    if review.sample.class_ == SampleClass.NO_MODEL_CODE and not declares:
        yield f"Neither MODEL nor IDEAL declares a resource or module, so {'only PROMPT' if review.sample.prompt else 'nothing'} is reviewed."
        return
    if Sight.of(review).partial:
        own = "calls modules of its own of which it shows no resource" if review.diff.hides else "refers to resources that neither tree has"
        yield f"IDEAL shows parts of the code, and {own}: what became of the rest is not known."
        return
    said = _CLASSES if review.sample.prompt else _CLASSES | _WITHOUT_PROMPT
    for sentence in (s for class_, s in said.items() if class_ == review.sample.class_):
        # Where there are no issues, none come from anywhere.
        yield sentence if review.issues else re.sub(r": the issues come from .*", ".", sentence)
    if told := review.sample.described:
        yield f"IDEAL tells of {words.ticks(told)} in words only: what stands there is not known."


def _notes(review: Review) -> Iterator[str]:
    """Yield what the class of the sample means for the review, what the loader assumed, and how messages are to be read."""
    yield from _class_note(review)
    notes = review.sample.notes
    if review.sample.prompt is None and not any("requirements are not reviewed" in note for note in notes):
        yield "The sample has no PROMPT, so no requirement could be traced."
    yield from notes[: words.SHOWN]
    if len(notes) > words.SHOWN:
        yield f"{words.count(len(notes) - words.SHOWN, 'further note')}: see `sample.notes` of the JSON review."
    if any(issue.message.strip() and not issue.observed for issue in review.issues):
        yield _EXPECTED


def _groups(review: Review) -> Iterator[Group]:
    """Yield the issues by status, statuses without any left out."""
    for status in Status:
        found = tuple(issue for issue in review.issues if issue.status is status)
        if found:
            yield Group(_heading(_together(status, review)), len(found), _by_category(found), tuple(map(_entry, found)))


def _entry(issue: Issue) -> Entry:
    """Return an issue for the summary."""
    fixed = issue.status is Status.FIXED
    far = extent(issue) if fixed else ""
    own = "; ".join(filter(None, [f"in IDEAL {far}" if far else "", doubt(issue.problem, "IDEAL") if fixed else ""]))
    lines = words.delta(issue.lines_added, issue.lines_removed)
    return Entry(issue.id, issue.title, issue.category.value, lines, own)


def _levels(issues: Sequence[tuple[Issue, IssueView]]) -> Iterator[Level]:
    """Yield the issues by severity."""
    for severity in Severity:
        found = [(issue, shown) for issue, shown in issues if issue.severity is severity]
        counted = _by_category([issue for issue, _ in found]) or "none"
        yield Level(severity.value.capitalize(), SIGNS[severity], counted, tuple(shown for _, shown in found))


def _heading(text: str) -> str:
    """Return text with a capital first letter, its names kept as they are."""
    return text[:1].upper() + text[1:]


def _contradiction(found: Contradiction) -> ContradictionRow:
    """Return one row of the table of what excludes each other."""
    first, second = (f"{number(asked)}: {cut(asked)}" for asked in (found.first, found.second))
    return ContradictionRow(f"{found.text}.", first, second)


def _smaller(finding: Minor, review: Review) -> SmallerRow:
    """Return one row of the closing table."""
    shown = finding.where[: words.SHOWN]
    state = "gone with what IDEAL no longer declares" if finding.removed else _state(finding.status, review)
    if finding.status is Status.LEFT and Sight.of(review).describes(finding.where):
        state = "open"
    if finding.status is Status.LEFT and review.sample.class_ != SampleClass.NO_IDEAL_CODE and review.diff.leaves_out(finding.where):
        state = f"left open: IDEAL leaves {'it' if all(map(review.diff.drops, finding.where)) else 'some of it'} out"
    return SmallerRow(finding.title, shown, len(finding.where) - len(shown), _heading(state))


def _differences(review: Review) -> str:
    """Return the diff in a sentence or two; empty where the trees are not compared."""
    diff = review.diff
    if review.sample.class_ not in _COMPARABLE:
        return ""
    numbers = [
        ("adds", len(diff.added), ""),
        ("leaves out" if _is_a_part(review) else "removes", len(diff.removed), ""),
        ("changes", len(diff.changed), ""),
        ("renames", len(diff.renamed), _changed_too(diff)),
    ]
    found = [f"{verb} {number}{remark}" for verb, number, remark in numbers if number]
    same = f"{words.count(diff.unchanged, 'declaration')} {'is' if diff.unchanged == 1 else 'are'} the same in both trees"
    same += ", or not shown by IDEAL in full." if review.sample.class_ == SampleClass.SNIPPET_IDEAL else "."
    if moved := len(diff.moved):
        # They are among those counted before: the changed, the renamed and those that are the same.
        same += f" Of the declarations that both have, {moved} {'stands' if moved == 1 else 'stand'} in another file in IDEAL."
    return f"Of the declarations, IDEAL {words.series(found)}; {same}" if found else f"No declaration differs; {same}"


def _changed_too(diff: Diff) -> str:
    """Say how many of the renamed are among the changed: beside each other the two numbers read like different declarations."""
    changed = {entry.address for entry in diff.changed}
    both = sum(entry.after in changed for entry in diff.renamed)
    if not both:
        return ""
    return " (changed, too)" if both == len(diff.renamed) else f" ({both} of them changed, too)"


def _is_a_part(review: Review) -> bool:
    """Whether IDEAL is known to hold more than it shows: what is not there need not be gone."""
    return review.ideal_validation is not None and review.ideal_validation.incomplete


def _difference_details(review: Review) -> Iterator[str]:
    """Yield what is new, gone and renamed: the first names where there are many, which the sentence before has counted."""
    if review.sample.class_ not in _COMPARABLE:
        return
    for title, names in (("Only in IDEAL", review.diff.added), ("Only in MODEL", review.diff.removed)):
        if names:
            yield f"{title}: {words.ticks(names)}."
    changed = [entry.address for entry in review.diff.changed]
    if changed:
        yield f"Changed: {words.ticks(changed)}."
    for entry in review.diff.renamed[: words.SHOWN]:
        evidence = f" ({'; '.join(entry.evidence)})" if entry.evidence else ""
        yield f"Renamed: {words.tick(entry.before)} is {words.tick(entry.after)} in IDEAL{evidence}."
    if (more := len(review.diff.renamed) - words.SHOWN) > 0:
        yield f"Further renames: {more}."


def _facts(review: Review) -> tuple[Fact, ...]:
    """Return the counts of both trees, those without anything in either tree left out."""
    model, ideal = review.model_facts, review.ideal_facts
    facts = (
        Fact("Configuration files", model.files, ideal.files),
        Fact("Lines in them", model.lines, ideal.lines),
        Fact("Resources", model.resources, ideal.resources),
        Fact("Data sources", model.data_sources, ideal.data_sources),
        Fact("Modules (directories with configuration files)", model.modules, ideal.modules),
    )
    return tuple(fact for fact in facts if fact.model or fact.ideal)
