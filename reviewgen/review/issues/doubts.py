"""What IDEAL adds to repair a defect, or for something missing, may have a defect by which it does not do its work."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator
from dataclasses import replace

from reviewgen.model import tf
from reviewgen.model.addresses import declaration
from reviewgen.model.diff import Diff
from reviewgen.model.prose import series, with_doubt
from reviewgen.model.review import Category, Issue, Severity, Stage, Status
from reviewgen.model.went import extent

_GRAVE = (Category.BLOCKER, Category.CRITICAL)
# Consequences of what does its work nevertheless.
_BESIDE = ("Security", "Cost", "Requirement")
_BEFORE_IT_RUNS = (Stage.INIT, Stage.VALIDATE, Stage.PLAN, Stage.APPLY)
# What is made for one purpose: its defects are those of what it is made for. A group, a template or a database has purposes of its own.
_HELPERS = re.compile(r"aws_(?:lambda|iam|kms|s3|sns|sqs|cloudwatch_log)_")
_STEPS = re.compile(r"((?:module\.[\w-]+\.)*)(?:data\.)?([\w-]+)\.[\w-]+")


def with_doubts(issue: Issue, others: Iterable[Issue], diff: Diff) -> Issue:
    """Say of a defect what is wrong with its repair.

    New blockers and critical issues may stand in what IDEAL adds for it, and anything new where the mistake stood: it may not do its work.
    """
    if issue.status is not Status.FIXED:
        return issue
    told = list(others)
    if own := _of_its_own(issue, told, diff):
        return replace(issue, problem=with_doubt(issue.problem, own))
    there = _in_its_place(issue, told)
    return replace(issue, problem=with_doubt(issue.problem, there, added=False)) if there else issue


def doubtful_title(issue: Issue, others: Iterable[Issue], diff: Diff) -> str:
    """Return the title of an issue for a table, where nothing but a title says the same."""
    own = _of_its_own(issue, others, diff)
    far = extent(issue)
    said = [*([f"in IDEAL {far}"] if far else []), *([f"what IDEAL adds for it has {own}"] if own else [])]
    return f"{issue.title} ({'; '.join(said)})" if said else issue.title


def _of_its_own(issue: Issue, others: Iterable[Issue], diff: Diff) -> str:
    """Return which new blockers and critical issues stand in what IDEAL adds, in words; empty without any."""
    if issue.status is not Status.FIXED:
        return ""
    grave = (o for o in others if o.status is Status.INTRODUCED and _is_grave(o))
    if issue.absent:
        new = [o for o in grave if _is_in_first(o, issue) or _stops(o, issue) or _is_of_the_value(o, issue) or _comes_with(o, issue)]
    else:
        added = set(_repairing(issue, diff))
        new = [o for o in grave if o.where and (declaration(o.where[0])[0] in added or _is_between(o, issue, added))]
    return _named(new, " of its own")


def _in_its_place(issue: Issue, others: Iterable[Issue]) -> str:
    """Return which new defects IDEAL has at the very argument that was wrong or missing, in words; empty without any."""
    places = [place for place in issue.where[: 2 if issue.absent else 1] if declaration(place)[1]]
    there = (o for o in others if o.status is Status.INTRODUCED and o.where and any(_is_below(o.where[0], place) for place in places))
    return _named(list(there), "", "new ")


def _named(found: list[Issue], whose: str, how: str = "") -> str:
    """Return defects in words; a number leads to what is wrong, and what has none stands in the closing table."""
    if not found:
        return ""
    told = [other for other in found if other.id] or found
    ids = [f"#{other.id}" for other in told if other.id]
    kind = "blocker" if all(other.category is Category.BLOCKER for other in told) else "defect"
    return f"{f'a {how}{kind}' if len(told) == 1 else f'{how}{kind}s'}{whose}: {series(ids) or 'see the smaller findings'}"


def _is_between(other: Issue, issue: Issue, added: Container[str]) -> bool:
    """Whether a rule finds a new defect between what a correction adds and what it changes: rules of a group beside those that the group has."""
    changed = other.rule.startswith("RG") and declaration(other.where[0])[0] in issue.corrected
    return changed and any(declaration(place)[0] in added for place in other.where)


def _is_grave(issue: Issue) -> bool:
    """Whether what has a defect may not do its work; of what has no number, or is a warning, wide permissions or costs alone do not tell."""
    if issue.id and issue.category in _GRAVE:
        return True
    high = issue.category in _GRAVE or issue.severity in (Severity.CRITICAL, Severity.HIGH)
    return high and any(impact.aspect not in _BESIDE for impact in issue.impact)


def _repairing(issue: Issue, diff: Diff) -> Iterator[str]:
    """Yield the new blocks by which IDEAL repairs what is wrong in others: the generated password in place of one in the code.

    What takes the place of a block of its own type was there before, and what was only referred to is repaired by being there. What a new policy
    does not grant to others is nothing against what it grants.
    """
    if tf.is_undeclared(issue.rule):
        return
    gone = {_module_and_type(at)[1] for place in issue.where if (at := declaration(place)[0]) in diff.removed}
    new = set(diff.added)
    types = {address: _module_and_type(address)[1] for address in issue.corrected if address in new}
    yield from (address for address, type_ in types.items() if type_ not in gone and type_ != "module" and not type_.endswith("_policy"))


def _is_in_first(other: Issue, issue: Issue) -> bool:
    return bool(other.where) and _is_in(other.where[0], issue)


def _stops(other: Issue, issue: Issue) -> bool:
    """Whether a new blocker keeps the very thing that was missing from being created: the trail whose key does not admit it.

    An error of Terraform's, or of a resource that AWS refuses, counts wherever in the thing it stands: of several places none comes first.
    """
    added = issue.where[0] if issue.where else ""
    if other.category is not Category.BLOCKER or added not in issue.corrected:
        return False
    if added in other.where or (other.stage in _BEFORE_IT_RUNS and any(_is_below(place, added) for place in other.where)):
        return True
    # What is missing may be several things: one that is refused is one of them.
    further = (a for a in issue.where[1:] if a in issue.corrected and not {*_services(a)}.isdisjoint(_services(added)))
    return any(a in other.where for a in further)


def _is_of_the_value(other: Issue, issue: Issue) -> bool:
    """Whether a new defect is about the very argument that was missing, by the value that IDEAL gives it.

    A blocker stands there: the value is refused. Anything else comes with it where IDEAL brings it in by giving the value.
    """
    place = issue.where[0] if issue.where else ""
    given = {value.address for value in issue.values}
    if other.category is Category.BLOCKER and place in other.where[:1] and place in given:
        return True
    around = {at for at in issue.where[1:] if declaration(at)[1] and _is_below(place, at)}
    if other.category is Category.BLOCKER and not around.isdisjoint(other.where):
        return True  # the nested block with which the argument comes is refused
    return any(value.address in given and value.address in issue.where for value in other.values)


def _comes_with(other: Issue, issue: Issue) -> bool:
    """Whether a new blocker takes one of several arguments that were missing: what a queue for failed batches needs, the role may lack."""
    lacking = {place for place in issue.where if (at := declaration(place))[1] and at[0] in issue.corrected}
    return other.category is Category.BLOCKER and len(issue.absent) > 1 and not lacking.isdisjoint(other.where)


def _is_in(place: str, issue: Issue) -> bool:
    """Whether a place is in a block that a correction adds for what is missing; of a block that both trees have it adds an argument only."""
    kept = {value.address for value in issue.values}
    new = (a for a in issue.corrected if not any(at == a or at.startswith(f"{a}.") for at in kept))
    return any(_is_below(place, address) and _is_for(address, place, issue) for address in new)


def _is_below(place: str, address: str) -> bool:
    return place == address or place.startswith(f"{address}.")


def _is_for(address: str, place: str, issue: Issue) -> bool:
    """Whether a new block is there for what is missing, and does not only come along with it.

    Where an argument is missing, what is wrong with another one of the block has nothing to do with it.
    """
    first = issue.where[0] if issue.where else ""
    if _is_below(first, address) and first != address and place != address:
        return _is_below(place, first) or _is_below(first, place)
    module, type_ = _module_and_type(address)
    if type_ == "module":
        return address == first
    same = {service for at in issue.where[:2] for service in _services(at)}
    return _service(type_) in same or (bool(_HELPERS.match(type_)) and module == _module_and_type(first)[0])


def _services(place: str) -> Iterator[str]:
    if type_ := _module_and_type(place)[1]:
        yield _service(type_)


def _module_and_type(place: str) -> tuple[str, str]:
    """Return ("module.a.", "aws_x_y") of a place in a resource."""
    match = _STEPS.match(place)
    return (match[1], match[2]) if match else ("", "")


def _service(type_: str) -> str:
    return "_".join(type_.split("_")[:2])
