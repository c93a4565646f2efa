"""The pure functions of Terraform's language that constant folding knows; all others give ``UNKNOWN``.

Meaning after Terraform's language reference, "Functions". A call that Terraform would reject gives ``UNKNOWN`` too: the validator, not the
folding, speaks about errors.
"""

from __future__ import annotations

import ipaddress
import json
import math
from collections.abc import Callable
from typing import Any

from .evaluate import UNKNOWN, known, text

_MOST_ITEMS = 1000


def call(name: str, args: list[Any]) -> Any:
    """Return the value of a call, or ``UNKNOWN`` when an argument is unknown or the function is not among those known here."""
    function = _FUNCTIONS.get(name)
    if function is None or (name not in _LAZY and not all(map(known, args))):
        return UNKNOWN
    try:
        return function(*args)
    except (TypeError, ValueError, IndexError, KeyError, AttributeError, OverflowError, ArithmeticError, RecursionError):
        return UNKNOWN


def _format(template: str, *values: Any) -> Any:
    """Only the verbs that cannot surprise: ``%s``, ``%d``, ``%%``."""
    out, rest, used = "", template, 0
    while True:
        before, mark, after = rest.partition("%")
        out += before
        if not mark:
            return out if used == len(values) else UNKNOWN
        if after[:1] == "%":
            out += "%"
        elif after[:1] in ("s", "d") and used < len(values):
            out += text(values[used])
            used += 1
        else:
            return UNKNOWN
        rest = after[1:]


def _concat(*lists: list[Any]) -> list[Any]:
    return [item for part in lists for item in part]


def _slice(items: Any, start: Any, end: Any) -> Any:
    """Terraform rejects bounds outside of a list, so that the length of the result is known even if the list is not."""
    if not (known(start) and known(end) and 0 <= start <= end <= _MOST_ITEMS):
        return UNKNOWN
    if items is UNKNOWN:
        return [UNKNOWN] * (end - start)
    return items[start:end] if end <= len(items) else UNKNOWN


def _merge(*maps: dict[str, Any]) -> Any:
    if any(not isinstance(m, dict) for m in maps if m is not None):
        return UNKNOWN
    return {key: value for m in maps if m is not None for key, value in m.items()}


def _flatten(items: list[Any]) -> list[Any]:
    return [leaf for item in items for leaf in (_flatten(item) if isinstance(item, list) else [item])]


def _distinct(items: list[Any]) -> list[Any]:
    result: list[Any] = []
    for item in items:
        if item not in result:
            result.append(item)
    return result


def _lookup(mapping: dict[str, Any], key: Any, *default: Any) -> Any:
    if key is UNKNOWN:
        return UNKNOWN
    return mapping[key] if key in mapping else default[0] if default else UNKNOWN


def _element(items: list[Any], index: int) -> Any:
    return items[index % len(items)]


def _subnet(prefix: str, bits: int, number: int) -> str:
    network = ipaddress.ip_network(prefix, strict=False)
    length = network.prefixlen + bits
    if length > network.max_prefixlen or number >= 1 << bits or number < 0:
        raise ValueError
    step = 1 << (network.max_prefixlen - length)
    return f"{network.network_address + number * step}/{length}"


def _host(prefix: str, number: int) -> str:
    network = ipaddress.ip_network(prefix, strict=False)
    return str(network[number])


def _number(value: Any) -> Any:
    if isinstance(value, str):
        number = float(value)
        return int(number) if number.is_integer() else number
    return value if isinstance(value, int | float) and not isinstance(value, bool) else UNKNOWN


def _bool(value: Any) -> Any:
    return {"true": True, "false": False, True: True, False: False}[value]


def _range(first: float, *more: float) -> Any:
    """Terraform counts downwards by itself where the end is below the start."""
    start, end = (first, more[0]) if more else (0, first)
    step = more[1] if len(more) > 1 else -1 if end < start else 1
    if start == end:
        return []
    count = math.ceil((end - start) / step)
    return [start + step * place for place in range(count)] if 0 < count <= 1024 else UNKNOWN


def _length(value: Any) -> int:
    if isinstance(value, str | list | dict):
        return len(value)
    raise TypeError


def _set(items: list[Any]) -> list[Any]:
    return sorted({text(i) for i in items}) if all(text(i) is not UNKNOWN for i in items) else _distinct(items)


def _trim(value: str, characters: str) -> str:
    return value.strip(characters)


_FUNCTIONS: dict[str, Callable[..., Any]] = {
    "abs": abs,
    "chomp": lambda s: s.rstrip("\r\n"),
    "cidrhost": _host,
    "cidrsubnet": _subnet,
    "coalesce": lambda *v: next((x for x in v if x is not None and x != ""), UNKNOWN),
    "compact": lambda v: [x for x in v if x not in (None, "")],
    "concat": _concat,
    "contains": lambda v, x: x in v,
    "distinct": _distinct,
    "element": _element,
    "endswith": lambda s, e: s.endswith(e),
    "flatten": _flatten,
    "format": _format,
    "join": lambda sep, v: sep.join(text(x) for x in v),
    "jsondecode": json.loads,
    "jsonencode": lambda v: json.dumps(v, separators=(",", ":"), sort_keys=True, ensure_ascii=False),
    "keys": lambda m: sorted(m),
    "length": _length,
    "lookup": _lookup,
    "lower": lambda s: s.lower(),
    "max": max,
    "merge": _merge,
    "min": min,
    "nonsensitive": lambda v: v,
    "range": _range,
    "replace": lambda s, a, b: UNKNOWN if len(a) > 1 and a[0] == a[-1] == "/" else s.replace(a, b),
    "reverse": lambda v: v[::-1] if isinstance(v, list) else UNKNOWN,
    "sensitive": lambda v: v,
    "slice": _slice,
    "sort": lambda v: sorted(map(text, v)),
    "split": lambda sep, s: s.split(sep) if sep else list(s),
    "startswith": lambda s, e: s.startswith(e),
    "strrev": lambda s: s[::-1],
    "substr": lambda s, at, n: (s[at:] if n < 0 else s[at : at + n]) if at >= 0 else UNKNOWN,
    "title": lambda s: UNKNOWN if not s.isascii() else " ".join(w[:1].upper() + w[1:] for w in s.split(" ")),
    "tobool": _bool,
    "tolist": lambda v: v if isinstance(v, list) else UNKNOWN,
    "tomap": lambda v: v if isinstance(v, dict) else UNKNOWN,
    "tonumber": _number,
    "toset": _set,
    "tostring": text,
    "trim": _trim,
    "trimprefix": lambda s, p: s.removeprefix(p),
    "trimspace": lambda s: s.strip(),
    "trimsuffix": lambda s, p: s.removesuffix(p),
    "upper": lambda s: s.upper(),
    "values": lambda m: [m[k] for k in sorted(m)],
    "zipmap": lambda k, v: dict(zip(k, v, strict=True)),
}

# These look at the shape of their arguments only, so that unknown elements do no harm.
_LAZY = frozenset(
    ["concat", "merge", "lookup", "element", "length", "tolist", "tomap", "keys", "values", "slice", "flatten", "sensitive", "nonsensitive"]
)
