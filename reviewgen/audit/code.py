"""Code that a document gives as MODEL's or IDEAL's, and Terraform's messages that it quotes: do the lines stand there?"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from reviewgen.documents.page import Kind as Block
from reviewgen.documents.said import Said
from reviewgen.model.hcl import Attribute
from reviewgen.records import dataclass
from reviewgen.terraform import Graph

from .finding import Case, Finding, Kind
from .texts import squeezed, uncommented

_LANGUAGES = ("", "hcl", "terraform", "tf")
# `name = value`, or the header of a block: what code is made of and says something of its own.
_LINE = re.compile(
    r"\s*[\w.\"-]+\s*=(?![=>~])\s*\S.*|\s*(?:resource|data|variable|output|module|provider|"
    r"backend)(?:\s+\"[^\"]+\"){1,2}\s*\{\s*(?:\})?|\s*(?:var|local|module|data)\.[\w.-]+,?"
)
# What is not meant to be read word for word.
_SCHEMATIC = re.compile(
    r"\.\.\.|\u2026|(?<!<)<[a-z]|\byour|xxx|example|placeholder|resource-name|[^\x00-\x7f]|\*\*|/\*|\bfoo\b|\bmy[-_]", re.I
)
_SHORTEST = 8
# Words of a caption, or of comments in the code, that make it other code than the label says.
_OTHERWISE = {
    "model": re.compile(r"\b(?:should|require[ds]?|recommend\w*|expected|instead|alternativ\w*|options?|example|correct\w*|needs?|must|"
        r"could|would|better|fix\w*|replace\w*|ideal\w*|after|adding|added|solution|missing|lack\w*|omit\w*|without|"
        r"simplified|roughly|similar|like)\b", re.I),
    "ideal": re.compile(r"\b(?:placeholders?|generic|sample|model|before|original|instead|previous\w*|wrong|incorrect|examples?|alternativ\w*|"
        r"options?|could|would|recommend\w*|should|was|old|not|test\w*|simplified|roughly|similar|like|or|e\.g|if)\b", re.I),
}  # fmt: skip
_COMMENTS = {
    "model": re.compile(
        r"\b(?:after|correct(?:ed)?|fixed|new|should|instead|options?|alternative|ideal|examples?|was|were|added|changed)\b", re.I
    ),
    "ideal": re.compile(
        r"\b(?:before|wrong|incorrect|original|old|was|were|instead|should|options?|alternative|examples?|model|removed|missing|fails?)\b",
        re.I,
    ),
}
_OF_MODEL = re.compile(r"\bmodel(?:_response)?\b|\boriginal\b|\binitial\b", re.I)
_DONE = re.compile(
    r"(?:added|updated|changed|replaced|implemented|created|set|introduced|used|removed)\b(?!.*\b(?:or|e\.g|example|test\w*|should)\b)",
    re.I,
)
# A comment of a block's own line that says whose code stands below it.
_HALF = re.compile(
    r"\s*(?:#|//)\s*(?:(before|original|model[_ ]response)|after|ideal[_ ]response)\b(?! (?:the|all|each|a)\b)[^=]*$",
    re.I,
)
_COMMENT = re.compile(r"(?:#|//)(.*)$", re.MULTILINE)
# A block that a person forgot to close holds what comes after it.
_MARKDOWN = re.compile(r"^(?:#{2,6} [A-Z]|\*\*[^*\n]+\*\*)", re.MULTILINE)
_HEADER = re.compile(r"\s*(resource|data)\s+\"([^\"]+)\"\s+\"([^\"]+)\"")
_NAME = re.compile(r"\s*([\w-]+)\s*=")
_NUMBERED = re.compile(r"^[^\w]*(\d+):(\s.*)$")
_ON = re.compile(r"\bon (\S+\.tf) line (\d+)")
_WITH = re.compile(r"\bwith (?:module\.[\w-]+(?:\[[^\]]*\])?\.)*(data\.)?([a-z]\w*_\w+)\.([\w-]+)")
_CLOSE = 3
_LONGEST = 100


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of code in a document: its number, the code, the address of the block that it stands in there, directly or deeper."""

    number: int
    code: str
    address: str
    direct: bool


