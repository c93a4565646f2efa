"""Blocks that watch, protect or connect, and that one tree lacks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from reviewgen.hcl import UNKNOWN, traversals
from reviewgen.model.finding import Finding
from reviewgen.model.prose import items
from reviewgen.model.review import Category, Impact, Severity
from reviewgen.model.tree import Declaration
from reviewgen.records import dataclass
from reviewgen.rules.keys import created
from reviewgen.rules.places import code, listed
from reviewgen.terraform import Graph
from reviewgen.terraform.graph import Reference, once
from reviewgen.terraform.instances import copies, repeated

from .table import Group

# A tree that has most of a kind does not do without it.
_MOST_KEPT = 3


@dataclass(frozen=True, slots=True)
class Side:
    """One tree as seen from the other: its graph, its name, and what only it declares."""

    graph: Graph
    name: str
    only: tuple[Declaration, ...]


def missing(group: Group, weak: Side, strong: Side, prompt: str) -> Iterator[Finding]:
    """Yield the finding of a tree that lacks blocks of a kind.

    Args:
        group: The kind.
        weak: The tree that may lack them.
        strong: The tree that may have them.
        prompt: PROMPT in lower case.
    """
    idle, kept = _by_call(weak.graph, group)
    absent = _lacking(group, weak, strong, list(_absent(group, weak, strong)), bool(kept))
    asked = any(topic in prompt for topic in group.topics)
    if (
        not any(created(strong.graph, d) for d in absent)  # what is off by default, all of it, is no more than the chance to have it
        or any(_of_kind(group, d) for d in weak.only)
        or ((group.quiet or _has_no_use(group, weak.graph)) and not asked)
        or _is_declined(group, prompt)
    ):
        return
    other = strong.name
    if len(kept) > (0 if group.whole else _MOST_KEPT * len(absent)) or _may_have(group, weak.graph):
        return
    if any(_has_more_copies(weak.graph, d, strong.graph) for d in kept):
        return
    serving = _only_serve(group, strong.graph, absent)
    if serving and _has_inside(weak.graph, group.serves_inline):
        return
    names, many = [d.address for d in absent], group.many or _several(group.what)
    every = _by_call(strong.graph, group)[1]
    loops = any(repeated(weak.graph, d) for d in kept) or any(repeated(strong.graph, d) for d in every)
    counted = f" ({len(kept)} against {len(every)} in {other})" if kept and not loops else ""
    what = f"fewer {many}" if kept else f"no {group.what}"
    category = group.asked if asked else group.category
    yield Finding(
        group.id,
        f"{what[:1].upper()}{what[1:]}",
        category,
        group.severity if asked else Severity.MEDIUM,
        names[0],
        f"{weak.name} {'creates' if idle else 'declares'} {what}{counted}: "
        f"{other} has {listed(names, 5)}.{f' Nothing calls the module of {listed(idle, 5)}.' if idle else ''}",
        f"{code(names[0])} is declared",
        "",
        group.slug,
        "A" if category is not Category.WARNING else "B",
        related=tuple(names[1:]),
        topics=group.topics,
        present=items([code(d.address) for d in kept], 5),
        absent=(f"further {many}" if kept else group.what,),
        impact=tuple(Impact(aspect, text) for aspect, text in (group.serves_impact if serving else group.impact)),
        source=group.sources.get(absent[0].type, group.source),
        cures=group.types,
    )


def _has_more_copies(weak: Graph, block: Declaration, strong: Graph) -> bool:
    """Whether a loop makes copies of a block that the other tree does not have of it: they may be what it declares one by one."""
    if not repeated(weak, block):
        return False
    other = strong.get(block.address)
    if other is None:
        return True
    ours, theirs = copies(weak, block), copies(strong, other)
    if all(scope.certain for scope in (*ours, *theirs)):
        return len(ours) > len(theirs)
    return any(_written(weak, block, name) != _written(strong, other, name) for name in ("count", "for_each"))


def _written(graph: Graph, block: Declaration, name: str) -> str:
    found = block.block.attributes.get(name)
    return graph.files[found.file or block.block.file].slice(found.expr.start, found.expr.end) if found is not None else ""


def _has_no_use(group: Group, graph: Graph) -> bool:
    """Whether a tree has nothing that blocks of a kind are for."""
    return bool(group.of) and not graph.of_type(*group.of) and not graph.data_of_type(*group.of)


def _by_call(graph: Graph, group: Group) -> tuple[list[str], list[Declaration]]:
    """Return what a tree declares of a kind: the addresses in modules that nothing calls, and the others."""
    found = graph.of_type(*group.types)
    return [d.address for d in found if graph.tree.leaves_out(d)], [d for d in found if not graph.tree.leaves_out(d)]


def _absent(group: Group, weak: Side, strong: Side) -> Iterator[Declaration]:
    """Yield what counts of a kind and only the stronger tree declares."""
    graph, new, meant = strong.graph, {d.address for d in strong.only}, _forgotten(weak.graph)
    for d in strong.only:
        if not _of_kind(group, d) or d.address in meant or _is_default(group, graph, d) or _waits(group, graph, d):
            continue
        if not created(graph, d) and not _is_optional(d):  # nobody who applies this tree gets it either
            continue
        if (group.companion and _of_something_new(graph, d, new)) or (group.used and _idle(group, graph, d)):
            continue
        beside = [t for r in graph.outgoing.get(d.address, ()) if (t := graph.get(r.target)) and t.type in group.types]
        if all(_counts(group, graph, part) for part in (d, *beside)):
            yield d


def _lacking(group: Group, weak: Side, strong: Side, blocks: list[Declaration], kept: bool) -> list[Declaration]:
    """Return what a tree that keeps some of a kind lacks of it: not what is about types alone that it has nothing of, as alarms on functions."""
    return [d for d in blocks if not kept or not _is_about_others(group, weak.graph, strong.graph, d)]


def _is_about_others(group: Group, weak: Graph, strong: Graph, declaration: Declaration) -> bool:
    of = {r.target for r in strong.outgoing.get(declaration.address, ()) if r.path.partition(".")[0].partition("[")[0] in group.about}
    things = [d for a in of if (d := strong.get(a)) is not None and d.kind == "resource"]
    return bool(things) and not any(weak.of_type(d.type) or weak.data_of_type(d.type) for d in things)


def _is_optional(declaration: Declaration) -> bool:
    """Whether a value of somebody's decides how many there are of a block."""
    counts = [declaration.block.value(name) for name in ("count", "for_each")]
    return any(True for expr in counts if expr is not None for _ in traversals(expr))


