"""Defects that a document says MODEL has, and that its code does not have: names beyond a limit, cycles, arguments, providers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from reviewgen.documents.page import Kind as Block
from reviewgen.model.hcl import Literal, Template
from reviewgen.model.tree import Declaration
from reviewgen.terraform import Graph
from reviewgen.terraform.graph import arguments

from .finding import Case, Finding, Kind
from .words import words

# The names of load balancers and target groups have at most 32 characters; names of security groups do not begin with `sg-`.
# Sources: the arguments `name` of aws_lb, aws_lb_target_group and aws_security_group in the AWS provider's documentation.
_TOO_LONG = re.compile(
    r"(?:target groups?|load balancers?|\balbs?\b|\bnlbs?\b).{0,60}\bnames?\b.{0,60}(?:exceed|longer than|over|"
        r"more than|limit|too long).{0,40}\b32\b|\"name\" cannot be longer than 32 characters|(?:target groups?|"
        r"load balancers?|\balbs?\b).{0,40}\bnames?\b.{0,40}\b32[- ]character|\b32[- ]character.{0,60}(?:target groups?|"
        r"load balancers?|\balb\b)",
    re.I,
)  # fmt: skip
_RESERVED = re.compile(r"cannot begin with sg-|security groups?.{0,80}(?:begin|start|beginning|starting|prefix)\w*.{0,20}[\"'`]?sg-", re.I)
_UNSURE = re.compile(r"^Cycle|undeclared|unknown|invalid reference|module|syntax|duplicate", re.I)
_PREFIX = re.compile(r"(?:\balbs?\b|load balancer|target group)s?.{0,40}name_prefix.{0,60}\b6[- ]character", re.I)
_MOST = 32
_ARGUMENT = re.compile(r"An argument named \"(\w+)\" is not expected here")
_IN = re.compile(r"in resource \"(\w+)\"")
_SENTENCE = re.compile(r"(?<=[a-z`)])[.;](?:\s|$)")
_CODE = re.compile(r"`([a-z][a-z0-9_]+)`")
_PROVIDERS = ("random", "archive", "tls", "null", "time", "http")
_NO_PROVIDER = re.compile(r"\b(?:missing|lack\w*|not declared|undeclared|did not (?:declare|include)|without|absent)\b", re.I)
_BALANCERS = ("aws_lb", "aws_alb", "aws_lb_target_group", "aws_alb_target_group")


def check(case: Case) -> Iterator[Finding]:
    """Yield the first statement about each defect that MODEL does not have; nothing where MODEL may be more than what is read."""
    if not case.model_has_code or case.model.has_remote_modules or case.model.tree.incomplete or len(case.turns) > 1:
        return
    yield from _cycles(case)
    yield from _arguments(case)
    yield from _providers(case)
    limits = ((_TOO_LONG, _short_enough(case.model)), (_RESERVED, _unreserved(case.model)), (_PREFIX, _no_prefix(case.model)))
    for pattern, evidence in limits:
        if evidence:
            yield from _first(pattern, evidence, case)


def _first(pattern: re.Pattern[str], evidence: str, case: Case) -> Iterator[Finding]:
    """Yield the first piece of a document that says that a limit is broken."""
    for piece in case.reading.pieces:
        match = pattern.search(piece.text) if piece.side != "ideal" else None
        if match:
            line = piece.line + piece.text[: match.start()].count("\n") + (piece.kind is Block.CODE)
            yield Finding(Kind.DEFECT, line, case.issue_at(piece.line), f'"{" ".join(match[0].split())}"', (evidence,))
            return


def _short_enough(graph: Graph) -> str:
    """Return the sentence that all names of load balancers and target groups are short enough; empty when that is not certain."""
    found = graph.of_type(*_BALANCERS)
    names = [(d, graph.constant(d.block.value("name"), d.module)) for d in found if d.block.value("name") is not None]
    if any(not isinstance(d.block.value("name"), Literal) or not isinstance(name, str) or len(name) > _MOST for d, name in names):
        return ""
    if not found:
        named = any(type_ in file.text for file in graph.tree.files.values() for type_ in _BALANCERS)
        return "" if named else "MODEL declares no load balancer and no target group."
    if any(d.block.value("name_prefix") is not None for d in found):
        return ""
    said = ", ".join(f"`{name}` ({len(name)})" for _, name in names)
    return f"The names in MODEL are short enough: {said}." if names else ""


def _no_prefix(graph: Graph) -> str:
    """Return the sentence that no load balancer and no target group has a name prefix; empty when one has."""
    found = graph.of_type(*_BALANCERS)
    if any(declaration.block.value("name_prefix") is not None for declaration in found):
        return ""
    return "" if graph.tree.diagnostics else "No load balancer and no target group in MODEL sets `name_prefix`."


def _unreserved(graph: Graph) -> str:
    """Return the sentence that no security group's name begins with ``sg-``; empty when that is not certain."""
    found = graph.of_type("aws_security_group", "aws_default_security_group")
    begins = [_beginning(d, graph) for d in found]
    if any(begin is None or begin.lower().startswith("sg-") or "sg-".startswith(begin.lower() or "?") for begin in begins):
        return ""
    if not found:
        return "" if graph.tree.diagnostics else "MODEL declares no security group."
    said = ", ".join(sorted({f"`{begin}`" for begin in begins if begin})[:4])
    return "No name of a security group in MODEL begins with `sg-`" + (f": {said}." if said else ": none of them has a name.")


