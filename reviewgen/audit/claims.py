"""Statements that something is there, missing, added or removed, held against the trees.

Read are statements whose object stands right behind the verb and is either a thing in Terraform's words or a bare noun of the table. A
statement with any qualification ("for the replica", "proper") is left alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from reviewgen.documents.outline import numbered
from reviewgen.documents.page import Kind as Block
from reviewgen.documents.said import Said
from reviewgen.records import dataclass

from .about import marked
from .finding import Case, Finding, Kind
from .having import in_files, of_noun, places
from .texts import Text
from .things import Thing, holders, thing
from .words import Noun, words

_SENTENCE = re.compile(r"(?<=[a-z0-9`)])[.;!](?:\s|$)| [\u2013\u2014-] |: ")
_BRACKETS = re.compile(r" \([^()`]*\)$")
_MARKS = re.compile(r"^[\s\W]*?(?=[\w`(])")
# The object: an optional article and a piece of code, then a kind of thing, a preposition or the end.
_OBJECT = re.compile(
    r"(?:(?:an?|the|missing|required|new|explicit|necessary|current|modern|separate|dedicated|"
        r"empty) )*`([^`]+)`((?: (?:variable|output|module|local|resource|data source|argument|attribute|parameter|"
        r"block|setting|flag|property|condition|function|operator|method)s?)?(?= (?:to|for|in|with|on|across|so|using|"
        r"that|which|from|as|and|at|into|where)\b|[.,:;)(]|$).*)",
    re.DOTALL,
)  # fmt: skip
_SEVERAL = re.compile(
    r"((?:`[^`]+`(?:, | and |, and | or )?){2,}) (variables|outputs|resources|data sources|arguments|attributes)\b(?: in .*)?", re.DOTALL
)
# Arguments of which more may have been added to what was there.
_NAMED_TYPE = re.compile(r"(?<![\w./-])aws_[a-z0-9]+_[a-z0-9_]+(?![\w/])")
_DEFINED = re.compile(r"\bvariable `([a-z][a-z0-9_]+)` (?:was|is) (?:defined|declared)\b")
GROWING = frozenset(
    ["depends_on", "tags", "policy", "statement", "rule", "actions", "ingress", "egress", "lifecycle", "filter", "environment", "variables"]
)
_NEVER = re.compile(r"\b(?:never (?:defined|declared|created)|did not (?:define|declare|create|include)) (.+)", re.I)
_SHORTEST = 6
_IMPROVED = re.compile(r"^(?:proper|comprehensive|complete|full) ", re.I)
_FILE = re.compile(r"(?:The )?`?[\w./-]+\.tf`? ")
_CROSSES = ("\u274c", "\u2717", "\u2718")
_OF_MODEL = re.compile(r"\bmodel|\boriginal\b|\binitial\b|\bresponse\b", re.I)


@dataclass(frozen=True, slots=True)
class Claim:
    """A statement: the verb (``missing``, ``added``, ``removed``), its object as written, the piece it stands in, the sentence."""

    verb: str
    object: str
    piece: Said
    sentence: str


def check(case: Case) -> Iterator[Finding]:
    """Yield the statements that the trees contradict."""
    if not case.model_has_code:
        return
    for piece in case.reading.pieces:
        if piece.kind in (Block.CODE, Block.ROW) or piece.role == "recommendation":
            continue
        for claim in claims(piece):
            yield from _things(claim, case)
            yield from _nouns(claim, case)
            yield from _settings(claim, case)
            yield from _used(claim, case)
        yield from _mentions(piece, case)
        yield from _mentions_of_ideal(piece, case)


def claims(piece: Said) -> Iterator[Claim]:
    """Yield the statements of a piece: its first sentence, and of a labelled line each."""
    text = piece.text
    if piece.kind is Block.HEADING:
        text = (numbered(text) or ("", text))[1]
    for sentence in _SENTENCE.split(text)[: 3 if piece.labelled else 2]:
        plain = _BRACKETS.sub("", _MARKS.sub("", sentence).rstrip(" .:*"))
        found = next(_verbs(plain, piece), None)
        if found is not None:
            yield Claim(*found, piece, plain)


def _verbs(plain: str, piece: Said) -> Iterator[tuple[str, str]]:
    """Yield the verbs and objects that a sentence can be read with, the plainest reading first."""
    table = words()
    if match := table.in_place.fullmatch(plain):
        yield "added", f"`{match[1]}`"
    for verb, pattern in (("added", table.added), ("has", table.has), ("removed", table.removed)):
        if match := pattern.fullmatch(plain):
            yield verb, match[1]
    of_model = piece.side == "model"
    inner = (table.missing_within.fullmatch(plain) or _NEVER.search(plain)) if of_model else None
    if match := table.missing.fullmatch(plain) or table.missing_behind.fullmatch(plain) or inner:
        yield "missing", match[1]
    if of_model and (match := table.has_behind.fullmatch(plain)):
        yield "has", match[1]


def _of_correction(claim: Claim, case: Case) -> bool:
    """Whether what was added is said to be in IDEAL; who only "implements" may be MODEL."""
    if claim.piece.side == "model":
        return False
    verb = claim.sentence.partition(" ")[0].lower()
    if verb == "added" or claim.piece.side == "ideal" or (claim.piece.role == "solution" and verb not in ("add", "adds")):
        return True
    if not verb.endswith("ed"):
        return False
    headings = [claim.piece.label, *case.headings[claim.piece.line]]
    return any(words().corrected.search(text) and not words().open.search(text) for text in headings)


def _used(claim: Claim, case: Case) -> Iterator[Finding]:
    """Yield a name that MODEL is said to use, whatever it is the name of, and that no turn of MODEL has."""
    match = _OBJECT.fullmatch(claim.object)
    if claim.verb != "has" or claim.piece.role not in ("problem", "model") or match is None or not _told_of_model(claim, case):
        return
    if re.fullmatch(r"[A-Za-z][\w-]{7,}", match[1]) and not case.model_text.has_name(match[1]) and not _denied_before(claim):
        other = "; IDEAL has it" if case.ideal_text.has_name(match[1]) else ""
        yield _finding(Kind.ABSENT, claim, case, f"No turn of MODEL has `{match[1]}`{other}.")


def objects(claim: Claim) -> Iterator[Thing]:
    """Yield the things that are a statement's objects: one, or several of a kind (``a`, `b` and `c` outputs``)."""
    several, one = _SEVERAL.fullmatch(claim.object), _OBJECT.fullmatch(claim.object)
    codes = re.findall(r"`([^`]+)`", several[1]) if several else [one[1]] if one else []
    behind = several[2] if several else one[2] if one else ""
    for code in codes:
        found = thing(code, behind)
        if found is not None:
            yield found


