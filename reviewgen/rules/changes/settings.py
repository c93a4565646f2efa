"""What belongs to a configuration as a whole and one tree lacks: outputs, provider configuration, state backend."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from reviewgen.model.finding import Finding
from reviewgen.model.hcl import Literal
from reviewgen.model.review import Category, Impact, Severity
from reviewgen.rules.buckets import is_placeholder
from reviewgen.rules.places import code, listed
from reviewgen.terraform import Graph
from reviewgen.terraform.instances import wrapped

from .groups import Side

OUTPUTS, PROVIDER, BACKEND = "RG054", "RG055", "RG056"
RULES = frozenset([OUTPUTS, PROVIDER, BACKEND])
# Words by which PROMPT keeps the provider out of what is to be written, or says that it is there.
_ELSEWHERE = re.compile(
    r"\bno (?:separate )?providers?(?: ?(?:or|and|/|,) ?(?:no )?backends?)? (?:blocks?|configuration|declarations?)"
    r"|\bwithout (?:an? |any )?provider blocks?"
    r"|\bproviders? config(?:uration)?s? (?:is |are )?(?:already )?(?:exists?\b|there\b|out\b)"
    r"|\bproviders?\.tf (?:file )?(?:already )?(?:defines|contains|has|holds|sets|configures)\b"
    r"|(?:do not|don.?t|must not) (?:need to )?(?:include|add|declare|define|write|recreate|touch|modify)[^.\n]{0,40}\bproviders?\b"
    r"|\bproviders? (?:(?:and|or) backends? )?(?:blocks? |configurations? )?(?:is |are |will be )?(?:already )?"
    r"(?:handled|configured|defined|managed|declared|set up) (?:elsewhere|separately)"
    r"|\b(?:already|existing|have)\b[^.\n]{0,50}\bproviders?\.tf\b"
    r"|\bproviders?\.tf\b`?[^.\n]{0,20}\b(?:already|exists|is there|is configured|is provided)\b"
    r"|\b(?:will|shall|i'll|we'll|to be) (?:be )?(?:provide|supply|add|provided|supplied|added)[^.\n]{0,30}\bproviders?\.tf\b"
    r"|\bproviders?\.tf\b`?[^.\n]{0,20}\b(?:provided|supplied|given)\b"
    r"|\bassum\w+ [^.\n]{0,40}\bproviders? [^.\n]{0,20}\b(?:handled|configured|elsewhere|exists?)\b"
    r"|\b(?:defined|configured|declared|set) in `?(?:the )?`?providers?\.tf\b|\bfor `?providers?\.tf\b"
)
_NO_OUTPUTS = re.compile(r"\b(?:no|without(?: any)?|(?:do not|don.?t) (?:include|add|need|create|define|declare)(?: any)?) outputs?\b")
# Fewer outputs than this are no interface that could be missed.
_FEWEST_OUTPUTS = 3


@lru_cache(maxsize=2)  # several findings of one sample depend on it
def provided_elsewhere(prompt: str) -> bool:
    """Whether PROMPT, in lower case, keeps the provider's configuration out of what is to be written, or says that it is there."""
    return any(_ELSEWHERE.search(_plain(line)) for line in prompt.split("\n") if "provider" in line)


# Words by which PROMPT keeps the backend out of what is to be written.
_NO_BACKEND = re.compile(
    r"\bno (?:providers? ?(?:or|and|/|,) ?(?:no )?)?(?:remote )?(?:state )?backends?\b|\bwithout (?:an? |any )?(?:remote )?backend"
    r"|(?:do not|don.?t|must not) [^.\n]{0,40}\bbackends?\b|\bbackends? [^.\n]{0,30}\b(?:elsewhere|separately|already)\b"
)


def _plain(prompt: str) -> str:
    """Leave the marks of Markdown out, which may stand between any two words."""
    return re.sub(r"[*`]", "", prompt)


def missing(weak: Side, strong: Side, prompt: str) -> Iterator[Finding]:
    """Yield what the configuration of one tree lacks and that of the other has.

    Args:
        weak: The tree that may lack it.
        strong: The tree that may have it.
        prompt: PROMPT in lower case.
    """
    yield from _outputs(weak, strong, prompt)
    if not wrapped(weak.graph):
        yield from _provider(weak, strong, prompt)
        yield from _backend(weak, strong, prompt)


