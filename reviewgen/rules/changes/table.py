"""The tables of what one tree can take away from the other: themes of arguments (``protections.toml``), kinds of blocks (``groups.toml``)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import field
from functools import cache
from typing import Any, TypeVar

from reviewgen import resources
from reviewgen.model.review import Category, Severity
from reviewgen.records import dataclass

T = TypeVar("T")
_BETTER = ("true", "false", "set", "more", "later")
_SEVERITIES = {Category.BLOCKER: Severity.CRITICAL, Category.CRITICAL: Severity.HIGH, Category.WARNING: Severity.MEDIUM}


@dataclass(frozen=True, slots=True)
class Row:
    """One argument that protects.

    Attributes:
        types: Resource types that have it.
        argument: Path through nested blocks.
        better: How two worths compare (head of ``protections.toml``).
        default: Worth when it is not set; None when the provider has none.
        floor: From here on more makes no difference; of words the position in ``order``.
        order: Words, the weakest first.
        unless: Resource types that say the same by referring to the resource.
        inherits: Arguments and blocks with which a resource that does not set it takes the value over, or decides it in another way.
        ignored: Beginnings of values that are no better than none.
        only: Argument and the values of which it must have one in both trees; an empty one stands for an argument that is not set.
        within: Whether the default counts only where the block around the argument is there.
        covered: Arguments whose own row speaks where the stronger tree sets one of them.
        title: Where the theme's title would not be true of this argument, one that is; its findings are an issue of their own.
        impact: (aspect, sentence) pairs in place of the theme's; empty: those of the theme.
        source: Documentation; empty: the provider's page of the resource.
        lesson: Root cause in place of the theme's.
        limited: Argument whose address ranges say who reaches what it opens; nothing is said where they are fewer than all.
        served: Resource types that refer to the resource and make what the argument is for needless; nothing is said of a weaker tree in which
            one of these uses it, and nothing else does that could need the argument.
        beside: Argument and values of which another resource of the types must have one in the stronger tree, which is created with the
            variables as delivered; without it the stronger value is worth no more.
        together: Arguments of the resource that mean nothing without this one: they come and go with it.
        excused: Argument and values of which the weaker tree must have none: what travels plainly and is sent on to HTTPS at once.
        declined: Pattern of words by which PROMPT, in lower case, asks for the weaker value; empty for none.
    """

    types: tuple[str, ...]
    argument: str
    better: str
    default: Any = None
    floor: float | None = None
    order: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    inherits: tuple[str, ...] = ()
    ignored: tuple[str, ...] = ()
    only: tuple[tuple[str, tuple[str, ...]], ...] = ()
    within: bool = False
    covered: tuple[str, ...] = ()
    title: str = ""
    impact: tuple[tuple[str, str], ...] = ()
    source: str = ""
    lesson: str = ""
    limited: str = ""
    beside: tuple[tuple[str, tuple[str, ...]], ...] = ()
    served: tuple[str, ...] = ()
    together: tuple[str, ...] = ()
    declined: str = ""
    excused: tuple[tuple[str, tuple[str, ...]], ...] = ()


@dataclass(frozen=True, slots=True)
class Theme:
    """Arguments that protect the same thing; the metadata of a rule (see ``rules.base.Rule``) with its rows.

    ``silent`` are words by which PROMPT asks for the weaker values.
    """

    id: str
    slug: str
    title: str
    category: Category
    severity: Severity
    source: str
    impact: tuple[tuple[str, str], ...]
    lesson: str
    rows: tuple[Row, ...]
    fix_class: str = "B"
    tier: int = 1
    topics: tuple[str, ...] = ()
    asked: Category | None = None
    silent: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """A kind of blocks that watches, protects or connects a stack.

    Attributes:
        id: Of the rule.
        slug: Name in kebab case.
        what: Completes "declares no ...".
        types: Resource types of the kind.
        topics: Words by which PROMPT asks for it.
        category: When PROMPT does not ask.
        asked: When it does.
        severity: When PROMPT asks.
        source: Documentation.
        impact: (aspect, sentence) pairs, true of a tree that has none and of one that has fewer.
        quiet: Whether nothing is said when PROMPT does not ask.
        companion: Whether such a block stands beside another one, so that it does not count when that one is new, too.
        whole: Whether only a tree that has none of the kind lacks it.
        of: Types of what such blocks are for; a tree that has none of these lacks the blocks only where PROMPT asks for them.
        used: Whether such a block does nothing by itself, so that it counts only where something is connected with it.
        outside: Types with the argument that holds the policy which says whom a block is for: what admits others than services counts always.
        given: Arguments by which a tree uses such a thing that it does not create; one to which an input variable leads does not do without it.
        managed: Arguments by which a service keeps such a thing itself; a tree that switches one on does not do without it.
        by_itself: (argument path, value) that AWS sets without such a block; empty for none.
        serves: Types of resources that such blocks may be there for alone.
        serves_impact: (aspect, sentence) pairs in place of ``impact`` where they are.
        serves_inline: Types and blocks inside of them, ``aws_x.block``, that make such blocks for these types themselves.
        inline: Types and blocks inside of them, ``aws_x.block``, that do the same.
        only: Argument and values of which a block that counts has one, if it has the argument.
        declined: Words that nothing is said of where PROMPT puts a "no" before one.
        alone: Types of which a block does nothing until something refers to it, with the nested blocks by which it acts alone.
        many: Completes "declares fewer ..."; empty: the plural of ``what``.
        sources: Documentation of some of the types, where ``source`` is about others.
        about: Arguments and blocks that say what such a block is about: it may be a type of which a tree has nothing.
        arns: Pattern of ARNs of such a thing; a tree in which one is the value of an input variable does not do without it.
        each: Id of the capability that such a block gives to one of several things (``everywhere.toml`` of the requirements); empty for none.
    """

    id: str
    slug: str
    what: str
    types: tuple[str, ...]
    topics: tuple[str, ...]
    category: Category
    asked: Category
    severity: Severity
    source: str
    impact: tuple[tuple[str, str], ...]
    quiet: bool = False
    companion: bool = False
    whole: bool = False
    of: tuple[str, ...] = ()
    used: bool = False
    outside: Mapping[str, str] = field(default_factory=dict)
    given: tuple[str, ...] = ()
    managed: tuple[str, ...] = ()
    by_itself: tuple[str, ...] = ()
    serves: tuple[str, ...] = ()
    serves_impact: tuple[tuple[str, str], ...] = ()
    serves_inline: tuple[str, ...] = ()
    inline: tuple[str, ...] = ()
    only: tuple[tuple[str, tuple[str, ...]], ...] = ()
    declined: tuple[str, ...] = ()
    alone: Mapping[str, list[str]] = field(default_factory=dict)
    many: str = ""
    sources: Mapping[str, str] = field(default_factory=dict)
    about: tuple[str, ...] = ()
    arns: str = ""
    each: str = ""


@cache
def themes() -> tuple[Theme, ...]:
    """Return the themes of arguments in the table's order."""
    return _rows("protections.toml", "theme", _theme)