def _things(claim: Claim, case: Case) -> Iterator[Finding]:
    """Yield what the trees say against a statement about things in Terraform's words."""
    for found in objects(claim):
        if len(found.key) >= _SHORTEST:
            yield from _thing(found, claim, case)


def _thing(found: Thing, claim: Claim, case: Case) -> Iterator[Finding]:
    """Yield what the trees say against a statement about one thing."""
    if claim.verb == "removed":
        if not case.model_text.has_name(found.key) and _told_of_model(claim, case):
            yield _finding(Kind.ABSENT, claim, case, f"No turn of MODEL has {found}.")
    elif claim.verb == "added" and _of_correction(claim, case):
        yield from _added(found, claim, case)
    elif claim.verb == "missing" and claim.piece.side != "ideal" and found.kind == "address" and claim.object.rstrip().endswith(_ENDS):
        have = _in_every_turn(found, case)
        if (
            have
            and ".tf" not in claim.sentence
            and len(case.model.tree.modules) == 1
            and _told_of_model(claim, case)
            and not words().limits.search(claim.sentence)
        ):
            yield _finding(Kind.PRESENT, claim, case, f"MODEL declares {places(have, case.model)}.")


_ENDS = ("`", "variable", "variables", "resource", "output", "outputs", "block", "data source", "module")


def _settings(claim: Claim, case: Case) -> Iterator[Finding]:
    """Yield a setting in brackets that a correction is said to consist of, and that IDEAL does not have: ``enabled rotation (`a = true`)``."""
    if claim.verb != "added" or not case.ideal_is_whole or not _of_correction(claim, case):
        return
    for code in re.findall(r"\(`([^`]+)`\)", claim.piece.text):
        found = thing(code, "")
        if found is not None and found.kind == "setting" and not case.ideal_text.has_code(code):
            yield _finding(Kind.ABSENT, claim, case, f"IDEAL has no {found}{_of_model(found, case)}.")


def _added(found: Thing, claim: Claim, case: Case) -> Iterator[Finding]:
    """Yield that IDEAL does not have what was added, or that MODEL has it just so."""
    if not case.ideal_is_whole or _elsewhere(claim, case):
        return
    setting = f"{found.name} = {found.value}" if found.value else ""
    nowhere = not case.ideal_text.has_code(setting) if setting else not case.ideal_text.has_name(found.key)
    if nowhere:
        yield _finding(Kind.ABSENT, claim, case, f"IDEAL has no {found}{_of_model(found, case)}.")
        return
    model, ideal = holders(found, case.model), holders(found, case.ideal)
    declared = found.kind in ("address", "type")
    if declared and (re.search(r"` ?[^`]*\bwith\b", claim.object) or _in_modules(found, case)):
        return
    if found.name not in GROWING and model and ideal and ideal <= model and _in_every_turn(found, case):
        said = "MODEL has it already" if declared else "Nothing in IDEAL has it that does not have it in MODEL"
        yield _finding(Kind.PRESENT, claim, case, f"{said}: {places(model, case.model)}.")


