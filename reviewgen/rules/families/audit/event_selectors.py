"""RG704, RG705, RG707 and RG708: event selectors of trails that are refused, or that select nothing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from reviewgen.hcl.evaluate import known
from reviewgen.model.hcl import Block
from reviewgen.model.review import Category, Recommendation, Severity, Stage
from reviewgen.model.tree import Declaration
from reviewgen.terraform import Graph
from reviewgen.terraform.instances import made
from reviewgen.terraform.policies import Text

from ...base import Hit, Rule
from ...places import code, listed

# Where a trail names what it selects.
_SELECTED = ("event_selector", "data_resource")
# What event selectors take; all other types are for advanced event selectors.
# https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_DataResource.html
_TYPES = ("AWS::DynamoDB::Table", "AWS::Lambda::Function", "AWS::S3::Object")


def _selected(graph: Graph) -> Iterator[tuple[Declaration, str, Text, int]]:
    """Yield (trail, type, what it selects of that, the line); the type is empty where it is not known."""
    for trail in graph.of_type("aws_cloudtrail"):
        for block in made(graph, trail, *_SELECTED):
            type_ = graph.constant(block.value("type"), trail.module)
            named = type_ if isinstance(type_, str) else ""
            line = _line(block, "values")
            yield from ((trail, named, value, line) for value in graph.policies.texts(block.value("values"), trail.module))


def _line(block: Block, name: str) -> int:
    """Return the line of an argument, or the block's own where it is not set."""
    return block.attributes[name].line if name in block.attributes else block.line


def _others(graph: Graph, trail: Declaration) -> list[str]:
    """Return the types for which a trail has event selectors and that these do not take."""
    types = (graph.constant(block.value("type"), trail.module) for block in made(graph, trail, *_SELECTED))
    return sorted({type_ for type_ in types if isinstance(type_, str) and type_ not in _TYPES})


# What stands in a text for something that is not known.
_HOLE = re.compile(r"\$\{[^}]*\}")


_PARTITION = re.compile(r"^arn:\$\{[^}]*partition[^}]*\}:")


_REFUSAL = "InvalidEventSelectorsException: Value {} for DataResources.Values is invalid."
# What they take in place of a wildcard: objects go by the beginning of their ARN, functions and tables by the whole of it.
_TAKEN = {
    "AWS::DynamoDB::Table": "ARNs of tables",
    "AWS::Lambda::Function": "ARNs of functions",
    "AWS::S3::Object": "ARNs of objects, or their beginnings",
}


def wildcard_selector(graph: Graph) -> Iterator[Hit]:
    """An event selector of a trail that names its resources with a wildcard; of a type that it does not take nobody comes to that.

    Beside a selector of such a type it stays a mistake of its own, which shows once that is mended.
    """
    seen: set[str] = set()
    for trail, type_, value, line in _selected(graph):
        if type_ in ("", *_TYPES) and _is_refused(value.text) and trail.address not in seen:
            seen.add(trail.address)
            quotable = not _HOLE.search(_PARTITION.sub("", value.text)) and not _others(graph, trail)
            partition, service = _PARTITION.sub("arn:aws:", value.text).split(":")[1:3] if value.text.count(":") > 1 else ("", "")
            whole = f"; everything of the service is `arn:{partition}:{service}`" if service in ("s3", "lambda", "dynamodb") else ""
            of_type = f" of {code(type_)}" if type_ else ""
            yield Hit(
                trail.address,
                f"{code(trail.address)} selects {code(value.text)}. Event selectors{of_type} take {_TAKEN.get(type_, 'ARNs')}, and no "
                f"wildcards{whole}.",
                f"{code(trail.address)} selects nothing{of_type} by a wildcard that CloudTrail refuses",
                attribute="event_selector.data_resource.values",
                message=_REFUSAL.format(_PARTITION.sub("arn:aws:", value.text)) if quotable else "",
                line=line,
            )


def _is_refused(text: str) -> bool:
    """Whether an ARN has a wildcard that CloudTrail refuses; in the key of an object a star may be part of a name."""
    head = text.partition("/")[0] if ":s3:" in text else text
    return text.startswith("arn:") and "*" in _HOLE.sub("", head)


def star_selector(graph: Graph) -> Iterator[Hit]:
    """An event selector that ends in a star behind the ARN of a bucket, which is taken as part of a name."""
    seen: set[str] = set()
    for trail, _, value, line in _selected(graph):
        buckets = [ref for ref in value.refs if ".aws_s3_bucket." in f".{ref}"]
        if buckets and value.text.endswith("/*") and trail.address not in seen:
            seen.add(trail.address)
            yield Hit(
                trail.address,
                f"{code(trail.address)} selects objects of {code(buckets[0])} with `/*` at the end. Event selectors compare with the "
                "beginning of an object's ARN, and their documentation knows no wildcards: read literally, the star matches hardly any object.",
                f"no event selector of {code(trail.address)} has a star behind the ARN of a bucket",
                attribute="event_selector.data_resource.values",
                related=(buckets[0],),
                line=line,
            )


