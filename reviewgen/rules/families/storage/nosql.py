"""RG23x and RG24x: DynamoDB and ElastiCache."""

from __future__ import annotations

import re
from collections.abc import Iterator

from reviewgen.model.hcl import Traversal
from reviewgen.model.review import Category, Recommendation, Severity, Stage
from reviewgen.model.tree import Declaration
from reviewgen.terraform import Graph

from ... import tables
from ...base import Hit, Rule
from ...passwords import generators, is_one_of
from ...places import code, is_true, listed, written
from ...values import number, variable_behind

_REPLICATION = "aws_elasticache_replication_group"
_CACHE = "https://docs.aws.amazon.com/AmazonElastiCache/latest/dg"
_TABLE = "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/dynamodb_table"


def table_attributes(graph: Graph) -> Iterator[Hit]:
    """Attributes that are declared and no key, or keys that are not declared."""
    for table in graph.of_type("aws_dynamodb_table"):
        declared = [graph.constant(b.value("name"), table.module) for b in table.block.nested("attribute")]
        keys = [graph.argument(table, n) for n in ("hash_key", "range_key") if n in table.block.attributes]
        for kind in ("global_secondary_index", "local_secondary_index"):
            keys += [
                graph.constant(b.value(n), table.module)
                for b in table.block.nested(kind)
                for n in ("hash_key", "range_key")
                if n in b.attributes
            ]
        keys = [k for k in keys if k not in (None, "")]
        if any(b.type == "dynamic" for b in table.block.walk()) or not all(isinstance(k, str) for k in (*declared, *keys)) or not declared:
            continue
        idle, missing = sorted(set(declared) - set(keys)), sorted(set(keys) - set(declared))
        if not idle and not missing:
            continue
        said = (
            f"declares {listed(idle)}, which no key or index uses"
            if idle
            else f"uses {listed(missing)} as a key and declares no such attribute"
        )
        yield Hit(
            table.address,
            f"{code(table.address)} {said}.",
            f"{code(table.address)} does not {'declare ' + listed(idle) + ' without a key' if idle else 'use ' + listed(missing) + ' without declaring it'}",
            attribute="attribute",
            message="all attributes must be indexed" if idle else "all indexes must match a defined attribute",
        )


def restored_from_nothing(graph: Graph) -> Iterator[Hit]:
    """``snapshot_name`` where a name for the last snapshot is meant."""
    for group in graph.of_type(_REPLICATION, "aws_elasticache_cluster"):
        name = group.block.attributes.get("snapshot_name")
        if name is not None and isinstance(name.expr, Traversal) and not isinstance(graph.constant(name.expr, group.module), str):
            continue  # what is given for it may be a snapshot that there is
        text = graph.files[group.block.file].text.encode()[name.start : name.end].decode(errors="replace") if name else ""
        if re.search(r"final", text, re.IGNORECASE):
            yield Hit(
                group.address,
                f"{code(group.address)} sets `snapshot_name`, the snapshot from which the cache is restored, to what reads like the name of its last one: "
                "there is no such snapshot when it is created.",
                f"{code(group.address)} does not restore from a snapshot that does not exist",
                attribute="snapshot_name",
                related=(f"{group.address}.final_snapshot_identifier",),
            )


_RENAMES = re.compile(r"[A-Za-z]+ [A-Za-z0-9]+(?: [A-Za-z]+ [A-Za-z0-9]+)*")


def unknown_parameter(graph: Graph) -> Iterator[Hit]:
    """A Redis setting that ElastiCache does not know, or a rename that it does not take."""
    rows = tables.rows("redis_parameters")
    for group in graph.of_type("aws_elasticache_parameter_group"):
        for block in written(graph, group, "parameter"):
            name, value = (graph.constant(block.value(n), group.module) for n in ("name", "value"))
            row = next((r for r in rows if name in r["parameters"]), None)
            if row is not None:
                said = f"sets {code(str(name))}, which is no parameter of ElastiCache: {row['instead']}"
            elif name == "rename-commands" and isinstance(value, str) and not _RENAMES.fullmatch(value):
                said = "sets `rename-commands` to a value that is no list of commands with new alphanumeric names"
            else:
                continue
            yield Hit(
                group.address,
                f"{code(group.address)} {said}.",
                f"{code(group.address)} does not set {code(str(name))}{' to a value that ElastiCache refuses' if row is None else ''}",
                attribute="parameter",
                key=str(name),
                recommendation=Recommendation("Leave the parameter out, or give each command a new alphanumeric name.")
                if row is None
                else None,
            )


