"""Policy documents: the expression of a ``policy`` argument to the statements behind it."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from dataclasses import replace

from reviewgen.model.hcl import Attr, Block, Call, Conditional, Expression, Literal, Template, Traversal, Tuple
from reviewgen.model.tree import Declaration

from .parts import Maybe, Part, Reader, from_json
from .statements import UNREAD, Condition, Policy, Statement, Text

_SOURCES = ("source_policy_documents", "override_policy_documents", "source_json", "override_json")
_JSON_OF_DATA = ("json", "minified_json")


def read(reader: Reader, expr: Expression | None) -> Policy:
    """Return the policy that an expression gives."""
    match expr:
        case Call(name="jsonencode", args=(value,)):
            return _of_part(reader.part(value))
        case Template(parts=(Call() | Traversal() | Conditional() as only,)):
            return read(reader, only)
        case Template() | Literal(value=str()):
            return _of_part(reader.json(expr))
        case Call(name="file" | "templatefile", args=(path, *_)):
            return _of_file(reader, path, expr.name == "file")
        case Conditional():
            return _of_choice(reader, expr)
        case Traversal():
            return _of_reference(reader, expr)
        case _:
            return UNREAD


def _of_choice(reader: Reader, expr: Conditional) -> Policy:
    condition = reader.value(expr.condition)
    if condition in (True, "true", False, "false"):
        return read(reader, expr.yes if condition in (True, "true") else expr.no)
    both = read(reader, expr.yes) + read(reader, expr.no)
    return Policy(tuple(replace(s, certain=False) for s in both.statements), False)


def _of_file(reader: Reader, path: Expression, whole: bool) -> Policy:
    """Read a file beside the code; the variables of a template are holes that hardly ever are JSON, so it is not read."""
    text = reader.text(path).text.replace("${path.module}", reader.module or ".").replace("${path.root}", reader.graph.tree.root or ".")
    file = reader.graph.files.get(posixpath.normpath(text))
    return _of_part(from_json(file.text, [])) if file is not None and whole else UNREAD


def _of_reference(reader: Reader, traversal: Traversal) -> Policy:
    behind = reader.behind(traversal)
    if behind is not None:
        return read(behind[1], behind[0])
    declaration = reader.graph.resolve(traversal, reader.module)
    last = traversal.steps[-1] if traversal.steps else None
    if declaration is None or not isinstance(last, Attr):
        return UNREAD
    if declaration.kind == "data" and declaration.type == "aws_iam_policy_document" and last.name in _JSON_OF_DATA:
        return of_data(reader, declaration)
    if declaration.kind == "resource" and last.name == "policy" and reader.depth < 8:
        inner = Reader(reader.graph, declaration.module, {}, reader.depth + 1)
        return read(inner, declaration.block.value("policy"))
    return UNREAD


# ---- documents as parts


def _of_part(part: Part | None) -> Policy:
    if not isinstance(part, dict):
        return UNREAD
    known = {name.lower(): value for name, value in part.items()}
    statements = known.get("statement")
    if statements is None or statements == []:
        return UNREAD  # no policy is without statements: comments stand in their place
    return _policy(statements if isinstance(statements, list) else [statements])


def _policy(parts: list[Part]) -> Policy:
    found, complete = [], True
    for part in parts:
        certain = not isinstance(part, Maybe)
        while isinstance(part, Maybe):
            part = part.part
        statement = _statement(part) if isinstance(part, dict) else None
        if statement is None:
            complete = False
        else:
            found.append(statement if certain else replace(statement, certain=False))
    return Policy(tuple(found), complete)


def _statement(part: dict[str, Part]) -> Statement | None:
    """Return one statement; None when its effect is no text."""
    of = {name.lower(): value for name, value in part.items()}
    effect = of.get("effect")
    if not isinstance(effect, Text):
        return None
    sid = of.get("sid")
    return Statement(
        effect=effect.text if effect.known else "",
        actions=_texts(of.get("action")),
        not_actions=_texts(of.get("notaction")),
        resources=_texts(of.get("resource")),
        not_resources=_texts(of.get("notresource")),
        principals=tuple(_principals(of.get("principal"))),
        not_principals=tuple(_principals(of.get("notprincipal"))),
        conditions=tuple(_conditions(of.get("condition"))),
        sid=sid.text if isinstance(sid, Text) else "",
        certain=effect.known,
    )


_HOLE = Text("${...}")


def _texts(part: Part | None) -> tuple[Text, ...]:
    """Return a text or a list of texts; what is neither, or is there only perhaps, is a hole."""
    match part:
        case None:
            return ()
        case Text():
            return (part,)
        case list():
            return tuple(text for inner in part for text in _texts(inner))
        case Maybe(part=Text() as text):
            return (Text(f"${{...}}{text.text}", text.refs),)
        case _:
            return (_HOLE,)


def _principals(part: Part | None) -> Iterator[tuple[str, Text]]:
    if isinstance(part, dict):
        for kind, values in part.items():
            yield from ((kind, text) for text in _texts(values))
    elif isinstance(part, Text):
        yield ("*" if part.anything else "${...}"), part
    elif part is not None:
        yield "${...}", _HOLE


def _conditions(part: Part | None) -> Iterator[Condition]:
    if isinstance(part, dict):
        for test, tests in part.items():
            if isinstance(tests, dict):
                yield from (Condition(test, variable, _texts(values)) for variable, values in tests.items())
            else:
                yield Condition(test, "", _texts(tests))
    elif part is not None:
        yield Condition("", "", _texts(part))


# ---- aws_iam_policy_document


def of_data(reader: Reader, declaration: Declaration) -> Policy:
    """Return the policy of a data source ``aws_iam_policy_document``."""
    inner = Reader(reader.graph, declaration.module, {}, reader.depth + 1)
    if inner.depth > 8:
        return UNREAD
    own = _policy(list(_blocks(inner, declaration.block)))
    if not declaration.block.complete:
        own += UNREAD
    sources = {name: _referred(inner, declaration.block.value(name)) for name in _SOURCES}
    policy = sources["source_policy_documents"] + sources["source_json"] + own
    for over in (sources["override_policy_documents"], sources["override_json"]):
        sids = {s.sid for s in over.statements if s.sid}
        policy = Policy(tuple(s for s in policy.statements if s.sid not in sids), policy.complete) + over
    return policy


def _referred(reader: Reader, expr: Expression | None) -> Policy:
    """Return the policies that ``source_policy_documents`` and its like name, together."""
    if expr is None:
        return Policy()
    if isinstance(expr, Call) and expr.name in ("concat", "compact") and not expr.expand:
        parts = [_referred(reader, arg) for arg in expr.args]
    elif isinstance(expr, Tuple):
        parts = [read(reader, item) for item in expr.items]
    else:
        parts = [read(reader, expr)]
    total = Policy()
    for part in parts:
        total += part
    return total


def _blocks(reader: Reader, block: Block) -> Iterator[Part]:
    for inner in block.blocks:
        if inner.type == "statement":
            yield _block(reader, inner)
        elif inner.type == "dynamic" and inner.labels[:1] == ("statement",):
            yield from _dynamic(reader, inner)


def _dynamic(reader: Reader, block: Block) -> Iterator[Part]:
    collection = block.value("for_each")
    name = block.value("iterator")
    iterator = name.root if isinstance(name, Traversal) else "statement"
    for content in block.nested("content"):
        if collection is None:
            continue
        for inner, certain in reader.looped(iterator, collection):
            part = _block(inner, content)
            yield part if certain else Maybe(part)


def _block(reader: Reader, block: Block) -> dict[str, Part]:
    """Return a ``statement`` block in the form of JSON."""
    part: dict[str, Part] = {"Effect": Text("Allow")}
    names = {"actions": "Action", "not_actions": "NotAction", "resources": "Resource", "not_resources": "NotResource"}
    for ours, theirs in {"sid": "Sid", "effect": "Effect", **names}.items():
        value = block.value(ours)
        if value is not None:
            part[theirs] = reader.part(value)
    for ours, theirs in (("principals", "Principal"), ("not_principals", "NotPrincipal")):
        groups: dict[str, Part] = {}
        for inner in block.nested(ours):
            kind, identifiers = inner.value("type"), inner.value("identifiers")
            if kind is not None and identifiers is not None:
                name = reader.text(kind).text
                groups[name] = [*_listed(groups.get(name)), reader.part(identifiers)]
        if groups:
            part[theirs] = groups
    tests: dict[str, Part] = {}
    for inner in block.nested("condition"):
        test, variable, values = (inner.value(n) for n in ("test", "variable", "values"))
        if test is not None and variable is not None and values is not None:
            name = reader.text(test).text
            known = tests.setdefault(name, {})
            if isinstance(known, dict):
                known[reader.text(variable).text] = reader.part(values)
    if tests:
        part["Condition"] = tests
    return part


def _listed(part: Part | None) -> list[Part]:
    return part if isinstance(part, list) else []
