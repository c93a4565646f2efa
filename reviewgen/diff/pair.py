"""Renames: which declaration of MODEL is which of IDEAL when the addresses differ, and what shows it."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from difflib import SequenceMatcher

from reviewgen import hcl
from reviewgen.model.diff import Renamed
from reviewgen.model.tree import Declaration
from reviewgen.records import dataclass
from reviewgen.terraform import Graph, naming

from .body import Side, alike, leaves
from .values import comparable

# Likeness of body, referrers and name, weighted; where nothing refers to either, the body counts for the referrers too. Chosen so that
# a pure rename is always found, and that two things which only share a type and a tag never are (tests/diff).
_WEIGHTS = {"body": 0.55, "referrers": 0.30, "name": 0.15}
_ENOUGH = 0.62
# Names that are alike to this degree are one name, written in two ways; one of two bodies that are alike is told by less.
_ALIKE = 0.6
_TOLD = 0.5
# What is less alike by no more than this is as alike: of two such candidates nobody knows which one it is.
_TIE = 0.01
# Above this many candidates of one type the comparison would grow quadratic for little: such trees were rewritten, not renamed.
_MOST = 80

# Arguments by which AWS knows one of a type. Those of AWS Config name what an account has once in each region, or rules by which it tells them
# apart, and a network has one endpoint for a service: no part of ``naming.NAMED``, whose names have to differ between the copies of a stack.
_KNOWN_BY: Mapping[str, str] = {
    **naming.NAMED, "aws_config_config_rule": "name", "aws_config_configuration_recorder": "name", "aws_config_delivery_channel": "name",
    "aws_vpc_endpoint": "service_name",
}  # fmt: skip

# What a bucket has several of, told apart by names; of every other setting it has one.
_OF_BUCKETS = "aws_s3_bucket_"
_SEVERAL = frozenset(
    f"{_OF_BUCKETS}{name}" for name in ("analytics_configuration", "intelligent_tiering_configuration", "inventory", "metric", "object")
)

# Words of names that say nothing of what a thing is for.
_GENERIC = frozenset(["main", "this", "default", "a", "the"])

# References inside a body are compared by type only, for what they name may have been renamed too.
# (The word is taken whole: going back in one of 60,000 letters for another end took seconds.)
_REFERENCE = re.compile(r"\$\{[^}]*\}|^[^\"]*$")
_LETTERS = re.compile(r"[A-Za-z]{2}")
_NAMES = re.compile(r"\b((?:data\.)?(?=[a-z][^\W_]*_)\w++|var|local|module)\.[\w-]+")


@dataclass(frozen=True)
class _Candidate:
    declaration: Declaration
    lines: Counter[str]
    referrers: frozenset[tuple[str, str]]
    bucket: str
    home: str


@dataclass(frozen=True)
class _Match:
    score: float
    before: str
    after: str
    known_by: str
    places: tuple[str, ...]
    told: bool


def renames(model: Graph, ideal: Graph, removed: Iterable[str], added: Iterable[str]) -> tuple[Renamed, ...]:
    """Return the renames among what only one of the trees has; each address takes part in at most one."""
    found: dict[str, _Match] = {}
    rivals: dict[str, set[str]] = {}
    gone, new = _of_one_kind(model, removed, ideal, added)
    bodies = _bodies(model, gone), _bodies(ideal, new)
    for _ in range(2):  # the second round sees referrers under their new names
        names = {r.before: r.after for r in found.values()}
        left, right = _candidates(model, gone, names, bodies[0]), _candidates(ideal, new, {}, bodies[1])
        matches = _matches(left, right)
        of_one = _by_ends(matches)
        for match in matches:
            if match.before in gone and match.after in new:
                found[match.before] = match
                rivals[match.before] = _rivals(match, of_one)
                gone.discard(match.before)
                new.discard(match.after)
        if not found:
            break
    names = {r.before: r.after for r in found.values()}
    free = {a: sorted(others.difference(names, names.values())) for a, others in rivals.items()}
    told = [a for a in sorted(found) if _is_told(model, ideal, found[a], free[a]) and not _of_other_things(model, ideal, found[a], names)]
    untold = {found[a].after for a in found.keys() - set(told)}
    pairs = {a: (model.tree.declarations[a], ideal.tree.declarations[found[a].after]) for a in told}
    sides = Side(model.files, {one.local: other.local for one, other in pairs.values()}), Side(ideal.files)
    return tuple(_renamed(found[a], untold, free[a], _counted(*pairs[a], *sides)) for a in told)


def _is_told(model: Graph, ideal: Graph, match: _Match, rivals: Sequence[str]) -> bool:
    """Whether a rename can be told: where others would do as well, the names have to tell that one came of the other, not ``app``, ``app_eu``."""
    one, other = model.tree.declarations[match.before].name, ideal.tree.declarations[match.after].name
    return not rivals or _has_its_words(one, other)


def _counted(before: Declaration, after: Declaration, left: Side, right: Side) -> str:
    """Return how much of two bodies is alike, as the comparison takes it: a reference is alike that leads to the same, or to what is renamed."""
    equal, every = _alike(before, after, left, right)
    if not every:
        return "the same type, which both declare without an argument"
    if not equal:  # without a nested block alike, there is none
        flat = _nameless(_lines(before, Side(left.files))) == _nameless(_lines(after, right))
        return "the same type, with the same arguments but for the names in their references" if flat else "the same type"
    aside = ", references to what is renamed among them" if _alike(before, after, Side(left.files), right)[0] < equal else ""
    return f"the same type, {equal} of {every} arguments and nested blocks alike{aside}"


def _alike(before: Declaration, after: Declaration, left: Side, right: Side) -> tuple[int, int]:
    if before.attribute is None or after.attribute is None:
        return alike(before.block, after.block, left, right)
    name = before.attribute.name
    forms = comparable(name, before.attribute.expr, left.renames), comparable(name, after.attribute.expr, right.renames)
    return int(forms[0] == forms[1]), 1


def _renamed(match: _Match, untold: set[str], rivals: Sequence[str], counted: str) -> Renamed:
    """Return a rename with what shows it; a place that is one in both trees only by a rename that is not told is no evidence."""
    evidence = [match.known_by, counted] if match.known_by else [counted]
    if places := [f"`{place}`" for place in match.places if place not in untold]:
        more = f" and {len(places) - 3} more" if len(places) > 3 else ""
        evidence.append(f"referred to from the same places: {', '.join(places[:3])}{more}")
    if rivals:
        more = f" and {len(rivals) - 1} more" if len(rivals) > 1 else ""
        evidence.append(f"`{rivals[0]}`{more} would do as well")
    return Renamed(match.before, match.after, tuple(evidence))


def _by_ends(matches: Iterable[_Match]) -> Mapping[str, list[_Match]]:
    """Return the matches by each of the two addresses that they join."""
    found: dict[str, list[_Match]] = defaultdict(list)
    for match in matches:
        found[match.before].append(match)
        found[match.after].append(match)
    return found


def _rivals(match: _Match, of_one: Mapping[str, list[_Match]]) -> set[str]:
    """Return what else would be as good a partner for one of the two that a match joins."""
    ours, theirs = ([m for m in of_one[end] if m != match and match.score - m.score <= _TIE] for end in (match.before, match.after))
    return {m.after for m in ours} | {m.before for m in theirs}


def _of_other_things(model: Graph, ideal: Graph, rename: _Match, names: Mapping[str, str]) -> bool:
    """Whether two settings belong to two things that are not one: the versioning of a bucket for state, and that of a bucket for uploads.

    That the things are two is only taken for certain where no word of the settings' names, but for those of the type, is the same. Two trees
    with one network each have the same, that of the stack.
    """
    networks = [{d.address for d in graph.of_type("aws_vpc")} for graph in (model, ideal)]
    alone = set().union(*networks) if all(len(found) == 1 for found in networks) else set()
    ours, theirs = _subjects(model, rename.before) - alone, _subjects(ideal, rename.after) - alone
    if not ours or not theirs or {names.get(a, a) for a in ours} & theirs:
        return False
    one, other = _own_words(model.tree.declarations[rename.before]), _own_words(ideal.tree.declarations[rename.after])
    return bool(one and other) and one.isdisjoint(other)


def _subjects(graph: Graph, address: str) -> set[str]:
    """Return what a resource is a setting of: the declared resources it refers to whose type begins its own."""
    type_ = graph.tree.declarations[address].type
    led = (graph.get(r.target) for r in graph.outgoing.get(address, ()))
    return {d.address for d in led if d is not None and d.kind == "resource" and type_.startswith(f"{d.type}_")}


def _own_words(declaration: Declaration) -> set[str]:
    """Return the words of a name that its type does not say already, joined or not: ``s3_bucket``, ``S3Bucket``."""
    type_ = declaration.type.replace("_", "")
    return {word for word in declaration.name.lower().split("_") if word not in type_} - _GENERIC


def _of_one_kind(model: Graph, removed: Iterable[str], ideal: Graph, added: Iterable[str]) -> tuple[set[str], set[str]]:
    """Return the addresses that have a counterpart of their own kind and type; the others are no renames, however alike."""
    sides = {a: _created(model, a) for a in removed}, {a: _created(ideal, a) for a in added}
    shared = set(sides[0].values()) & set(sides[1].values())
    gone, new = ({a for a, kind in side.items() if kind in shared} for side in sides)
    return gone, new


def _created(graph: Graph, address: str) -> tuple[str, str, bool]:
    """Return kind and type, and whether it is created: what lives on in a module that nothing calls is gone, not renamed."""
    declaration = graph.tree.declarations[address]
    return declaration.kind, declaration.type, not graph.tree.leaves_out(declaration)


_Groups = Mapping[tuple[str, str, bool], list[_Candidate]]


def _matches(left: _Groups, right: _Groups) -> list[_Match]:
    matches = []
    for key in left.keys() & right.keys():
        ours, theirs = left[key], right[key]
        if len(ours) * len(theirs) > _MOST * _MOST:
            continue
        only = len(ours) == len(theirs) == 1
        shared = _named_once(ours) & _named_once(theirs)
        buckets = _had_once(ours) & _had_once(theirs)
        twins = _twins(ours) | _twins(theirs)
        for before in ours:
            for after in theirs:
                match = _likeness(before, after, only, shared, buckets)
                if match and (match.told or not {match.before, match.after} & twins):
                    matches.append(match)
    # The order must not depend on which tree is called MODEL: swapping the sides swaps the renames.
    return sorted(matches, key=lambda m: (-m.score, *sorted((m.before, m.after))))


def _twins(candidates: Iterable[_Candidate]) -> set[str]:
    """Return the addresses of resources of a type that have the same body: only their names tell them apart."""
    candidates = list(candidates)
    bodies = Counter(frozenset(candidate.lines.items()) for candidate in candidates)
    return {c.declaration.address for c in candidates if bodies[frozenset(c.lines.items())] > 1}


def _named_once(candidates: Iterable[_Candidate]) -> set[str]:
    """Return the lines that give one of some resources of a type the name that AWS knows it by; a name that is a reference tells nothing."""
    found = Counter(line for candidate in candidates if (line := _name_line(candidate)))
    return {line for line, count in found.items() if count == 1 and _LETTERS.search(_REFERENCE.sub("", line.partition("=")[2]))}


def _had_once(candidates: Iterable[_Candidate]) -> set[str]:
    """Return the buckets of which one of some settings of a type is."""
    return {bucket for bucket, count in Counter(c.bucket for c in candidates).items() if bucket and count == 1}


def _name_line(candidate: _Candidate) -> str:
    argument = _KNOWN_BY.get(candidate.declaration.type) if candidate.declaration.kind == "resource" else None
    return next((line for line in candidate.lines if argument and line.startswith(f"{argument}=")), "")


def _bodies(graph: Graph, addresses: Iterable[str]) -> dict[str, Counter[str]]:
    side = Side(graph.files)
    return {address: _lines(graph.tree.declarations[address], side) for address in addresses}


def _candidates(graph: Graph, addresses: set[str], names: Mapping[str, str], bodies: Mapping[str, Counter[str]]) -> _Groups:
    groups: dict[tuple[str, str, bool], list[_Candidate]] = defaultdict(list)
    for address in sorted(addresses):
        declaration = graph.tree.declarations[address]
        if declaration.kind == "terraform":
            continue
        referrers = frozenset((names.get(r.source, r.source), r.path) for r in graph.incoming.get(address, ()) if r.source != address)
        bucket = _bucket(graph, declaration)
        home = graph.tree.home(declaration.module)
        candidate = _Candidate(declaration, _nameless(bodies[address]), referrers, names.get(bucket, bucket), home)
        groups[_created(graph, address)].append(candidate)
    return groups


def _bucket(graph: Graph, declaration: Declaration) -> str:
    """Return the bucket of a setting of which each bucket has one; empty for all else, and where it is not certain which bucket it is."""
    if declaration.kind != "resource" or not declaration.type.startswith(_OF_BUCKETS) or declaration.type in _SEVERAL:
        return ""
    found = graph.targets(declaration.block.value("bucket"), declaration.module)
    return found[0].address if len(found) == 1 and found[0].type == "aws_s3_bucket" else ""


def likeness(model: Graph, before: str, ideal: Graph, after: str) -> float:
    """Return which part of what two declarations set and hold is alike, names in references aside: from 0 to 1."""
    one, other = (_nameless(_bodies(graph, [address])[address]) for graph, address in ((model, before), (ideal, after)))
    return (one & other).total() / ((one | other).total() or 1)


def _lines(declaration: Declaration, side: Side) -> Counter[str]:
    if declaration.attribute is not None:
        lines: Iterable[str] = [f"value={hcl.text_of(hcl.canonical(declaration.attribute.expr))}"]
    else:
        lines = leaves(declaration.block, side)
    return Counter(lines)


def _nameless(lines: Counter[str]) -> Counter[str]:
    """Return the lines of a body without the names that its references lead to, which may have been renamed too."""
    found: Counter[str] = Counter()
    for line, times in lines.items():
        found[_NAMES.sub(r"\1.*", line)] += times
    return found


def _likeness(before: _Candidate, after: _Candidate, only: bool, named: Collection[str], buckets: Collection[str]) -> _Match | None:
    if (theirs := _owners(before)) and (others := _owners(after)) and theirs != others:
        return None
    shared = (before.lines & after.lines).total()
    total = before.lines.total() + after.lines.total() - shared
    body = shared / total if total else 1.0
    both = before.referrers & after.referrers
    either = before.referrers | after.referrers
    referrers = len(both) / len(either) if either else None
    of_one_bucket = before.bucket in buckets and before.bucket == after.bucket
    at_home = bool(before.home) and (before.home, before.declaration.local) == (after.home, after.declaration.local)
    known = at_home or of_one_bucket or (_name_line(before) in named and _name_line(before) == _name_line(after))
    score = _WEIGHTS["body"] * body + _WEIGHTS["referrers"] * (body if referrers is None else referrers)
    if score + _WEIGHTS["name"] < _ENOUGH and not known:
        return None  # not even the same name would make them alike
    one, other = sorted((before.declaration.name, after.declaration.name))
    name = SequenceMatcher(None, one, other, autojunk=False).ratio()
    score += _WEIGHTS["name"] * name
    if not known and (score < _ENOUGH or not _distinctive(before, after, body, len(both), name, only)):
        return None
    evidence = ""
    if known:  # what AWS knows by one name is one thing, however it changed
        score += 2 if at_home else 1
        evidence = _known_by(before, at_home, of_one_bucket)
    places = tuple(sorted({source for source, _ in both}))
    told = bool(both) or known or name >= _TOLD or _has_its_words(one, other)
    return _Match(score, before.declaration.address, after.declaration.address, evidence, places, told)


def _known_by(candidate: _Candidate, at_home: bool, of_one_bucket: bool) -> str:
    """Return what shows that two declarations are one whatever their bodies; a call that has another name renames all of its module."""
    if at_home:
        return f"the same name in the module `{candidate.home}`"
    return "the same `bucket`" if of_one_bucket else _same_name(_name_line(candidate))


def _owners(candidate: _Candidate) -> set[str]:
    """Return among whose things a data source looks: an image that somebody else makes is another image."""
    return {line for line in candidate.lines if candidate.declaration.kind == "data" and line.startswith("owners=")}


def _same_name(line: str) -> str:
    """Return what two equal lines with a name say: what is written with references may come to another name in each tree."""
    argument, _, value = line.partition("=")
    return f"`{argument}` written alike but for names in references" if _REFERENCE.search(value) else f"the same `{argument}`"


def _has_its_words(one: str, other: str) -> bool:
    """Whether every word of one name stands in the other: ``data`` and ``data_bucket_access``."""
    words = set(one.split("_")), set(other.split("_"))
    return words[0] <= words[1] or words[1] <= words[0]


def _distinctive(before: _Candidate, after: _Candidate, body: float, both: int, name: float, only: bool) -> bool:
    """Whether likeness means identity: small bodies (a variable of type string) are alike by chance."""
    if both and body >= 0.4:
        return True
    if before.declaration.kind in ("resource", "data", "module", "provider"):
        return body >= 0.7 and (min(sum(c.lines.values()) for c in (before, after)) >= 4 or only or name >= _ALIKE)
    described = any(line.startswith("description=") and len(line) > 24 for line in before.lines & after.lines)
    return body >= 0.9 and (described or name >= 0.75)
