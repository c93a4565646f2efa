"""RG251: lifecycles of S3: transitions that are too early, in the wrong order or behind the end."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from itertools import pairwise
from typing import Any

from reviewgen.hcl import UNKNOWN
from reviewgen.model.hcl import Block, Expression
from reviewgen.model.review import Category, Severity, Stage
from reviewgen.model.tree import Declaration
from reviewgen.records import dataclass
from reviewgen.terraform import Graph
from reviewgen.terraform.instances import worths

from ...base import Hit, Rule
from ...places import NOTHING, code, listed
from ...values import number

_GUIDE = "https://docs.aws.amazon.com/AmazonS3/latest/userguide"
# Classes in which an object must have lain in S3 Standard for thirty days before.
_AFTER_THIRTY = ("STANDARD_IA", "ONEZONE_IA")
# From warm to cold: a lifecycle goes this way only.
_ORDER = ("STANDARD_IA", "INTELLIGENT_TIERING", "ONEZONE_IA", "GLACIER_IR", "GLACIER", "DEEP_ARCHIVE")


_Worth = Callable[[Expression | None], Any]


@dataclass(frozen=True)
class _Fault:
    """What S3 refuses of a rule: the blocks in which it stands, in words, and what S3 answers."""

    blocks: tuple[str, ...]
    said: str
    message: str = ""


def transitions(graph: Graph) -> Iterator[Hit]:
    """Transitions that are too early, in the wrong order or behind the expiration, with the values of one environment at least."""
    for configuration in graph.of_type("aws_s3_bucket_lifecycle_configuration"):
        for rule in configuration.block.nested("rule"):
            found = {"": _fault(rule, partial(graph.constant, module=configuration.module))}
            if found[""] is None:
                files = [path for path in graph.files if path.endswith(".tfvars")]
                found = {path: _fault(rule, partial(_with, graph, configuration, path)) for path in files}
            faults = {path: fault for path, fault in found.items() if fault}
            if faults:
                yield _refused(graph, configuration, rule, faults)


def _with(graph: Graph, configuration: Declaration, path: str, expr: Expression | None) -> Any:
    """Return what an expression is worth with the values of one file."""
    return UNKNOWN if expr is None else dict(worths(graph, expr, configuration.module)).get(path, UNKNOWN)


def _refused(graph: Graph, configuration: Declaration, rule: Block, faults: Mapping[str, _Fault]) -> Hit:
    id_ = graph.constant(rule.value("id"), configuration.module)
    which = f"the rule {code(id_)}" if isinstance(id_, str) and id_ else "a rule"
    (file, fault), *others = faults.items()
    which = f"With the values of {code(file)} {which}" if file else which[0].upper() + which[1:]
    more = f" It is refused with those of {listed([path for path, _ in others])}, too." if others else ""
    return Hit(
        configuration.address,
        f"{which} of {code(configuration.address)} {fault.said}.{more}",
        f"no rule of {code(configuration.address)} moves objects too early, in the wrong order or behind their end",
        attribute=f"rule.{fault.blocks[0]}",
        related=tuple(f"{configuration.address}.rule.{block}" for block in fault.blocks[1:]),
        key=str(id_) if isinstance(id_, str) else "",
        message=fault.message,
        impact=(("Deployment", "With these values the lifecycle configuration is refused."),) if file else (),
    )


def _steps(rule: Block, kind: str, worth: _Worth) -> list[Block]:
    """Return the blocks of a kind, none of a ``dynamic`` block that runs over nothing."""
    loops = [b for b in rule.blocks if b.type == "dynamic" and b.labels[:1] == (kind,)]
    idle = bool(loops) and all(worth(b.value("for_each")) in NOTHING for b in loops)
    return [b for b in rule.blocks if b.type == kind] if idle else list(rule.nested(kind))


def _fault(rule: Block, worth: _Worth) -> _Fault | None:
    for kind, days in (("transition", "days"), ("noncurrent_version_transition", "noncurrent_days")):
        steps = []
        for block in _steps(rule, kind, worth):
            class_ = worth(block.value("storage_class"))
            after = number(worth(block.value(days)))
            if isinstance(class_, str) and after is not None:
                steps.append((int(after), class_))
        early = next(((a, c) for a, c in steps if c in _AFTER_THIRTY and a < 30), None)
        if early:
            message = f"InvalidArgument: 'Days' in Transition action must be greater than or equal to 30 for storageClass '{early[1]}'"
            said = f"moves objects to {code(early[1])} after {early[0]} days, where S3 asks for at least 30"
            return _Fault((kind,), said, message if kind == "transition" else "")
        ranked = sorted((s for s in steps if s[1] in _ORDER), key=lambda s: _ORDER.index(s[1]))
        wrong = next(((a, b) for a, b in pairwise(ranked) if b[0] <= a[0]), None)
        if wrong:
            return _Fault(
                (kind,), f"moves objects to {code(wrong[1][1])} after {wrong[1][0]} days and to {code(wrong[0][1])} after {wrong[0][0]}"
            )
        end = [number(worth(b.value("days"))) for b in _steps(rule, "expiration", worth)] if kind == "transition" else []
        if steps and end and end[0] and end[0] <= max(steps)[0]:
            last = max(steps)
            said = f"expires objects after {int(end[0])} days, not later than it moves them to {code(last[1])} after {last[0]}"
            return _Fault((kind, "expiration"), said)
    return None


RULES = (
    Rule(
        "RG251",
        "s3-lifecycle-days",
        "Lifecycle days that S3 does not accept",
        Category.BLOCKER,
        Severity.HIGH,
        transitions,
        f"{_GUIDE}/lifecycle-transition-general-considerations.html",
        stage=Stage.APPLY,
        message="InvalidArgument",
        impact=(("Deployment", "The lifecycle configuration is refused."),),
        lesson="Objects go from warm to cold, the infrequent-access classes after 30 days at the earliest, and expire last.",
        advice="Put the days in order, with at least 30 before an infrequent-access class.",
    ),
)
