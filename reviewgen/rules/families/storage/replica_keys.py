"""RG248: keys of the replicas of global tables, each of which needs one of its own region."""

from __future__ import annotations

from collections.abc import Iterator

from reviewgen.hcl import traversals
from reviewgen.model.hcl import Attr, Block, Expression
from reviewgen.model.review import Category, Severity, Stage
from reviewgen.model.tree import Declaration
from reviewgen.terraform import Graph

from ...base import Hit, Rule
from ...places import code, configured_region, provider

_KEY = "kms_key_arn"
_LOOP = "for_each"
_NO_KEY = "ValidationException: One or more parameter values were invalid: KMSMasterKeyId must be specified for each replica."


def replica_keys(graph: Graph) -> Iterator[Hit]:
    """Replicas with the key of the table's own region, and replicas without a key where the table has one."""
    for table in graph.of_type("aws_dynamodb_table"):
        for block in _replicas(graph, table):
            hit = _of_another_region(graph, table, block) if _KEY in block.attributes else _without(graph, table)
            if hit is not None:
                yield hit
                break


def _replicas(graph: Graph, table: Declaration) -> Iterator[Block]:
    """Yield the replicas of a table; of a loop that runs over nothing by default none."""
    for block in table.block.blocks:
        if block.type == "replica":
            yield block
        elif (
            block.type == "dynamic"
            and block.labels[:1] == ("replica",)
            and graph.constant(block.value(_LOOP), table.module) not in ([], {}, None)
        ):
            yield from (content for content in block.blocks if content.type == "content")


def _of_another_region(graph: Graph, table: Declaration, replica: Block) -> Hit | None:
    named = _named(graph, replica.value(_KEY), table.module)
    if len(named) != 1 or named[0].type != "aws_kms_key" or named[0].kind != "resource" or not _is_beside(graph, table, named[0]):
        return None
    key = named[0]
    return Hit(
        table.address,
        f"{code(table.address)} gives a replica {code(key.address)}, which stands in the region of the table itself: a replica, which is always in "
        "another region, takes a key of its own region.",
        f"no replica of {code(table.address)} gets {code(key.address)}",
        attribute=f"replica.{_KEY}",
        key=key.address,
        related=(key.address,),
        title="Replica of a table with the key of another region",
    )


def _without(graph: Graph, table: Declaration) -> Hit | None:
    """Return what is wrong with a table whose replicas have no key: nothing, unless it has one itself."""
    own = [b.value(_KEY) for b in table.block.nested("server_side_encryption") if b.value(_KEY) is not None]
    if not own or graph.constant(own[0], table.module) is None or graph.argument(table, "server_side_encryption", "enabled") is False:
        return None
    return Hit(
        table.address,
        f"{code(table.address)} is encrypted with a key of its own, and a replica of it has no `{_KEY}`: DynamoDB takes no such replica.",
        f"each replica of {code(table.address)} has a `{_KEY}`, or the table has none",
        attribute="replica",
        related=(f"{table.address}.server_side_encryption.{_KEY}",),
        message=_NO_KEY,
    )


def _named(graph: Graph, value: Expression | None, module: str) -> tuple[Declaration, ...]:
    """Return what an argument leads to; through an input that its module does not declare, to what the calls give it all the same."""
    found = {d.address: d for d in graph.targets(value, module)}
    names = [t.steps[0].name for t in traversals(value) if t.root == "var" and t.steps and isinstance(t.steps[0], Attr)] if value else []
    for call in graph.callers(module):
        for name in names:
            found |= {d.address: d for d in graph.targets(call.block.value(name), call.module)}
    return tuple(found.values())


def _is_beside(graph: Graph, table: Declaration, key: Declaration) -> bool:
    """Whether a key certainly stands in the region of a table: both have one provider, which no call of a module changes."""
    ours, theirs = configured_region(graph, table), configured_region(graph, key)
    if ours is not None and theirs is not None and table.module == key.module:
        return ours == theirs
    passed = any("providers" in call.block.attributes or "for_each" in call.block.attributes for call in graph.of_kind("module"))
    alone = "region" not in table.block.attributes and "region" not in key.block.attributes
    return alone and provider(table) == provider(key) and (table.module == key.module or (not passed and provider(table) == "aws"))


RULES = (
    Rule(
        "RG248",
        "dynamodb-replica-key",
        "Replica of an encrypted table without a key of its own",
        Category.BLOCKER,
        Severity.CRITICAL,
        replica_keys,
        "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-dynamodb-globaltable-replicassespecification.html",
        stage=Stage.APPLY,
        impact=(("Deployment", "The replica is not created; the table itself is."),),
        lesson="A key of KMS serves one region: each replica of a table with a customer managed key names one of its region.",
        advice="Create a key, or a replica of a multi-Region key, in each region, and give each replica that of its own.",
    ),
)
