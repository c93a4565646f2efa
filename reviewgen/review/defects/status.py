"""Findings of two trees to defects with a status.

The same finding in both trees is left, one of MODEL alone is fixed, one of IDEAL alone introduced.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from dataclasses import replace

from reviewgen.model import tf
from reviewgen.model.finding import Finding
from reviewgen.model.hcl import Expression, Literal
from reviewgen.model.prose import outlined, wanting
from reviewgen.model.review import Category, Check, Severity, Status
from reviewgen.model.source import SampleClass
from reviewgen.model.tree import Declaration
from reviewgen.records import dataclass
from reviewgen.rules import changes
from reviewgen.rules.families.network.exposure import BALANCERS, is_open_web
from reviewgen.rules.firewall import attachments, openings
from reviewgen.rules.places import code, type_of
from reviewgen.terraform import Graph
from reviewgen.terraform.graph import Reference
from reviewgen.terraform.instances import absent_by_default
from reviewgen.terraform.tree import local_source

from ..inputs import Inputs, is_parsed
from . import defaulted, remarks
from .asserted import SHOWN, check, first_gone, is_removed, unused, went_with
from .continued import continued
from .dropped import is_dropped
from .followed import followed, key_of
from .forms import in_other_form, of_one_block, unchanged
from .granted import still_unlimited
from .heirs import heir
from .layers import with_layers
from .parts import COUNTED, OF_A_FILE, Key, addresses, changes_of, present
from .reported import asked, reported, without_its_file
from .undelivered import may_stand_there, unseen
from .unread import leads_nowhere

# A secret in the code.
_SECRET = "RG151"
# Servers and their load balancer in one group that is open to the internet.
_SHARED = "RG409"
# What is gone in IDEAL (rules that compare) and never did anything in MODEL: access logs that S3 or a load balancer may not deliver.
_IDLE = {"RG043": ("RG723",), "RG007": ("RG721", "RG722")}
# What is gone in IDEAL although PROMPT asks for it, and did nothing in MODEL: a recorder that nothing starts, web ACLs that protect nothing,
# network ACLs without subnets.
_VAIN = {"RG023": ("RG711", "RG714"), "RG026": ("RG487",), "RG037": ("RG452",)}
# What configures Terraform and its providers says something with nothing in it, too: `backend "s3" {}` takes all from the command line.
_MAY_BE_EMPTY = ("terraform", "provider")
Tells = Callable[[Finding, Status, Inputs], bool]


@dataclass(frozen=True)
class Defect:
    """A finding and what became of it.

    Attributes:
        finding: Of the tree that has the defect, for ``left`` of IDEAL.
        status: What became of it.
        check: Its assertion with the results.
        removed: Whether it is fixed only because IDEAL no longer declares the block, or one that takes part.
        heir: IDEAL's address of what stands in the place of a block that it no longer declares, without the defect; empty for all else.
        dropped: Whether what was to work is gone, whatever IDEAL writes in the place of its block: nothing was put right.
    """

    finding: Finding
    status: Status
    check: Check
    removed: bool = False
    heir: str = ""
    dropped: bool = False


def defects(inputs: Inputs, model: Iterable[Finding], ideal: Iterable[Finding], tells: Tells = reported) -> Iterator[Defect]:
    """Yield the defects of a pair, under IDEAL's address where both trees have one.

    Args:
        inputs: The pair.
        model: What was found in MODEL.
        ideal: What was found in IDEAL.
        tells: Which of the findings with a status are wanted.
    """
    theirs = {key_of(f, {}): f for f in ideal}
    ours = followed(inputs, {key_of(f, inputs.names): f for f in model}, theirs)
    ours, theirs = of_one_block(inputs, in_other_form(inputs, ours, theirs), theirs)
    same = unchanged(inputs, ours, theirs)
    told: set[str] = set()
    repairs: set[str] = set()
    both = ours.keys() & theirs.keys()
    for key, finding in ours.items():
        fate = None if _is_a_change_of(finding, same) else _fate(finding, theirs.get(key), both, theirs, inputs)
        if fate is None:
            continue
        status, said, stands = fate
        chosen = _weighed(said, status, inputs)
        if tells(chosen, status, inputs):
            told.add(chosen.rule)
            repairs |= {_later(inputs, p) for p in chosen.related} if status is Status.FIXED else set()
            brought = stands or _has_more(chosen, inputs)
            dropped = status is Status.FIXED and is_dropped(chosen, stands, inputs)
            removed = status is Status.FIXED and not brought and is_removed(went_with(chosen, inputs), inputs)
            yield Defect(chosen, status, check(chosen, status, inputs, stands), removed or dropped, stands, dropped)
    for key, finding in theirs.items():
        repair = finding.rule in changes.IDS and f"{finding.address}.{finding.attribute}" in repairs
        new = key not in ours and not repair and not _is_a_change_of(finding, same) and not _untold(finding, ours.values(), told, inputs)
        if new and _can_be_fixed(inputs) and tells(finding, Status.INTRODUCED, inputs):
            met = _lost_in_vain(_met_by_new(finding, inputs), ours.values(), inputs)
            chosen = _weighed(with_layers(met, inputs), Status.INTRODUCED, inputs)
            yield Defect(chosen, Status.INTRODUCED, check(finding, Status.INTRODUCED, inputs))


def _has_more(finding: Finding, inputs: Inputs) -> bool:
    """Whether MODEL has fewer of something than PROMPT wants, and IDEAL more of it: others under other names, and not none."""
    kinds = {type_of(a) for a in (finding.address, *addresses(finding))} if finding.rule.startswith(COUNTED) else set()
    return bool(kinds) and len(inputs.ideal.of_type(*kinds)) > len(inputs.model.of_type(*kinds))


def _later(inputs: Inputs, place: str) -> str:
    """Return IDEAL's name of a place of MODEL."""
    address, path = inputs.model.owner(place)
    return f"{inputs.later(address)}.{path}" if path else inputs.later(address)


