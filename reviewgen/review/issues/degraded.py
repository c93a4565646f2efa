"""Samples in which MODEL is no answer to the task: one issue says so, instead of one for each thing that is absent; IDEAL's own defects follow."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from reviewgen.model.requirement import Coverage, Requirement, Verdict
from reviewgen.model.review import Category, Check, Evidence, Impact, Issue, Severity, Status
from reviewgen.model.source import SampleClass
from reviewgen.requirements import capability
from reviewgen.requirements.judging import regions
from reviewgen.rules import changes
from reviewgen.rules.places import listed

from ..answers.classify import answered, is_stub, things, types
from ..answers.subject import migrates_unasked
from ..defects import Defect
from ..inputs import Inputs
from .assertions import check_of

_MOST_CHECKS = 10
_MOST_WHERE = 6
_MOST_TITLES = 6
# The capability of a provider that says where it deploys to, wherever that is.
_ANY_REGION = "provider-region"
_READ = "Read the task first: services, regions and language of PROMPT decide what an answer is about."
_LESSONS = {
    "wrong-task": _READ,
    "no-terraform": _READ,
    "nothing": "Deliver the configuration itself: descriptions, settings of providers and placeholders deploy nothing.",
}
# A passage of Terraform, wherever it stands: in a page that is quoted, too.
_SHOWN = re.compile(r"^[ \t>]*(?:`{3,}|~{3,})[ \t]*(?:hcl|terraform|tf)\b", re.MULTILINE | re.IGNORECASE)
_LANGUAGES = {"typescript": "TypeScript", "python": "Python", "cloudformation": "CloudFormation"}


def no_answer(inputs: Inputs) -> Issue | None:
    """Return the issue of a sample whose MODEL has no Terraform, answers another task or hardly anything of it; None for all others."""
    if inputs.class_ is SampleClass.NO_MODEL_CODE:
        return _issue(inputs, "no-terraform", _title(inputs), _no_code(inputs))
    if inputs.class_ is SampleClass.WRONG_TASK:
        return _issue(inputs, "wrong-task", "MODEL's code does not answer the task", _another(inputs))
    return None


def of_ideal(judged: Iterable[Defect]) -> Iterator[Defect]:
    """Yield what is seriously wrong with IDEAL itself where MODEL is no answer: nothing that was compared, and nothing of MODEL alone."""
    for defect in judged:
        serious = defect.finding.category is not Category.WARNING and defect.finding.rule not in changes.IDS
        if serious and defect.status in (Status.INTRODUCED, Status.LEFT):
            yield defect


def _title(inputs: Inputs) -> str:
    languages = [_LANGUAGES.get(name, name) for name in inputs.sample.model.languages]
    if things(inputs.model.tree):
        return "MODEL describes a stack and declares no resource"
    if inputs.model.tree.declarations or inputs.sample.model.snippets or _SHOWN.search(inputs.sample.model.text):
        return "MODEL declares no resource or module"
    return f"MODEL answers in {languages[0]} instead of Terraform" if languages else "MODEL contains no Terraform"


def _no_code(inputs: Inputs) -> str:
    wanted = "nothing that PROMPT asks for" if inputs.sample.prompt else "nothing"
    return f"`{inputs.sample.model.name}` declares no resource or module, so {wanted} can be deployed from it."


def _another(inputs: Inputs) -> str:
    ours, theirs = things(inputs.model.tree), things(inputs.ideal.tree)
    shared = types(ours) & types(theirs)
    lead = ""
    if _is_stub(inputs):
        lead = f"Of resources, data sources and modules MODEL declares {len(ours)}, IDEAL {len(theirs)}. "
    elif inputs.sample.prompt and migrates_unasked(inputs.sample.prompt.text, inputs.sample.ideal, inputs.sample.model):
        lead = "MODEL moves a stack that exists already and takes over its state, of which PROMPT says nothing. "
    text = lead + (
        f"Of the {len(types(theirs))} types of resources, data sources and modules that IDEAL uses, MODEL uses {len(shared)}"
        + (f" ({listed(sorted(shared), 4)})" if shared else "")
        + f"; {len(ours & theirs)} of {len(ours | theirs)} addresses are the same."
    )
    judged = [row for row in inputs.coverage if row.capability and row.model in (Verdict.MET, Verdict.UNMET)]
    if any(finding.rule == regions.RULE for finding in inputs.model_findings):
        # A provider that deploys elsewhere is nothing of what is asked for.
        judged = [row for row in judged if row.capability != _ANY_REGION]
    asked, lacking = ({row.capability for row in rows} for rows in (judged, _unmet(inputs)))
    if lacking:
        # That something is there does not yet say that it is as PROMPT wants it; of what was not judged, nobody knows even that.
        found = len(asked - lacking)
        titles = _titles(row for row in judged if row.capability not in lacking)
        there = f"something was found in MODEL for {found} ({_few(titles)})" if found else "nothing was found in MODEL for any"
        number = "one capability was" if len(asked) == 1 else f"{len(asked)} capabilities were"
        text += f" Of what PROMPT asks for {number} judged: {there}. Nothing is said of the rest."
    return text


def _is_stub(inputs: Inputs) -> bool:
    return is_stub(inputs.sample, inputs.model.tree, inputs.ideal.tree, inputs.coverage)


def _few(titles: tuple[str, ...]) -> str:
    more = len(titles) - _MOST_TITLES
    return ", ".join(titles[:_MOST_TITLES]) + (f" and {more} more" if more > 0 else "")


def _issue(inputs: Inputs, rule: str, title: str, problem: str) -> Issue:
    unmet = _unmet(inputs)
    fixed = bool(things(inputs.ideal.tree))
    # What a part of an answer does not show is not missing.
    lacking = () if inputs.ideal.tree.incomplete else _titles(row for row in unmet if row.ideal is Verdict.UNMET)
    if fixed and lacking:
        problem += f" IDEAL lacks as well: {', '.join(lacking)}."
    lead = unmet[0].requirement if unmet else None
    passages = tuple(dict.fromkeys(row.requirement.id for row in unmet))  # one may ask for several things
    return Issue(
        id="",
        fingerprint=f"{rule}:sample",
        rule=rule,
        title=title,
        category=Category.BLOCKER,
        severity=Severity.CRITICAL,
        status=Status.FIXED if fixed else Status.UNMET,
        problem=problem,
        where=_where(inputs),
        fix_class="A" if fixed else None,
        requirement=lead,
        absent=_titles(unmet),
        impact=(Impact("Function", _missed(inputs, rule)),),
        lesson=_lesson(inputs, rule),
        verification=tuple(_checks(inputs)),
        signals=(*(["diff"] if fixed or not inputs.sample.prompt else ()), *(["prompt"] if inputs.sample.prompt else ())),
        evidence=(Evidence("requirement", f"{_passages(len(passages))} for what MODEL lacks"),),
        requirements=passages,
    )


def _passages(number: int) -> str:
    return "1 judged passage of PROMPT asks" if number == 1 else f"{number} judged passages of PROMPT ask"


def _missed(inputs: Inputs, rule: str) -> str:
    """Return what does not come into being: of what PROMPT asks for, or of IDEAL where there is no PROMPT that could be read."""
    if inputs.sample.prompt:
        another = rule == "wrong-task"
        return (
            "What PROMPT asks for does not come into being as it is asked."
            if another
            else "Nothing of what PROMPT asks for comes into being."
        )
    return "The stack that IDEAL declares does not come into being." if things(inputs.ideal.tree) else "No stack comes into being."


def _lesson(inputs: Inputs, rule: str) -> str:
    """Return what there is to learn: who answers something else has not read the task, if there is one; else the code is what counts."""
    stub = rule == "wrong-task" and _is_stub(inputs)
    if stub or (rule != "wrong-task" and not inputs.sample.model.languages):
        return _LESSONS["nothing"]
    return _LESSONS[rule] if inputs.sample.prompt else ""


def _titles(rows: Iterable[Coverage]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(known.title for row in rows if (known := capability(row.capability))))


def _unmet(inputs: Inputs) -> list[Coverage]:
    rows = [row for row in inputs.coverage if row.capability and row.model is Verdict.UNMET]

    def order(requirement: Requirement) -> tuple[bool, int]:
        return requirement.number is None, requirement.line

    return sorted(rows, key=lambda row: order(row.requirement))


def _where(inputs: Inputs) -> tuple[str, ...]:
    """Name what MODEL has instead, or, when it has nothing, what IDEAL declares first."""
    tree = inputs.model.tree if things(inputs.model.tree) else inputs.ideal.tree
    found = [d for d in tree.declarations.values() if d.kind in ("resource", "data", "module")]
    found.sort(key=lambda d: (d.kind != "resource", d.block.file, d.block.line))
    return tuple(d.address for d in found[:_MOST_WHERE])


def _checks(inputs: Inputs) -> Iterator[Check]:
    """What PROMPT asks for and IDEAL alone provides; when nothing could be judged, that there is Terraform of this task at all."""
    model, ideal = answered(inputs.coverage)
    found = [known for id, met in model.items() if not met and ideal[id] and (known := capability(id))]
    answers = {row.capability: row.ideal_addresses for row in inputs.coverage if row.ideal is Verdict.MET}
    for known in found[:_MOST_CHECKS]:
        yield Check(check_of(known, answers.get(known.id, ())), False, True)
    if not found and things(inputs.ideal.tree):
        addresses = sorted(things(inputs.ideal.tree) - things(inputs.model.tree))
        for address in addresses[:3]:
            yield Check(f"`{address}` is declared", False, True)
