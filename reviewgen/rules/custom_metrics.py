"""Custom metrics that the code of functions publishes: where it speaks of one, and under which dimensions it publishes it.

CloudWatch takes the same name under other dimensions for another metric, and adds nothing up over the dimensions of custom metrics:
https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_concepts.html#Dimension
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from reviewgen.terraform import Graph

_READERS = ("aws_cloudwatch_metric_alarm", "aws_cloudwatch_dashboard", "aws_cloudwatch_composite_alarm", "aws_autoscaling_policy")
# Arguments of the SDKs' calls, in JavaScript and in Python.
_NAMED = re.compile(r"""['"]?MetricName['"]?\s*[:=]\s*['"]$""")
_DIMENSIONS = re.compile(r"""['"]?\bDimensions\b['"]?(\s*[:=]\s*\[)?""")
_DIMENSION = re.compile(r"\{(?:[^{}]|\{[^{}]*\})*\}")
_NAME = re.compile(r"""['"]?\bName\b['"]?\s*[:=]\s*['"]([^'"{}$]+)['"]""")
_SPREAD = re.compile(r"\.{3}|\*\*")
# How far the object that names a metric may reach on either side.
_FAR = 2000


def mentions(graph: Graph, metric: str) -> Iterator[tuple[str, int]]:
    """Yield where anything but alarms and dashboards speaks of a metric: code, user data, an agent's configuration; as text and offset."""
    readers = [(d.block.file, d.block.line, d.block.end_line) for d in graph.of_type(*_READERS)]
    name = re.escape(metric)
    quoted = re.compile(rf"{name}(?<![\w-]{name})(?![\w-])")  # the name first: the engine leaps from one to the next
    for path, file in graph.files.items():
        if metric not in file.text or path.endswith((".md", ".txt")):
            continue
        for match in quoted.finditer(file.text):
            number = file.text.count("\n", 0, match.start()) + 1
            if not any(path == f and first <= number <= last for f, first, last in readers):
                yield file.text, match.start()


def is_remark(text: str, start: int) -> bool:
    """Whether a place stands behind the sign of a comment on its line."""
    return re.search(r"(?:^|\s)(?:#|//|\*\s)", text[text.rfind("\n", 0, start) + 1 : start]) is not None


def dimensions_at(text: str, start: int) -> frozenset[str] | None:
    """Return the names of the dimensions under which code publishes the metric that it names at a place; None where that is not certain."""
    before, behind = text[max(0, start - _FAR) : start], text[start : start + _FAR]
    if _NAMED.search(before) is None:
        return None
    first, last = _unmatched(reversed(before), "}{"), _unmatched(behind, "{}")
    if first is None or last is None:
        return None
    body = before[len(before) - first :] + behind[:last]
    said = _DIMENSIONS.search(body)
    if said is None:
        return None if _SPREAD.search(body) else frozenset()
    end = _unmatched(body[said.end() :], "[]") if said[1] else None
    return None if end is None else _names(body[said.end() : said.end() + end])


def _names(items: str) -> frozenset[str] | None:
    """Return the names in a list of dimensions; None where it holds anything else."""
    found = _DIMENSION.findall(items)
    names = [m[1] for item in found if (m := _NAME.search(item))]
    return frozenset(names) if len(names) == len(found) and not _DIMENSION.sub("", items).strip(", \t\r\n") else None


def _unmatched(text: Iterator[str] | str, pair: str) -> int | None:
    """Return how many characters stand before the first closing one of a pair that is not opened in the text."""
    depth = 0
    for count, character in enumerate(text):
        depth += (character == pair[0]) - (character == pair[1])
        if depth < 0:
            return count
    return None