def check(case: Case) -> Iterator[Finding]:
    """Yield the blocks of code with lines that their answer does not have, and the messages about lines that no answer has."""
    for whole in case.reading.pieces:
        for piece in _halves(whole) if whole.kind is Block.CODE and whole.mark.lower() in _LANGUAGES else ():
            if _attributed(piece):
                yield from _block(piece, case)
    if case.model_has_code:
        yield from _messages(case)


def _halves(piece: Said) -> Iterator[Said]:
    """Yield the parts of a block of code that comments give as the code before and the code after; all of it without such comments."""
    lines = piece.text.split("\n")
    marks = [(index, match) for index, line in enumerate(lines) if (match := _HALF.match(line))]
    if not marks or piece.side or any(line.strip() for line in lines[: marks[0][0]]):
        yield piece
        return
    for (index, match), end in zip(marks, [*(index for index, _ in marks[1:]), len(lines)], strict=True):
        side = "model" if match[1] else "ideal"
        text = "\n".join(lines[index + 1 : end])
        yield replace(piece, text=text, line=piece.line + index + 1, side=side, role=side, caption="")


def _attributed(piece: Said) -> bool:
    """Whether a block of code is given as one answer's, and nothing near it says otherwise."""
    side = given_as(piece)
    if not side or _MARKDOWN.search(piece.text):
        return False
    caption = "" if piece.caption.strip(" :") in (piece.label, "") else piece.caption
    if (piece.side and _OTHERWISE[side].search(caption)) or _NUMBERED.search(piece.text):
        return False
    return not any(_COMMENTS[side].search(comment) for comment in _COMMENT.findall(piece.text))


def given_as(piece: Said) -> str:
    """Return whose code a block is given as: by its label, or by its place under what is wrong and what was done about it."""
    if piece.side or not piece.label:
        return piece.side
    caption = piece.caption
    if (
        piece.role == "problem"
        and piece.mark.lower() in _LANGUAGES[1:]
        and _OF_MODEL.search(caption)
        and not _OTHERWISE["model"].search(caption)
    ):
        return "model"
    return "ideal" if piece.role == "solution" and piece.mark.lower() in _LANGUAGES[1:] and _DONE.match(caption) else ""


def _lines(piece: Said) -> Iterator[_Line]:
    """Yield the lines of a block of code that say something of their own."""
    address, depth = "", 0
    for number, line in enumerate(piece.text.split("\n"), piece.line + 1):
        code = uncommented(line).rstrip()
        if header := _HEADER.match(code):
            address, depth = f"{'data.' if header[1] == 'data' else ''}{header[2]}.{header[3]}", 0
        elif line.startswith("}"):
            address = ""
        depth += code.count("{") - code.count("}")
        if _LINE.fullmatch(code) and not _SCHEMATIC.search(code) and len(squeezed(code)) >= _SHORTEST:
            yield _Line(number, code.strip(), address, depth == 1 and header is None)


def _block(piece: Said, case: Case) -> Iterator[Finding]:
    """Yield what is wrong with a block of code: one finding, about the first line."""
    side = given_as(piece)
    if not (case.ideal_is_whole if side == "ideal" else case.model_has_code):
        return
    lines = list(_lines(piece))
    own, other = (case.model_text, case.ideal_text) if side == "model" else (case.ideal_text, case.model_text)
    absent = [line for line in lines if not own.has_code(line.code)]
    nowhere = [line for line in absent if not other.has_code(line.code)]
    if nowhere:
        yield _finding(Kind.CODE, nowhere, len(lines), piece, case)
    elif piece.side and absent and not any(own.has_code(line.code) and not other.has_code(line.code) for line in lines):
        yield _finding(Kind.SWAPPED, absent, len(lines), piece, case)


