"""What takes part in a finding, and whether a tree has it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from reviewgen.model.diff import AttributeChange
from reviewgen.model.finding import Finding
from reviewgen.terraform import Graph
from reviewgen.terraform.graph import arguments

from ..inputs import Inputs

Key = tuple[str, str, str, str]
"""What tells findings apart: rule, IDEAL's address, argument path, and what there is of several at one place (a remark's words)."""
OF_A_FILE = "RG152"
"""The rule about what a file of values holds, whatever reads it."""
COUNTED = "prompt-count-mismatch:"
"""How the rules begin by which there are fewer of something than PROMPT wants."""


def of_both(ours: Finding, theirs: Finding) -> str:
    """Return the assertion of a defect that each tree has in its own words."""
    return ours.check if ours.check == theirs.check else f"{ours.check}, and {theirs.check}"


def messages(ours: Finding, theirs: Finding) -> str:
    """Return what is said where each tree has a defect with a value of its own: MODEL's message, and IDEAL's where the same step gives another."""
    both = (ours.message, theirs.message) if theirs.message and ours.message and ours.stage is theirs.stage else (ours.message,)
    return "\n\n".join(dict.fromkeys(both))


def addresses(finding: Finding) -> Iterator[str]:
    """Yield the resources that take part in a finding, without arguments."""
    for place in finding.related:
        parts, at = place.split("."), 0
        while parts[at : at + 1] == ["module"]:  # whose name may look like a type
            at += 2
        at += parts[at : at + 1] == ["data"]
        if at + 1 < len(parts) and "_" in parts[at]:
            yield ".".join(parts[: at + 2])


def changes_of(inputs: Inputs, address: str) -> tuple[AttributeChange, ...]:
    """Return what changed in the block that IDEAL has under an address."""
    found = inputs.changed.get(address)
    return found.attributes if found is not None else ()


def made_instead(inputs: Inputs, address: str) -> tuple[str, ...]:
    """Return what IDEAL makes where MODEL only looks it up: new resources of that type, to which what used the lookup leads now."""
    lookup = inputs.model.get(address)
    if lookup is None or lookup.kind != "data":
        return ()
    users = {inputs.later(r.source) for r in inputs.model.incoming.get(address, ())}
    led = {r.target for user in users for r in inputs.ideal.outgoing.get(user, ())} & inputs.added
    return tuple(sorted(t for t in led if (made := inputs.ideal.get(t)) and (made.kind, made.type) == ("resource", lookup.type)))


def present(graph: Graph, place: str, names: Mapping[str, str] | None = None) -> bool:
    """Whether a tree has a declaration, or an argument of one; ``names`` are its addresses of what was renamed."""
    for before, after in (names or {}).items():
        if place == before or place.startswith(f"{before}."):
            place = after + place.removeprefix(before)
            break
    address, path = graph.owner(place)
    declaration = graph.get(address)
    if declaration is None or not path:
        return declaration is not None
    if "." in path and declaration.kind == "module":
        return False
    return any(p == path or p.startswith(f"{path}.") for p, _, _ in arguments(declaration.block)) or any(
        declaration.block.nested(*path.split("."))
    )