def token_without_tls(graph: Graph) -> Iterator[Hit]:
    """A password for a cache without encryption in transit."""
    for group in graph.of_type(_REPLICATION):
        # Redis does not encrypt unless told so, Valkey does.
        engine = graph.argument(group, "engine") if "engine" in group.block.attributes else "redis"
        unset = "transit_encryption_enabled" not in group.block.attributes and engine == "redis"
        off = unset or graph.argument(group, "transit_encryption_enabled") is False
        if _has_token(graph, group) and off:
            yield Hit(
                group.address,
                f"{code(group.address)} sets `auth_token` without encryption in transit, which the token needs.",
                f"{code(group.address)} does not set `auth_token` without encryption in transit",
                attribute="transit_encryption_enabled",
                related=(f"{group.address}.auth_token",),
            )


def _has_token(graph: Graph, group: Declaration) -> bool:
    """Whether a cache is given a password: null is none."""
    return "auth_token" in group.block.attributes and graph.argument(group, "auth_token") is not None


def token_characters(graph: Graph) -> Iterator[Hit]:
    """A generated token with characters that ElastiCache refuses."""
    for group in graph.of_type(_REPLICATION):
        for password in generators(graph, group, "auth_token"):
            if _refused(graph, password):
                verb = "can generate" if is_one_of(graph, group, "auth_token", password) else "generates"
                yield Hit(
                    password.address,
                    f"{code(password.address)} {verb} the `auth_token` of {code(group.address)} from a set with characters that ElastiCache refuses; "
                    "of special characters it takes `!&#$^<>-` only.",
                    f"{code(password.address)} generates no token from characters that ElastiCache refuses",
                    attribute="override_special" if "override_special" in password.block.attributes else "special",
                    related=(f"{group.address}.auth_token",),
                    needs=(group.address,),
                    recommendation=Recommendation(
                        f"Set a safe `override_special` on {code(password.address)}.", 'override_special = "!&#$^<>-"'
                    ),
                )


def _refused(graph: Graph, password: Declaration) -> bool:
    if "special" in password.block.attributes and graph.argument(password, "special") is not True:
        return False
    if "override_special" not in password.block.attributes:
        return True
    allowed = graph.argument(password, "override_special")
    return isinstance(allowed, str) and bool(set(allowed) - set("!&#$^<>-"))


def failover_without_replica(graph: Graph) -> Iterator[Hit]:
    """Automatic failover with nothing to fail over to."""
    for group in graph.of_type(_REPLICATION):
        nodes, replicas = number(graph.argument(group, "num_cache_clusters")), number(graph.argument(group, "replicas_per_node_group"))
        alone = (nodes is not None and nodes < 2) or (
            nodes is None and replicas == 0 and "num_cache_clusters" not in group.block.attributes and not _may_be_sharded(graph, group)
        )
        if is_true(graph, group, "automatic_failover_enabled") and alone and "num_node_groups" not in group.block.attributes:
            place = "num_cache_clusters" if nodes is not None else "replicas_per_node_group"
            yield Hit(
                group.address,
                f"{code(group.address)} switches automatic failover on and has a single node.",
                f"{code(group.address)} does not switch automatic failover on with a single node",
                attribute=place,
                stage=Stage.PLAN if nodes is not None else None,
                message='"num_cache_clusters": must be at least 2 if automatic_failover_enabled is true' if nodes is not None else "",
                related=(f"{group.address}.automatic_failover_enabled", *variable_behind(graph, group, place)),
            )


def _may_be_sharded(graph: Graph, group: Declaration) -> bool:
    """Whether cluster mode may be on, which always has automatic failover, also for shards of one node."""
    parameters = graph.argument(group, "parameter_group_name")
    named = "parameter_group_name" in group.block.attributes and (not isinstance(parameters, str) or parameters.endswith(".cluster.on"))
    return named or "cluster_mode" in group.block.attributes