def _in_modules(found: Thing, case: Case) -> bool:
    """Whether an address, such as ``var.x``, may be meant in one of several modules."""
    return "." in found.name and max(len(case.model.tree.modules), len(case.ideal.tree.modules)) > 1


def _elsewhere(claim: Claim, case: Case) -> bool:
    """Whether a statement names a file that IDEAL does not have, so that it may be about code beside it."""
    return any(name not in case.ideal_text.text for name in re.findall(r"[\w-]+\.tf\b", claim.sentence))


def _denied_before(claim: Claim) -> bool:
    """Whether a statement that something is there is denied in the same breath."""
    return re.search(r"\b(?:not|no|never|without|instead of using)\b", claim.sentence.partition(claim.object)[0], re.I) is not None


def _of_model(found: Thing, case: Case) -> str:
    return "; MODEL has it" if case.model_text.has_name(found.key) else ", nor has MODEL"


def _in_every_turn(found: Thing, case: Case) -> frozenset[str]:
    """Return where MODEL has a thing, if each of its turns names it: what is said may be about any of them."""
    return holders(found, case.model) if all(turn.has_name(found.key) for turn in case.turns) else frozenset()


def _nouns(claim: Claim, case: Case) -> Iterator[Finding]:
    """Yield what the trees say against a statement about things in people's words."""
    listed = claim.verb == "missing" and claim.piece.side == "model"
    improved = _IMPROVED.sub("", claim.object) if claim.verb == "added" else claim.object
    for noun in words().listed(claim.object) if listed else words().named(improved):
        have = of_noun(noun, case.model)
        if claim.verb == "missing" and noun.alone and have and claim.piece.side != "ideal" and _stands_alone(claim, case):
            if all(turn.matches(noun.code) for turn in case.turns) and _told_of_model(claim, case) and not _qualified(claim, case, noun):
                yield _finding(Kind.PRESENT, claim, case, f"MODEL declares {places(have, case.model)}.")
        elif claim.verb == "added" and _of_correction(claim, case) and case.ideal_is_whole:
            ideal = of_noun(noun, case.ideal)
            same = ideal and ideal <= have and (improved == claim.object or unchanged(ideal, case))
            if same and noun.types and all(turn.matches(noun.code) for turn in case.turns):
                yield _finding(Kind.PRESENT, claim, case, f"MODEL has the same already: {places(have, case.model)}.")
    yield from _noun_absent(claim, case)


def _noun_absent(claim: Claim, case: Case) -> Iterator[Finding]:
    """Yield that an answer has nothing at all of what it is said to have, whatever more is said about it."""
    noun = words().leading(claim.object)
    if noun is None:
        return
    if (
        claim.verb == "added"
        and _of_correction(claim, case)
        and case.ideal_is_whole
        and not case.ideal.has_remote_modules
        and not _elsewhere(claim, case)
    ):
        if not case.ideal_text.matches(noun.code) and not in_files(case.ideal, noun):
            yield _finding(Kind.ABSENT, claim, case, f"Nothing in IDEAL's code is one: {noun.name}.")
    elif (
        claim.verb in ("removed", "has")
        and claim.piece.side != "ideal"
        and not case.model.has_remote_modules
        and not case.model.tree.incomplete
    ):
        told = claim.verb == "removed" or claim.piece.side == "model" or _OF_MODEL.search(claim.sentence) or _FILE.match(claim.sentence)
        if told and not any(turn.matches(noun.code) for turn in case.turns) and not in_files(case.model, noun):
            yield _finding(Kind.ABSENT, claim, case, f"Nothing in MODEL's code is one, in any of its turns: {noun.name}.")


def _stands_alone(claim: Claim, case: Case) -> bool:
    """Whether a statement is not an item under something more special: a title, a line about MODEL, a crossed item."""
    piece = claim.piece
    title = piece.kind is Block.HEADING or any(issue.line == piece.line for issue in case.reading.issues)
    return title or piece.side == "model" or piece.text.lstrip().startswith(_CROSSES)


def unchanged(addresses: frozenset[str], case: Case) -> bool:
    """Whether the comparison found no difference in some declarations."""
    diff = case.review.diff
    return not addresses & {*diff.added, *(change.address for change in diff.changed), *(entry.after for entry in diff.renamed)}


def _told_of_model(claim: Claim, case: Case) -> bool:
    """Whether a statement is one about MODEL: by its label, its sentence, its issue or the document's title."""
    if claim.piece.side == "model" or _OF_MODEL.search(claim.sentence) or _OF_MODEL.search(case.reading.title):
        return True
    return any(piece.side == "model" or _OF_MODEL.search(piece.text) for piece in _around(claim.piece, case))