def _counts(group: Group, graph: Graph, declaration: Declaration) -> bool:
    """Whether a block of a kind has one of the values that count, where that is known."""
    values = [(graph.argument(declaration, name), wanted) for name, wanted in group.only if name in declaration.block.attributes]
    return all(value is UNKNOWN or value in wanted for value, wanted in values)


def _is_declined(group: Group, prompt: str) -> bool:
    """Whether PROMPT says that it does not want such a thing."""
    before = r"\b(?:no|without|avoid|(?:do not|don.?t|never) (?:use|create|add|include))\s(?:\w+\s)?"
    return bool(group.declined) and re.search(f"{before}(?:{'|'.join(map(re.escape, group.declined))})", prompt) is not None


@once
def _forgotten(graph: Graph) -> set[str]:
    """Return what a tree refers to and does not declare: that is an error of its own, not a kind that it does without."""
    return {reference.target for reference in graph.references if not reference.declared}


def _several(what: str) -> str:
    """``NAT gateway`` to ``NAT gateways``."""
    end = "ies" if what.endswith("cy") else "s"
    return (
        what
        if what.endswith(("s", ")", "rules", "tion", "ing")) or " or " in what
        else f"{what.removesuffix('y') if end == 'ies' else what}{end}"
    )


def _may_have(group: Group, graph: Graph) -> bool:
    """Whether a tree may have such a thing in another way, so that it is not certain that it does without.

    A service keeps one itself, another type holds it, a module has it of which nobody has the code, it is looked up, or its name is an input.
    """
    return (
        graph.has_remote_modules
        or bool(graph.of_type("aws_cloudformation_stack"))
        or bool(graph.data_of_type(*group.types))
        or any(_is_given(group, graph, reference) for reference in graph.references)
        or _has_inside(graph, group.inline)
        or (bool(group.arns) and any(_names_one(group, graph, d) for d in graph.of_kind("variable")))
        or any(
            graph.argument(d, name) not in (False, "false")
            for d in graph.of_kind("resource")
            for name in group.managed
            if name in d.block.attributes
        )
    )


def _names_one(group: Group, graph: Graph, variable: Declaration) -> bool:
    """Whether an input variable that something uses has the ARN of such a thing as its value."""
    value = graph.argument(variable, "default")
    return isinstance(value, str) and bool(graph.incoming.get(variable.address)) and re.match(group.arns, value) is not None