def plain_transit(graph: Graph) -> Iterator[Hit]:
    """A cache that talks in clear, by choice."""
    for group in graph.of_type(_REPLICATION):
        if graph.argument(group, "transit_encryption_enabled") is False and not _has_token(graph, group):
            yield Hit(
                group.address,
                f"{code(group.address)} switches encryption in transit off and has no `auth_token`: whoever reaches it reads and changes everything.",
                f"{code(group.address)} does not switch encryption in transit off without an `auth_token`",
                attribute="transit_encryption_enabled",
                related=(f"{group.address}.auth_token",),
            )


RULES = (
    Rule(
        "RG231",
        "dynamodb-attributes",
        "Table attributes do not match its keys",
        Category.BLOCKER,
        Severity.HIGH,
        table_attributes,
        f"{_TABLE}#attribute",
        stage=Stage.PLAN,
        impact=(("Deployment", "Plan fails at the table."),),
        lesson="Only attributes of keys and indexes are declared; all others come with the items.",
        advice="Declare the attributes of the keys and no others.",
    ),
    Rule(
        "RG241",
        "elasticache-snapshot-name",
        "Cache restored from a snapshot that does not exist",
        Category.BLOCKER,
        Severity.HIGH,
        restored_from_nothing,
        "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/elasticache_replication_group#snapshot_name",
        stage=Stage.APPLY,
        message="InvalidParameterValue: A snapshot named ... does not exist.",
        impact=(("Deployment", "The cache is not created."),),
        lesson="`snapshot_name` is where a cache comes from, `final_snapshot_identifier` what remains of it.",
        advice="Use `final_snapshot_identifier`.",
    ),
    Rule(
        "RG242",
        "elasticache-parameter",
        "Parameter that ElastiCache does not take",
        Category.BLOCKER,
        Severity.HIGH,
        unknown_parameter,
        f"{_CACHE}/ParameterGroups.Engine.html",
        stage=Stage.APPLY,
        message="InvalidParameterValue",
        impact=(("Deployment", "The parameter group is refused, and the cache that uses it is not created."),),
        lesson="ElastiCache knows a part of the settings of Redis; what it manages itself is no parameter.",
        advice="Take the parameter out and use the argument of the resource.",
    ),
    Rule(
        "RG243",
        "elasticache-token-without-tls",
        "Cache password without encryption in transit",
        Category.BLOCKER,
        Severity.HIGH,
        token_without_tls,
        f"{_CACHE}/auth.html",
        stage=Stage.APPLY,
        message="InvalidParameterValue: The AUTH token is only supported when encryption-in-transit is enabled",
        impact=(("Deployment", "The cache is not created."),),
        lesson="A token over a plain connection protects nothing, so ElastiCache refuses it.",
        advice="Set `transit_encryption_enabled = true`.",
    ),
    Rule(
        "RG244",
        "elasticache-token-characters",
        "Generated cache password may hold characters that ElastiCache refuses",
        Category.BLOCKER,
        Severity.HIGH,
        token_characters,
        f"{_CACHE}/auth.html",
        stage=Stage.APPLY,
        message="InvalidParameterValue: Invalid AuthToken provided.",
        impact=(("Deployment", "Whether the cache can be created depends on what the generator draws."),),
        lesson="ElastiCache takes fewer special characters in a token than `random_password` draws from.",
    ),
    Rule(
        "RG245",
        "elasticache-failover-alone",
        "Automatic failover with a single node",
        Category.BLOCKER,
        Severity.HIGH,
        failover_without_replica,
        f"{_CACHE}/AutoFailover.html",
        stage=Stage.APPLY,
        impact=(("Deployment", "The cache is refused."),),
        lesson="Failover needs a replica.",
        advice="Have two nodes, or switch automatic failover off.",
    ),
    Rule(
        "RG246",
        "elasticache-plain-transit",
        "Cache without encryption in transit and without password",
        Category.CRITICAL,
        Severity.HIGH,
        plain_transit,
        f"{_CACHE}/in-transit-encryption.html",
        fix_class="A",
        stage=Stage.RUNTIME,
        impact=(("Security", "Cached data travels in clear inside of the network, and whoever reaches the cache needs no password."),),
        lesson="A private subnet keeps strangers out; it does not authenticate and does not encrypt.",
        advice="Set `transit_encryption_enabled = true` and an `auth_token` or user groups.",
    ),
)
