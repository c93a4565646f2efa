"""RG469: failover records that are no pair."""

from __future__ import annotations

from collections.abc import Iterator

from reviewgen.hcl import text_of
from reviewgen.model.hcl import Expression, Literal, Template
from reviewgen.model.review import Category, Severity, Stage
from reviewgen.model.tree import Declaration
from reviewgen.records import dataclass
from reviewgen.terraform import Graph
from reviewgen.terraform.instances import repeated

from ...base import Hit, Rule
from ...places import code

_KINDS = ("PRIMARY", "SECONDARY")


@dataclass(frozen=True, slots=True)
class _Record:
    """A failover record: what it is, the set that it could share with others, and its name as known parts with the unknown ones between."""

    declared: Declaration
    kind: str
    shared: tuple[str, ...]
    name: tuple[str, ...]
    unknown: tuple[str, ...]


def names_differ(graph: Graph) -> Iterator[Hit]:
    """A primary and a secondary record of one zone and type, neither of which has a counterpart of its name."""
    records = [_record(graph, d) for d in graph.of_type("aws_route53_record") if any(d.block.nested("failover_routing_policy"))]
    known = [record for record in records if record is not None]
    if graph.tree.incomplete or graph.has_remote_modules or len(known) < len(records):
        return  # the counterpart may be one of those that are not known
    for primary in known:
        others = [r for r in known if r.kind != primary.kind and r.shared[:2] == primary.shared[:2]]
        if primary.kind != "PRIMARY" or not others or not all(_differ(primary, other) for other in others):
            continue
        lone = [r for r in others if all(_differ(r, p) for p in known if p.kind == "PRIMARY" and p.shared[:2] == r.shared[:2])]
        other = next((r for r in lone if r.shared == primary.shared), None)
        if other is not None:
            yield Hit(
                primary.declared.address,
                f"{code(primary.declared.address)} is the primary record of a failover and {code(other.declared.address)} the secondary one, but "
                f"of another name: {_said(primary)} and {_said(other)}. Records fail over within one name, and neither has a counterpart.",
                f"{code(primary.declared.address)} and {code(other.declared.address)} are no primary and secondary record of two names",
                attribute="name",
                related=(f"{other.declared.address}.name",),
            )


def _record(graph: Graph, declared: Declaration) -> _Record | None:
    """Return what is known of a failover record; None when it is not enough to tell it from others."""
    block = declared.block
    kinds = [graph.constant(b.value("type"), declared.module) for b in block.nested("failover_routing_policy")]
    zone, type_, name = block.value("zone_id"), graph.argument(declared, "type"), block.value("name")
    if len(kinds) != 1 or kinds[0] not in _KINDS or repeated(graph, declared) or zone is None or not isinstance(type_, str) or name is None:
        return None
    parts, unknown = _parts(graph, name, declared.module)
    return _Record(declared, str(kinds[0]), (declared.module, text_of(zone), type_), parts, unknown)


def _parts(graph: Graph, name: Expression, module: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the known texts of a name, of which the last and the next are divided by something unknown, and what that is."""
    texts, unknown = [""], []
    for part in name.parts if isinstance(name, Template) else (name,):
        value = graph.constant(part, module)
        if isinstance(value, str):
            texts[-1] += value.lower()
        else:
            unknown.append(text_of(part))
            texts.append("")
    texts[-1] = texts[-1].rstrip(".")
    return tuple(texts), tuple(unknown)


def _differ(one: _Record, other: _Record) -> bool:
    """Whether two names differ for certain: the same unknown parts stand in both, and neither is the other with the zone's name behind it."""
    if one.unknown != other.unknown or one.name == other.name:
        return False
    if one.unknown:
        return one.name[0] != other.name[0] and one.name[1:] == other.name[1:]
    longer, shorter = sorted((one.name[0], other.name[0]), key=len, reverse=True)
    return not longer.startswith(f"{shorter}.")


def _said(record: _Record) -> str:
    """Return the name as it stands in the code, or as it is worth where all of it is known."""
    expr = record.declared.block.value("name")
    if not record.unknown:
        return code(record.name[0])
    return code(text_of(expr).strip('"')) if expr is not None and not isinstance(expr, Literal) else ""


RULES = (
    Rule(
        "RG469",
        "failover-names-differ",
        "Failover records of two names",
        Category.CRITICAL,
        Severity.HIGH,
        names_differ,
        "https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resource-record-sets-values-failover.html",
        fix_class="A",
        topics=("failover", "fail over", "fail-over"),
        stage=Stage.RUNTIME,
        impact=(("Function", "When the target of the primary record is down, nobody is sent to that of the secondary one."),),
        lesson="Route 53 chooses between the records of one name and type: a pair for failover shares both, and differs in `set_identifier`.",
        advice="Give both records the same name; names of single regions are further records, without a routing policy.",
    ),
)
