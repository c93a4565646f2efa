"""What comes along with the new blocks of a correction: that without which they do not work, made for them and for nothing else."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from reviewgen.model.addresses import without_positions
from reviewgen.rules.places import type_of
from reviewgen.terraform.graph import Reference

from ..inputs import Inputs
from .argument_changes import LABELS

POLICIES = frozenset(["policy", "assume_role_policy", "inline_policy", "policy_document", "access_policies"])
DOCUMENT = "aws_iam_policy_document"
# Arguments that name what they show, protect, or wait for, and do not use it.
_SHOWN = frozenset(["depends_on", "dashboard_body", "dimensions", "alarm_rule", "resource_arn", *LABELS])
# Every thing has its own of these, whatever others there are.
_OWN = re.compile(
    r"aws_iam_|aws_security_group|aws_vpc_security_group_|aws_kms_|archive_|random_|local_file$|null_resource$|terraform_data$"
)
_LOGS = "aws_cloudwatch_log_group"
# Resources that set something for the whole account and region.
ACCOUNT = ("aws_api_gateway_account", "aws_cloudwatch_log_resource_policy")
# What gives an identity its rights, or a key its users and its name, is a part of it.
_PARTS = re.compile(r"aws_iam_\w+_(?:policy|policy_attachment)$|aws_kms_(?:alias|key_policy)$")
# What admits somebody is waited for; so is what builds a file.
_RIGHTS = re.compile(r"aws_(?!autoscaling|appautoscaling)\w+_(?:policy|policy_attachment|permission)$")
_BUILDS = re.compile(r"local_file$|null_resource$|terraform_data$")
_OUTPUT = re.compile(r"(?:^|\.)output\.")
_WATCHES = re.compile(r"aws_cloudwatch_(?:metric_alarm|composite_alarm|dashboard)$")
# Addresses of settings and values.
_SETTING = re.compile(r"(?:data\.)?(?:module\.[\w-]+\.)*(?:var|local|output|provider|terraform)\.")


def companions(inputs: Inputs, seeds: Iterable[str], means: Iterable[str]) -> set[str]:
    """Return new blocks with what belongs to them.

    Outputs bring nothing along: they only show what is there for other reasons. Nor does what others use as well come with one of its users,
    or what a policy names with the policy.

    Args:
        inputs: The pair.
        seeds: New blocks whose absence is the defect: what MODEL has none of comes with them, and what completes them.
        means: New blocks by which a defect is repaired: only what they cannot do without comes with them.
    """
    whole = set(seeds)
    direct = {*whole, *means}
    result = set(direct)

    def comes(reference: Reference) -> bool:
        near = (reference.source in whole) - (reference.source not in direct)
        return _is_used(inputs, reference) and _is_made_for(inputs, reference, result, near)

    _follow(inputs, result, comes)
    return result | set(_satellites(inputs, result, whole))


def reach(inputs: Inputs, blocks: Iterable[str]) -> set[str]:
    """Return new blocks with all that IDEAL adds together with them: what they refer to and MODEL has none of, and their satellites.

    More than what repairs a defect, and yet no issue of its own.
    """
    result = set(blocks)
    _follow(inputs, result, lambda reference: _is_new(inputs, reference.target))
    for address in sorted(inputs.added - result):
        targets = {r.target for r in inputs.ideal.outgoing.get(address, ()) if is_managed(r.target)}
        if targets and targets <= result and is_managed(address) and any(service(t) == service(address) for t in targets):
            result.add(address)
    return result


def _follow(inputs: Inputs, found: set[str], comes: Callable[[Reference], bool]) -> None:
    """Add to some new blocks those that they refer to, and so on, where a reference brings what it names along."""
    queue = sorted(a for a in found if not _OUTPUT.search(a))
    while queue:
        for reference in inputs.ideal.outgoing.get(queue.pop(), ()):
            if reference.target in inputs.added and reference.target not in found and comes(reference):
                found.add(reference.target)
                queue.append(reference.target)


def _is_new(inputs: Inputs, address: str) -> bool:
    """Whether MODEL has nothing of a new block's type, or every thing has its own of it."""
    declaration = inputs.ideal.get(address)
    if declaration is None or not is_managed(address):
        return False
    alike = inputs.model.of_type(declaration.type) if declaration.kind == "resource" else inputs.model.data_of_type(declaration.type)
    return not alike or declaration.type == _LOGS or _OWN.match(declaration.type) is not None