def bare_bucket(graph: Graph) -> Iterator[Hit]:
    """An event selector that names a bucket without the slash behind its ARN."""
    seen: set[str] = set()
    for trail in graph.of_type("aws_cloudtrail"):
        for block in made(graph, trail, *_SELECTED):
            objects = graph.constant(block.value("type"), trail.module) == "AWS::S3::Object"
            for value in graph.policies.texts(block.value("values"), trail.module) if objects else ():
                bucket = next((r for r in value.refs if value.text == "${" + r.rpartition("module.")[2] + ".arn}"), None)
                if bucket is None or ".aws_s3_bucket." not in f".{bucket}" or trail.address in seen:
                    continue
                seen.add(trail.address)
                yield Hit(
                    trail.address,
                    f"{code(trail.address)} selects {code(f'{bucket}.arn')}; the ARN of a bucket needs a slash behind it to mean its objects.",
                    f"{code(trail.address)} does not select {code(f'{bucket}.arn')} without a slash behind it",
                    attribute="event_selector.data_resource.values",
                    related=(bucket,),
                    line=_line(block, "values"),
                )


def other_type(graph: Graph) -> Iterator[Hit]:
    """An event selector for a type that it does not take.

    Terraform says so itself where all of the selectors is known; while it is not, the provider does not look at them.
    """
    for trail in graph.of_type("aws_cloudtrail"):
        blocks = list(made(graph, trail, *_SELECTED))
        others = _others(graph, trail)
        meant = [f"AWS::{type_}" for type_ in others]
        meant = meant if set(meant) <= set(_TYPES) else []
        if others and not all(known(graph.constant(block.value("values"), trail.module)) for block in blocks):
            yield Hit(
                trail.address,
                f"{code(trail.address)} selects data events of {listed(others)}. Its event selectors take {listed(_TYPES)} only"
                + ("." if meant else "; other types need advanced event selectors, and some have no data events."),
                f"no event selector of {code(trail.address)} is for {listed(others)}",
                attribute="event_selector",
                stage=_seen_at(graph, trail, blocks),
                recommendation=Recommendation(f"Write {listed(meant)}.") if meant else None,
                line=next(_line(b, "type") for b in blocks if graph.constant(b.value("type"), trail.module) in others),
            )


def _seen_at(graph: Graph, trail: Declaration, blocks: Iterable[Block]) -> Stage:
    """Return when all of some selectors is known: what data sources read is there for the plan, what a new resource is called only later."""
    made = any(d.kind == "resource" for block in blocks for d in graph.targets(block.value("values"), trail.module))
    return Stage.APPLY if made else Stage.PLAN


RULES = (
    Rule(
        "RG704",
        "trail-selector-wildcard",
        "Event selector with a wildcard that CloudTrail refuses",
        Category.BLOCKER,
        Severity.CRITICAL,
        wildcard_selector,
        "https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_DataResource.html",
        stage=Stage.APPLY,
        impact=(("Deployment", "The event selectors of the trail are refused."), ("Audit", "No data event is recorded.")),
        lesson="All buckets are `arn:aws:s3`, all functions `arn:aws:lambda`, all tables `arn:aws:dynamodb`; a bucket is its ARN with a slash.",
        advice="Name the service's ARN without wildcards, or the bucket's ARN with a slash at the end.",
    ),
    Rule(
        "RG705",
        "trail-selector-star",
        "Event selector with a star behind the ARN of a bucket",
        Category.WARNING,
        Severity.MEDIUM,
        star_selector,
        "https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_DataResource.html",
        stage=Stage.RUNTIME,
        impact=(("Audit", "Access to the objects may not be recorded."),),
        lesson="A bucket's objects are selected by its ARN with a slash at the end.",
        advice="Write `${aws_s3_bucket.<name>.arn}/`.",
    ),
    Rule(
        "RG707",
        "trail-selector-bare-bucket",
        "Event selector with the ARN of a bucket that CloudTrail refuses",
        Category.BLOCKER,
        Severity.HIGH,
        bare_bucket,
        "https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_DataResource.html",
        stage=Stage.APPLY,
        message="InvalidEventSelectorsException: Value ARN for DataResources.Values is invalid.",
        impact=(("Deployment", "The event selectors of the trail are refused."), ("Audit", "No data event is recorded.")),
        lesson="Selectors are beginnings of object ARNs: a bucket's objects begin with its ARN and a slash.",
        advice="Write `${aws_s3_bucket.<name>.arn}/`.",
    ),
    Rule(
        "RG708",
        "trail-selector-type",
        "Event selector for a type that it does not take",
        Category.BLOCKER,
        Severity.CRITICAL,
        other_type,
        "https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_DataResource.html",
        stage=Stage.APPLY,
        impact=(("Deployment", "The trail cannot be created with such a selector."),),
        lesson="Basic event selectors know objects, functions and tables; what is done to a bucket or a secret itself is a management event.",
        advice="Leave the type out, or select it with `advanced_event_selector` blocks where CloudTrail has data events of it.",
    ),
)
