"""The catalogue of rules: what can be wrong with a Terraform tree for AWS, whatever it was asked to do.

A rule is metadata and one small function from a graph to hits (``base``); families live in the rooms of ``families/``, one module each, listed in
``CATALOGUE`` in the order of their ids. Facts that change (engine versions, account ids, limits) are tables in ``tables/``, with date and
source.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from reviewgen.config import Config
from reviewgen.errors import ConfigError, UserError
from reviewgen.model.finding import Finding
from reviewgen.model.review import OF_ALL_CODE, Category
from reviewgen.model.tree import Declaration
from reviewgen.records import dataclass
from reviewgen.terraform import Graph, instances

from . import waiting
from .base import Rule
from .families import FAMILIES

CATALOGUE: tuple[Rule, ...] = tuple(sorted((rule for family in FAMILIES for rule in family.RULES), key=lambda rule: rule.id))


@dataclass(frozen=True, slots=True)
class Found:
    """What some rules find in a tree.

    Attributes:
        findings: In the order of the catalogue.
        failed: Rules that could not be applied, each with the reason.
    """

    findings: tuple[Finding, ...]
    failed: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Pair:
    """What some rules find in the two trees of a sample, and a note for each rule that could not be applied to both."""

    model: tuple[Finding, ...]
    ideal: tuple[Finding, ...]
    notes: tuple[str, ...]


def run(graph: Graph, rules: Iterable[Rule] = CATALOGUE, everywhere: bool = False) -> Found:
    """Return what some rules find in a tree.

    Modules that the root does not reach are left out: Terraform never sees them. A rule that fails, which is a bug of ours, costs its own
    findings only.

    Args:
        graph: The tree.
        rules: The rules.
        everywhere: Look at modules that the root does not reach, too.

    Raises:
        DataError: A table of facts that a rule needs is broken.
    """
    reached = {d for d, module in graph.tree.modules.items() if module.reached or everywhere}
    declarations = graph.tree.declarations
    findings: list[Finding] = []
    failed: dict[str, str] = {}
    for rule in rules:
        try:
            found = list(rule.findings(graph))
        except (UserError, MemoryError):
            raise
        except Exception as error:  # one rule must not cost the review all others
            failed[rule.id] = f"{type(error).__name__}: {error}"
            continue
        for finding in found:
            declaration = declarations.get(finding.address)
            if declaration is None or (declaration.module in reached and _is_there(graph, declaration)):
                findings.append(_where_created(finding, declaration, graph, in_code=rule.in_code))
    return Found(tuple(findings), failed)


def _is_there(graph: Graph, declaration: Declaration) -> bool:
    """Whether a declaration is whole, and creates something with whatever values: it is not written with a ``count`` of 0."""
    return not instances.written_off(graph, declaration) and (declaration.block.complete or declaration.attribute is not None)


_LIGHTER = {Category.BLOCKER: Category.CRITICAL, Category.CRITICAL: Category.WARNING}


def _where_created(finding: Finding, declaration: Declaration | None, graph: Graph, *, in_code: bool) -> Finding:
    """Return the finding; of what the default values do not create with words that say so, and with a lighter category when that has the defect."""
    needed = [graph.get(address) for address in finding.needs]
    own = declaration is not None and instances.absent_by_default(graph, declaration)
    if not own and not (needed and all(d is not None and instances.absent_by_default(graph, d) for d in needed)):
        return finding if in_code else _with_some_files(finding, declaration, needed, graph)
    finding = waiting.told(graph, finding, [finding.address] if own else list(finding.needs), in_code=in_code)
    if not own:  # what has the defect is there, and waits for those
        return finding
    return replace(finding, category=_LIGHTER.get(finding.category, finding.category))


def _with_some_files(finding: Finding, declaration: Declaration | None, needed: Sequence[Declaration | None], graph: Graph) -> Finding:
    """Return the finding; of what some of the delivered files of values do not create, and others do, with words that say so."""
    if finding.stage in OF_ALL_CODE:
        return finding
    for what in ([declaration], needed):
        each = [set(instances.files_without(graph, d)) if d is not None else set() for d in what]
        if files := set.intersection(*each) if each else set():
            names = [d.address for d in what if d is not None]
            return waiting.without(finding, sorted(files), names)
    return finding


def run_pair(model: Graph, ideal: Graph, rules: Iterable[Rule] = CATALOGUE) -> Pair:
    """Return what some rules find in both trees of a sample.

    A rule that fails on one of them says nothing of the other either: its defects would look repaired, or new. For the same reason a tree
    that is a part only, calls modules from elsewhere or holds some that nothing calls, has what the other one has as soon as it is taken as
    it was delivered.
    """
    rules = tuple(rules)
    ours, theirs = run(model, rules), run(ideal, rules)
    ours, theirs = _as_delivered(model, ours, (ideal, theirs), rules), _as_delivered(ideal, theirs, (model, ours), rules)
    failed = ours.failed.keys() | theirs.failed.keys()
    names = {rule.id: f"Rule {rule.id} ({rule.slug})" for rule in rules}
    notes = tuple(
        f"{names[id]} could not be applied, so that this review says nothing of its defects: {ours.failed.get(id) or theirs.failed[id]}."
        for id in sorted(failed)
    )
    kept = [tuple(f for f in found.findings if f.rule not in failed) for found in (ours, theirs)]
    return Pair(kept[0], kept[1], notes)


def _as_delivered(graph: Graph, found: Found, other: tuple[Graph, Found], rules: tuple[Rule, ...]) -> Found:
    """Return the findings of a tree, with those of the other tree about which rules only kept silent because of what this one leaves out.

    What stands in this tree where the other one has its own, of the same type under another name, has what that one has.
    """
    beside, others = other
    known = {_identity(graph, f) for f in found.findings}
    open_ = {_identity(beside, f) for f in others.findings} - known
    partial = graph.tree.incomplete or graph.has_remote_modules
    names = {rule for rule, home, address, *_ in open_ if partial or _is_unreached(graph, home, address)}
    if not names:
        return found
    whole = run(Graph(graph.tree, delivered=True), [r for r in rules if r.id in names], everywhere=True)
    alone = [f for f in others.findings if _identity(beside, f) in open_ and not _declares(graph, *_place(beside, f))]
    instead = {_form(f, beside) for f in alone} - {None}
    more = tuple(
        f
        for f in whole.findings
        if _identity(graph, f) in open_ or (_form(f, graph) in instead and not _declares(beside, *_place(graph, f)))
    )
    return Found(found.findings + more, found.failed)


def _form(finding: Finding, graph: Graph) -> tuple[str, str, str] | None:
    """Return what a finding is about but for its name, where it is about something that is declared."""
    declaration = graph.get(finding.address)
    return None if declaration is None else (finding.rule, declaration.type, finding.attribute)


def _is_unreached(graph: Graph, home: str, address: str) -> bool:
    """Whether a tree declares an address of a module in a directory that its root does not reach."""
    return _declares(graph, home, address) and not graph.tree.modules[home].reached


def _declares(graph: Graph, home: str, address: str) -> bool:
    module = graph.tree.modules.get(home)
    return module is not None and f"{module.prefix}{address}" in module.declarations


def _identity(graph: Graph, finding: Finding) -> tuple[str, str, str, str, str]:
    """Return what makes a finding of one tree that of the other."""
    return finding.rule, *_place(graph, finding), finding.attribute, finding.key


def _place(graph: Graph, finding: Finding) -> tuple[str, str]:
    """Return the directory and the address in it of what a finding is about: what is the root's in one tree may be a module's in the other."""
    declaration = graph.get(finding.address)
    return (declaration.module, declaration.local) if declaration is not None else ("", finding.address)


def chosen(config: Config) -> tuple[Rule, ...]:
    """Return the rules that a configuration leaves switched on, with the categories that it gives them.

    Raises:
        ConfigError: It names a rule that does not exist, by id or slug.
    """
    off = {rule_named(name, config.origins.get("rules_off", "")).id for name in config.rules_off}
    categories = {}
    for pair in config.rules_category:
        name, _, category = pair.partition("=")
        categories[rule_named(name, config.origins.get("rules_category", "")).id] = Category(category)
    if not off and not categories:
        return CATALOGUE
    return tuple(
        replace(rule, category=categories[rule.id], configured=True) if rule.id in categories else rule
        for rule in CATALOGUE
        if rule.id not in off
    )


def rule_named(name: str, place: str = "") -> Rule:
    """Return the rule with an id or slug.

    Raises:
        ConfigError: There is none; the message names ``place``, where somebody asked for it.
    """
    for rule in CATALOGUE:
        if name.lower() in (rule.id.lower(), rule.slug):
            return rule
    import difflib

    near = difflib.get_close_matches(name.lower(), [n for rule in CATALOGUE for n in (rule.slug, rule.id.lower())], 1)
    hint = f"did you mean {near[0]!r}?" if near else "`reviewgen rules list` shows all rules"
    raise ConfigError(f"there is no rule {name!r}", path=place, hint=hint)


__all__ = ["CATALOGUE", "Found", "Pair", "Rule", "chosen", "rule_named", "run", "run_pair"]
