"""What a network ACL of MODEL leaves open, where IDEAL leaves the subnets to the default one of their VPC: that is as open, and nothing is repaired."""

from __future__ import annotations

from dataclasses import replace

from reviewgen.model.finding import Finding
from reviewgen.model.prose import listed
from reviewgen.model.tree import Declaration
from reviewgen.rules.acls import is_left_to_the_default, subnets_of
from reviewgen.rules.places import code, type_of

from ..inputs import Inputs
from .parts import addresses

_ACL, _SUBNET = "aws_network_acl", "aws_subnet"
# What an ACL admits that it should keep out.
_OPEN = ("RG455", "RG458")


def open_as_before(inputs: Inputs, finding: Finding) -> Finding | None:
    """Return a defect of MODEL's ACL as it is told where IDEAL's subnets are as open without it; None where they are not, or nobody knows."""
    acl = next((d for a in _places(finding) if type_of(a) == _ACL and (d := inputs.model.get(a)) is not None), None)
    if finding.rule not in _OPEN or acl is None:
        return None
    left = _left(inputs, acl)
    return _told(inputs, finding, acl, left) if left else None


def _left(inputs: Inputs, acl: Declaration) -> list[Declaration]:
    """Return the subnets of MODEL's ACL that IDEAL leaves to the default one; where it has others in the same VPC, those, if all are left."""
    before = subnets_of(inputs.model, acl)
    kept = [d for s in before if (d := inputs.ideal.get(inputs.later(s.address))) is not None]
    others = _of_its_network(inputs, acl) if before and not kept else []
    left = [subnet for subnet in (*kept, *others) if is_left_to_the_default(inputs.ideal, subnet)]
    return left if kept or len(left) == len(others) else []


def _of_its_network(inputs: Inputs, acl: Declaration) -> list[Declaration]:
    """Return IDEAL's subnets in the VPC in which MODEL has the ACL."""
    networks = {inputs.later(d.address) for d in inputs.model.targets(acl.block.value("vpc_id"), acl.module)}
    ideal = inputs.ideal
    return [s for s in ideal.of_type(_SUBNET) if any(d.address in networks for d in ideal.targets(s.block.value("vpc_id"), s.module))]


def _places(finding: Finding) -> tuple[str, ...]:
    return (finding.address, *addresses(finding))


def _told(inputs: Inputs, finding: Finding, acl: Declaration, left: list[Declaration]) -> Finding:
    """Return the finding with what IDEAL has instead, and with what would be a repair."""
    names, one = listed([subnet.address for subnet in left]), len(left) == 1
    gone = inputs.ideal.get(inputs.later(acl.address)) is None
    instead = (
        f"IDEAL does not declare {code(acl.address)}"
        if gone
        else f"In IDEAL {code(inputs.later(acl.address))} does not stand before {names}"
    )
    has = f"{names if gone else 'the subnet' if one else 'the subnets'} {'has' if one else 'have'} the default network ACL of the VPC"
    return replace(
        finding,
        problem=f"{finding.problem} {instead}: {has} there, which admits everything as well.",
        check=f"{names} {'stands' if one else 'stand'} behind a declared network ACL, and {finding.check}",
        related=(*(a for a in finding.related if type_of(a) != _SUBNET), *(subnet.address for subnet in left)),
    )
