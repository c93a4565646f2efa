"""RG247: the Database Migration Service."""

from __future__ import annotations

import re
from collections.abc import Iterator

from reviewgen.model.review import Category, Severity, Stage
from reviewgen.terraform import Graph

from ... import tables
from ...base import Hit, Rule
from ...places import code
from ...values import variable_behind


def retired_engine(graph: Graph) -> Iterator[Hit]:
    """A replication instance with an engine version that DMS no longer offers."""
    last = _numbers(tables.rows("dms_versions")[0]["last"])
    for instance in graph.of_type("aws_dms_replication_instance"):
        version = graph.argument(instance, "engine_version")
        if isinstance(version, str) and re.fullmatch(r"\d+\.\d+\.\d+", version) and _numbers(version) <= last:
            yield Hit(
                instance.address,
                f"{code(instance.address)} asks for version {code(version)} of the DMS engine, which is no longer offered for new instances.",
                f"{code(instance.address)} does not ask for version {code(version)} of the DMS engine",
                attribute="engine_version",
                related=variable_behind(graph, instance, "engine_version"),
                prescribed=version,
            )


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(map(int, version.split(".")))


RULES = (
    Rule(
        "RG247",
        "dms-version-retired",
        "DMS engine version is no longer offered",
        Category.BLOCKER,
        Severity.CRITICAL,
        retired_engine,
        "https://docs.aws.amazon.com/dms/latest/userguide/CHAP_ReleaseNotes.html",
        stage=Stage.APPLY,
        impact=(("Deployment", "The replication instance is not created, and neither are the tasks that are to run on it."),),
        lesson="DMS gives each version of its engine an end: without `engine_version` a new instance gets the version that is the default then.",
        advice="Leave `engine_version` out, or name a version that the release notes of DMS still list for new instances.",
    ),
)
