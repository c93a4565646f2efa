"""What MODEL does well, each with the count that shows it; nothing is said that was not counted."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from reviewgen.model.requirement import Coverage, Verdict
from reviewgen.model.review import Issue, Status, Strength
from reviewgen.rules.places import code, listed, region
from reviewgen.rules.statements import EVERYTHING, allowing, written
from reviewgen.terraform import Graph, instances, naming
from reviewgen.terraform.policies import Statement

_MOST = 8
_FEWEST_JUDGED = 5
_MOSTLY = 0.8
_SKIPPED = "skip_final_snapshot"
_PROTECTED = "deletion_protection"
_ALARMS = ("aws_cloudwatch_metric_alarm", "aws_cloudwatch_composite_alarm")
# Rules about policies that allow too much, and the managed policies that do.
_TOO_MUCH = ("RG13", "RG14")
_BROAD = ("FullAccess", "AdministratorAccess", "PowerUserAccess")
_FEWEST_STATEMENTS = 3
_SUFFIX_WORDS = ("suffix", "environment", "env", "stage", "workspace")
# Stores with an argument that switches encryption at rest on.
_ENCRYPTED = {
    "aws_db_instance": "storage_encrypted",
    "aws_rds_cluster": "storage_encrypted",
    "aws_rds_global_cluster": "storage_encrypted",
    "aws_efs_file_system": "encrypted",
    "aws_ebs_volume": "encrypted",
    "aws_elasticache_replication_group": "at_rest_encryption_enabled",
    "aws_redshift_cluster": "encrypted",
    "aws_docdb_cluster": "storage_encrypted",
    "aws_neptune_cluster": "storage_encrypted",
}


def strengths(graph: Graph, coverage: Iterable[Coverage] = (), issues: Iterable[Issue] = ()) -> tuple[Strength, ...]:
    """Return up to eight strengths of MODEL, in a fixed order.

    Args:
        graph: MODEL's graph.
        coverage: PROMPT's requirements, one row each, against both trees.
        issues: What the review calls wrong: the same is no strength.
    """
    told = [issue for issue in issues if issue.status is not Status.INTRODUCED]
    places, rules = {place for issue in told for place in issue.where}, {issue.rule for issue in told}
    blamed = {
        *(measure for measure, denying in _DENIED.items() if not denying.isdisjoint(rules)),
        *([_destroyable] if any(place.endswith(f".{_SKIPPED}") for place in places) else []),
        *([_least_privilege] if any(rule.startswith(_TOO_MUCH) for rule in rules) else []),
        *([_alarms] if any(f"{place}.".startswith(f"{d.address}.") for d in graph.of_type(*_ALARMS) for place in places) else []),
    }
    measures = [measure for measure in _MEASURES if measure not in blamed]
    found = [
        *([] if graph.tree.incomplete else _requirements(coverage)),
        *(strength for measure in measures for strength in measure(graph)),
    ]
    return tuple(found[:_MOST])


def _requirements(coverage: Iterable[Coverage]) -> Iterator[Strength]:
    judged = [row.model for row in coverage if row.model is not Verdict.UNKNOWN]
    met = judged.count(Verdict.MET)
    if len(judged) >= _FEWEST_JUDGED and met >= _MOSTLY * len(judged):
        yield Strength(
            "Requirement coverage", f"MODEL meets {met} of the {len(judged)} requirements of PROMPT that could be judged on its code."
        )


def _naming(graph: Graph) -> Iterator[Strength]:
    names = [(d, expr) for d, _, expr in naming.named(graph)]
    with_suffix = [d for d, expr in names if naming.carries(graph, expr, d.module, _varies)]
    if len(names) >= 4 and len(with_suffix) >= 0.9 * len(names):
        count = f"{len(with_suffix)} of the {len(names)}"
        yield Strength("Resource naming", f"{count} names of resources that were looked at carry an environment or a suffix.")


def _varies(word: str) -> bool:
    """Whether a word names the environment, the workspace or something random."""
    return word.startswith("random_") or any(w in word for w in _SUFFIX_WORDS)


def _encryption(graph: Graph) -> Iterator[Strength]:
    stores = graph.of_type(*_ENCRYPTED)
    on = [d for d in stores if graph.argument(d, _ENCRYPTED[d.type]) in (True, "true")]
    if stores and len(on) == len(stores):
        verb, was = ("switches", "was") if len(on) == 1 else ("switch", "were")
        count = "the one store" if len(on) == 1 else f"all {len(on)} stores"
        yield Strength("Encryption at rest", f"{listed([d.address for d in on])} {verb} encryption on: {count} that {was} looked at.")


# What a setting of buckets must say to be a strength: path of the argument and its value.
_CLOSED = (
    (("block_public_acls",), True), (("block_public_policy",), True),
    (("ignore_public_acls",), True), (("restrict_public_buckets",), True),
)  # fmt: skip
_VERSIONED = ((("versioning_configuration", "status"), "Enabled"),)


def _buckets(graph: Graph) -> Iterator[Strength]:
    buckets = graph.of_type("aws_s3_bucket")
    for type_, wanted, title, phrase in (
        ("aws_s3_bucket_public_access_block", _CLOSED, "No public buckets", "a public access block with all four settings on"),
        ("aws_s3_bucket_versioning", _VERSIONED, "Object versioning", "versioning enabled"),
    ):
        settings = [d for d in graph.of_type(type_) if all(graph.argument(d, *path) == value for path, value in wanted)]
        covered = {t.address for d in settings for t in graph.targets(d.block.value("bucket"), d.module)}
        if buckets and all(b.address in covered for b in buckets):
            count = {1: f"{code(buckets[0].address)} has", 2: "Both buckets have"}.get(len(buckets), f"All {len(buckets)} buckets have")
            yield Strength(title, f"{count} {phrase}.")


def _regions(graph: Graph) -> Iterator[Strength]:
    created = (d for d in graph.of_kind("resource") if not instances.absent_by_default(graph, d))
    places = sorted({r for d in created if (r := region(graph, d)) is not None})
    if len(places) > 1:
        yield Strength("Several regions", f"Resources are placed in {listed(places)} through provider configurations.")


def _zones(graph: Graph) -> Iterator[Strength]:
    subnets = graph.of_type("aws_subnet")
    for subnet in subnets:
        count = graph.argument(subnet, "count")
        if isinstance(count, int) and not isinstance(count, bool) and count >= 2 and "availability_zone" in subnet.block.attributes:
            yield Strength("Availability zones", f"{code(subnet.address)} creates {count} subnets and sets their availability zones.")
            return


def _alarms(graph: Graph) -> Iterator[Strength]:
    alarms = graph.of_type(*_ALARMS)
    acting = [d for d in alarms if "alarm_actions" in d.block.attributes and graph.argument(d, "alarm_actions") not in (None, [])]
    if len(acting) >= 2:
        watched = sorted({n for d in alarms if isinstance(n := graph.argument(d, "namespace"), str)})
        on = f" on metrics of {listed(watched, 5)}" if watched else ""
        acted = "all" if len(acting) == len(alarms) else f"{len(acting)}"
        yield Strength("Monitoring", f"{len(alarms)} CloudWatch alarms{on} are declared; {acted} of them have alarm actions.")


def _secrets(graph: Graph) -> Iterator[Strength]:
    read = graph.data_of_type("aws_secretsmanager_secret", "aws_secretsmanager_secret_version")
    secrets = graph.of_type("aws_secretsmanager_secret") + read
    if secrets:
        yield Strength("Secrets", f"Secrets Manager is used: {listed(sorted(d.address for d in secrets), 3)}.")


def _least_privilege(graph: Graph) -> Iterator[Strength]:
    found = [s for policy in written(graph) for s in allowing(graph, policy)]
    broad = any(name in file.text for file in graph.tree.files.values() for name in _BROAD)
    if len(found) >= _FEWEST_STATEMENTS and not broad and all(map(_is_limited, found)):
        all_ = f"All {len(found)} statements that allow something in the permission policies that were looked at"
        yield Strength("Least privilege", f"{all_} name single actions, and resources other than all of a service.")


def _is_limited(statement: Statement) -> bool:
    """Whether a statement names its actions one by one and does not stand for every resource."""
    single = bool(statement.actions) and all(a.text and "*" not in a.text for a in statement.actions)
    return single and bool(statement.resources) and not any(EVERYTHING.fullmatch(r.text) for r in statement.resources)


def _outputs(graph: Graph) -> Iterator[Strength]:
    variables = [d for d in graph.of_kind("variable") if d.module == graph.tree.root]
    described = [d for d in variables if "description" in d.block.attributes]
    if len(variables) >= 4 and len(described) == len(variables):
        yield Strength("Documented inputs", f"All {len(variables)} input variables have a description.")


def _destroyable(graph: Graph) -> Iterator[Strength]:
    stores = graph.of_type("aws_db_instance", "aws_rds_cluster")
    skipping = [d for d in stores if graph.argument(d, _SKIPPED) is True]
    kept = any(_PROTECTED in d.block.attributes and graph.argument(d, _PROTECTED) not in (False, "false") for d in stores)
    if stores and len(skipping) == len(stores) and not kept:
        yield Strength("Destroyability", f"`{_SKIPPED} = true` on {listed([d.address for d in skipping])}.")


def _tags(graph: Graph) -> Iterator[Strength]:
    tagged = [d for d in graph.of_kind("provider") if any("tags" in b.attributes for b in d.block.nested("default_tags"))]
    if tagged:
        yield Strength("Tagging", f"Default tags are set on {listed([d.address for d in tagged])}.")


_MEASURES: tuple[Callable[[Graph], Iterator[Strength]], ...] = (
    _regions, _encryption, _buckets, _naming, _zones, _alarms, _secrets, _least_privilege, _tags, _destroyable, _outputs,
)  # fmt: skip

# Rules whose findings say of what a measure counts that it is not right as it stands.
_DENIED: dict[Callable[[Graph], Iterator[Strength]], frozenset[str]] = {
    _encryption: frozenset(["RG201", "RG202", "RG214", "RG218"]),
    _naming: frozenset(["RG401", "RG601", "RG603", "RG605", "RG612"]),
    _zones: frozenset(["prompt-count-mismatch:zones"]),
    _secrets: frozenset(["forbidden-construct:new-secrets"]),
    _tags: frozenset(["RG611"]),
    _destroyable: frozenset(f"forbidden-construct:{name}" for name in ("prevent-destroy", "deletion-protection", "final-snapshot")),
}