def _beginning(declaration: Declaration, graph: Graph) -> str | None:
    """Return how the name of a security group begins: ``-`` where it has none; None where that is not known."""
    expr = declaration.block.value("name") or declaration.block.value("name_prefix")
    if expr is None:
        return "-"
    value = graph.constant(expr, declaration.module)
    if isinstance(value, str):
        return value
    first = expr.parts[0] if isinstance(expr, Template) and expr.parts else None
    if first is None:
        return None
    known = graph.constant(first, declaration.module)
    return known if isinstance(known, str) and known else None


def _cycles(case: Case) -> Iterator[Finding]:
    """Yield the first statement that MODEL's resources depend on each other in a circle, where its references form none."""
    checked = case.review.model_validation
    summaries = [diagnostic.summary for diagnostic in checked.errors] if checked else ["unknown"]
    if case.model.tree.diagnostics or not case.model.tree.declarations or any(_UNSURE.search(summary) for summary in summaries):
        return
    for piece in case.reading.pieces:
        about = piece.kind is Block.HEADING or piece.role in ("model", "problem", "error") or piece.kind is Block.CODE
        match = words().circular.search(piece.text) if about and piece.side != "ideal" else None
        if match and not _DENIED.search(piece.text):
            line = piece.line + piece.text[: match.start()].count("\n") + (piece.kind is Block.CODE)
            evidence = "The references in MODEL form no cycle."
            yield Finding(Kind.DEFECT, line, case.issue_at(piece.line), f'"{_sentence(piece.text, match)}"', (evidence,))
            return


_DENIED = re.compile(
    r"\b(?:no|not|without|avoid\w*|prevent\w*|could|may|might|would|potential\w*|possible|backend|state|ideal|introduced|risk|if|test\w*|module)\b",
    re.I,
)


def _sentence(text: str, match: re.Match[str]) -> str:
    """Return the line around a match, shortened."""
    start, end = text.rfind("\n", 0, match.start()) + 1, text.find("\n", match.end())
    return " ".join(text[start : end if end >= 0 else len(text)].split())[:160]


def _arguments(case: Case) -> Iterator[Finding]:
    """Yield the statements that an argument is unknown to its type, where MODEL sets it and the validator takes it."""
    met: set[tuple[str, str]] = set()
    for line, type_, name in _called_unsupported(case):
        users = sorted(d.address for d in case.model.of_type(type_) if any(name in path.split(".") for path, _, _ in arguments(d.block)))
        if (type_, name) in met or not users or not _sound(users, case):
            continue
        met.add((type_, name))
        evidence = f"`{users[0]}` in MODEL sets it, and the provider's schema knows it there."
        yield Finding(Kind.DEFECT, line, case.issue_at(line), f"`{type_}` is said not to take `{name}`", (evidence,))


def _sound(addresses: Sequence[str], case: Case) -> bool:
    """Whether the validator has checked some resources and says nothing at all of them."""
    checked = case.review.model_validation
    if checked is None or checked.incomplete or case.model.tree.diagnostics:
        return False
    blocks = [case.model.tree.declarations[address].block for address in addresses]
    if {case.model.tree.declarations[address].type for address in addresses} & set(checked.unchecked):
        return False
    places = [diagnostic.range for diagnostic in checked.diagnostics if diagnostic.range]
    return not any(place.filename == b.file and b.line <= place.start.line <= b.end_line for place in places for b in blocks)


def _called_unsupported(case: Case) -> Iterator[tuple[int, str, str]]:
    """Yield line, type and argument of each statement that an argument is not supported: Terraform's message, or a sentence."""
    lines = [line for _, line in case.lines()]
    for number, line in enumerate(lines, 1):
        if match := _ARGUMENT.search(line):
            near = [found[1] for text in lines[max(0, number - 12) : number] if (found := _IN.search(text))]
            if near:
                yield number, near[-1], match[1]
    for piece in case.reading.pieces:
        if piece.kind in (Block.CODE, Block.ROW):
            continue
        whole = "".join(f"`{text}`" if is_code else text for is_code, text in piece.spans) or piece.text
        for sentence in _SENTENCE.split(whole):
            names = _CODE.findall(sentence)
            types = [name for name in names if case.model.of_type(name)]
            others = [name for name in names if name not in types and f"`{name}` block" not in sentence]
            told = words().unsupported.search(sentence)
            if told and len(types) == 1 and not _DENIED.search(words().unsupported.sub("", sentence)):
                meant = [name for name in others if f"`{name}`" in sentence[: told.start()] or len(others) == 1]
                yield from ((piece.line, types[0], name) for name in meant if "_" in name)


def _providers(case: Case) -> Iterator[Finding]:
    """Yield the first statement that a provider is not declared, where MODEL's required_providers names it."""
    required = case.model.get("terraform.required_providers")
    if required is None:
        return
    for piece in case.reading.pieces:
        if piece.kind in (Block.CODE, Block.ROW) or piece.side == "ideal" or piece.role in ("solution", "recommendation", "impact"):
            continue
        for sentence in _SENTENCE.split(piece.text):
            names = [name for name in _PROVIDERS if re.search(rf"(?<![\w-])`?{name}`?(?![\w-])", sentence, re.I)]
            told = re.search(r"\bproviders?\b", sentence, re.I) and _NO_PROVIDER.search(sentence)
            declared = [name for name in names if name in required.block.attributes]
            if told and declared and not words().limits.search(sentence):
                evidence = f"`required_providers` of MODEL names {', '.join(f'`{name}`' for name in declared)} (`{required.block.file}:{required.block.line}`)."
                yield Finding(Kind.DEFECT, piece.line, case.issue_at(piece.line), f'"{" ".join(sentence.split())[:160]}"', (evidence,))
                return