def _finding(kind: Kind, lines: Sequence[_Line], number: int, piece: Said, case: Case) -> Finding:
    side = given_as(piece)
    name, other = ("MODEL", "IDEAL") if side == "model" else ("IDEAL", "MODEL")
    first = lines[0]
    where = "neither MODEL nor IDEAL has" if kind is Kind.CODE else f"only {other} has"
    counted = f"{where} this line" if len(lines) == 1 else f"{where} {len(lines)} of {number} lines of this code, this one the first"
    graph = case.model if side == "model" else case.ideal
    return Finding(
        kind,
        first.number,
        case.issue_at(piece.line),
        f"as code of {name}: `{first.code[:_LONGEST]}`",
        (f"{counted}.", *_instead(first, graph, name)),
    )


def _instead(line: _Line, graph: Graph, name: str) -> Iterator[str]:
    """Yield what the answer has in that block instead."""
    found = [declaration for declaration in graph.tree.declarations.values() if declaration.local == line.address]
    declaration = found[0] if len(found) == 1 else None
    attribute = _NAME.match(line.code) if line.direct else None
    if line.address and not found:
        yield f"{name} declares no `{line.address}`."
    elif declaration is not None and attribute:
        file = graph.tree.files.get(declaration.block.file)
        set_to = declaration.block.attributes.get(attribute[1])
        if isinstance(set_to, Attribute) and file is not None:
            value = " ".join(file.slice(set_to.expr.start, set_to.expr.end).split())[:_LONGEST]
            place = file.position(set_to.expr.start).line
            yield f"`{line.address}` of {name} sets `{attribute[1]}` to `{value}` (`{file.path}:{place}`)."
        elif not any(inner.type in (attribute[1], "dynamic") for inner in declaration.block.blocks):
            yield f"`{line.address}` of {name} does not set `{attribute[1]}`."


def _messages(case: Case) -> Iterator[Finding]:
    """Yield the first message about each address or line of code that no answer has."""
    met: set[str] = set()
    lines = [line for _, line in case.lines()]
    for number, line in enumerate(lines, 1):
        near = "\n".join(lines[max(0, number - 1 - _CLOSE) : number])
        about, on = _WITH.search(line), next((on for text in lines[number : number + 2] if (on := _ON.search(text))), None)
        if about and on and not _declared(about, case) and not _beside(on[1], case):
            address = f"{about[1] or ''}{about[2]}.{about[3]}"
            if address not in met:
                met.add(address)
                says = f"a message about `{address}`"
                yield Finding(
                    Kind.ERROR,
                    number,
                    case.issue_at(number),
                    says,
                    (f"Neither MODEL, in any of its turns, nor IDEAL declares `{address}`.",),
                )
        code, on = _NUMBERED.match(line), _ON.search(near)
        if code and on and not _beside(on[1], case):
            text = uncommented(code[2]).strip()
            known = case.model_text.has_code(text) or case.ideal_text.has_code(text)
            if len(squeezed(text)) >= _SHORTEST and not known and text not in met and not _SCHEMATIC.search(text):
                met.add(text)
                says = f"a message about the line `{text[:_LONGEST]}`"
                yield Finding(
                    Kind.ERROR, number, case.issue_at(number), says, ("Neither MODEL, in any of its turns, nor IDEAL has this line.",)
                )


def _beside(path: str, case: Case) -> bool:
    """Whether a file is one that the sample names and does not show: its lines cannot be looked up."""
    name = path.rpartition("/")[2]
    shown = {file.rpartition("/")[2] for graph in (case.model, case.ideal) for file in graph.tree.files}
    return name not in shown and any(name in text.text for text in (case.model_text, case.ideal_text, case.prompt_text))


def _declared(about: re.Match[str], case: Case) -> bool:
    """Whether the address of a message is declared in any of the texts, however well they are read."""
    pattern = re.compile(rf"\"?{re.escape(about[2])}\"?\s+\"?{re.escape(about[3])}\b")
    return any(pattern.search(text.text) for text in (case.model_text, case.ideal_text))
