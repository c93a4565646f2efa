"""Values that PROMPT names in its own words and that one tree has and the other has replaced."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator
from dataclasses import replace

from reviewgen.model.addresses import without_positions
from reviewgen.model.diff import Changed, Diff
from reviewgen.model.finding import Finding
from reviewgen.model.hcl import Attribute
from reviewgen.model.review import Category, Impact, Severity
from reviewgen.model.tree import Declaration
from reviewgen.rules.places import code
from reviewgen.terraform import Graph

RULE = "RG050"
_SHORTEST = 5
# Arguments that people word freely: that such a text stands in PROMPT is chance.
_FREE = re.compile(
    r"(?:^|\.)(?:description|comment|tags|Name|title|label|error_message|dashboard_body|user_data|source|version)(?:$|\.|\[)"
)
# A value is PROMPT's own when it is distinctive: an address, a name or an identifier, not a word of the language.
_NEAR = 60
_AVOIDED = re.compile(
    r"\b(?:exclud\w*|except\w*|not|never|avoid\w*|other than|instead of|rather than|without|don't|no longer|from)\b[^.\n]*$"
)
# Words by which PROMPT leaves it open which value it is; what is "probably" wanted is what it wants.
_LOOSE = re.compile(r"\b(?:placeholders?|e\.g\.|for example|for instance|such as|something like)(?![\w-])[^.\n]*$")
# A block of addresses behind the word for an environment is that environment's, whichever network happens to have it.
_OF_ENVIRONMENT = re.compile(r"\b(dev|stag|test|qa|prod)\w*(?: (?:environment|workload|traffic|network)s?)?[\s(:=-]*$")
# Regions in which CloudFront wants some things, wherever a stack is.
_REGION = re.compile(r"us-east-1")
_SIDE = re.compile(
    r"us-east-1[^\n]{0,40}\b(?:alias|acm|certificate|edge|cloudfront)|\b(?:alias|acm|certificate|edge|cloudfront)[^\n]{0,40}us-east-1"
)
# Blocks that are reserved for documentation (RFC 5737): EKS lets no reserved address to a public endpoint, whatever a task asks for.
_DOCUMENTATION = tuple(map(ipaddress.IPv4Network, ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24")))
_EVERYBODY = "0.0.0.0/0"
_RESERVED = "https://docs.aws.amazon.com/eks/latest/userguide/config-cluster-endpoint.html"
_DISTINCTIVE = re.compile(r"[@/:]|\d.*[-.]|[-.].*\d|[a-z]-[a-z]+-\d")


def compare(model: Graph, ideal: Graph, diff: Diff, prompt: str) -> Iterator[tuple[bool, Finding]]:
    """Yield (whether IDEAL replaced the value, finding) for changed arguments of which PROMPT names one value and not the other."""
    for changed in diff.changed:
        before, after = model.get(changed.model_address), ideal.get(changed.address)
        if before is not None and after is not None and before.kind != "terraform":
            yield from _changed(changed, (model, before), (ideal, after), prompt)


def _changed(
    changed: Changed, model: tuple[Graph, Declaration], ideal: tuple[Graph, Declaration], prompt: str
) -> Iterator[tuple[bool, Finding]]:
    for change in changed.attributes:
        if change.block or change.before is None or change.after is None or _FREE.search(change.path):
            continue
        ours, theirs = _value(*model, change.path), _value(*ideal, change.path)
        if ours is None or theirs is None or ours == theirs:
            continue
        named = _named(ours, prompt, model[1].address), _named(theirs, prompt, ideal[1].address)
        if named == (True, False):
            cluster = _refused((model[0], ours), (ideal[0], theirs))
            yield from ((True, f) for f in _told(_finding(ideal[1], change.path, theirs, ours, "MODEL"), theirs, cluster))
        elif named == (False, True):
            cluster = _refused((ideal[0], theirs), (model[0], ours))
            yield from ((False, f) for f in _told(_finding(model[1], change.path, ours, theirs, "IDEAL"), ours, cluster))


def _value(graph: Graph, declaration: Declaration, path: str) -> str | None:
    steps = without_positions(path).split(".")
    if declaration.attribute is not None:
        value = graph.constant(declaration.attribute.expr, declaration.module)
        return value if isinstance(value, str) else None
    attributes: list[Attribute] = [a for b in declaration.block.nested(*steps[:-1]) if (a := b.attributes.get(steps[-1]))]
    values = {v for a in attributes if isinstance(v := graph.constant(a.expr, declaration.module), str)}
    return values.pop() if len(values) == 1 and len(attributes) == 1 else None


def _named(value: str, prompt: str, address: str) -> bool:
    """Whether PROMPT names a value as a word of its own and for the declaration at `address`.

    Not as a placeholder or an example only, and nowhere as something to be avoided.
    """
    text = value.lower()
    if len(text) < _SHORTEST or text not in prompt or not _DISTINCTIVE.search(text):
        return False
    if _REGION.fullmatch(text) and _SIDE.search(prompt):
        return False  # that region is not the one of the stack, or not of all of it
    before = [prompt[max(0, m.start() - _NEAR) : m.start()] for m in re.finditer(rf"(?<![\w.@/-]){re.escape(text)}(?![\w@/-])", prompt)]
    meant = (not _LOOSE.search(words) and not _of_another(words, text, address) for words in before)
    return any(meant) and not any(_AVOIDED.search(words) for words in before)


def _of_another(words: str, value: str, address: str) -> bool:
    """Whether a value is a block of addresses that PROMPT gives to an environment of which the declaration's address says nothing."""
    environment = _OF_ENVIRONMENT.search(words)
    return environment is not None and environment[1] not in address.lower() and "/" in value and _block(value) is not None


