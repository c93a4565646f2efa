"""JSON with an indent of one space: what ``json.dumps`` of the standard library writes, which indents far slower than it writes one line."""

from __future__ import annotations

import json
import re
from json.encoder import encode_basestring as quoted

_TRUTH = ("false", "true")
_SURROGATE = re.compile("[\ud800-\udfff]")


def dumps(value: object) -> str:
    """Return the text of a value, characters of all languages as they are; half a pair of surrogates, which no UTF-8 has, by its number.

    Args:
        value: Mappings with texts as keys, lists and tuples of such values, texts, numbers, truth values and None.
    """
    text = _written(value, "\n")
    return text if text.isascii() else _SURROGATE.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def _written(value: object, newline: str) -> str:
    if isinstance(value, str):
        return quoted(value)
    inner = f"{newline} "
    if isinstance(value, dict):
        parts = [f"{quoted(key)}: {_written(part, inner)}" for key, part in value.items()]
        return f"{{{inner}{f',{inner}'.join(parts)}{newline}}}" if parts else "{}"
    if isinstance(value, (list, tuple)):
        parts = [_written(part, inner) for part in value]
        return f"[{inner}{f',{inner}'.join(parts)}{newline}]" if parts else "[]"
    if isinstance(value, int):
        return _TRUTH[value] if isinstance(value, bool) else str(value)
    return "null" if value is None else json.dumps(value)
