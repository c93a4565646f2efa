"""CIDR blocks: what ``cidrhost``, ``cidrnetmask``, ``cidrsubnet`` and ``cidrsubnets`` refuse."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable

from reviewgen.terraform.validate.evaluation.refusal import Refused

from .numbers import whole_number

_Network = ipaddress.IPv4Network | ipaddress.IPv6Network
_MOST_BITS = 32  # by which ``cidrsubnets`` extends a prefix


def network(text: str, argument: int | None = None) -> _Network:
    """Return the network of a CIDR block.

    Raises:
        Refused: The text is none.
    """
    try:
        address, _, length = text.partition("/")
        if not (length.isascii() and length.isdigit()):
            raise ValueError
        return ipaddress.ip_network(f"{_plain(address)}/{int(length)}", strict=False)
    except ValueError:
        raise Refused(f"invalid CIDR expression: invalid CIDR address: {text}", argument) from None


def _plain(address: str) -> str:
    """Return an IPv4 address without leading zeros, which Terraform takes as decimal."""
    parts = address.split(".")
    digits = len(parts) == 4 and all(part.isascii() and part.isdigit() for part in parts)
    return ".".join(str(int(part)) for part in parts) if digits else address


def _cidrhost(prefix: str, number: float) -> None:
    block = network(prefix)
    host = whole_number(number, limited=False)
    last = block.num_addresses - 1
    if (-host - 1 if host < 0 else host) > last:
        shown = last - (-host - 1) if host < 0 else host
        raise Refused(f"prefix of {block.prefixlen} does not accommodate a host numbered {shown}")


def _cidrnetmask(prefix: str) -> None:
    block = network(prefix)
    if block.version == 6:
        raise Refused(f"IPv6 addresses cannot have a netmask: {prefix}")


def _cidrsubnet(prefix: str, bits: float, number: float) -> None:
    added = whole_number(bits)
    wanted = whole_number(number, limited=False)
    block = network(prefix)
    if block.prefixlen + added > block.max_prefixlen:
        raise Refused(f"insufficient address space to extend prefix of {block.prefixlen} by {added}")
    if added >= 0 and abs(wanted) >= 1 << added:
        raise Refused(f"prefix extension of {added} does not accommodate a subnet numbered {wanted}")


def _cidrsubnets(prefix: str, *bits: float) -> None:
    """Lay one subnet behind the other, each at the next place that its size allows."""
    block = network(prefix, 0)
    at, before = int(block.network_address), ""
    for position, given in enumerate(bits, 1):
        added = whole_number(given, position)
        length = block.prefixlen + added
        if added < 1:
            raise Refused("must extend prefix by at least one bit", position)
        if added > _MOST_BITS:
            raise Refused(f"may not extend prefix by more than {_MOST_BITS} bits", position)
        if length > block.max_prefixlen:
            raise Refused(f"would extend prefix to {length} bits, which is too long for an IPv{block.version} address", position)
        size = 1 << (block.max_prefixlen - length)
        at = -(-at // size) * size
        if at + size > int(block.network_address) + block.num_addresses:
            where = f"not enough remaining address space for a subnet with a prefix of {length} bits after {before}"
            raise Refused(where, position)
        before = f"{type(block.network_address)(at)}/{length}"
        at += size


CHECKS: dict[str, Callable[..., None]] = {
    "cidrhost": _cidrhost,
    "cidrnetmask": _cidrnetmask,
    "cidrsubnet": _cidrsubnet,
    "cidrsubnets": _cidrsubnets,
}