def _fate(
    finding: Finding, again: Finding | None, both: Iterable[Key], theirs: Mapping[Key, Finding], inputs: Inputs
) -> tuple[Status, Finding, str] | None:
    """Return what became of a defect of MODEL, the finding that tells it, and what stands without the defect in the place of its block.

    None where it is told of another block, or nobody can know.

    Args:
        finding: Of MODEL.
        again: IDEAL's finding of the same defect, if there is one.
        both: The keys of what both trees have.
        theirs: IDEAL's findings.
        inputs: The pair.
    """
    again = again or still_unlimited(inputs, finding)
    if again is not None:
        return Status.LEFT, continued(finding, again, inputs), ""
    if _is_outlined(finding, inputs):
        return Status.LEFT, replace(finding, check=outlined(finding.address, finding.check)), ""
    if not _can_be_fixed(inputs) or _is_still_there(finding, inputs):
        return Status.LEFT, finding, ""
    if (
        _is_told_otherwise(finding, inputs)
        or _went_into_another(finding, both, inputs)
        or _is_missed_elsewhere(finding, both, theirs, inputs)
        or any(_is_unread(inputs, p) for p in finding.related)
    ):
        return None
    if (
        finding.rule == tf.MISSING_MODULE
        and inputs.ideal.get(inputs.later(finding.address)) is None
        and any(k[0] == finding.rule for k in theirs)
    ):
        # Other calls of IDEAL lead to what is not delivered either.
        return Status.LEFT, replace(finding, check="No local module is called whose directory is not delivered"), ""
    # Once nobody is left who could meet it, nothing stands for it.
    stands = "" if unused(finding, inputs) else heir(inputs, finding, theirs.values())
    if not stands and _left_out(finding, theirs.values(), inputs):
        lacking = next(a for a in (finding.address, *addresses(finding)) if inputs.ideal.get(inputs.later(a)) is None)
        finding = replace(finding, check=wanting(lacking, finding.check))
        return Status.LEFT, finding, ""
    if (told := defaulted.open_as_before(inputs, finding)) is not None:
        return Status.LEFT, told, ""
    if (told_of_model := unseen(inputs, finding)) is not None:
        return Status.LEFT, told_of_model, stands
    if finding.rule == tf.SYNTAX and _shows_a_part_of_it(finding, inputs) and not any(k[0] == tf.SYNTAX for k in theirs):
        finding = replace(finding, check=SHOWN)
    return Status.FIXED, finding, stands


