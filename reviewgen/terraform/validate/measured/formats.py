"""Formats that the AWS provider checks itself: ARNs, accounts, regions, CIDR blocks, timestamps, JSON; each says what is wrong as Go does."""

from __future__ import annotations

import ipaddress
import re

from ..evaluation.refusals import go_json

_ACCOUNT = re.compile(r"(aws|aws-managed|third-party|aws-marketplace|\d{12}|cw.{10})\Z")
_PARTITION = re.compile(r"aws(-[a-z]+)*\Z")
_REGION = re.compile(r"[a-z]{2}(-[a-z]+)+-\d{1,2}\Z")
_TIMESTAMP = re.compile(r"\d{4}-(0\d|1[0-2])-([0-2]\d|3[01])T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d+)?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)\Z")
_LAYOUT = "2006-01-02T15:04:05Z07:00"


def account_id(text: str) -> bool:
    """Whether a text is an AWS account number."""
    return bool(re.fullmatch(r"\d{12}", text, re.ASCII))


def region_name(text: str) -> bool:
    """Whether a text has the form of a region's name."""
    return bool(_REGION.match(text))


def arn_error(text: str) -> str:
    """Return why a text is no ARN (provider source ``internal/verify/validate.go``); empty when it is one."""
    if not text.startswith("arn:"):
        return "arn: invalid prefix"
    parts = text.split(":", 5)
    if len(parts) != 6:
        return "arn: not enough sections"
    _, partition, _, region, account, resource = parts
    if not partition:
        return "missing partition value"
    if not _PARTITION.match(partition):
        return "invalid partition value (expecting to match regular expression: ^aws(-[a-z]+)*$)"
    if region and not _REGION.match(region):
        return "invalid region value (expecting to match regular expression: ^[a-z]{2}(-[a-z]+)+-\\d{1,2}$)"
    if account and not _ACCOUNT.match(account):
        return "invalid account ID value (expecting to match regular expression: ^(aws|aws-managed|third-party|aws-marketplace|\\d{12}|cw.{10})$)"
    return "" if resource else "missing resource value"


def cidr_parse_error(text: str) -> str:
    """Return why a text is no CIDR block at all, host bits allowed; empty when it is one."""
    address, slash, bits = text.partition("/")
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        parsed = None
    if not slash or parsed is None or not re.fullmatch(r"0|[1-9]\d*", bits, re.ASCII) or int(bits) > parsed.max_prefixlen:
        return f"invalid CIDR address: {text}"
    return ""


def cidr_error(text: str, words: str) -> str:
    """Return the provider's whole message about a text that is no CIDR block, or one with host bits; empty when it is one.

    Args:
        text: The text.
        words: What the message calls it: ``CIDR block``, ``IPv4 CIDR block``, ``IPv6 CIDR block``.
    """
    error = cidr_parse_error(text)
    if error:
        return f'"{text}" is not a valid CIDR block: {error}'
    network = ipaddress.ip_network(text, strict=False)
    version = words[:4]
    if version.startswith("IPv") and version != f"IPv{network.version}":
        return f'"{text}" is not a valid {words}'
    if network.network_address == ipaddress.ip_address(text.partition("/")[0]):
        return ""
    return f'"{text}" is not a valid {words}; did you mean "{network}"?'


def timestamp_error(text: str) -> str:
    """Return why a text is no RFC 3339 timestamp; empty when it is one."""
    if _TIMESTAMP.match(text):
        return ""
    year = re.match(r"\d{4}-", text)
    return f'parsing time "{text}" as "{_LAYOUT}": cannot parse "{text[5:] if year else text}" as "{"01" if year else "2006"}"'


def policy_error(text: str) -> str:
    """Return why a text is no JSON policy: no JSON, or no object; empty when it is one."""
    if not text.lstrip().startswith("{"):
        return "not a JSON object"
    return go_json.error(text)