def _block(value: str) -> ipaddress.IPv4Network | None:
    try:
        return ipaddress.IPv4Network(value)
    except ValueError:
        return None


def _admitted(graph: Graph, block: str) -> str:
    """Return the first EKS cluster whose public endpoint is for a block of addresses by name; empty when there is none."""
    for cluster in graph.of_type("aws_eks_cluster"):
        shut = graph.argument(cluster, "vpc_config", "endpoint_public_access") in (False, "false")
        blocks = graph.argument(cluster, "vpc_config", "public_access_cidrs")
        if isinstance(blocks, list) and block in blocks and not shut:
            return cluster.address
    return ""


def _refused(kept: tuple[Graph, str], replaced: tuple[Graph, str]) -> str:
    """Return the EKS cluster that is given what stands in place of a block which EKS refuses; empty where the block could stay."""
    block = _block(kept[1])
    reserved = block is not None and any(block.subnet_of(documentation) for documentation in _DOCUMENTATION)
    return _admitted(*replaced) if reserved and _admitted(*kept) else ""


def _told(finding: Finding, value: str, cluster: str) -> Iterator[Finding]:
    """Yield a finding as it is; of a value that could not stay only where everything has taken its place."""
    if not cluster:
        yield finding
    elif value == _EVERYBODY:
        was = "AWS refuses that block in `public_access_cidrs`, since it is reserved for documentation; the one in its place limits nobody."
        place = f"{code(finding.attribute)} of {code(finding.address)}" if finding.attribute else code(finding.address)
        yield replace(
            finding,
            problem=f"{finding.problem} {was}",
            check=f"{place} is not {code(value)}",
            absent=(),
            impact=(Impact("Security", f"The public endpoint of {code(cluster)} takes requests from every address."),),
            lesson="Where AWS refuses a value that a task gives, another one that limits as much takes its place, and the answer says so.",
            source=_RESERVED,
        )


def _finding(declaration: Declaration, path: str, value: str, wanted: str, other: str) -> Finding:
    address = declaration.address
    is_local = declaration.attribute is not None  # it is its value, and has no argument
    name, argument = code(address), code(path)
    shown, asked = code(value.replace("`", "'") or '""'), code(wanted.replace("`", "'"))
    return Finding(
        RULE,
        "A value that PROMPT names is replaced by another",
        Category.CRITICAL,
        Severity.HIGH,
        address,
        f"{name if is_local else f'{argument} of {name}'} is {shown}; PROMPT names {asked}, which {other} uses.",
        f"{name if is_local else f'{argument} of {name}'} is {asked}",
        "" if is_local else path,
        "",
        "B",
        absent=(f"{asked} as {name}" if is_local else f"{asked} in {argument} of {name}",),
        impact=(Impact("Requirement", "The stack is not set up with the values that were given."),),
        lesson="Values that a task gives are requirements: take them over as they are, or make them the default of a variable.",
        signals=("prompt",),
    )
