"""Checks of one value, each a row of the table of facts, in the words of the provider.

A row is ``(kind, style, arguments ...)``. The style says how the message names the argument: ``f`` by its whole path with positions
(``rule.0.status``), ``l`` by its last name. The kinds up to ``text`` are those of the older plugin SDK, whose message is the summary; the kinds that
begin with ``fw_`` are those of the newer plugin framework, which names what stands in a set, whose elements have no positions, by its last name.
``text`` is any other message: its pattern matches the values that are rejected.
Rows of one argument speak for themselves, as with the SDK's ``validation.All``. A row ``("any", rows, rows ...)`` holds alternatives, as
``validation.Any`` does: a value that satisfies all rows of one of them is right, and of any other value they all speak. ``allowed`` is an
alternative without words: its pattern matches values that are right whatever the others say.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING

from reviewgen.records import dataclass

from ..evaluation.refusals import go_json
from ..types.convert import number
from .facts import Row
from .formats import account_id, arn_error, cidr_error, cidr_parse_error, policy_error, region_name, timestamp_error

if TYPE_CHECKING:
    import regex

Message = tuple[str, str]
"""Summary and detail."""


@dataclass(frozen=True, slots=True)
class Place:
    """The names of an argument: in the older SDK's messages (``rule.0.status``) and in the newer framework's (``rule[0].status``)."""

    dotted: str
    bracketed: str

    def named(self, style: str) -> str:
        """Return the name that a row's messages use; an element of a list is called after the list."""
        if style != "l":
            return self.dotted
        return next(step for step in reversed(self.dotted.split(".")) if not step.isdigit())


Check = Callable[[str, str, Row], str | None]
Lists = tuple[tuple[str, ...], ...]


def messages(row: Row, value: str, place: Place, lists: Lists) -> tuple[Message, ...]:
    """Return all that a row, which may hold alternatives, says of a value; nothing when the value is allowed.

    Args:
        row: The check.
        value: The value as text.
        place: The names of the argument.
        lists: Lists of allowed values of the table.
    """
    if row[0] != "any":
        said = message(row, value, place, lists)
        return (said,) if said else ()
    found: list[Message] = []
    for alternative in row[1:]:
        broken = [said for part in alternative for said in messages(tuple(part), value, place, lists)]
        if not broken:
            return ()
        found += (said for said in broken if said[0])
    return tuple(found)


def message(row: Row, value: str, place: Place, lists: Lists) -> Message | None:
    """Return what one check says of a value, or None when it is allowed; the words of ``allowed`` are empty."""
    kind = row[0]
    if kind == "enum":
        return _enum(row, value, place, lists[row[2]])
    if kind == "allowed":
        return None if compiled(row[2]).search(value) else ("", "")
    if kind.startswith("fw_"):
        return _FRAMEWORK[kind](value, place.named("l") if row[1] == "l" else place.bracketed, row, lists)
    text = _CHECKS[kind](value, place.named(row[1]), row)
    return (text, "") if text else None


def _enum(row: Row, value: str, place: Place, allowed: tuple[str, ...]) -> Message | None:
    """``enum``, list, flags: ``n`` numbers, ``i`` upper and lower case are the same, ``e`` an empty text is allowed."""
    flags = row[3] if len(row) > 3 else ""
    if value in allowed or ("e" in flags and not value) or ("i" in flags and value.lower() in {a.lower() for a in allowed}):
        return None
    listed = " ".join(allowed) if "n" in flags else " ".join(f'"{a}"' for a in allowed)
    return f"expected {place.named(row[1])} to be one of [{listed}], got {value}", ""


# ---- the older SDK


def _range(value: str, name: str, row: Row) -> str | None:
    low, high = row[2], row[3]
    worth = number(value)
    if worth is None or float(low) <= worth <= float(high):
        return None
    return f"expected {name} to be in the range ({low} - {high}), got {_got(worth, low)}"


def _got(worth: float, like: str) -> str:
    return f"{worth:f}" if "." in like else str(int(worth))


def _bound(words: str, broken: Callable[[float, float], bool]) -> Check:
    def check(value: str, name: str, row: Row) -> str | None:
        worth = number(value)
        if worth is None or not broken(worth, float(row[2])):
            return None
        return f"expected {name} to be {words} ({row[2]}), got {_got(worth, row[2])}"

    return check


def _between(value: str, name: str, row: Row) -> str | None:
    """``between``, lowest, highest: the words for numbers that are written as text."""
    worth = number(value)
    if worth is None or float(row[2]) <= worth <= float(row[3]):
        return None
    return f"expected {name} to be at between ({row[2]}) and ({row[3]}), got {value}"


def _divisible(value: str, name: str, row: Row) -> str | None:
    worth = number(value)
    return None if worth is None or worth % int(row[2]) == 0 else f"expected {name} to be divisible by {row[2]}, got: {int(worth)}"


