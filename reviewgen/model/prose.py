"""How prose names code: in backticks, and long lists of it with a count."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence


def code(text: str) -> str:
    """Return a name as the prose of a document marks it."""
    return f"`{text}`"


def listed(names: Sequence[str], most: int = 4) -> str:
    """Return names as a phrase: ``a``, ``b`` and 3 more."""
    shown = [code(name) for name in names[:most]]
    if len(names) > most:
        return f"{', '.join(shown)} and {len(names) - most} more"
    return series(shown)


def items(parts: Sequence[str], most: int) -> tuple[str, ...]:
    """Return the parts of a list on lines of its own: of many the first, and how many more there are."""
    return tuple(parts) if len(parts) <= most else (*parts[:most], f"{len(parts) - most} more")


def series(parts: Sequence[str]) -> str:
    """Return words as a phrase: a, b and c."""
    return " and ".join(filter(None, [", ".join(parts[:-1]), *parts[-1:]]))


def of_each(ours: str, theirs: str) -> str:
    """Return what is wrong in MODEL and what in IDEAL as one text, where it is not the same."""
    return f"MODEL: {ours} IDEAL: {theirs}"


def tells_of_each(text: str) -> bool:
    """Whether a text is one of ``of_each``."""
    return text.startswith("MODEL: ") and " IDEAL: " in text


_IN_ONE = " (in MODEL)", " (in IDEAL)"


def tells_of_forms(title: str, text: str) -> bool:
    """Whether a text tells of a defect which each tree has in a form of its own, and the title calls it as one of them only has it."""
    return text.startswith("In MODEL: ") and " In IDEAL: " in text and title.endswith(_IN_ONE)


_DECLARED, _DELIVERED = "{} is declared, and {}", "the code of {} is delivered, and {}"
_SHOWN = "more of {} is shown than remarks, and {}"
# The statement that stands first begins with a capital.
_WANTING = tuple(re.compile(text.format("`[^`]+`", ""), re.I) for text in (_DECLARED, _DELIVERED, _SHOWN))
_OUTLINED = _WANTING[-1]


def wanting(address: str, check: str, *, delivered: bool = False) -> str:
    """Return an assertion about a block that IDEAL leaves out, so that it does not hold there.

    Args:
        address: Of the block.
        check: What is asserted of it.
        delivered: Whether IDEAL has the block, the call of a module, and not its code.
    """
    return (_DELIVERED if delivered else _DECLARED).format(code(address), check)


def outlined(address: str, check: str) -> str:
    """Return an assertion about a block of which IDEAL shows nothing but remarks, so that it does not hold there."""
    return _SHOWN.format(code(address), check)


def is_outlined(check: str) -> bool:
    """Whether an assertion is one of ``outlined``."""
    return bool(_OUTLINED.match(check))


def is_wanting(check: str) -> bool:
    """Whether an assertion is one of ``wanting`` or ``outlined``."""
    return any(text.match(check) for text in _WANTING)


# What may be wrong with a repair: what is added for it, or what stands where the mistake stood.
_ADDED, _THERE, _END = "hat IDEAL adds for it has ", "t the same place IDEAL has ", "."


def with_doubt(text: str, own: str, *, added: bool = True) -> str:
    """Say at the end of what is wrong in MODEL what is wrong with IDEAL's repair.

    Args:
        text: What is wrong in MODEL.
        own: What is wrong with the repair: ``a blocker of its own: #5``.
        added: Whether that stands in what IDEAL adds; else it stands where the mistake stood.
    """
    return f"{text} {f'W{_ADDED}' if added else f'A{_THERE}'}{own}{_END}"


_ELSEWHERE = "lsewhere IDEAL leaves work, too: "


def with_rest(text: str, place: str) -> str:
    """Say at the end of what MODEL leaves to the reader where IDEAL does the same."""
    return f"{text} E{_ELSEWHERE}{place}{_END}"


def doubt(text: str, who: str) -> str:
    """Return what is wrong with the repair of a tree, of a text that one of these wrote: ``what it adds has ...``; empty for any other."""
    for begin, said in (
        (f" W{_ADDED}", f"what {who} adds has "),
        (f" A{_THERE}", f"at the same place {who} has "),
        (f" E{_ELSEWHERE}", f"elsewhere {who} leaves work, too: "),
    ):
        _, found, own = text.rpartition(begin)
        if found:
            return said + own.removesuffix(_END)
    return ""


_LEFT_OUT = "With its own values IDEAL does not "


def leaves_out(text: str, said: str) -> str:
    """Say at the end of what is wrong in MODEL what IDEAL's own values do not create: ``create `aws_lb.main` ``."""
    return f"{text} {_LEFT_OUT}{said}{_END}"


def left_out(text: str) -> str:
    """Return what IDEAL's own values do not create, of a text that ``leaves_out`` wrote; empty for any other."""
    _, found, said = text.partition(_LEFT_OUT)
    return said if found else ""


_HANGS, _SOME, _NOT_ALL = "IDEAL does {} under a condition: ", "some of it", "IDEAL does not do it for all: "


def hangs(text: str, said: str, *, whole: bool) -> str:
    """Say at the end of what is wrong in MODEL on which condition IDEAL's repair hangs: ``count` of `aws_lb.main` is ...``."""
    return f"{text} {_HANGS.format('it' if whole else _SOME)}{said}{_END}"


def not_all(text: str, said: str) -> str:
    """Say at the end of what is wrong in MODEL what IDEAL's repair does not reach: `` `aws_vpc.b` does not have flow logs``."""
    return f"{text} {_NOT_ALL}{said}{_END}"


def reserves(text: str) -> str:
    """Return how far a repair goes, of a text that these wrote: ``under a condition and not for all``; empty for any other."""
    hanging = [f"{some}under a condition" for some, it in (("", "it"), (f"{_SOME} ", _SOME)) if _HANGS.format(it) in text]
    return series([*hanging, *(["not for all"] if _NOT_ALL in text else [])])


def leaves_all_out(text: str, blocks: Iterable[str]) -> bool:
    """Whether what IDEAL's own values do not create, of a text that ``leaves_out`` wrote, is all of some blocks."""
    said = left_out(text)
    return all(code(block) in said for block in blocks)


def extent(text: str, blocks: Iterable[str]) -> str:
    """Return how far a repair goes with the values that are there; empty where nothing is said of that.

    Args:
        text: One that any of these wrote.
        blocks: Addresses of the blocks with which IDEAL repairs.
    """
    values = "not with its own values" if leaves_all_out(text, blocks) else "not all of it with its own values"
    return reserves(text) or (values if left_out(text) else "")
