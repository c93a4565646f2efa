"""``format`` and ``formatlist``: their verbs, after the grammar that Terraform's language reference gives for format strings."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence

from reviewgen.records import dataclass
from reviewgen.terraform.schema.types import BOOL, NUMBER, STRING, Type
from reviewgen.terraform.validate.evaluation.conversion import converted, mismatch
from reviewgen.terraform.validate.evaluation.refusal import Refused
from reviewgen.terraform.validate.evaluation.value import Value, whole

# Flags, width, precision and the number of the argument, in this order only; each part as long as it goes.
_VERB = re.compile(rb"%[ 0+#-]*(?:[1-9]\d*)?(?:\.\d*)?(?:\[(?P<index>[1-9]\d*)\])?(?P<mode>[a-zA-Z])|%%")
_BEGIN = re.compile(rb"%[ 0+#-]*(?:[1-9]\d*)?(?:\.\d*)?(?:\[(?:[1-9]\d*\]?)?)?")
_INTEGERS = frozenset("bdoxX")
_NUMBERS = frozenset("eEfgG") | _INTEGERS
_TEXTS = frozenset("sq")


@dataclass(frozen=True, slots=True)
class Verb:
    """A verb of a format string: as written, where it begins in bytes, its letter, the number of its argument."""

    raw: str
    offset: int
    mode: str
    argument: int


def check(template: str, arguments: Sequence[Value]) -> None:
    """Judge a format string with its arguments.

    Raises:
        Refused: It cannot be formatted; ``argument`` counts the format string as the first.
    """
    verbs, broken = _verbs(template)
    for verb in verbs:
        _check_verb(verb, arguments)
    if broken:
        raise Refused(broken)
    used = max((verb.argument for verb in verbs), default=0)
    if used < len(arguments):
        many = "no verbs in format string" if used == 0 else f"only {used} used by format string"
        raise Refused(f"too many arguments; {many}", used + 1)


def _verbs(template: str) -> tuple[list[Verb], str]:
    """Return the verbs of a format string up to where it cannot be read, and why it cannot."""
    data, found, at, following = template.encode(), list[Verb](), 0, 1
    while (at := data.find(b"%", at)) >= 0:
        match = _VERB.match(data, at)
        if match is None:
            return found, _broken(data, at)
        if match["mode"]:
            argument = int(match["index"]) if match["index"] else following
            found.append(Verb(match[0].decode(), at, match["mode"].decode(), argument))
            following = argument + 1
        at = match.end()
    return found, ""


def _broken(data: bytes, at: int) -> str:
    begin = _BEGIN.match(data, at)
    stop = begin.end() if begin else at + 1
    if stop >= len(data):
        return f"invalid format string starting at offset {len(data)}"
    character = data[stop:].decode("utf-8", "replace")[0]
    return f"unrecognized format character {_rune(character)} at offset {stop}"


def _rune(character: str) -> str:
    """Write a character as Go quotes one."""
    if character == "'":
        return r"'\''"
    return "'" + (json.dumps(character, ensure_ascii=False)[1:-1] if character != '"' else '"') + "'"


def _check_verb(verb: Verb, arguments: Sequence[Value]) -> None:
    raw = json.dumps(verb.raw, ensure_ascii=False)
    if verb.argument > len(arguments):
        wrong = f"not enough arguments for {raw} at {verb.offset}: need index {verb.argument} but have {len(arguments)} total"
        raise Refused(wrong)
    value = arguments[verb.argument - 1]
    if verb.mode == "v":
        return
    if value.null:
        raise Refused(f"unsupported value for {raw} at {verb.offset}: null value cannot be formatted")
    wanted = _wanted(verb.mode)
    if wanted is None:
        raise Refused(f"unsupported format verb '{verb.mode}' in {raw} at offset {verb.offset}")
    why = mismatch(value, wanted)
    if not why and verb.mode in _INTEGERS and not _integer(value):
        why = "an integer is required"
    if why:
        raise Refused(f"unsupported value for {raw} at {verb.offset}: {why}")


def _wanted(mode: str) -> Type | None:
    return STRING if mode in _TEXTS else NUMBER if mode in _NUMBERS else BOOL if mode == "t" else None


def _integer(value: Value) -> bool:
    number = converted(value, NUMBER).data
    return not isinstance(number, float) or number.is_integer()


def _format(arguments: Sequence[Value]) -> None:
    template, *rest = arguments
    if isinstance(template.data, str) and all(whole(a) and not a.null for a in rest):
        check(template.data, rest)


def _formatlist(arguments: Sequence[Value]) -> None:
    """Format once for each element of the lists; what is no list goes into each of the results."""
    template, *rest = arguments
    if not all(a.known and not a.null for a in rest) or not isinstance(template.data, str):
        return
    lists = [(position, a.data) for position, a in enumerate(rest, 1) if isinstance(a.data, tuple)]
    if lists:
        first, items = lists[0]
        for position, other in lists:
            if len(other) != len(items):
                wrong = f"argument {position} has length {len(other)}, which is inconsistent with argument {first} of length {len(items)}"
                raise Refused(wrong, position)
    if not rest:
        check(template.data, ())
    for iteration in range(len(lists[0][1]) if lists else min(1, len(rest))):
        values = [a.data[iteration] if isinstance(a.data, tuple) else a for a in rest]
        if all(map(whole, values)):
            _one_of_list(template.data, values, iteration)


def _one_of_list(template: str, values: Sequence[Value], iteration: int) -> None:
    try:
        check(template, values)
    except Refused as refused:
        raise Refused(f"error on format iteration {iteration}: {refused.why}") from None


SHAPES: dict[str, Callable[[Sequence[Value]], None]] = {"format": _format, "formatlist": _formatlist}
