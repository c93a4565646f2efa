"""``reviewgen rules``."""

from __future__ import annotations

import json
from typing import Any

from reviewgen.errors import ConfigError, InputError
from reviewgen.rules import Rule, chosen, rule_named
from reviewgen.rules.describe import finds, page

from . import console, exits
from .inputs import settings


def list_rules(format: str) -> int:
    """List the rules that are switched on, with their categories; see ``app.rules_list``."""
    rules = chosen(settings({}))
    if format == "json":
        console.data(json.dumps([_described(rule) for rule in rules], indent=2, ensure_ascii=False) + "\n")
        return exits.DONE
    width = max((len(rule.slug) for rule in rules), default=0)
    console.data("".join(f"{r.id}  {r.slug:<{width}}  {r.category:<8}  {r.severity:<8}  tier {r.tier}\n" for r in rules))
    return exits.DONE


def show(name: str, format: str) -> int:
    """Show one rule; see ``app.rules_show``.

    Raises:
        InputError: There is no such rule.
    """
    try:
        rule = rule_named(name)
    except ConfigError as error:
        raise InputError(f"there is no rule {name!r}", hint=error.hint) from None
    console.data(json.dumps(_described(rule), indent=2, ensure_ascii=False) + "\n" if format == "json" else page(rule))
    return exits.DONE


def _described(rule: Rule) -> dict[str, Any]:
    return {
        "id": rule.id,
        "slug": rule.slug,
        "title": rule.title,
        "category": rule.category,
        "severity": rule.severity,
        "tier": rule.tier,
        "topics": list(rule.topics),
        "fix_class": rule.fix_class,
        "stage": rule.stage,
        "message": rule.message,
        "finds": finds(rule),
        "impact": [{"aspect": aspect, "text": text} for aspect, text in rule.impact],
        "lesson": rule.lesson,
        "remedy": rule.advice,
        "source": rule.source,
    }
