"""Values that a document says MODEL has: settings, types of instances, and that all of a kind lack an argument."""

from __future__ import annotations

import re
from collections.abc import Iterator

from reviewgen.documents.page import Kind as Block
from reviewgen.documents.said import Said
from reviewgen.model.hcl import Literal
from reviewgen.model.tree import Declaration
from reviewgen.terraform.graph import arguments

from .finding import Case, Finding, Kind
from .having import places
from .words import words

_SETTING = re.compile(r"(?<![\w.])([a-z][a-z0-9]*(?:_[a-z0-9]+)+) ?= ?(\"[^\"$]{2,60}\"|true|false|\d+)(?!\w|\.\w)")
_INSTANCE = re.compile(r"(?<![\w.-])((?:db\.|cache\.)?[a-z]\d[a-z]{0,3}\.(?:nano|micro|small|medium|large|\d*xlarge))(?![\w-])")
_CLASS = re.compile(r"`? instance (?:class|type)s? (?:does|do|is|are)(?:n.t| not)\b")
_PATTERN = re.compile(r"\b(?:pattern|names?|naming|prefix)\b", re.I)
_SCHEMATIC = re.compile(r"resource|name\b(?<!_name)|suffix\b(?<!_suffix)|purpose|type|xxx|\.\.\.|[<>]")
_MODULE = re.compile(r"(?<![\w.])\./modules/[\w/-]+")
_NOT = re.compile(
    r"\b(?:not|no|missing|lack\w*|without|should|need\w*|never|absent|expected?|requires?d?|instead of|rather than|"
    r"recommend\w*|want\w*|prompt|ideal|must|could|would|e\.g|such as|like|than|only|support\w*|prefer\w*|use|set|"
    r"add|to|with|when|if|added|updated|changed|fixed|limitation\w*)\b",
    re.I,
)
_LACK = re.compile(
    r"(?:the )?(?:some )?(?:`)?([\w ]+?)(?:`)? (?:lack(?:s|ed)?|had no|have no|did not have|were missing|"
    r"are missing|do not have)(?: any| an?| the| proper| explicit)* (?:`([a-z_]+)`|(descriptions?))(?! .*\b(?:on|in|"
    r"where|that|which|across|between)\b)(?: .*)?",
    re.I,
)
_PART = re.compile(r"\b(?:some|several|certain|many|most|few|not all)\b", re.I)


def check(case: Case) -> Iterator[Finding]:
    """Yield what MODEL's code says against the values."""
    if not case.model_has_code:
        return
    for piece in case.reading.pieces:
        if piece.kind in (Block.CODE, Block.ROW) or piece.role not in ("model", "problem", "cause") or piece.side == "ideal":
            continue
        yield from _literals(piece, case)
        if piece.role == "cause":
            continue
        yield from _patterns(piece, case)
        yield from _lacking(piece, case)


def _literals(piece: Said, case: Case) -> Iterator[Finding]:
    """Yield the settings and types of instances that a line about MODEL names and that no turn of MODEL has."""
    whole = "".join(text for _, text in piece.spans) or piece.text
    if re.search(r"\bideal\b", whole, re.I):
        return
    for folder in _MODULE.findall(whole):
        if not _NOT.search(whole.partition(folder)[0]) and not case.model_text.has_name(folder):
            evidence = f"No turn of MODEL has `{folder}`{'; IDEAL has it' if case.ideal_text.has_name(folder) else ''}."
            yield Finding(Kind.ABSENT, piece.line, case.issue_at(piece.line), f"module `{folder}`, as if MODEL had it", (evidence,))
    for pattern in (_SETTING, _INSTANCE):
        for match in pattern.finditer(whole):
            before = re.split(r"[.;:,]\s", whole[: match.start()])[-1]
            known = _has_setting(match, case) if pattern is _SETTING else case.model_text.has_name(match[1])
            whose = len(before) >= 3 if piece.role != "cause" else not before and _CLASS.match(whole[match.end() :])
            if known or _NOT.search(before) or not whose:
                continue
            other = case.ideal_text.has_code(match[0]) if pattern is _SETTING else case.ideal_text.has_name(match[1])
            evidence = f"No turn of MODEL has `{match[0]}`{'; IDEAL has it' if other else ''}."
            yield Finding(Kind.ABSENT, piece.line, case.issue_at(piece.line), f"`{match[0]}`, as if MODEL had it", (evidence,))


def _patterns(piece: Said, case: Case) -> Iterator[Finding]:
    """Yield a pattern of names with variables in it that MODEL is said to use, and that no turn of MODEL has."""
    match = words().has.match(piece.text)
    for is_code, code in piece.spans:
        if not is_code or code.count("${") < 2 or _SCHEMATIC.search(code) or match is None:
            continue
        before = piece.text.partition(code)[0]
        if (
            _PATTERN.search(before)
            and not re.search(r"\b(?:not|no|instead|than|to|should)\b", before, re.I)
            and not case.model_text.has_code(code)
        ):
            other = "; IDEAL has it" if case.ideal_text.has_code(code) else ""
            evidence = f"No turn of MODEL has `{code}`{other}."
            yield Finding(Kind.ABSENT, piece.line, case.issue_at(piece.line), f"`{code}`, as if MODEL used it", (evidence,))


def _has_setting(match: re.Match[str], case: Case) -> bool:
    """Whether MODEL has a setting, or may have it: through an expression, or as the default of a variable of that name."""
    if case.model_text.has_code(match[0]) or case.model.get(f"var.{match[1]}") is not None:
        return True
    if match[2] in ("false", "0") and not case.model_text.has_name(match[1]):
        return True  # what is not set may have this value by default
    given = (a for d in case.model.tree.declarations.values() for path, _, a in arguments(d.block) if path.rpartition(".")[2] == match[1])
    return any(not isinstance(attribute.expr, Literal) for attribute in given)


def _lacking(piece: Said, case: Case) -> Iterator[Finding]:
    """Yield a line that says that a kind of thing lacks an argument which each of them in MODEL has."""
    match = _LACK.fullmatch(re.split(r"(?<=[a-z`])\.(?:\s|$)|, ", piece.text)[0].strip(" .*"))
    if match is None or _PART.search(piece.text):
        return
    found = _meant(match[1].strip(), case)
    name = match[2] or "description"
    if found and all(
        any(name in path.split(".") for path, _, _ in arguments(d.block)) or name in {b.type for b in d.block.blocks} for d in found
    ):
        addresses = frozenset(declaration.address for declaration in found)
        if all(turn.has_name(name) for turn in case.turns):
            evidence = f"Each of them in MODEL sets `{name}`: {places(addresses, case.model)}."
            yield Finding(Kind.PRESENT, piece.line, case.issue_at(piece.line), f'"{match[0]}"', (evidence,))


def _meant(subject: str, case: Case) -> list[Declaration]:
    """Return the declarations of MODEL that a subject names: all outputs, all variables, all resources of a noun or a type."""
    plain = re.sub(r"^(?:all|the) ", "", subject.lower())
    if plain in ("outputs", "output", "variables", "variable"):
        return case.model.of_kind(plain.rstrip("s"))
    if direct := case.model.of_type(plain):
        return direct
    nouns = words().named(plain)
    types = nouns[0].types if len(nouns) == 1 else None
    return [d for d in case.model.tree.declarations.values() if d.kind == "resource" and types is not None and types.match(d.type)]
