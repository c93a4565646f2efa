"""RG817: filter patterns that give a field the name of the word which they are to find."""

from __future__ import annotations

import re
from collections.abc import Iterator

from reviewgen.model.review import Category, Recommendation, Severity, Stage
from reviewgen.model.tree import Declaration
from reviewgen.terraform import Graph

from ...base import Hit, Rule
from ...metrics import word
from ...places import code
from .log_metrics import pattern_for_json, pattern_for_trail

_SYNTAX = "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html"
_FILTERS = (("aws_cloudwatch_log_metric_filter", "pattern"), ("aws_cloudwatch_log_subscription_filter", "filter_pattern"))
_ONE_FIELD = re.compile(r"\[\s*(\w+)\s*\]")
# Words that logs are searched for. A field may be named anything, so other names may be meant as names.
_SEARCHED = re.compile(r"[A-Z][A-Z_]+|\w*(?:error|fail|warn|exception|fatal|critical|timeout|denied|throttl)\w*", re.ASCII)


def field_for_word(graph: Graph) -> Iterator[Hit]:
    """A pattern of one field in brackets without a comparison, whose name is a word that logs are searched for."""
    told = {hit.address for check in (pattern_for_trail, pattern_for_json) for hit in check(graph)}
    for type_, argument in _FILTERS:
        for reader in graph.of_type(type_):
            found = _ONE_FIELD.fullmatch(word(graph, reader.block, argument, reader.module).strip())
            if found and _SEARCHED.fullmatch(found[1]) and reader.address not in told and not _takes_value(graph, reader):
                yield Hit(
                    reader.address,
                    f"The pattern of {code(reader.address)}, {code(found[0])}, is one for space-delimited text with a single field, which it calls "
                    f"{code(found[1])} and compares with nothing: it does not look for the word {code(found[1])}.",
                    f"the pattern of {code(reader.address)} is not {code(found[0])}",
                    attribute=argument,
                    recommendation=Recommendation(
                        f'Write the word without the brackets (`{found[1]}`), or in double quotes where the brackets belong to it (`"[{found[1]}]"`).'
                    ),
                )


def _takes_value(graph: Graph, reader: Declaration) -> bool:
    """Whether the metric is worth what the field holds: then its name is one, and the pattern is for lines of a single number."""
    return any("$" in word(graph, block, "value", reader.module) for block in reader.block.nested("metric_transformation"))


RULES = (
    Rule(
        "RG817",
        "filter-pattern-field-for-word",
        "Filter pattern that names a field and looks for no word",
        Category.CRITICAL,
        Severity.HIGH,
        field_for_word,
        _SYNTAX,
        stage=Stage.RUNTIME,
        impact=(
            (
                "Operations",
                "What it finds are not the events with this word: a metric, an alarm or a reader behind it does not follow them.",
            ),
        ),
        lesson="In a filter pattern brackets list the fields of a line; a word that is to be found stands without them, or behind `=` in one of them.",
        advice='Write the word without the brackets, or in double quotes where the brackets belong to it (`"[ERROR]"`).',
    ),
)
