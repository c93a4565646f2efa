"""Tags that PROMPT wants on all resources, against the tags that a tree sets anywhere."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from reviewgen.model.finding import Finding
from reviewgen.model.prose import code, listed
from reviewgen.model.requirement import Requirement, Verdict
from reviewgen.model.review import Category, Impact, Recommendation, Severity
from reviewgen.model.tree import Declaration
from reviewgen.records import dataclass

from ..prompt.parse import ancestors
from ..prompt.wording import wording
from ..prompt.words import normal
from ..tree.conditions import Evidence
from ..tree.tagged import Tagged
from .judgement import Judgement

RULE = "missing-tags"
SUBJECT = "tags"
_MOST_PLACES = 6
# Where no more than this share of the resources lacks a tag, a document names it in its closing table.
_FEW = 0.2
_ALL = re.compile(r"\beverything\b|\b(?:all|every|each|any) (?:[\w*`-]+ ){0,3}(?:resource|component|thing|infrastructure|asset)s?\b", re.I)
_TAG = re.compile(r"\btag(?:s|ged|ging)?\b", re.I)
# What stands between "tag" and the keys, or behind them: "tagged with A, B and C", "A, B and C tags", "tags: A = x".
_BEHIND = re.compile(
    r"\btag(?:s|ged|ging)?\b(?: \w+){0,3}?(?: with(?: the tags?)?| including| include| such as|:| of| the tags?| \() ?(?P<keys>.+)", re.I
)
_WORD = r"[`'\"*]*[A-Z][\w-]+[`'\"*]*"
_BEFORE = re.compile(rf"(?P<keys>(?:{_WORD}(?:, (?:and )?| and | & ))+{_WORD}) tags\b")
_PAIR = re.compile(
    r"(?:\b([A-Z][\w-]+)[`'\"]*(?:\s*[:=]\s*| equals | set to )[`'\"]*[\w${<]|[`'\"]([a-z][\w-]+)[`'\"]?\s*[:=]\s*[`'\"]*\w|\b([a-z]\w+) = [`'\"])"
)
_NAMES = re.compile(rf"(?:{_WORD}(?:, (?:and )?| and | & | tags\b|$|[.;)]))+")
_NAME = re.compile(r"\b[A-Z][\w-]+\b")
# Resources that only join or set up others, and mostly take no tags.
_SATELLITE = re.compile(
    r"_(?:associations?|attachments?|rules?|polic(?:y|ies)|routes?|permissions?|records?|versions?|configurations?|notifications?|blocks?)$|^aws_route$|^(?!aws_)"
)
_LOCAL = re.compile(r"(?:^|\.)local\.[\w-]+$")
_NO_KEYS = re.compile(r"all|aws|terraform|name|tags|resources|ensure|use|and|the|each|every|must|default|arns?|least", re.I)


@dataclass(frozen=True, slots=True)
class Wanted:
    """The keys that a requirement wants on all resources."""

    requirement: Requirement
    keys: tuple[str, ...]


def wanted(rows: Iterable[Requirement]) -> Iterator[Wanted]:
    """Yield the sets of tags that PROMPT asks for on all resources."""
    found = tuple(rows)
    known = {row.id: row for row in found}
    seen: set[str] = set()
    for row in found:
        above = next(ancestors(row, known), None)
        about = f"{row.section} . {above.text if above else ''} . {row.text}"
        if not row.binding or row.forbids or not _TAG.search(row.text) or not _ALL.search(about):
            continue
        if wording().hedged.search(normal(row.text)):
            continue
        keys = _keys(row.text)
        if not seen.issuperset(keys):
            seen.update(keys)
            yield Wanted(row, keys)


def _keys(text: str) -> tuple[str, ...]:
    behind = _BEHIND.search(text)
    passage = behind["keys"] if behind else ""
    pairs = [next(filter(None, m.groups())) for m in _PAIR.finditer(passage)]
    if not pairs and (names := _NAMES.match(passage)):
        pairs = _NAME.findall(names[0])
    if not pairs and (before := _BEFORE.search(text)):
        pairs = _NAME.findall(before["keys"])
    return tuple(dict.fromkeys(k for k in pairs if not _NO_KEYS.fullmatch(k)))


def judge(asked: Wanted, evidence: Evidence) -> Judgement:
    """Return a tree's answer: unmet when the keys stand nowhere in its code, and partly met when some of them do."""
    missing = [key for key in asked.keys if not _is_used(key, evidence.code)]
    tagged = [d for d in evidence.graph.of_kind("resource") if "tags" in d.block.attributes and evidence.exists(d)]
    defaults = [d for d in evidence.graph.of_kind("provider") if any(d.block.nested("default_tags"))]
    places = tuple(f"{d.address}.tags" for d in tagged[:_MOST_PLACES])
    addresses = (*(d.address for d in defaults), *(d.address for d in tagged))
    if not missing:
        return _one_by_one(asked, evidence, addresses)
    open_ended = any("tag" in v.name and v.block.value("default") is None for v in evidence.graph.of_kind("variable"))
    if not evidence.certain or open_ended or any(_comes_from_nowhere(evidence, d) for d in (*tagged, *defaults)):
        return Judgement(asked.requirement, SUBJECT, Verdict.UNKNOWN)
    lead = (f"{defaults[0].address}.default_tags", *places) if defaults else (*_shared(evidence, tagged), *places)
    if not lead:
        parts = [d for d in evidence.graph.of_kind("resource") if not _SATELLITE.search(d.type)] or evidence.graph.of_kind("resource")
        lead = tuple(f"{d.address}.tags" for d in parts[:_MOST_PLACES])
    verdict = Verdict.PARTIAL if addresses and len(missing) < len(asked.keys) else Verdict.UNMET
    return Judgement(asked.requirement, SUBJECT, verdict, addresses, _finding(asked, missing, lead))