def _satellites(inputs: Inputs, blocks: set[str], seeds: set[str]) -> Iterable[str]:
    """Yield the new blocks that refer to nothing else new but to some others: what completes a seed, and what gives rights."""
    for address in sorted(inputs.added - blocks):
        used = [r for r in inputs.ideal.outgoing.get(address, ()) if is_managed(r.target) and _is_used(inputs, r)]
        targets = {r.target for r in used if not _gives(inputs, r)}
        near = {t for t in targets & blocks if service(t) == service(address)}
        if near and targets <= blocks and is_managed(address) and (_PARTS.match(type_of(address)) or near & seeds):
            yield address
            yield from sorted(r.target for r in used if _gives(inputs, r) and r.target in inputs.added)


def _gives(inputs: Inputs, reference: Reference) -> bool:
    """Whether a reference leads to what gives a right: the policy that an attachment attaches, the document that is a policy's text."""
    return reference.path == "policy_arn" or _is_document(inputs, reference.target)


def _is_document(inputs: Inputs, address: str) -> bool:
    declaration = inputs.ideal.get(address)
    return declaration is not None and declaration.type == DOCUMENT


def _is_used(inputs: Inputs, reference: Reference) -> bool:
    """Whether a block uses what it names there; whom a policy names is there for other reasons."""
    if _is_document(inputs, reference.target):
        return True
    if reference.path == "depends_on":
        kind = type_of(reference.target)
        near = service(reference.target) == service(reference.source) and kind not in ACCOUNT
        return near or bool(_RIGHTS.match(kind) or _BUILDS.match(kind))
    named = set(without_positions(reference.path).split("."))
    return not named & (_SHOWN | POLICIES) and not _is_document(inputs, reference.source)


def _is_made_for(inputs: Inputs, reference: Reference, users: set[str], near: int) -> bool:
    """Whether a new block comes with what refers to it: it serves nothing else, and is of its own kind, or all that there is of it.

    Args:
        inputs: The pair.
        reference: What names it.
        users: What it may serve.
        near: 1 where the absence of what names it is the defect, 0 where that repairs the defect, -1 where it only comes along itself.
    """
    declaration = inputs.ideal.get(reference.target)
    if declaration is None or not is_managed(reference.target):
        return False
    if _is_document(inputs, reference.target):
        return True
    if not serves_only(inputs, reference.target, users):
        return False
    if _OWN.match(declaration.type):
        return True
    if near == 0:
        return declaration.kind == "data" or service(reference.target) == service(reference.source)
    return near > 0 and declaration.kind in ("resource", "data") and _is_new(inputs, reference.target)


def serves_only(inputs: Inputs, address: str, users: set[str]) -> bool:
    """Whether nothing uses a block of IDEAL but some others; what is a part of it, shows it or watches it does not use it."""
    return all(
        r.source in users or _OUTPUT.search(r.source) or service(r.source) == service(address) or _is_watching(inputs, r)
        for r in inputs.ideal.incoming.get(address, ())
    )


def _is_watching(inputs: Inputs, reference: Reference) -> bool:
    kind = type_of(reference.source)
    return bool(_RIGHTS.match(kind) or _WATCHES.match(kind)) or not _is_used(inputs, reference)


def gives_rights(type_: str) -> bool:
    """Whether resources of a type are policies: what they say is told statement by statement."""
    return type_ == DOCUMENT or _RIGHTS.match(type_) is not None


def service(address: str) -> str:
    """``module.a.aws_kms_key.main`` to ``aws_kms``: what belongs together is of one service."""
    return "_".join(type_of(address).split("_")[:2])


def is_managed(address: str) -> bool:
    """Whether an address is that of a resource, a data source or a module, and not of a setting or a value."""
    return not _SETTING.match(address)
