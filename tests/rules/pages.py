"""``make docs``: the pages of ``docs/rules/`` from the rules, their cases and the measured figures."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path

from reviewgen.rules import CATALOGUE, Rule
from reviewgen.rules.describe import FAMILIES, TIERS, page
from tests.paths import CASES, ROOT

FOLDER = ROOT / "docs" / "rules"
FIGURES = FOLDER / "figures.toml"
_HEAD = """\
# The rules

What reviewgen knows to be wrong with a Terraform tree for AWS, whatever PROMPT asks. `reviewgen rules list` shows them with the
configuration applied; `reviewgen rules show NAME` shows one. Written by `make docs`; do not edit.

Rules apply to both trees: a defect that only MODEL has is fixed, one of both trees is left, one that only IDEAL has is introduced.
{tiers}

A project switches rules off, or gives them another category, by name or id:

```toml
[tool.reviewgen.rules]
off = ["apigw-deployment-stage-name"]

[tool.reviewgen.rules.category]
admitted-gap = "critical"
```

**MODEL**: in how many of {samples} real samples the rule fires on MODEL. **Repaired**: in how many of those IDEAL has fewer of its hits.
**Introduced**: in how many samples IDEAL has more of them. Measured with `make figures SAMPLES=path`.
"""


def pages() -> dict[str, str]:
    """Return all pages by file name."""
    found = {f"{rule.id}.md": page(rule, *_cases(rule)) for rule in CATALOGUE}
    return {**found, "README.md": _overview()}


def _cases(rule: Rule) -> tuple[list[str], list[str]]:
    cases = tomllib.loads((CASES / "rules" / f"{rule.slug}.toml").read_text("utf-8"))
    return [row["code"] for row in cases["fails"]], [row["code"] for row in cases["passes"]]


def _overview() -> str:
    figures = tomllib.loads(FIGURES.read_text("utf-8"))
    tiers = "\n".join(f"- Tier {tier}: reported {when}." for tier, when in TIERS.items())
    tiers += "\n\nWarnings of tier 2 that both trees have stand in the closing table of a document with fewer than five issues, those of severity LOW excepted."
    return _HEAD.format(tiers=tiers, samples=figures["samples"]) + "".join(_families(figures["rules"]))


def _families(figures: dict[str, dict[str, int]]) -> Iterator[str]:
    for family, title in FAMILIES.items():
        rules = [rule for rule in CATALOGUE if rule.id.startswith(family)]
        if rules:
            yield f"\n## {title}\n\n| Rule | Finds | Category | Tier | MODEL | Repaired | Introduced |\n|---|---|---|---|---|---|---|\n"
            yield from (_row(rule, figures.get(rule.id)) for rule in rules)


def _row(rule: Rule, figures: dict[str, int] | None) -> str:
    measured = [str(figures[name]) for name in ("model", "repaired", "introduced")] if figures else ["-"] * 3
    title = rule.title.replace("|", "\\|")
    cells = [f"[{rule.id}]({rule.id}.md) `{rule.slug}`", title, f"{rule.category} {rule.severity}", str(rule.tier), *measured]
    return f"| {' | '.join(cells)} |\n"


def stale(folder: Path = FOLDER) -> list[str]:
    """Return the names of pages that are missing, differ or belong to no rule."""
    wanted = pages()
    there = {path.name: path.read_text("utf-8") for path in folder.glob("*.md")}
    return sorted(name for name in wanted.keys() | there.keys() if wanted.get(name) != there.get(name))


def main() -> None:
    """Write what is stale."""
    wanted = pages()
    for name in stale():
        if name in wanted:
            (FOLDER / name).write_text(wanted[name], encoding="utf-8")
        else:
            (FOLDER / name).unlink()


if __name__ == "__main__":
    main()