def _comes_from_nowhere(evidence: Evidence, declaration: Declaration) -> bool:
    """Whether the tags of a declaration are named and stand in what the tree does not declare."""
    led = evidence.graph.outgoing.get(declaration.address, ())
    # A name inside of a value gives no keys.
    return any(not r.declared and "tag" in r.target for r in led if r.path.partition(".")[0] in ("tags", "default_tags"))


def _one_by_one(asked: Wanted, evidence: Evidence, addresses: tuple[str, ...]) -> Judgement:
    """Return the answer of a tree that uses all keys: whether each resource that can carry them does."""
    found = Tagged(evidence)
    lacks = {d.address: found.lacks(d, asked.keys) for d in found.taggable}
    without = {address: keys for address, keys in lacks.items() if keys}
    if not lacks or not evidence.certain or (not without and None in lacks.values()):
        return Judgement(asked.requirement, SUBJECT, Verdict.UNKNOWN)
    if not without:
        return Judgement(asked.requirement, SUBJECT, Verdict.MET, addresses)
    keys = [key for key in asked.keys if any(key in named for named in without.values())]
    having = sum(named == [] for named in lacks.values())
    return Judgement(asked.requirement, SUBJECT, Verdict.PARTIAL, addresses, _some_finding(asked, without, keys, (having, len(lacks))))


_LESSON = "What stands in `default_tags` of the provider is not forgotten at single resources."


def _some_finding(asked: Wanted, lacking: dict[str, list[str]], missing: list[str], counts: tuple[int, int]) -> Finding:
    having, total = counts
    without, few = list(lacking), len(lacking) <= _FEW * total
    plural = "s" if len(missing) > 1 else ""
    lacks = "lacks" if len(without) == 1 else "lack"
    more = ""
    if any(keys != missing for keys in lacking.values()):
        lacks += " one or more of"
        more = f" and {len(missing) - 3} more" if len(missing) > 3 else ""  # one of the resources may lack another one only
    return Finding(
        rule=f"{RULE}:some",
        title=f"{len(without)} of {total} taggable resources {lacks} the tag{plural} {', '.join(missing[:3])}{more}",
        category=Category.WARNING,
        severity=Severity.LOW if few else Severity.MEDIUM,
        address=without[0],
        problem=f"PROMPT wants {listed(asked.keys)} on all resources; of {total} resources that are created and take `tags` {len(without)} {lacks} "
        f"{listed(missing)}: {listed(without)}.",
        check=f"{code(without[0])} has the tag{'s' if len(lacking[without[0]]) > 1 else ''} {listed(lacking[without[0]])}",
        attribute="tags",
        related=tuple(f"{address}.tags" for address in without[1:]),
        present=(f"{having} of {total} resources with all of them",) if having else (),
        absent=tuple(f"tag {code(key)}" for key in missing),
        impact=(Impact("Operations", "Costs and owners of these resources cannot be told apart by the tags."),),
        lesson=_LESSON,
        recommendation=Recommendation(f"Add {listed(missing)} to the tags of these resources, or to `default_tags` of the provider."),
        source="https://docs.aws.amazon.com/tag-editor/latest/userguide/tagging.html",
        signals=("prompt",),
        requirement=asked.requirement,
    )


def _shared(evidence: Evidence, tagged: list[Declaration]) -> tuple[str, ...]:
    """Return the local value that most resources take their tags from: the place to add one."""
    outgoing = evidence.graph.outgoing
    used = Counter(
        r.target for d in tagged for r in outgoing.get(d.address, ()) if r.path == "tags" and r.declared and "local." in r.target
    )
    address, count = max(used.items(), key=lambda item: (item[1], item[0]), default=("", 0))
    return (address,) if 2 * count > len(tagged) else ()


def _is_used(key: str, code_: str) -> bool:
    """Whether a key stands in code, before "=" or ":" or as the key of a ``tag`` block, however its words are joined."""
    name = "[-_]?".join(part.lower() for part in re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+", key))
    return bool(re.search(rf"""(?<![\w-]){name}["']?\s*[=:](?!=)|\bkey\s*=\s*"{name}\"""", code_))


def _finding(asked: Wanted, missing: list[str], places: tuple[str, ...]) -> Finding:
    address, _, attribute = places[0].rpartition(".") if not _LOCAL.search(places[0]) else (places[0], "", "")
    many = len(missing) > 1
    return Finding(
        rule=RULE,
        title=f"No resource carries the tag{'s' if many else ''} {', '.join(missing[:4])}",
        category=Category.WARNING,
        severity=Severity.MEDIUM,
        address=address,
        # A key may well stand in the code as another word.
        problem=f"PROMPT wants {listed(asked.keys)} on all resources; the code sets {listed(missing)} on none.",
        check=f"{code(address)} has the tag{'s' if many else ''} {listed(missing)}",
        attribute=attribute,
        related=places[1:],
        present=tuple(f"tag {code(key)}" for key in asked.keys if key not in missing),
        absent=tuple(f"tag {code(key)}" for key in missing),
        impact=(Impact("Operations", "Costs and owners of the resources cannot be told apart by tags that they do not carry."),),
        lesson=_LESSON,
        recommendation=Recommendation(f"Add {listed(missing)} to `default_tags` of the provider, or to the tags of each resource."),
        source="https://docs.aws.amazon.com/tag-editor/latest/userguide/tagging.html",
        signals=("prompt",),
        requirement=asked.requirement,
    )
