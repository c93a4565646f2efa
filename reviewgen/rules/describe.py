"""A rule in words: the page of ``docs/rules/`` and of ``reviewgen rules show``, from its metadata alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from .base import Rule

TIERS = {
    1: "always",
    2: "when IDEAL repairs or introduces it, or PROMPT asks about it",
    3: "when IDEAL changed it and PROMPT asks about it",
    4: "when PROMPT asks about it",
}
"""When the findings of a tier are reported; those of tier 2 also in the closing table of a short document."""
FAMILIES = {
    "RG1": "Identity, keys and secrets",
    "RG2": "Databases and storage",
    "RG3": "APIs, functions, messages and events",
    "RG4": "Networks and edges",
    "RG5": "Compute",
    "RG6": "Names, limits and texts",
    "RG7": "Audit and delivery of logs",
    "RG8": "Monitoring",
    "RG9": "What the answer says about itself",
}
"""Titles of the families by the beginning of their ids."""


def page(rule: Rule, fails: Sequence[str] = (), passes: Sequence[str] = ()) -> str:
    """Return a rule's page as Markdown.

    Args:
        rule: The rule.
        fails: Code that has the defect.
        passes: Code that nearly has it.
    """
    return "\n".join(_lines(rule, fails, passes)) + "\n"


def finds(rule: Rule) -> str:
    """Return what a rule finds, in the words of its check."""
    return " ".join((rule.check.__doc__ or "").replace("``", "`").split())


def _lines(rule: Rule, fails: Sequence[str], passes: Sequence[str]) -> Iterator[str]:
    yield f"# {rule.id}: {rule.title}"
    yield ""
    yield f"- **Name**: `{rule.slug}`"
    asked = f"; {rule.asked} where PROMPT asks and IDEAL repairs or introduces it" if rule.asked else ""
    yield f"- **Category**: {rule.category}, severity {rule.severity}{asked}"
    yield f"- **Reported**: {TIERS[rule.tier]}" + (f" (words: {', '.join(rule.topics)})" if rule.topics else "")
    if rule.stage:
        yield f"- **Shows at**: {rule.stage}"
    if rule.message:
        yield f"- **Message**: `{rule.message}`"
    yield ""
    yield "## What it finds"
    yield ""
    yield finds(rule)
    yield from _why(rule)
    for title, codes in (("Fails", fails), ("Passes", passes)):
        if codes:
            yield from ("", f"## {title}", "", "```hcl", codes[0].strip("\n"), "```")
    yield ""
    yield "## Source"
    yield ""
    yield f"<{rule.source}>"


def _why(rule: Rule) -> Iterator[str]:
    if rule.impact or rule.lesson:
        yield from ("", "## Why it matters", "")
        yield from (f"- **{aspect}**: {text}" for aspect, text in rule.impact)
        if rule.impact and rule.lesson:
            yield ""
        if rule.lesson:
            yield rule.lesson
    if rule.advice:
        yield from ("", "## Remedy", "", rule.advice)
