"""RG546: options of Elastic Beanstalk that do not exist."""

from __future__ import annotations

from collections.abc import Iterator

from reviewgen.model.review import Category, Recommendation, Severity, Stage
from reviewgen.model.tree import Declaration
from reviewgen.terraform import Graph
from reviewgen.terraform.instances import Scope, nested

from ...base import Hit, Rule
from ...places import code, listed
from ...tables import rows

_DOCS = "https://docs.aws.amazon.com/elasticbeanstalk/latest/dg/command-options-general.html"
_HOLDERS = ("aws_elastic_beanstalk_environment", "aws_elastic_beanstalk_configuration_template")


def _options(graph: Graph, holder: Declaration) -> Iterator[tuple[str, str]]:
    """Yield namespace and name of each option that is certainly set."""
    scope = Scope(graph, holder.module)
    for block, copy in nested(scope, holder.block, "setting"):
        namespace, name = (copy.value(block.value(argument)) for argument in ("namespace", "name"))
        if copy.certain and isinstance(namespace, str) and isinstance(name, str):
            yield namespace, name


def unknown_options(graph: Graph) -> Iterator[Hit]:
    """A setting whose namespace has no option of this name."""
    known = {row["namespace"]: row["options"] for row in rows("beanstalk_options")}
    for holder in graph.of_type(*_HOLDERS):
        wrong: dict[str, list[str]] = {}
        for namespace, name in _options(graph, holder):
            if namespace in known and name not in known[namespace] and "`" not in name:
                wrong.setdefault(namespace, []).append(name)
        for namespace, names in wrong.items():
            several = len(names) > 1
            yield Hit(
                holder.address,
                f"{code(holder.address)} sets {listed(names)} in {code(namespace)}, which has no option{'s' if several else ''} of "
                f"{'these names' if several else 'this name'}.",
                f"{code(holder.address)} sets no {' or '.join(map(code, names))} in {code(namespace)}",
                attribute="setting.name",
                key=namespace,
                message="ConfigurationValidationException: Configuration validation exception: Invalid option specification "
                f"(Namespace: '{namespace}', OptionName: '{names[0]}'): Unknown configuration setting."
                if not several
                else "",
                recommendation=Recommendation(f"The options of {code(namespace)} are {listed(known[namespace], 12)}: use one of them."),
            )


RULES = (
    Rule(
        "RG546",
        "beanstalk-option-unknown",
        "Option that Elastic Beanstalk does not know",
        Category.BLOCKER,
        Severity.HIGH,
        unknown_options,
        _DOCS,
        stage=Stage.APPLY,
        message="ConfigurationValidationException: Configuration validation exception: Invalid option specification",
        impact=(("Deployment", "Elastic Beanstalk refuses the settings, and the environment is not created."),),
        lesson="Terraform takes any `setting`; namespaces and names of options are looked up in the list of Elastic Beanstalk.",
    ),
)
