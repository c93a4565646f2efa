"""RG512, RG514: which images a lookup finds."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import Any

from reviewgen.model.hcl import Block
from reviewgen.model.review import Category, Recommendation, Severity, Stage
from reviewgen.model.tree import Declaration
from reviewgen.terraform import Graph

from ...base import Hit, Rule
from ...places import code, listed

_EC2 = "https://docs.aws.amazon.com/AWSEC2/latest/APIReference"
# What names of images are made of, with the wildcards of filters and what takes their meaning from them.
_OF_NAMES = re.compile(r"[A-Za-z0-9()\[\] ./'@_*?\\-]*")


# Names of a standard, a minimal and an ECS image of Amazon Linux 2023, as they are published.
_KINDS = (
    "al2023-ami-2023.9.20250929.0-kernel-{}-{}",
    "al2023-ami-minimal-2023.9.20250929.0-kernel-{}-{}",
    "al2023-ami-ecs-hvm-2023.0.20250923-kernel-{}-{}",
)
_BUILDS = tuple((kernel, machine) for kernel in ("6.1", "6.12") for machine in ("x86_64", "arm64"))


# The account of Amazon Linux; the images for ECS are those of another one.
# https://docs.aws.amazon.com/linux/al2023/ug/ec2.html, https://docs.aws.amazon.com/AmazonECS/latest/developerguide/retrieve-ecs-optimized_AMI.html
_AMAZON_LINUX = "137112412989"
# Filters by which these kinds do not differ.
_OF_ALL_KINDS = frozenset(
    [
        "name", "architecture", "virtualization-type", "root-device-type", "root-device-name", "state", "owner-alias", "owner-id", "hypervisor",
        "image-type", "ena-support", "is-public", "block-device-mapping.volume-type", "platform-details",
    ]
)  # fmt: skip


def _matches_all_kinds(pattern: str) -> bool:
    return any(all(fnmatchcase(kind.format(*build), pattern) for kind in _KINDS) for build in _BUILDS)


def _patterns(graph: Graph) -> Iterator[tuple[Declaration, Block, list[Any]]]:
    """Yield (lookup, filter, its values) of filters for the names of images."""
    for image in graph.data_of_type("aws_ami"):
        for block in image.block.nested("filter"):
            values = graph.constant(block.value("values"), image.module)
            if isinstance(values, list) and graph.constant(block.value("name"), image.module) == "name":
                yield image, block, values


def broad_image_filter(graph: Graph) -> Iterator[Hit]:
    """A name filter that also matches the minimal and the ECS images."""
    for image, block, values in _patterns(graph):
        wide = [v for v in values if isinstance(v, str) and _matches_all_kinds(v)]
        if wide and not _is_narrowed(graph, image):
            owners = _owners(graph, image)
            of_ecs = "" if owners == {_AMAZON_LINUX} else " and those for ECS (`al2023-ami-ecs-hvm-...`)"
            yield Hit(
                image.address,
                f"{code(image.address)} looks for {code(wide[0])}, which the minimal images (`al2023-ami-minimal-...`){of_ecs} "
                "match too: which kind is the newest changes from day to day.",
                impact=() if of_ecs else (("Function", "The instances may start without the packages of the standard image."),),
                check=f"{code(image.address)} does not look for {code(wide[0])}",
                attribute="filter",
                line=block.line,
                unless=re.escape(wide[0].lower()),  # PROMPT wants this very pattern
                recommendation=Recommendation(
                    f"Use `al2023-ami-2023.*-{_machine(graph, image, wide[0])}`, or the public SSM parameter of the image."
                ),
            )


def _is_narrowed(graph: Graph, image: Declaration) -> bool:
    """Whether something else than a name filter may choose the kind: a regular expression, another filter, or whose images these are."""
    names = [graph.constant(block.value("name"), image.module) for block in image.block.nested("filter")]
    owners = _owners(graph, image)
    return (
        bool(owners and not owners & {"amazon", _AMAZON_LINUX})
        or "name_regex" in image.block.attributes
        or not _OF_ALL_KINDS.issuperset(names)
    )


def _owners(graph: Graph, image: Declaration) -> frozenset[str]:
    """Return whose images a lookup takes; nothing where it does not say so, or not for certain."""
    owners = graph.argument(image, "owners")
    return frozenset(map(str, owners)) if isinstance(owners, list) else frozenset()


def _machine(graph: Graph, image: Declaration, pattern: str) -> str:
    """Return the architecture that a lookup is for."""
    filters = [b for b in image.block.nested("filter") if graph.constant(b.value("name"), image.module) == "architecture"]
    said = [pattern, *(str(graph.constant(block.value("values"), image.module)) for block in filters)]
    return "arm64" if any("arm64" in text for text in said) else "x86_64"


def unnamed_images(graph: Graph) -> Iterator[Hit]:
    """A name filter with a regular expression: no name of an image holds its signs, and filters read none."""
    for image, block, values in _patterns(graph):
        texts = [v for v in values if isinstance(v, str) and not _OF_NAMES.fullmatch(v)]
        if texts and len(texts) == len(values):
            signs = sorted({sign for sign in _OF_NAMES.sub("", texts[0])})
            yield Hit(
                image.address,
                f"{code(image.address)} looks for images whose name matches {code(texts[0])}. A filter knows the wildcards `*` and `?` only, "
                f"and no name of an image holds {listed(signs)}.",
                f"{code(image.address)} does not look for {code(texts[0])}",
                attribute="filter",
                line=block.line,
            )


RULES = (
    Rule(
        "RG512",
        "ami-filter-broad",
        "Image filter matches images of another kind",
        Category.WARNING,
        Severity.MEDIUM,
        broad_image_filter,
        "https://docs.aws.amazon.com/linux/al2023/ug/ec2.html",
        stage=Stage.APPLY,
        impact=(
            ("Function", "The instances may start without the packages of the standard image, or with the container agent."),
            ("Deployment", "The ECS images need a root volume of 30 GiB: where the code sets a smaller one it is refused."),
        ),
        lesson="`most_recent` takes the newest of all that match: the pattern has to name one kind of image only.",
        advice="Use `al2023-ami-2023.*-x86_64`, or the public SSM parameter of the image.",
    ),
    Rule(
        "RG514",
        "ami-filter-regex",
        "Image filter that no image matches",
        Category.BLOCKER,
        Severity.CRITICAL,
        unnamed_images,
        f"{_EC2}/API_DescribeImages.html",
        stage=Stage.PLAN,
        message="Error: Your query returned no results. Please change your search criteria and try again.",
        impact=(("Deployment", "The plan stops at the lookup."),),
        lesson="Filters of EC2 are patterns with `*` and `?`; regular expressions belong into `name_regex`.",
        advice="Write the pattern with `*`, or move the expression to `name_regex`.",
    ),
)