def _shows_a_part_of_it(finding: Finding, inputs: Inputs) -> bool:
    """Whether IDEAL, which is a part of an answer, does not show a block of MODEL."""
    part = inputs.ideal.tree.incomplete and inputs.class_ is SampleClass.PAIR
    return part and inputs.ideal.get(inputs.later(finding.address)) is None


def _is_outlined(finding: Finding, inputs: Inputs) -> bool:
    """Whether IDEAL, which is a part of an answer, has nothing but remarks in a block in which MODEL has something."""
    ours, theirs = inputs.model.get(finding.address), inputs.ideal.get(inputs.later(finding.address))
    if ours is None or theirs is None or not inputs.ideal.tree.incomplete or theirs.attribute is not None:
        return False
    if theirs.kind in _MAY_BE_EMPTY and not _has_remarks(theirs, inputs.ideal):
        return False
    return not (theirs.block.attributes or theirs.block.blocks) and bool(ours.block.attributes or ours.block.blocks)


def _has_remarks(declaration: Declaration, graph: Graph) -> bool:
    """Whether there are comments within a declaration's block."""
    block, module = declaration.block, graph.tree.modules.get(declaration.module)
    comments = module.comments.get(block.file, ()) if module is not None else ()
    return any(block.start < comment.start < block.end for comment in comments)


def _met_by_new(finding: Finding, inputs: Inputs) -> Finding:
    """Say of a new defect at an argument that MODEL has as well that it is the new part which meets it: a key policy under a new trail."""
    if not finding.rule.startswith("RG") or finding.rule in changes.IDS or not finding.attribute:
        return finding
    place = f"{finding.address}.{finding.attribute}"
    altered = any(
        c.path.startswith(finding.attribute) or finding.attribute.startswith(f"{c.path}.") for c in changes_of(inputs, finding.address)
    )
    known = finding.address not in inputs.added and not altered and is_parsed(inputs.model, finding.address)
    kept = known and present(inputs.model, place) and present(inputs.ideal, place)
    new = next((a for a in addresses(finding) if a in inputs.added), "") if kept else ""
    if not new:
        return finding
    return replace(finding, problem=f"{finding.problem} {code(place)} is written so in MODEL as well; what meets it, {code(new)}, is new.")


def _lost_in_vain(finding: Finding, ours: Iterable[Finding], inputs: Inputs) -> Finding:
    """Say of what IDEAL drops that it did nothing in MODEL either, where that holds of all of it."""
    idle = [f for f in ours if f.rule in _VAIN.get(finding.rule, ())]
    places = {a for f in idle for a in (f.address, *addresses(f))}
    if not idle or not (places | {*map(inputs.later, places)}).issuperset((finding.address, *finding.related)):
        return finding
    return replace(finding, problem=f"{finding.problem} In MODEL that did nothing: {idle[0].problem}")


def _is_a_change_of(finding: Finding, places: frozenset[str]) -> bool:
    """Whether a comparison found an argument that differs at one of some places."""
    return bool(finding.attribute) and finding.rule in changes.IDS and finding.address in places


def _untold(finding: Finding, ours: Iterable[Finding], told: Container[str], inputs: Inputs) -> bool:
    """Whether MODEL has the same weakness at other places only, where nothing is said of it, or lost nothing: one more place is nothing new."""
    if finding.rule in _IDLE:
        idle = {a for f in ours if f.rule in _IDLE[finding.rule] for a in (f.address, *addresses(f))}
        return (idle | {*map(inputs.later, idle)}).issuperset((finding.address, *finding.related))
    known = finding.tier > 1 and finding.rule.startswith("RG") and finding.rule not in changes.IDS and finding.rule not in told
    return known and any(other.rule == finding.rule for other in ours)


def _is_still_there(finding: Finding, inputs: Inputs) -> bool:
    """Whether IDEAL has a text where MODEL's secret stood, although what used it is gone, or calls a module all the same that nobody has."""
    declaration = inputs.ideal.get(inputs.later(finding.address))
    if declaration is None:
        return False
    if finding.rule == tf.MISSING_MODULE:
        elsewhere = declaration.block.value("source") is not None and local_source(declaration.block, declaration.module) is None
        return inputs.ideal.is_remote(declaration) and not elsewhere
    value = declaration.block.value(finding.attribute) if finding.rule == _SECRET and first_gone(finding, inputs) else None
    return _is_text(value)


