"""What Terraform says of a tree by the schema of a provider that the tree holds at older versions, of which there is none."""

from __future__ import annotations

import re
from dataclasses import replace

from reviewgen.model import tf
from reviewgen.model.diagnostic import Diagnostic, Held, Validation
from reviewgen.model.finding import Finding
from reviewgen.model.review import Category, Impact, Severity, Stage
from reviewgen.terraform import Graph
from reviewgen.terraform.schema.requirements import local_name

from .wording import plain

_READ = (tf.UNSUPPORTED_ATTRIBUTE, tf.DEPRECATED_ATTRIBUTE)
# Messages that stand on what one version of a provider has, and an older one may have in another way.
_OF_A_VERSION = frozenset(
    [
        *_READ,
        tf.UNSUPPORTED_ARGUMENT,
        tf.UNSUPPORTED_BLOCK,
        tf.UNKNOWN_TYPE,
        tf.UNKNOWN_DATA_SOURCE,
        tf.VALUE_FOR_UNCONFIGURABLE_ATTRIBUTE,
        tf.READ_ONLY_ATTRIBUTE,
        tf.VALUE_NOT_ALLOWED,
        tf.DEPRECATED,
        tf.LIFECYCLE_FILTER,
    ]
)
# What version 5 made required, or has under a new name: https://github.com/hashicorp/terraform-provider-aws/pull/31112 and
# https://github.com/hashicorp/terraform-provider-aws/pull/31008. Whatever else is required was so before.
_NEWLY_REQUIRED = frozenset(
    [("aws_rds_cluster", "engine"), ("aws_rds_cluster_instance", "engine"), ("aws_elasticache_replication_group", "description")]
)
# The resource or data source to whose attribute a text leads that ends at it.
_REFERENCE = re.compile(r"([a-z][a-z0-9]*)_[a-z0-9_]+\.[\w-]+(?:\[[^\]]*\]|\.\w+|\.\*)*$")
_NOBODY_HAS, _HAS = "The provider has no ", "Version {} of the provider has no "
_NAMES = ": {name}"
_REJECTS = "`terraform "


def is_later(graph: Graph, diagnostic: Diagnostic, finding: Finding, validation: Validation) -> bool:
    """Whether a warning comes from a version of a provider that the tree keeps out: what is deprecated now was not before."""
    return (
        diagnostic.severity == "warning" and finding.rule in _OF_A_VERSION and _provider(graph, diagnostic, finding) in validation.outdated
    )


def by_version(graph: Graph, diagnostic: Diagnostic, finding: Finding, validation: Validation) -> Finding:
    """Return a finding with the version that says so, where the tree holds its provider at older ones; any other as it is."""
    of_a_version = finding.rule in _OF_A_VERSION or _is_newly_required(graph, finding)
    if not of_a_version or finding.stage is Stage.INIT:  # what Terraform itself reads, as in `lifecycle`, no provider has
        return finding
    held = _held(_provider(graph, diagnostic, finding), validation)
    return _of_a_version(finding, held) if held is not None else finding


def _held(provider: str, validation: Validation) -> Held | None:
    return next((held for held in validation.older if held.provider == provider), None)


def _is_newly_required(graph: Graph, finding: Finding) -> bool:
    declared = graph.get(finding.address) if finding.rule == tf.MISSING_ARGUMENT and not finding.attribute else None
    return declared is not None and any((declared.type, name) in _NEWLY_REQUIRED for name in finding.names)


def _provider(graph: Graph, diagnostic: Diagnostic, finding: Finding) -> str:
    """Return the provider whose schema a message stands on; empty where it is none's: a module has other arguments, an object other attributes."""
    declared = graph.get(finding.address)
    if finding.rule in _READ:
        where = diagnostic.range
        text = graph.tree.files[where.filename].data[: where.start.byte].decode("utf-8", "replace") if where is not None else ""
        found = _REFERENCE.search(text[-500:])
        return found[1] if found else ""
    if declared is None or declared.kind not in ("resource", "data", "provider"):
        return ""
    return declared.type if declared.kind == "provider" else local_name(declared.block, declared.type)


def _of_a_version(finding: Finding, held: Held) -> Finding:
    """Return a finding of which nobody knows whether it holds of the versions that a tree allows.

    It has no message and no step: what those versions say of the tree as it stands nobody knows, either.
    """
    version = f"version {held.major} of the provider"
    holds = f"the tree holds it at `{plain(held.constraints)}`."
    flat = finding.problem.startswith(_REJECTS)
    said = f"With {version} {finding.problem} T{holds[1:]}" if flat else f"{finding.problem} So says {version}; {holds}"
    return replace(
        finding,
        title=_titled(finding.title, held.major),
        many=_titled(finding.many, held.major),
        category=Category.WARNING,
        severity=Severity.MEDIUM,
        stage=None,
        message="",
        problem=said,
        check=f"{finding.check} with {version}",
        impact=(Impact("Deployment", f"With {version} the configuration is refused."),),
        version=held.major,
    )


def _titled(title: str, major: int) -> str:
    """Return a title that says which version has it so."""
    if title.startswith(_NOBODY_HAS):
        return _HAS.format(major) + title.removeprefix(_NOBODY_HAS)
    said = f" in version {major} of the provider"
    return title.replace(_NAMES, f"{said}{_NAMES}") if _NAMES in title else f"{title}{said}" if title else ""
