"""What nobody can read of a tree: policies that may stand in what is broken, references that lead nowhere, code that is not shown.

Rules keep silent there, so that the other tree's finding looks new. It is not told as new.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from reviewgen.model.finding import Finding
from reviewgen.model.tree import Declaration
from reviewgen.rules import changes
from reviewgen.rules.families.compute.targets import TARGETING
from reviewgen.rules.families.serverless.function_rights import is_read
from reviewgen.rules.packages import package
from reviewgen.rules.places import type_of
from reviewgen.terraform import Graph

from ..inputs import Inputs, is_parsed
from .parts import addresses, changes_of, present

# Rules about whom the policy on a resource lets in, with the types of resources whose policies they ask.
_KEYS, _MESSAGES, _BUCKETS = ("aws_kms_key", "aws_kms_replica_key"), ("aws_sns_topic", "aws_sqs_queue"), ("aws_s3_bucket",)
OF_KEYS = frozenset(["RG101", "RG102", "RG104", "RG105", "RG106"])
"""Rules about whom the policy of a key leaves out."""
_OF_POLICIES = {
    **dict.fromkeys(OF_KEYS, _KEYS),
    **dict.fromkeys(("RG351", "RG352"), _MESSAGES),
    **dict.fromkeys(("RG496", "RG701", "RG715", "RG721", "RG723"), _BUCKETS),
}
# Rules about what is not there at all, which keep silent where a part of the tree is missing, elsewhere or broken: something that delivers
# to a bucket, a policy or network ACL that is attached to nothing, a recorder that nothing starts, rules without one.
_OF_THE_WHOLE = frozenset(["RG139", "RG452", "RG711", "RG714", "RG723"])
# Rules about what nobody is connected to, with the types that would connect somebody.
_ALONE = {"RG357": ("aws_sns_topic_subscription",), "RG524": TARGETING}
# Rules about what a role may not do, which ask for all its policies.
_OF_ROLES = frozenset(["RG332", "RG333", "RG334", "RG335", "RG336", "RG367", "RG372", "RG373", "RG464", "RG537", "RG538", "RG715"])
# The rule about functions that are told of what their roles may not use.
_TOLD = "RG335"
# Rules about what no code of a tree does.
_OF_CODE = frozenset(["RG802"])


def leaves_out(finding: Finding) -> bool:
    """Whether a finding stands at a policy, or at what the policy is for, that leaves somebody out: that one fails, and not where it stands."""
    type_ = type_of(finding.address)
    return finding.rule in _OF_POLICIES and (type_ in _OF_POLICIES[finding.rule] or "policy" in type_)


def is_unread(finding: Finding, inputs: Inputs) -> bool:
    """Whether a rule that finds something in IDEAL could not see the same in MODEL, or what would rule it out in IDEAL."""
    return (
        _has_unread_policy(inputs, finding)
        or _has_unread_role(inputs, finding)
        or _is_unseen(inputs, finding)
        or (finding.rule in _OF_CODE and any(_hides_code(inputs.ideal, f) for f in inputs.ideal.of_type("aws_lambda_function")))
        or _is_unasked(inputs, finding)
        or _is_of_a_broken_kind(inputs, finding)
        or _is_alone(inputs.model, finding)
        or any(leads_nowhere(inputs.model, *inputs.model.owner(place)) for place in _alike(inputs, finding))
        or is_decided_nowhere(finding, inputs, in_ideal=False)
    )


def _has_unread_policy(inputs: Inputs, finding: Finding) -> bool:
    """Whether what takes part stands in a tree, and the policy that decides about it, on it or on what it refers to, is not known at all."""
    graph, types, named = inputs.model, _OF_POLICIES.get(finding.rule, ()), {finding.address, *addresses(finding)}
    if not _has_the_like(graph, named) or is_first_asked(inputs, finding):
        return False
    # What IDEAL puts into modules stands under the same names in MODEL.
    parts = {own for part in named for own in (part, _outside(part)) if graph.get(own) is not None} or named
    led = {r.target for part in parts for r in graph.outgoing.get(part, ()) if r.declared}
    for group in (parts, led):
        asked = [d for a in group if (d := graph.get(a)) is not None and d.kind == "resource" and d.type in types]
        if asked:
            return any(_is_blank(graph, d) for d in asked)
    return False


def _has_unread_role(inputs: Inputs, finding: Finding) -> bool:
    """Whether a role has in MODEL what IDEAL leaves as it is, and may have more there, in what nobody can read."""
    graph = inputs.ideal
    for address in {finding.address, *addresses(finding)} if finding.rule in _OF_ROLES else ():
        ours, theirs = inputs.model.get(address), graph.get(address)
        if ours is None or theirs is None or ours.type != "aws_iam_role" or inputs.model.policies.of_role(ours).complete:
            continue
        places = {address, *(graph.owner(place)[0] for place in graph.policies.of_role(theirs).origins)}
        if not any(place in inputs.added or inputs.changed.get(place) is not None for place in places):
            return True
    return False


def _outside(address: str) -> str:
    """Return the address that a resource of a module would have in the root."""
    return ".".join(address.split(".")[-2:]) if address.startswith("module.") else address


def _is_unseen(inputs: Inputs, finding: Finding) -> bool:
    """Whether MODEL has all that takes part, and the rule keeps silent there because not all of MODEL can be seen, or an argument leads nowhere."""
    parts = set(addresses(finding)) or {finding.address}
    nowhere = leads_nowhere(inputs.model, finding.address, finding.attribute)
    unseen = finding.rule in _OF_THE_WHOLE and (nowhere or not inputs.model.policies.all_seen)
    return unseen and all(inputs.model.get(part) is not None for part in parts)


def _is_blank(graph: Graph, declaration: Declaration) -> bool:
    policy = graph.policies.on(declaration)
    return policy is not None and not policy.complete and not policy.statements


def _hides_code(graph: Graph, function: Declaration) -> bool:
    """Whether nothing of a function's code is shown."""
    packed = package(graph, function)
    return packed is None or not any(packed.files.values())


