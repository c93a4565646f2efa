"""What MODEL does well, each with the count that shows it; nothing is said that was not counted."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from reviewgen.model.hcl import Conditional
from reviewgen.model.requirement import Coverage, Verdict
from reviewgen.model.review import Category, Issue, Minor, Status, Strength
from reviewgen.model.tree import Declaration
from reviewgen.requirements.judging import regions
from reviewgen.requirements.judging.zones import named, zones
from reviewgen.requirements.tree.conditions import evidence_of
from reviewgen.rules.places import code, configured_region, listed, provider
from reviewgen.rules.statements import EVERYTHING, allowing, written
from reviewgen.terraform import Graph, instances, naming
from reviewgen.terraform.policies import Statement

from . import order
from .blame import MODEL, blamed, blames

_MOST = 8
_FEWEST_JUDGED = 5
_MOSTLY = 0.8
_SKIPPED = "skip_final_snapshot"
_PROTECTED = ("deletion_protection", "deletion_protection_enabled", "enable_deletion_protection", "object_lock_enabled")
# What Terraform destroys with its contents only where the code says so.
_EMPTIED = {"aws_s3_bucket": "force_destroy", "aws_ecr_repository": "force_delete", "aws_backup_vault": "force_destroy"}
# Judgements by which PROMPT wants that nothing of the stack is kept.
_KEEPING = frozenset(f"forbidden:{name}" for name in ("prevent-destroy", "deletion-protection", "final-snapshot"))
_SECRET = "aws_secretsmanager_secret"
_ALARMS = ("aws_cloudwatch_metric_alarm", "aws_cloudwatch_composite_alarm")
# Managed policies that allow too much.
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


def strengths(
    graph: Graph, coverage: Iterable[Coverage] = (), issues: Iterable[Issue] = (), minor: Iterable[Minor] = ()
) -> tuple[Strength, ...]:
    """Return up to eight strengths of MODEL, in a fixed order.

    Args:
        graph: MODEL's graph.
        coverage: PROMPT's requirements, one row each, against both trees.
        issues: What the review calls wrong: the same is no strength.
        minor: Smaller findings that say so.
    """
    rows, found = tuple(coverage), tuple(issues)
    told = blames(found)
    every: tuple[Issue | Minor, ...] = (*found, *minor)
    rules = {finding.rule for finding in every if finding.status is not Status.INTRODUCED}
    denied = {
        *(measure for measure, denying in _DENIED.items() if any(rule.startswith(denying) for rule in rules)),
        *(measure for measure, counted in _COUNTED.items() if blamed(MODEL, counted(graph), told)),
        *([] if _asks_for_regions(graph, rows) else [_regions]),
        *([] if _asks_for_destruction(rows) else [_destroyable]),
        *([_zones] if _asks_for_more_zones(graph, rows) else []),
        *([_naming] if order.is_broken(graph, rows, _varies) else []),
    }
    measures = [measure for measure in _MEASURES if measure not in denied]
    serious = any(i.category is not Category.WARNING and i.status is not Status.INTRODUCED for i in found)
    praised = [
        *([] if graph.tree.incomplete or serious else _requirements(rows)),
        *(strength for measure in measures for strength in measure(graph)),
    ]
    return tuple(praised[:_MOST])


def _asks_for_regions(graph: Graph, coverage: Iterable[Coverage]) -> bool:
    """Whether PROMPT names all the regions in which resources are placed."""
    named = {name for row in coverage for name in regions.named(row.requirement.text)}
    return named >= set(_placed(graph))


def _asks_for_destruction(coverage: Iterable[Coverage]) -> bool:
    """Whether PROMPT wants a stack that can be destroyed, and MODEL has nothing that it forbids for that."""
    asked = [row.model for row in coverage if not _KEEPING.isdisjoint(row.capability.split())]
    return bool(asked) and not {Verdict.UNMET, Verdict.PARTIAL} & set(asked)


def _requirements(coverage: Iterable[Coverage]) -> Iterator[Strength]:
    judged = [row.model for row in coverage if row.model is not Verdict.UNKNOWN]
    met = judged.count(Verdict.MET)
    if len(judged) >= _FEWEST_JUDGED and met >= _MOSTLY * len(judged):
        yield Strength(
            "Requirement coverage", f"MODEL meets {met} of the {len(judged)} requirements of PROMPT that could be judged on its code."
        )


def _is_reached(graph: Graph, declaration: Declaration) -> bool:
    """Whether a declaration stands where Terraform looks when it runs in the root module: not in a directory that nothing calls."""
    module = graph.tree.modules.get(declaration.module)
    return module is None or module.reached


def _of_type(graph: Graph, *types: str) -> list[Declaration]:
    return [d for d in graph.of_type(*types) if _is_reached(graph, d)]


def _naming(graph: Graph) -> Iterator[Strength]:
    found = (naming.carries(graph, expr, d.module, _varies) for d, _, expr in naming.named(graph) if _is_reached(graph, d))
    known = [carries for carries in found if carries is not None]
    if len(known) >= 4 and sum(known) >= 0.9 * len(known):
        count = f"{sum(known)} of the {len(known)}"
        yield Strength("Resource naming", f"{count} names of resources that were looked at carry an environment or a suffix.")


def _varies(word: str) -> bool:
    """Whether a word names the environment, the workspace or something random."""
    return word.startswith("random_") or any(w in word for w in _SUFFIX_WORDS)


def _encryption(graph: Graph) -> Iterator[Strength]:
    stores = _of_type(graph, *_ENCRYPTED)
    on = [d for d in stores if graph.argument(d, _ENCRYPTED[d.type]) in (True, "true") and instances.certain(graph, d)]
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
    buckets = _of_type(graph, "aws_s3_bucket")
    for type_, wanted, title, phrase in (
        ("aws_s3_bucket_public_access_block", _CLOSED, "No public buckets", "a public access block with all four settings on"),
        ("aws_s3_bucket_versioning", _VERSIONED, "Object versioning", "versioning enabled"),
    ):
        made = (d for d in graph.of_type(type_) if instances.certain(graph, d))
        settings = [d for d in made if all(graph.argument(d, *path) == value for path, value in wanted)]
        covered = {t.address for d in settings for t in graph.targets(d.block.value("bucket"), d.module)}
        if buckets and all(b.address in covered for b in buckets):
            count = {1: f"{code(buckets[0].address)} has", 2: "Both buckets have"}.get(len(buckets), f"All {len(buckets)} buckets have")
            yield Strength(title, f"{count} {phrase}.")


def _placed(graph: Graph) -> list[str]:
    created = (d for d in graph.of_kind("resource") if _is_reached(graph, d) and instances.certain(graph, d))
    return sorted({r for d in created if (r := configured_region(graph, d)) is not None})


def _regions(graph: Graph) -> Iterator[Strength]:
    places = _placed(graph)
    if len(places) > 1:
        yield Strength("Several regions", f"Resources are placed in {listed(places)} through provider configurations.")


def _zones(graph: Graph) -> Iterator[Strength]:
    for subnet, count in _spread(graph):
        yield Strength("Availability zones", f"{code(subnet.address)} creates {count} subnets in {count} availability zones.")
        return


def _spread(graph: Graph) -> Iterator[tuple[Declaration, int]]:
    """Yield the subnets that have each copy in a zone of its own, and how many."""
    for subnet in _of_type(graph, "aws_subnet"):
        count = graph.argument(subnet, "count")
        different = len(zones(evidence_of(graph), subnet) or ())
        if isinstance(count, int) and not isinstance(count, bool) and count == different >= 2 and _in_each(graph, subnet, count):
            yield subnet, count


def _asks_for_more_zones(graph: Graph, rows: Iterable[Coverage]) -> bool:
    """Whether PROMPT speaks of more zones than there are: whatever it says of them, fewer are nothing to be praised."""
    most = max((number for row in rows for number in named(row.requirement.text)), default=0)
    return any(count < most for _, count in _spread(graph))


def _in_each(graph: Graph, subnet: Declaration, count: int) -> bool:
    """Whether a subnet has so many copies with each file of values that MODEL delivers, too."""
    expr = subnet.block.value("count")
    return expr is None or all(worth == count for _, worth in instances.worths(graph, expr, subnet.module))


def _alarms(graph: Graph) -> Iterator[Strength]:
    alarms = _of_type(graph, *_ALARMS)
    acting = [d for d in alarms if instances.certain(graph, d) and _acts(graph, d)]
    if len(acting) >= 2:
        watched = sorted({n for d in alarms if isinstance(n := graph.argument(d, "namespace"), str)})
        on = f" on metrics of {listed(watched, 5)}" if watched else ""
        acted = "all" if len(acting) == len(alarms) else f"{len(acting)}"
        # A block with copies is one declaration of several alarms.
        one = not any(instances.repeated(graph, alarm) for alarm in alarms)
        what = "CloudWatch alarms" if one else "declarations of CloudWatch alarms"
        said = "are declared" if one else "stand in the code"
        yield Strength("Monitoring", f"{len(alarms)} {what}{on} {said}; {acted} of them have alarm actions.")


def _acts(graph: Graph, alarm: Declaration) -> bool:
    """Whether an alarm surely calls something: a topic of the tree, or what a constant names."""
    expr, value = alarm.block.value("alarm_actions"), graph.argument(alarm, "alarm_actions")
    chosen = isinstance(expr, Conditional)
    return not chosen and (bool(graph.targets(expr, alarm.module)) or (isinstance(value, list) and bool(value)))


def _alarmed(graph: Graph) -> Iterator[str]:
    """Yield the alarms and what they call."""
    for alarm in graph.of_type(*_ALARMS):
        yield alarm.address
        yield from (d.address for d in graph.targets(alarm.block.value("alarm_actions"), alarm.module))


def _secrets(graph: Graph) -> Iterator[Strength]:
    versions = (v for v in graph.of_type(f"{_SECRET}_version") if isinstance(graph.argument(v, "secret_string"), str))
    in_code = {t.address for v in versions for t in graph.targets(v.block.value("secret_id"), v.module)}
    secrets = [
        d.address
        for d in (*graph.of_type(_SECRET), *graph.data_of_type(_SECRET, f"{_SECRET}_version"))
        if _is_reached(graph, d) and instances.certain(graph, d) and d.address not in in_code
    ]
    if secrets:
        yield Strength("Secrets", f"Secrets Manager is used: {listed(sorted(secrets), 3)}.")


def _least_privilege(graph: Graph) -> Iterator[Strength]:
    found = [s for policy in written(graph) if _is_reached(graph, policy.owner) for s in allowing(graph, policy)]
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
    described = [d for d in variables if "description" in d.block.attributes and graph.argument(d, "description") not in (None, "")]
    if len(variables) >= 4 and len(described) == len(variables):
        of_root = " of the root module" if len(graph.tree.modules) > 1 else ""
        # A piece that repeats others is not read, and neither is what an answer leaves out: there may be more than these.
        read = " that were read" if any(file.fragment for file in graph.tree.files.values()) else ""
        yield Strength("Documented inputs", f"All {len(variables)} input variables{of_root}{read} have a description.")


def _destroyable(graph: Graph) -> Iterator[Strength]:
    stores = _of_type(graph, "aws_db_instance", "aws_rds_cluster")
    skipping = [d for d in stores if graph.argument(d, _SKIPPED) is True]
    if stores and len(skipping) == len(stores) and not any(_is_kept(graph, d) for d in graph.of_kind("resource")):
        yield Strength("Destroyability", f"`{_SKIPPED} = true` on {listed([d.address for d in skipping])}.")


def _is_kept(graph: Graph, declaration: Declaration) -> bool:
    """Whether something may keep Terraform from destroying a resource: a protection, or what it holds."""
    if declaration.type in _EMPTIED and graph.argument(declaration, _EMPTIED[declaration.type]) not in (True, "true"):
        return True
    protected = any(
        name in declaration.block.attributes and graph.argument(declaration, name) not in (False, "false") for name in _PROTECTED
    )
    return protected or graph.argument(declaration, "lifecycle", "prevent_destroy") is True


def _tags(graph: Graph) -> Iterator[Strength]:
    providers = (d for d in graph.of_kind("provider") if _is_reached(graph, d) and _is_used(graph, d))
    tagged = [d for d in providers if _sets_tags(graph, d)]
    if tagged:
        yield Strength("Tagging", f"Default tags are set on {listed([d.address for d in tagged])}.")


def _sets_tags(graph: Graph, configuration: Declaration) -> bool:
    """Whether a provider configuration sets a tag, be it with a file of values that MODEL delivers."""
    tags = next((value for b in configuration.block.nested("default_tags") if (value := b.value("tags")) is not None), None)
    if tags is None or graph.argument(configuration, "default_tags", "tags") != {}:
        return tags is not None
    return any(worth != {} for _, worth in instances.worths(graph, tags, configuration.module))


def _is_used(graph: Graph, configuration: Declaration) -> bool:
    """Whether resources may be made by a provider configuration; of those in modules nobody can tell by their own argument."""
    resources = graph.of_kind("resource")
    called = any(d.module != configuration.module for d in resources) or any(graph.of_kind("module"))
    return called or any(f"provider.{provider(d)}" == configuration.address for d in resources)


_MEASURES: tuple[Callable[[Graph], Iterator[Strength]], ...] = (
    _regions, _encryption, _buckets, _naming, _zones, _alarms, _secrets, _least_privilege, _tags, _destroyable, _outputs,
)  # fmt: skip

# Rules, by how their ids begin, whose findings say of what a measure counts that it is not right as it stands, or not all.
_DENIED: dict[Callable[[Graph], Iterator[Strength]], tuple[str, ...]] = {
    _regions: ("RG630", "RG634", "RG055", "wrong-region", "tf:provider", "need:provider"),
    _encryption: (
        "RG201", "RG202", "RG214", "RG218", "RG246", "RG511", "RG002", "RG029", "need:s3-encryption", "need:s3-kms", "need:ebs-encryption",
        "need:rds-encryption", "need:kms-", "not-everywhere",
    ),
    _buckets: ("RG252", "RG255", "RG256", "RG258", "RG259", "RG028", "need:s3-public", "need:s3-versioning", "not-everywhere"),
    _naming: ("RG401", "RG60", "RG612", "RG623", "names-without-suffix"),
    _zones: ("RG628", "RG012", "RG430", "RG004", "prompt-count-mismatch:", "need:rds-multi-az"),
    _alarms: ("RG80", "RG81", "RG103", "RG357", "RG021", "need:alarm", "need:cloudwatch-alarm", "need:metric"),
    _secrets: ("forbidden-construct:new-secrets", "RG15", "RG208", "RG244", "RG604", "RG041", "RG039", "RG010", "need:secret", "need:existing-secret"),
    _least_privilege: ("RG10", "RG11", "RG12", "RG13", "RG14", "RG353", "need:permissions-boundary", "need:iam"),
    _tags: ("RG611", "missing-tags", "need:default-tags"),
    _destroyable: ("forbidden-construct:", "RG217"),
    _outputs: ("tf:undeclared-variable", "tf:invalid-variable", "RG152", "need:variable"),
}  # fmt: skip

# What a measure counts: where an issue names it, the measure says nothing.
_COUNTED: dict[Callable[[Graph], Iterator[Strength]], Callable[[Graph], Iterable[str]]] = {
    _alarms: _alarmed,
    _secrets: lambda graph: [d.address for d in graph.of_type(_SECRET, f"{_SECRET}_version")],
    _buckets: lambda graph: [d.address for d in graph.of_type("aws_s3_bucket_public_access_block", "aws_s3_bucket_versioning")],
    _zones: lambda graph: [d.address for d in graph.of_type("aws_subnet")],
    _tags: lambda graph: [d.address for d in graph.of_kind("provider")],
    _destroyable: lambda graph: [f"{d.address}.{_SKIPPED}" for d in graph.of_type("aws_db_instance", "aws_rds_cluster")],
}