def _never(_value: str, _name: str, _row: Row) -> str | None:
    """What the SDK says of a name that it keeps for itself (``id``), whatever the value."""
    return "Invalid or unknown key"


def _length(value: str, name: str, row: Row) -> str | None:
    size = len(value.encode())
    if row[2] <= size <= row[3]:
        return None
    return f"expected length of {name} to be in the range ({row[2]} - {row[3]}), got {value}"


def _min_length(value: str, name: str, row: Row) -> str | None:
    return None if len(value.encode()) >= row[2] else f"expected length of {name} to be at least {row[2]}, got {value}"


def _max_length(value: str, name: str, row: Row) -> str | None:
    return None if len(value.encode()) <= row[2] else f"expected length of {name} to be at most {row[2]}, got {value}"


def _regex(value: str, name: str, row: Row) -> str | None:
    if compiled(row[2]).search(value):
        return None
    quoted = row[2].replace("\\", "\\\\").replace('"', '\\"')
    return f'expected value of {name} to match regular expression "{quoted}", got {value}'


@lru_cache(maxsize=4096)
def compiled(pattern: str) -> re.Pattern[str] | regex.Pattern[str]:
    r"""Return a pattern of the provider; ``$`` there is the end of the text, never a place before a last line end.

    Go's patterns know classes of Unicode (``\\p{L}``), which Python's ``re`` does not: ``regex`` reads them, and is not imported for others.
    """
    text = re.sub(r"(?<!\\)\$(?![^\[]*\])", r"\\Z", pattern)
    if r"\p" not in text.lower():
        return re.compile(text, re.ASCII | re.DOTALL)
    import regex

    return regex.compile(text, regex.ASCII | regex.DOTALL)


def _arn(value: str, name: str, row: Row) -> str | None:
    error = arn_error(value) if value else ""
    return f'"{name}" ({value}) is an invalid ARN: {error}' if error else None


def _json(value: str, name: str, _row: Row) -> str | None:
    error = go_json.error(value)
    return f'"{name}" contains an invalid JSON: {error}' if error else None


def _policy(value: str, name: str, _row: Row) -> str | None:
    error = policy_error(value)
    if not value:
        return f'"{name}" is an empty string, which is not a valid JSON value'
    return f'"{name}" contains an invalid JSON policy: {error}' if error else None


def _account(value: str, name: str, _row: Row) -> str | None:
    return None if not value or account_id(value) else f'"{name}" doesn\'t look like AWS Account ID (exactly 12 digits): "{value}"'


def _region(value: str, name: str, _row: Row) -> str | None:
    return None if not value or region_name(value) else f'"{name}" doesn\'t look like AWS Region: "{value}"'


def _rfc3339(value: str, name: str, _row: Row) -> str | None:
    error = timestamp_error(value)
    return f'expected "{name}" to be a valid RFC3339 date, got "{value}": {error}' if error else None


def _port(words: str, lowest: int) -> Check:
    def check(value: str, name: str, _row: Row) -> str | None:
        worth = number(value)
        if worth is None or lowest <= worth <= 65535:
            return None
        return f'expected "{name}" to be a valid port number{words}, got: {int(worth)}'

    return check


def _cidr(value: str, _name: str, row: Row) -> str | None:
    """``cidr``, words of the message: ``IPv4 CIDR block``."""
    return cidr_error(value, row[2]) or None


def _cidr_value(value: str, name: str, _row: Row) -> str | None:
    error = cidr_parse_error(value)
    return f'expected "{name}" to be a valid CIDR Value, got {value}: {error}' if error else None


def _cidr_network(value: str, name: str, _row: Row) -> str | None:
    error = cidr_parse_error(value)
    if error:
        return f"expected {name} to contain a valid Value, got: {value} with err: {error}"
    network = ipaddress.ip_network(value, strict=False)
    if str(network) != value:
        return f"expected {name} to contain a valid network Value, expected {network}, got {value}"
    return None


def _cidr_bits(value: str, name: str, row: Row) -> str | None:
    """``cidr_bits``, fewest, most significant bits."""
    if cidr_parse_error(value):
        return None
    bits = ipaddress.ip_network(value, strict=False).prefixlen
    if row[2] <= bits <= row[3]:
        return None
    return f'expected "{name}" to contain a network Value with between {row[2]} and {row[3]} significant bits, got: {bits}'


def _address(words: str, version: int) -> Check:
    def check(value: str, name: str, _row: Row) -> str | None:
        try:
            fits = version in (0, ipaddress.ip_address(value).version)
        except ValueError:
            fits = False
        return None if fits else f"expected {name} to contain a valid {words}, got: {value}"

    return check