def _is_text(value: Expression | None) -> bool:
    return isinstance(value, Literal) and isinstance(value.value, str) and value.value != ""


def _left_out(finding: Finding, theirs: Iterable[Finding], inputs: Inputs) -> bool:
    """Whether what takes part is left out and not repaired.

    It went with most of the stack, IDEAL still refers to what it does not declare, it belongs to a block of which IDEAL shows a part, or it
    may stand where nobody sees it.
    """
    own = inputs.later(finding.address)
    if finding.attribute and any(c.path.startswith(finding.attribute) and c.after for c in changes_of(inputs, own)):
        return False  # something was done about it
    if finding.rule.startswith("RG") and finding.targets and all(inputs.ideal.get(a) is not None for a in finding.targets):
        return False  # IDEAL declares what was missing
    if may_stand_there(inputs, finding):
        return True
    if not finding.address or not finding.rule.startswith("RG") or finding.rule in changes.IDS:
        return False
    parts = [inputs.later(a) for a in (finding.address, *addresses(finding))]
    gone = [a for a in parts if inputs.ideal.get(a) is None]
    if any(not r.declared for a in gone for r in inputs.ideal.incoming.get(a, ())) and not any(
        _taken_out(p, inputs) for p in finding.related
    ):
        return True
    if gone and (any(_leads_nowhere(inputs, place) for place in finding.related) or _is_shortened(inputs, parts, theirs)):
        return True
    return bool(gone) and any(f.rule == changes.omitted.RULE for f in inputs.ideal_findings)


def _is_shortened(inputs: Inputs, parts: Container[str], theirs: Iterable[Finding]) -> bool:
    """Whether IDEAL shows of a block that takes part not even what it must have, and MODEL has: what belongs to it is no more than not shown."""
    lacking = (f for f in theirs if f.rule == tf.MISSING_ARGUMENT and f.address in parts)
    asked_for = (".".join(filter(None, (inputs.earlier(f.address), f.attribute, name))) for f in lacking for name in f.names)
    return any(present(inputs.model, place) for place in asked_for)


def _is_told_otherwise(finding: Finding, inputs: Inputs) -> bool:
    """Whether a defect went only in the form in which MODEL has it.

    The secret of a file of values is a default in IDEAL, as it is in MODEL; what a remark excuses is not created in
    IDEAL either; servers that no longer share the load balancer's group have one of their own that is as open.
    """
    own = inputs.later(finding.address)
    trees = ((inputs.model, finding.address), (inputs.ideal, own))
    declared = [(graph, d) for graph, address in trees if (d := graph.get(address)) is not None]
    if finding.rule == OF_A_FILE:
        return len(declared) == len(trees) and all(_is_text(d.block.value("default")) for _, d in declared)
    if finding.rule == _SHARED:
        return _admits_the_internet(inputs.ideal, {inputs.later(a) for a in addresses(finding) if type_of(a) not in BALANCERS})
    return finding.rule == remarks.RULE and len(declared) == len(trees) and all(absent_by_default(g, d) for g, d in declared)


def _admits_the_internet(graph: Graph, servers: set[str]) -> bool:
    """Whether a security group of some servers admits web requests from everywhere."""
    groups = [group for group, users in attachments(graph).items() if any(user.address in servers for user in users)]
    return any(is_open_web(rule) for group in groups for rule in openings(graph).get(group, ()))


def _went_into_another(finding: Finding, told: Iterable[Key], inputs: Inputs) -> bool:
    """Whether a defect went, with its block, into one that is told as left: a block that takes part, or a new one for several, has it, too."""
    if not finding.rule.startswith("RG") or finding.rule == remarks.RULE or inputs.ideal.get(inputs.later(finding.address)):
        return False
    parts, renamed = {inputs.later(a) for a in addresses(finding)}, set(inputs.names.values())
    same = [k[1] for k in told if k[0] == finding.rule]
    return any(address in parts or (address in inputs.added and address not in renamed) for address in same)