def _is_unasked(inputs: Inputs, finding: Finding) -> bool:
    """Whether a function is told of what it may not use, and asks nothing of it in MODEL, while IDEAL does not show its code."""
    for place in finding.related if finding.rule == _TOLD else ():
        address, path = inputs.ideal.owner(place)
        name, own, other = path.removeprefix("environment.variables."), inputs.ideal.get(address), inputs.model.get(address)
        if name != path and own is not None and other is not None:
            return is_read(inputs.ideal, own, name) is None and is_read(inputs.model, other, name) is False
    return False


def _is_of_a_broken_kind(inputs: Inputs, finding: Finding) -> bool:
    """Whether a new block of IDEAL is of a type of which MODEL has one that cannot be parsed, and which IDEAL does not have."""
    new = inputs.ideal.get(finding.address)
    if new is None or finding.address not in inputs.added:
        return False
    return any(
        (d.kind, d.type) == (new.kind, new.type) and not is_parsed(inputs.model, path) and inputs.ideal.get(inputs.later(path)) is None
        for path, d in inputs.model.tree.declarations.items()
    )


def _is_alone(graph: Graph, finding: Finding) -> bool:
    """Whether MODEL has the very thing, and nobody is connected to it there either, although nothing sends there yet."""
    kinds = _ALONE.get(finding.rule, ())
    return bool(kinds) and graph.get(finding.address) is not None and not graph.of_type(*kinds)


def _alike(inputs: Inputs, finding: Finding) -> Iterator[str]:
    """Yield where MODEL sets what takes part in a finding, in blocks of the same types that IDEAL has no more.

    What MODEL has nothing like makes the difference.
    """
    if not _has_the_like(inputs.model, (finding.address, *addresses(finding))):
        return
    for place in (f"{finding.address}.{finding.attribute}", *finding.related):
        address, path = inputs.ideal.owner(place)
        if address in inputs.added and path:
            gone = (d for d in inputs.model.of_type(type_of(address)) if d.address in inputs.diff.removed)
            yield from (f"{d.address}.{path}" for d in gone)


def _has_the_like(graph: Graph, parts: Iterable[str]) -> bool:
    """Whether a tree has something of the type of each part: without one of them a defect cannot be there, however little can be read."""
    return all(graph.of_type(type_of(part)) for part in parts)


def is_first_asked(inputs: Inputs, finding: Finding) -> bool:
    """Whether a key of IDEAL leaves out somebody of a kind that asks for no key in all of MODEL, whatever the key's policy says there."""
    places = (inputs.ideal.owner(place) for place in finding.related)
    whole = not (inputs.model.tree.incomplete or inputs.model.has_remote_modules)
    return finding.rule in OF_KEYS and whole and not all(_may_be_set(inputs.model, *place) for place in places)


def _may_be_set(graph: Graph, address: str, path: str) -> bool:
    """Whether something of a type may set an argument in a tree: the policy of a key that nobody asks for leaves nobody out."""
    own = graph.of_type(type_of(address))
    return not path or any(present(graph, f"{d.address}.{path}") or not is_parsed(graph, d.address) for d in own)


def leads_nowhere(graph: Graph, address: str, path: str) -> bool:
    """Whether an argument refers to what the tree does not declare."""
    led = [r for r in graph.outgoing.get(address, ()) if path and r.path == path]
    return bool(led) and not any(r.declared for r in led)


def is_decided_nowhere(finding: Finding, inputs: Inputs, *, in_ideal: bool) -> bool:
    """Whether another argument of its block decides about what a block lacks or sets, and refers to what one of the trees does not declare.

    Where the trees differ in what has the defect, or take it from elsewhere, that decides.
    """
    if not finding.rule.startswith("RG") or finding.rule in changes.IDS or not finding.attribute:
        return False
    own, other = (inputs.model, inputs.ideal) if in_ideal else (inputs.ideal, inputs.model)
    there = (inputs.later if in_ideal else inputs.earlier)(finding.address)
    newer, head = there if in_ideal else finding.address, finding.attribute.split(".")[0]
    paths = [*(c.path for c in changes_of(inputs, newer)), *(r.path for r in own.outgoing.get(finding.address, ()))]
    if any(re.split(r"[.\[]", path)[0] == head for path in paths):
        return False
    deciding = {path for block, path in (own.owner(place) for place in finding.related) if block == finding.address and path}
    led = [r for r in other.outgoing.get(there, ()) if r.path in deciding]
    return any(leads_nowhere(other, there, path) for path in deciding) and not any(is_passed(other, r.target) for r in led)


def is_passed(graph: Graph, variable: str) -> bool:
    """Whether the call of a module gives a variable its value, although the file that would declare it is not shown."""
    home, _, name = variable.rpartition(".var.")
    call = graph.get(home)
    return call is not None and call.kind == "module" and name in call.block.attributes
