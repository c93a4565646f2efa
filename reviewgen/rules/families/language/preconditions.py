"""RG638: preconditions that no delivered value meets."""

from __future__ import annotations

import re
from collections.abc import Iterator

from reviewgen.model.hcl import Block, Call, Literal
from reviewgen.model.review import Category, Severity, Stage
from reviewgen.model.tree import Declaration
from reviewgen.terraform import Graph
from reviewgen.terraform.instances import certain, chosen

from ...base import Hit, Rule
from ...places import code, listed

# What Go's expressions know and Python's do not, or otherwise.
_OTHERWISE = re.compile(r"\\[pPzQEC]|\[\[:|\(\?")


def never_met(graph: Graph) -> Iterator[Hit]:
    """A precondition on the form of a text, such as a name, that fails with each delivered file of values, or with the defaults where there is none.

    A file of another directory than that of the root need not be all that the variables get.
    """
    files = chosen(graph)
    trees = files or (("", graph),)
    for resource in graph.of_kind("resource"):
        for condition in resource.block.nested("lifecycle", "precondition"):
            texts = [(path, _refused(given, resource, condition)) for path, given in trees if certain(given, resource)]
            if len(texts) == len(trees) and all(text is not None for _, text in texts):
                with_files = f" with {listed([path for path, _ in texts])}" if files else " with the defaults of the variables"
                said = condition.value("error_message")
                yield Hit(
                    resource.address,
                    f"A precondition of {code(resource.address)} wants a text that fits {code(_pattern(condition))}, and{with_files} it is "
                    f"{listed(list(dict.fromkeys(text or '' for _, text in texts)))}: the precondition fails.",
                    f"a precondition of {code(resource.address)} does not fail with the values that are delivered",
                    attribute="lifecycle.precondition",
                    message="Error: Resource precondition failed"
                    + (f"\n{said.value}" if isinstance(said, Literal) and isinstance(said.value, str) else ""),
                )


def _pattern(condition: Block) -> str:
    """Return the expression of a condition ``can(regex("...", text))``; empty for any other."""
    call = condition.value("condition")
    inner = call.args[0] if isinstance(call, Call) and call.name == "can" and len(call.args) == 1 else None
    first = inner.args[0] if isinstance(inner, Call) and inner.name == "regex" and len(inner.args) == 2 else None
    return first.value if isinstance(first, Literal) and isinstance(first.value, str) else ""


def _refused(graph: Graph, resource: Declaration, condition: Block) -> str | None:
    """Return the text that a condition certainly refuses; None when it takes it, or nobody knows."""
    pattern, call = _pattern(condition), condition.value("condition")
    if not pattern or _OTHERWISE.search(pattern) or not isinstance(call, Call) or not isinstance(call.args[0], Call):
        return None
    text = graph.constant(call.args[0].args[1], resource.module)
    try:
        fits = isinstance(text, str) and re.search(pattern, text) is not None
    except re.error:
        return None
    return text if isinstance(text, str) and not fits else None


RULES = (
    Rule(
        "RG638",
        "precondition-never-met",
        "Precondition that no delivered value meets",
        Category.BLOCKER,
        Severity.HIGH,
        never_met,
        "https://developer.hashicorp.com/terraform/language/expressions/custom-conditions",
        fix_class="C",
        stage=Stage.PLAN,
        impact=(("Deployment", "The plan fails with each of these values."),),
        lesson="A condition is tried with the values that are delivered: one that refuses all of them stops its own stack.",
        advice="Write the expression for the names that the stack gives, or the names as the expression wants them.",
    ),
)