def _outputs(weak: Side, strong: Side, prompt: str) -> Iterator[Finding]:
    found = [d.address for d in strong.graph.of_kind("output") if d.module == strong.graph.tree.root]
    if len(found) < _FEWEST_OUTPUTS or weak.graph.of_kind("output") or not weak.graph.of_kind("resource"):
        return
    if _NO_OUTPUTS.search(_plain(prompt)):
        return
    dropped = weak.name == "IDEAL" and "output" in prompt
    yield Finding(
        OUTPUTS,
        "No outputs",
        Category.CRITICAL if dropped else Category.WARNING,
        Severity.HIGH if dropped else Severity.MEDIUM,
        found[0],
        f"{weak.name} declares no output; {strong.name} has {len(found)}: {listed(found, 4)}.",
        f"{code(found[0])} is declared",
        "",
        "outputs",
        "C",
        related=tuple(found[1:]),
        absent=("outputs",),
        impact=(Impact("Operations", "Addresses, names and identifiers of what was created have to be looked up by hand."),),
        lesson="Outputs are the interface of a stack: what others need to know of it.",
        source="https://developer.hashicorp.com/terraform/language/values/outputs",
    )


def _configured(graph: Graph) -> list[str]:
    """Return the provider blocks of the root module for AWS that say a region; none where all have an alias that not all resources name."""
    root = graph.tree.root
    found = [d for d in graph.of_kind("provider") if d.type == "aws" and d.module == root and "region" in d.block.attributes]
    unnamed = (d for d in graph.of_kind("resource") if d.module == root and d.type.startswith("aws_"))
    if all("alias" in d.block.attributes for d in found) and any("provider" not in d.block.attributes for d in unnamed):
        return []
    return [d.address for d in found]


def _provider(weak: Side, strong: Side, prompt: str) -> Iterator[Finding]:
    found = _configured(strong.graph)
    uses_aws = any(d.type.startswith("aws_") and "region" not in d.block.attributes for d in weak.graph.of_kind("resource"))
    there = any(d.type == "aws" for d in weak.graph.of_kind("provider"))
    if not found or there or not uses_aws or provided_elsewhere(prompt):
        return
    if any(r.target.split(".")[:2] == ["provider", "aws"] for r in weak.graph.references if not r.declared):
        return  # Terraform itself says that these are missing
    asked = "region" in prompt or "provider" in prompt
    settings = sorted({r.target for a in found for r in strong.graph.outgoing.get(a, ()) if r.path == "region" and r.declared})
    if weak.name == "IDEAL" and strong.graph.get("terraform.required_providers"):
        settings.insert(0, "terraform.required_providers")  # what stood in the file of the provider went with it
    yield Finding(
        PROVIDER,
        "No provider configuration, so the region is not set",
        Category.CRITICAL if asked else Category.WARNING,
        Severity.HIGH if asked else Severity.MEDIUM,
        found[0],
        f'{weak.name} has no `provider "aws"` block: the region comes from the environment of whoever applies it. {strong.name} has {listed(found, 3)}.',
        f"{code(found[0])} is declared",
        "",
        "provider",
        "B",
        related=(*settings, *found[1:]),
        absent=('a `provider "aws"` block',),
        impact=(Impact("Deployment", "Where the stack lands depends on the machine that applies it."),),
        lesson="The region of a provider is part of a configuration.",
        source="https://developer.hashicorp.com/terraform/language/providers/configuration",
    )


def _backend(weak: Side, strong: Side, prompt: str) -> Iterator[Finding]:
    there, here = strong.graph.get("terraform.backend"), weak.graph.get("terraform.backend")
    if there is None or there.type == "local" or not (there.block.attributes or there.block.blocks):
        return
    bucket = there.block.value("bucket")
    if (here is not None and here.type != "local") or _NO_BACKEND.search(_plain(prompt)):
        return
    if isinstance(bucket, Literal) and is_placeholder(str(bucket.value)):
        return  # that is none either
    asked = any(words in prompt for words in ("backend", "remote state", "state lock", "state storage"))
    yield Finding(
        BACKEND,
        "No remote state backend",
        Category.CRITICAL if asked else Category.WARNING,
        Severity.HIGH if asked else Severity.LOW,
        "terraform.backend",
        f"{weak.name} keeps the state {'in a local file' if here else 'where Terraform puts it by default, in a local file'}; "
        f"{strong.name} has a backend of type `{there.type}`.",
        f"A backend of type `{there.type}` is configured",
        "",
        "backend",
        "B",
        absent=("a remote backend",),
        impact=(Impact("Operations", "Two people or pipelines do not share the state."),),
        lesson="Where the state lives decides whether a team can work on a stack.",
        source="https://developer.hashicorp.com/terraform/language/backend",
    )