def _is_missed_elsewhere(finding: Finding, told: Iterable[Key], theirs: Mapping[Key, Finding], inputs: Inputs) -> bool:
    """Whether a block that refers to what nothing declares is gone, and others that refer to the same are in both trees: it is one thing that is missing."""
    if not tf.is_rule(finding.rule) or not finding.targets or inputs.ideal.get(inputs.later(finding.address)) is not None:
        return False
    return any(key[0] == finding.rule and {*finding.targets} & {*theirs[key].targets} for key in told)


def _is_unread(inputs: Inputs, place: str) -> bool:
    """Whether a policy of MODEL is in IDEAL what comes out of a module whose code nobody has: it may say the same."""
    address, path = inputs.model.owner(place)
    if path not in ("policy", "assume_role_policy") or any(
        _is_of_a_remote(inputs.model, r) for r in inputs.model.outgoing.get(address, ())
    ):
        return False
    own = inputs.ideal.outgoing.get(inputs.later(address), ())
    return any(r.path == path and _is_of_a_remote(inputs.ideal, r) for r in own)


def _is_of_a_remote(graph: Graph, reference: Reference) -> bool:
    target = graph.get(reference.target)
    return target is not None and graph.is_remote(target)


def _leads_nowhere(inputs: Inputs, place: str) -> bool:
    """Whether an argument of MODEL, which named something else there, refers in IDEAL to what IDEAL does not declare."""
    address, path = inputs.model.owner(place)
    return leads_nowhere(inputs.ideal, inputs.later(address), path)


def _taken_out(place: str, inputs: Inputs) -> bool:
    """Whether IDEAL keeps a block of MODEL and no longer sets an argument of it."""
    address, path = inputs.model.owner(place)
    kept = bool(path) and inputs.ideal.get(inputs.later(address)) is not None
    return kept and present(inputs.model, place) and not present(inputs.ideal, place, inputs.names)


def _can_be_fixed(inputs: Inputs) -> bool:
    """Without a corrected tree nothing is known to be repaired."""
    return inputs.class_ is not SampleClass.NO_IDEAL_CODE


# Behind a version: no further figure, no leave to take a later one, and nothing that makes an amount of it.
_UNIT = r" ?(?:%|(?:[KMGT]i?B|ms|percent|seconds?|minutes?|hours?|days?|dollars?|USD|vCPUs?|million)\b)"
_NO_MORE = rf"(?![\w+-]|\.\d| or (?:later|newer|higher|above|greater)|{_UNIT})"


def _spelt(name: str) -> str:
    """Return how PROMPTs write a version or a runtime: ``python3.9`` as "Python 3.9", ``nodejs18.x`` as "Node.js 18", ``17.4`` as "v17.4"."""
    spelt = re.sub(r"^(?=\d)", "v?", re.sub(r"(?<=[a-z])(?=\d)", "[ -]?", re.escape(name.lower())))
    return re.sub(r"^nodejs", r"node\.?js", spelt).replace(r"\.x", r"(?:\.x)?")


def _weighed(finding: Finding, status: Status, inputs: Inputs) -> Finding:
    """Return the finding with the category that it has in this sample: what PROMPT asks and IDEAL repairs or takes away weighs more."""
    finding = without_its_file(finding, inputs.sample.ideal if status is Status.INTRODUCED else inputs.sample.model)
    if finding.granted and re.search(finding.granted, inputs.prompt):
        return replace(finding, category=Category.WARNING, severity=Severity.MEDIUM, problem=f"{finding.problem} PROMPT asks for it.")
    prompt = inputs.sample.prompt.text if inputs.sample.prompt and finding.prescribed else ""
    said = re.search(rf"(?<![\w.@$-]){_spelt(finding.prescribed)}{_NO_MORE}", prompt, re.IGNORECASE)
    if said and finding.prescribed:  # quoted as PROMPT has it: IDEAL may have another version than the one that is meant
        finding = replace(finding, problem=f"{finding.problem} PROMPT itself names {code(said[0])}.")
    weighs = finding.asked and status in (Status.FIXED, Status.INTRODUCED) and asked(finding, inputs)
    return replace(finding, category=finding.asked) if finding.asked and weighs else finding