@cache
def groups() -> tuple[Group, ...]:
    """Return the kinds of blocks in the table's order."""
    return _rows("groups.toml", "group", _group)


def _rows(name: str, key: str, build: Callable[[dict[str, Any]], T]) -> tuple[T, ...]:
    """Return the rows of a table; DataError names file and line where one is wrong."""
    return resources.built(resources.shipped(f"rules/changes/{name}"), f"{key}s", lambda table: resources.each(table, key, build))


def _theme(row: dict[str, Any]) -> Theme:
    given = {
        "category": Category(row["category"]),
        "severity": Severity(row["severity"]),
        "impact": _pairs(row["impact"]),
        "rows": tuple(_row(r) for r in row["rows"]),
        "asked": Category(row["asked"]) if "asked" in row else None,
    }
    return Theme(**row | given | {key: tuple(row.get(key, ())) for key in ("topics", "silent")})


def _row(row: Mapping[str, Any]) -> Row:
    if row["better"] not in _BETTER:
        raise ValueError(f"better = {row['better']!r} is none of {', '.join(_BETTER)}")
    order = tuple(row.get("order", ()))
    floor = order.index(row["enough"]) if "enough" in row else row.get("floor")
    return Row(
        tuple(row["types"]),
        row["argument"],
        row["better"],
        row.get("default"),
        floor,
        order,
        tuple(row.get("unless", ())),
        tuple(row.get("inherits", ())),
        tuple(row.get("ignored", ())),
        _allowed(row),
        row.get("within", False),
        tuple(row.get("covered", ())),
        row.get("title", ""),
        _pairs(row.get("impact", ())),
        row.get("source", ""),
        row.get("lesson", ""),
        row.get("limited", ""),
        _allowed(row, "beside"),
        tuple(row.get("served", ())),
        tuple(row.get("together", ())),
        row.get("declined", ""),
        _allowed(row, "excused"),
    )


def _group(row: dict[str, Any]) -> Group:
    asked = Category(row["asked"])
    given = {"category": Category(row["category"]), "asked": asked, "severity": Severity(row.get("severity", _SEVERITIES[asked]))}
    names = ("types", "topics", "of", "given", "managed", "by_itself", "serves", "serves_inline", "inline", "declined", "about")
    lists = {key: tuple(row.get(key, ())) for key in names}
    pairs = {key: _pairs(row.get(key, ())) for key in ("impact", "serves_impact")}
    return Group(**row | given | lists | pairs | {"only": _allowed(row)})


def _allowed(row: Mapping[str, Any], key: str = "only") -> tuple[tuple[str, tuple[str, ...]], ...]:
    return tuple((name, tuple(values)) for name, values in row.get(key, {}).items())


def _pairs(rows: Iterable[Iterable[str]]) -> tuple[tuple[str, str], ...]:
    return tuple((aspect, text) for aspect, text in rows)
