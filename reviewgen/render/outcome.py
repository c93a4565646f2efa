"""What became of an issue: which tree has it, in what words, and of which tree its assertions can be asked.

A tree says nothing of what it does not show, and a sample without code in one of them shows nothing there.
"""

from __future__ import annotations

from reviewgen.model import Check, Issue, Review, SampleClass, Status
from reviewgen.model.prose import doubt, is_outlined, tells_of_each, tells_of_forms
from reviewgen.model.sight import Sight
from reviewgen.model.went import keeps_some

from . import unsaid, went, words
from .listed import covers, elsewhere, whole


def outcome(issue: Issue, review: Review) -> str:
    """Return what became of the issue, as far as the sample can show it; with what explains it behind a colon."""
    sight = Sight.of(review)
    no_ideal = review.sample.class_ == SampleClass.NO_IDEAL_CODE
    no_model = review.sample.class_ == SampleClass.NO_MODEL_CODE
    if issue.status is Status.FIXED:
        category = f" (category {issue.fix_class} fix)" if issue.fix_class else ""
        own = doubt(issue.problem, "it")
        return f"Fixed by IDEAL{category}{went.how_it_went(issue, review)}" + (f", and {own}" if own else "")
    if issue.status is Status.INTRODUCED:
        return "Found in IDEAL; MODEL declares no resource or module" if no_model else _introduced(issue, review)
    if issue.status is Status.UNMET:
        # Words, comments and example files may speak of it: what is certain is what the trees declare.
        if no_ideal or no_model:
            return f"Unmet: {'MODEL' if no_ideal else 'IDEAL'} declares nothing that answers it"
        shown = "what IDEAL shows" if review.sample.class_ == SampleClass.SNIPPET_IDEAL else "IDEAL"
        return f"Unmet: neither MODEL nor {shown} declares what answers it"
    if no_ideal or no_model:
        return "Open in MODEL; IDEAL declares no resource or module" if no_ideal else "Open in IDEAL; MODEL declares no resource or module"
    if sight.loses(issue):
        return f"Open: IDEAL {unsaid.out_of_sight(issue, sight)}"
    if sight.leaves_unsaid(issue):
        return f"Left as it is: {unsaid.left(issue, sight)}"
    if tells_of_each(issue.problem):
        return "Left open: IDEAL does not answer it wholly either; the problem says it of each"
    if not left_out(issue, review):
        forms = tells_of_forms(issue.title, issue.problem)
        return "Left open: IDEAL has it in another form; the problem says it of each" if forms else "Left as it is: IDEAL has it too"
    if keeps_some(issue, review.diff):
        return "Left open: IDEAL leaves out some of what it is about, and has the defect in the rest"
    whole = all(map(review.diff.drops, issue.where))
    hidden = ", and calls modules whose code it does not hold" if _calls_what_is_absent(review) else ""
    return f"Left open: IDEAL leaves out {'what' if whole else 'some of what'} it is about{hidden}"


def _calls_what_is_absent(review: Review) -> bool:
    said = review.ideal_validation
    return said is not None and any(d.summary == "Module not installed" for d in said.diagnostics)


def _introduced(issue: Issue, review: Review) -> str:
    """Return the status of what only IDEAL has, at its place or at all."""
    found = elsewhere(issue, review)
    numbers = words.series([f"#{other.id}" for other in found if isinstance(other, Issue)])
    has = "has it at other places only" if covers(found, issue) else "has some of it, at other places"
    where = f"{has}{f' (issue {numbers})' if numbers else ''}" if found else "does not have it"
    return f"Introduced by IDEAL: {whole(review)} {where}"


def left_open(issue: Issue, review: Review) -> bool:
    """Whether a defect is left, but not as it is: IDEAL does not declare all that it is about, or has something else that is wrong there."""
    sight = Sight.of(review)
    shown = issue.status is Status.LEFT and not sight.loses(issue) and not sight.leaves_unsaid(issue)
    return shown and (tells_of_each(issue.problem) or tells_of_forms(issue.title, issue.problem) or left_out(issue, review))


def left_out(issue: Issue, review: Review) -> bool:
    """Whether the block of a defect that IDEAL leaves is one that IDEAL does not declare, or of which it shows nothing but remarks."""
    remarks = any(is_outlined(check.check) for check in issue.verification)
    return issue.status is Status.LEFT and (remarks or review.diff.leaves_out(issue.where))


def defective(issue: Issue, review: Review) -> str:
    """Return the name of the tree or trees that are known to have the defect: of what an IDEAL of parts does not show nobody can tell."""
    known = {Status.FIXED: "MODEL", Status.INTRODUCED: "IDEAL"}.get(issue.status)
    one_sided = {SampleClass.NO_IDEAL_CODE.value: "MODEL", SampleClass.NO_MODEL_CODE.value: "IDEAL"}
    unseen = left_out(issue, review) or Sight.of(review).leaves_unsaid(issue)
    return known or one_sided.get(review.sample.class_, "MODEL" if unseen else "MODEL and IDEAL")


def seen(check: Check, issue: Issue, review: Review) -> dict[str, bool]:
    """Return the result of an assertion by the names of the trees that show it, MODEL before IDEAL; there is one at least."""
    if review.sample.class_ == SampleClass.NO_IDEAL_CODE or Sight.of(review).loses(issue):
        return {"MODEL": check.model}
    ideal = {"IDEAL": check.ideal}
    return ideal if review.sample.class_ == SampleClass.NO_MODEL_CODE else {"MODEL": check.model} | ideal
