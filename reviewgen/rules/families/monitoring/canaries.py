"""RG837: canaries of CloudWatch Synthetics that can no longer be created."""

from __future__ import annotations

from collections.abc import Iterator

from reviewgen.model.review import Category, Severity, Stage
from reviewgen.terraform import Graph

from ...base import Hit, Rule
from ...places import code
from ...tables import rows
from ...values import variable_behind


def retired_runtime(graph: Graph) -> Iterator[Hit]:
    """A canary whose runtime version is past its deprecation date."""
    retired = {row["runtime"]: row["deprecated"] for row in rows("canary_runtimes")}
    for canary in graph.of_type("aws_synthetics_canary"):
        runtime = graph.argument(canary, "runtime_version")
        if isinstance(runtime, str) and runtime in retired:
            yield Hit(
                canary.address,
                f"{code(canary.address)} uses the runtime {code(runtime)}, which AWS has deprecated since {retired[runtime]}: no canary is "
                "created with it any more.",
                f"{code(canary.address)} does not use {code(runtime)}",
                attribute="runtime_version",
                related=variable_behind(graph, canary, "runtime_version"),
                prescribed=runtime,
            )


RULES = (
    Rule(
        "RG837",
        "canary-runtime-retired",
        "Canary with a runtime that CloudWatch Synthetics no longer takes",
        Category.BLOCKER,
        Severity.HIGH,
        retired_runtime,
        "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Synthetics_Runtime_Support_Policy.html",
        stage=Stage.APPLY,
        message="ValidationException: Deprecated runtime version specified",
        impact=(("Deployment", "The canary is not created; one that exists already goes on running."),),
        lesson="A deprecated runtime of a canary is refused at once, other than one of a Lambda function.",
        advice="Use a runtime version that the page lists as supported.",
    ),
)
