"""The closing words: computed sentences about what was found."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from reviewgen.model.diagnostic import Validation
from reviewgen.model.diff import Diff
from reviewgen.model.prose import series
from reviewgen.model.review import Category, Issue, Minor, Stage, Status
from reviewgen.model.source import SampleClass
from reviewgen.model.went import keeps_some, stand_in, stays
from reviewgen.terraform.instances import absent_by_default

from ..inputs import Inputs

# What stops nobody who has selected one of the workspaces that the code knows.
_WORKSPACE = "RG627"
_INSTEAD = {
    SampleClass.WRONG_TASK: "MODEL's code does not answer the task.",
    SampleClass.NO_MODEL_CODE: "MODEL declares no resource or module.",
}


def assessment(
    class_: SampleClass,
    issues: Sequence[Issue],
    ideal: Validation,
    diff: Diff,
    deployed: str = "",
    *,
    untold: bool = False,
    idle: Collection[str] = (),
    unseen: Collection[str] = (),
    modules: bool = True,
    unsaid: Collection[str] = (),
    minor: Sequence[Minor] = (),
    spare: bool = False,
) -> tuple[str, ...]:
    """Return the sentences of the final assessment.

    Args:
        class_: What the sample offers for comparison.
        issues: All issues.
        ideal: What Terraform says of IDEAL.
        diff: What differs between the trees.
        deployed: A clause that says how far a real run of IDEAL came.
        untold: Whether IDEAL may have a blocker that no issue tells.
        idle: Ids of the issues whose places IDEAL's own values do not create; see ``idle_blockers``.
        unseen: Ids of the issues of which nobody knows what became; see ``Sight.loses``.
        modules: Whether that is so because it may stand in modules that IDEAL calls and does not show.
        unsaid: Ids of the issues that stand in what an IDEAL of parts does not show.
        minor: What the table of smaller findings tells.
        spare: Whether IDEAL has modules that nothing calls.
    """
    if class_ in _INSTEAD:
        return (_INSTEAD[class_], *_of_ideal(issues, ideal, deployed, untold))
    sentences = [_found(issues, minor)]
    if class_ is SampleClass.IDENTICAL:
        sentences.append("IDEAL repeats MODEL's blocks: nothing was corrected.")
    elif class_ is SampleClass.NO_IDEAL_CODE:
        sentences.append("IDEAL declares no resource or module, so no correction was verified.")
    else:
        known = [i for i in issues if i.id not in unseen]
        sentences += _corrected(known, unsaid, {i.id for i in known if stand_in(i, diff, spare=spare)}, diff)
        lost = series([f"#{i.id}" for i in issues if i.id in unseen])
        where = " in the modules whose code IDEAL does not show" if modules else ", whose code IDEAL does not show,"
        sentences.append(f"What became of {lost}{where} is not known." if lost else "")
    if class_ is not SampleClass.NO_IDEAL_CODE and issues:
        # What IDEAL leaves out together with its block does not stand in it; of one that shows a part nobody knows what it leaves out.
        gone = [i for i in issues if i.status is Status.LEFT and diff.leaves_out(i.where) and (ideal.incomplete or not keeps_some(i, diff))]
        here = [i for i in issues if i not in gone and i.id not in unseen]
        within = "what IDEAL creates with its own values" if idle else "IDEAL"
        # A blocker that is told as open, though, may stop whoever applies the rest with it: that none is known would contradict it.
        doubtful = untold or bool(unseen) or any(i.category is Category.BLOCKER for i in gone)
        sentences.append(_ready([i for i in here if i.id not in idle], ideal, deployed, doubtful, within))
    return tuple(s for s in sentences if s)


def untold_blocker(inputs: Inputs, issues: Sequence[Issue]) -> bool:
    """Whether a rule finds a blocker in IDEAL of which no issue tells: nobody can read of MODEL whether it is new, so it is told of neither."""
    told = {i.rule for i in issues if i.status is not Status.FIXED}
    found = (f for f in inputs.ideal_findings if f.category is Category.BLOCKER and f.rule not in told)
    return any(not f.unless or not re.search(f.unless, inputs.prompt) for f in found)


def idle_blockers(inputs: Inputs, issues: Sequence[Issue]) -> frozenset[str]:
    """Return the ids of the blockers that IDEAL keeps in nothing but blocks that its own values do not create: they stop nobody who applies it."""
    places: dict[str, list[bool]] = {}
    for finding in inputs.ideal_findings:
        declaration = inputs.ideal.get(finding.address)
        off = finding.category is not Category.BLOCKER and declaration is not None and absent_by_default(inputs.ideal, declaration)
        places.setdefault(finding.rule, []).append(off)
    # `terraform validate` looks at blocks that come into being nowhere, too.
    left = (i for i in issues if i.status is Status.LEFT and i.category is Category.BLOCKER and i.stage in (Stage.PLAN, Stage.APPLY))
    return frozenset(i.id for i in left if all(places.get(i.rule, [False])))


def _count(number: int, word: str) -> str:
    return f"{number} {word}" + ("" if number == 1 else "s")


def _found(issues: Sequence[Issue], minor: Sequence[Minor]) -> str:
    model = [i for i in issues if i.status is not Status.INTRODUCED]
    serious = [i for i in model if i.category is not Category.WARNING]
    if not model:
        smaller = any(finding.status is not Status.INTRODUCED for finding in minor)
        return "All that the review found in MODEL are smaller findings." if smaller else "The review found no issue in MODEL."
    blockers = sum(i.category is Category.BLOCKER for i in serious)
    parts = [
        _count(blockers, "blocker") if blockers else "",
        _count(len(serious) - blockers, "critical issue") if len(serious) > blockers else "",
        _count(len(model) - len(serious), "warning") if len(model) > len(serious) else "",
    ]
    return f"MODEL has {series([p for p in parts if p])}."


def _corrected(issues: Sequence[Issue], unsaid: Collection[str], renewed: Collection[str], diff: Diff) -> list[str]:
    """Return what IDEAL does with the issues, a sentence for each thing.

    Args:
        issues: The issues whose fate is known.
        unsaid: Ids of those that stand in what an IDEAL of parts does not show.
        renewed: Ids of those whose blocks went, and for which IDEAL has new ones that may stand for them.
        diff: What differs between the trees.
    """
    repaired = [i for i in issues if i.status is Status.FIXED and not i.removed]
    removed = [i for i in issues if i.removed and i.id not in renewed]
    within, removed = ([i for i in removed if stays(i, diff) is there] for there in (True, False))
    left = [i for i in issues if i.status in (Status.LEFT, Status.UNMET)]
    open_, silent = ([i for i in left if (i.id in unsaid) is there] for there in (False, True))
    introduced = [i for i in issues if i.status is Status.INTRODUCED]
    told = (
        ("repairs %s", repaired),
        ("no longer declares what had %s, and declares something of the same kind", [i for i in issues if i.id in renewed]),
        ("gets rid of %s with what it no longer declares", removed),
        ("drops what was wrong of %s, and puts nothing right in its place", within),
        ("leaves %s open", open_),
        ("shows no block that answers %s", silent),
        ("introduces %s", introduced),
    )
    sentences = [words % series([f"#{i.id}" for i in found]) for words, found in told if found]
    return [f"{'It' if position else 'IDEAL'} {sentence}." for position, sentence in enumerate(sentences)]


def _of_ideal(issues: Sequence[Issue], ideal: Validation, deployed: str, untold: bool) -> list[str]:
    """Return what is known of IDEAL where MODEL is no answer; nothing where IDEAL is none either."""
    if all(i.status is Status.UNMET for i in issues):
        return []
    own = [i for i in issues if i.status in (Status.INTRODUCED, Status.LEFT)]
    has = [f"IDEAL has {series([f'#{i.id}' for i in own])}."] if own else []
    return [*has, _ready(own, ideal, deployed, untold)]


def _stand(issues: Sequence[Issue]) -> str:
    return f"{series([f'#{i.id}' for i in issues])} {'stands' if len(issues) == 1 else 'stand'}"


def _ready(issues: Sequence[Issue], ideal: Validation, deployed: str, untold: bool, within: str = "IDEAL") -> str:
    blocking = [i for i in issues if i.category is Category.BLOCKER and i.status is not Status.FIXED]
    unselected = [i for i in blocking if i.rule == _WORKSPACE]
    blocking = [i for i in blocking if i not in unselected]
    if unselected and not blocking:
        return f"IDEAL does not deploy in the workspace `default` while {_stand(unselected)}."
    if blocking:
        late = [i for i in blocking if i.stage is Stage.RUNTIME]
        early = [i for i in blocking if i not in late]
        parts = [f"{what} while {_stand(found)}" for what, found in (("to deploy", early), ("for use", late)) if found]
        return f"IDEAL is not ready {', nor '.join(parts)}."
    if not ideal.valid and not ideal.incomplete:
        return f"IDEAL does not pass {'`terraform validate`' if ideal.source == 'terraform' else 'static validation'}."
    if untold:
        return f"{deployed[0].upper()}{deployed[1:]}." if deployed else "Whether IDEAL deploys was not tried."
    return f"No blocker is known in {within}; {deployed or 'whether it deploys was not tried'}."