def _number(value: str, name: str, row: Row) -> str | None:
    """``number``, type: a text that must read as one."""
    kind = row[2]
    fits = {"boolean": value in _GO_BOOLEANS, "int": bool(re.fullmatch(r"[+-]?\d+", value)), "float": number(value) is not None}[kind]
    if not value or fits:
        return None
    function = {"boolean": "ParseBool", "int": "ParseInt", "float": "ParseFloat"}[kind]
    return f"{name}: cannot parse '{value}' as {kind}: strconv.{function}: parsing \"{value}\": invalid syntax"


_GO_BOOLEANS = frozenset({"1", "t", "T", "TRUE", "true", "True", "0", "f", "F", "FALSE", "false", "False"})


def _text(value: str, name: str, row: Row) -> str | None:
    """``text``, pattern of the rejected values, message with ``{path}``, ``{value}``, ``{lower}`` and ``{quoted}``."""
    if not compiled(row[2]).search(value):
        return None
    words = str(row[3]).replace("{path}", name).replace("{quoted}", f'"{value}"')
    return words.replace("{lower}", value.lower()).replace("{value}", value)


_CHECKS: dict[str, Check] = {
    "range": _range,
    "min": _bound("at least", lambda worth, bound: worth < bound),
    "max": _bound("at most", lambda worth, bound: worth > bound),
    "above": _bound("greater than", lambda worth, bound: worth <= bound),
    "between": _between,
    "divisible": _divisible,
    "never": _never,
    "length": _length,
    "minlength": _min_length,
    "maxlength": _max_length,
    "regex": _regex,
    "arn": _arn,
    "json": _json,
    "policy": _policy,
    "account": _account,
    "region": _region,
    "rfc3339": _rfc3339,
    "port": _port("", 1),
    "port0": _port(" or 0", 0),
    "cidr": _cidr,
    "cidr_value": _cidr_value,
    "cidr_network": _cidr_network,
    "cidr_bits": _cidr_bits,
    "ipv4": _address("IPv4 address", 4),
    "ipv6": _address("IPv6 address", 6),
    "ip": _address("IP", 0),
    "number": _number,
    "text": _text,
}

# ---- the newer framework


def _fw_enum(value: str, path: str, row: Row, lists: Lists) -> Message | None:
    if value in lists[row[2]]:
        return None
    listed = " ".join(lists[row[2]])
    given = f"Path: {path}\nGiven Value: {value}\nValid Values: [{listed}]"
    return "Invalid String Enum Value", f"The provided value does not match any valid values.\n\n{given}"


def _fw_one_of(value: str, path: str, row: Row, lists: Lists) -> Message | None:
    if value in lists[row[2]]:
        return None
    listed = " ".join(f'"{v}"' for v in lists[row[2]])
    return "Invalid Attribute Value Match", f'Attribute {path} value must be one of: [{listed}], got: "{value}"'


def _fw_length(value: str, path: str, row: Row, _lists: Lists) -> Message | None:
    """``fw_length``, unit in the message, fewest or None, most or None."""
    size = len(value) if "UTF-8" in row[2] else len(value.encode())
    words = _broken(size, row[3], row[4])
    return ("Invalid Attribute Value Length", f"Attribute {path} {row[2]} must be {words}, got: {size}") if words else None


def _fw_range(value: str, path: str, row: Row, _lists: Lists) -> Message | None:
    """``fw_range``, fewest or None, most or None."""
    worth = number(value)
    words = _broken(worth, row[2], row[3]) if worth is not None else ""
    return ("Invalid Attribute Value", f"Attribute {path} value must be {words}, got: {value}") if words else None


def _broken(worth: float, low: float | None, high: float | None) -> str:
    """Return the bounds in words when a number breaks them, otherwise an empty text."""
    if (low is None or worth >= low) and (high is None or worth <= high):
        return ""
    if low is None or high is None:
        return f"at most {high:g}" if low is None else f"at least {low:g}"
    return f"between {low:g} and {high:g}"


def _fw_arn(value: str, path: str, _row: Row, _lists: Lists) -> Message | None:
    if not arn_error(value):
        return None
    return "Invalid ARN Value", f"The provided value cannot be parsed as an ARN.\n\nPath: {path}\nValue: {value}"


def _fw_rfc3339(value: str, _path: str, _row: Row, _lists: Lists) -> Message | None:
    error = timestamp_error(value)
    given = f"Given Value: {value}\nError: {error}"
    return (
        ("Invalid RFC3339 String Value", f"A string value was provided that is not valid RFC3339 string format.\n\n{given}")
        if error
        else None
    )


_FRAMEWORK: dict[str, Callable[[str, str, Row, Lists], Message | None]] = {
    "fw_enum": _fw_enum,
    "fw_one_of": _fw_one_of,
    "fw_length": _fw_length,
    "fw_range": _fw_range,
    "fw_arn": _fw_arn,
    "fw_rfc3339": _fw_rfc3339,
}

KINDS = frozenset({"any", "allowed", "enum", *_CHECKS, *_FRAMEWORK})
"""Every kind of row that this module checks."""