def _qualified(claim: Claim, case: Case, noun: Noun) -> bool:
    """Whether something around a statement makes it one about a part, about another thing, or about another attempt."""
    if words().limits.search(claim.sentence):
        return True
    if noun.unless and any(
        noun.unless.search(marked(piece))
        for piece in _around(claim.piece, case)
        if piece.kind is not Block.CODE and piece.role not in ("impact", "solution", "recommendation")
    ):
        return True
    if claim.piece.text.lstrip().startswith(_CROSSES):
        return False
    if claim.piece.side == "model":
        return words().limits.search(claim.piece.text) is not None
    near = [
        piece
        for piece in _around(claim.piece, case)
        if piece.side != "ideal" and piece.role not in ("impact", "solution", "recommendation")
    ]
    return any(words().limits.search(piece.text) for piece in near if piece.kind is not Block.CODE)


def _around(piece: Said, case: Case) -> Sequence[Said]:
    """Return the pieces of the section that a piece stands in: from its heading, or item of the outermost list, up to the next one."""
    pieces = case.reading.pieces
    at = pieces.index(piece)
    first = at
    while first > 0 and pieces[first].kind is not Block.HEADING and not _numbered_item(pieces[first]):
        first -= 1
    last = at + 1
    while last < len(pieces) and pieces[last].kind is not Block.HEADING and not _numbered_item(pieces[last]):
        last += 1
    return pieces[first:last]


def _numbered_item(piece: Said) -> bool:
    return piece.kind is Block.ITEM and piece.level == 1 and piece.mark[:1].isdigit()


def _mentions(piece: Said, case: Case) -> Iterator[Finding]:
    """Yield the addresses that a line gives as MODEL's or as the place of an issue, and that nobody declares."""
    if piece.side != "model" and piece.role not in ("where", "problem"):
        return
    for name in _DEFINED.findall("".join(f"`{text}`" if is_code else text for is_code, text in piece.spans)):
        if len(name) >= _SHORTEST and not case.model_text.has_name(name):
            evidence = f"No turn of MODEL has `{name}`{'; IDEAL has it' if case.ideal_text.has_name(name) else ''}."
            yield Finding(Kind.ABSENT, piece.line, case.issue_at(piece.line), f"variable `{name}`, as if MODEL declared it", (evidence,))
    whole = "".join(f"`{text}`" if is_code else text for is_code, text in piece.spans) or piece.text
    if words().denied.search(piece.text):
        return
    for match in re.finditer(r"`([^`]+)`", whole):
        found = thing(match[1], whole[match.end() :])
        if found is None or found.kind != "address" or found.name.startswith(("module.", "output.")) or "." in found.key:
            continue
        if not _mentioned(found, case.model_text) and not _mentioned(found, case.ideal_text):
            says = f"{found}, as if it were there"
            yield Finding(
                Kind.ABSENT,
                piece.line,
                case.issue_at(piece.line),
                says,
                (f"Neither MODEL, in any of its turns, nor IDEAL declares {found}.",),
            )


_GONE = re.compile(
    r"\b(?:instead|rather|remov\w*|no longer|replac\w*|from|without|not|unlike|deprecated|could|should|would|e\.g|"
    r"such as|like|or|if|avoid\w*|drop\w*|eliminat\w*|convert\w*|migrat\w*|original\w*|model)\b",
    re.I,
)


def _mentions_of_ideal(piece: Said, case: Case) -> Iterator[Finding]:
    """Yield the resource types that a line about IDEAL says it has, and that IDEAL does not name."""
    if piece.side != "ideal" or piece.role != "ideal" or not case.ideal_is_whole or _GONE.search(piece.text):
        return
    whole = "".join(text for _, text in piece.spans) or piece.text
    for name in dict.fromkeys(_NAMED_TYPE.findall(whole)):
        if not case.ideal_text.has_name(name):
            found = Thing("type", name)
            evidence = f"IDEAL has no {found}{_of_model(found, case)}."
            yield Finding(Kind.ABSENT, piece.line, case.issue_at(piece.line), f"{found}, as if IDEAL had it", (evidence,))


def _mentioned(found: Thing, text: Text) -> bool:
    """Whether a text has the two last parts of an address, as a reference or as a declaration."""
    type_, _, name = found.name.rpartition(".")
    pair = rf"\b{re.escape(type_.rpartition('.')[2])}\.{re.escape(name)}\b|\"?{re.escape(type_.rpartition('.')[2])}\"?\s+\"?{re.escape(name)}\b"
    return re.search(pair, text.text) is not None or (found.name.startswith(("var.", "local.")) and text.has_name(name))


def _finding(kind: Kind, claim: Claim, case: Case, evidence: str) -> Finding:
    return Finding(kind, claim.piece.line, case.issue_at(claim.piece.line), f'"{claim.sentence}"', (evidence,))