def _has_inside(graph: Graph, entries: Iterable[str]) -> bool:
    """Whether a resource of a tree has a block inside, each given as ``aws_x.block``."""
    return any(any(d.block.nested(block)) for type_, _, block in (e.partition(".") for e in entries) for d in graph.of_type(type_))


def _is_given(group: Group, graph: Graph, reference: Reference) -> bool:
    """Whether a resource is led to such a thing by an input variable, which is not empty with the values that are there."""
    user, variable = graph.get(reference.source), graph.get(reference.target)
    if reference.path not in group.given or user is None or variable is None or variable.kind != "variable":
        return False
    return user.kind == "resource" and graph.argument(user, reference.path) not in (None, "", [], [""])


def _of_kind(group: Group, declaration: Declaration) -> bool:
    """What is only looked up is not declared."""
    return declaration.kind == "resource" and declaration.type in group.types


def _idle(group: Group, graph: Graph, declaration: Declaration) -> bool:
    """Whether nothing but outputs of the root, its policies and logs refer to a block, nor it to another one of its kind: a topic without an end.

    What connects two others is no such block, wherever they are.
    """
    if _is_for_others(group, graph, declaration) or declaration.type.endswith("_association"):
        return False
    incoming = graph.incoming.get(declaration.address, ())
    users = [d for r in incoming if (d := graph.get(r.source)) is not None and created(graph, d) and _is_meant(graph, d, r)]
    beside = [d for r in graph.outgoing.get(declaration.address, ()) if (d := graph.get(r.target)) is not None]
    own = tuple(f"{declaration.type}_{part}" for part in ("policy", "policy_attachment", "logging_configuration"))
    shown = [d for d in users if (d.kind == "output" and d.module == graph.tree.root) or d.type in own]
    return not created(graph, declaration) or (len(shown) == len(users) and not any(_of_kind(group, d) for d in beside))


def _is_for_others(group: Group, graph: Graph, declaration: Declaration) -> bool:
    """Whether the policy on a block may admit others than services, who use it from where nobody sees them: a role for people or accounts."""
    name = group.outside.get(declaration.type)
    policy = graph.policies.argument(declaration, name) if name else None
    return policy is not None and (not policy.complete or any(kind != "Service" for s in policy.statements for kind, _ in s.principals))


def _waits(group: Group, graph: Graph, declaration: Declaration) -> bool:
    """Whether a block acts only when another one calls it, and none does: a scaling policy of steps without an alarm."""
    acting = group.alone.get(declaration.type)
    if acting is None or any(any(declaration.block.nested(name)) for name in acting):
        return False
    return all(
        r.path == "depends_on" or r.source.rpartition(".")[0].endswith("output") for r in graph.incoming.get(declaration.address, ())
    )


def _is_meant(graph: Graph, user: Declaration, reference: Reference) -> bool:
    """Whether a reference may come to anything: with the values that are there, an argument in which it stands is not an empty list."""
    return "." in reference.path or graph.argument(user, reference.path) != []


def _is_default(group: Group, graph: Graph, declaration: Declaration) -> bool:
    """Whether a block sets nothing but what AWS sets without it."""
    if not group.by_itself:
        return False
    path, value = group.by_itself
    return bool(graph.argument(declaration, *path.split(".")) == value)


def _only_serve(group: Group, graph: Graph, blocks: Iterable[Declaration]) -> bool:
    """Whether blocks are there for resources of some types alone: alarms that scale, and tell nobody."""
    led = [[d.type for r in graph.outgoing.get(b.address, ()) if (d := graph.get(r.target)) and d.kind == "resource"] for b in blocks]
    return bool(group.serves) and all(set(types) & set(group.serves) and "aws_sns_topic" not in types for types in led)


# These belong to whatever they are attached to, or serve everything, and make nothing old.
_SATELLITES = frozenset(
    ["aws_iam_role_policy", "aws_iam_role_policy_attachment", "aws_iam_policy", "aws_iam_policy_attachment", "aws_kms_key", "aws_kms_alias"]
)


def _of_something_new(graph: Graph, declaration: Declaration, new: set[str]) -> bool:
    """Whether a block is connected with resources, all of which only this tree declares."""
    beside = {r.target for r in graph.outgoing.get(declaration.address, ())} | {
        r.source for r in graph.incoming.get(declaration.address, ())
    }
    others = [d for a in beside if (d := graph.get(a)) and d.kind == "resource" and d.type not in _SATELLITES]
    return bool(others) and all(d.address in new for d in others)
