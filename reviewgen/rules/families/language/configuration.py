"""RG62x, RG630: providers, versions and workspaces."""

from __future__ import annotations

import re
from collections.abc import Iterator

from reviewgen.hcl import children, traversals, walk
from reviewgen.hcl.evaluate import known
from reviewgen.model.hcl import Access, Attr, Call, Conditional, Expression, For, Index, Literal, Traversal
from reviewgen.model.review import Category, Severity, Stage
from reviewgen.model.tree import Declaration
from reviewgen.terraform import Graph
from reviewgen.terraform.graph import arguments
from reviewgen.terraform.schema.requirements import locks

from ...base import Hit, Rule
from ...places import code, listed, provider


def old_provider(graph: Graph) -> Iterator[Hit]:
    """The AWS provider held at a major version before 5."""
    block = graph.get("terraform.required_providers")
    if block is None:
        return
    aws = graph.argument(block, "aws")
    version = aws.get("version") if isinstance(aws, dict) else None
    match = re.fullmatch(r"\s*(?:~>|=)?\s*([0-4])\.[\d.]+\s*", version) if isinstance(version, str) else None
    if match:
        yield Hit(
            block.address,
            f"`required_providers` holds the AWS provider at {code(str(version).strip())}, the outdated major version {match[1]}.",
            "`terraform.required_providers` admits version 5 of the AWS provider or a later one",
            unless=rf"\b(?:aws|provider)\b[^\n]{{0,30}}(?<![\w.]){match[1]}\.(?:x|\d)",
        )


_ZONE = re.compile(r"([a-z]{2}(?:-[a-z]+)+-\d)[a-f]")


def fixed_zones(graph: Graph) -> Iterator[Hit]:
    """Availability zones of one region, or letters of zones, where the region is a variable."""
    default = graph.get("provider.aws")
    expr = default.block.value("region") if default is not None else None
    chosen = graph.resolve(expr, graph.tree.root) if isinstance(expr, Traversal) else None
    fixed = expr.value if isinstance(expr, Literal) and isinstance(expr.value, str) else ""
    if not fixed and (chosen is None or chosen.kind != "variable"):
        return
    for holder in (*graph.of_kind("variable"), *graph.of_kind("local")):
        given = holder.attribute.expr if holder.attribute else holder.block.value("default")
        if given is None or holder.module != graph.tree.root or holder.address not in graph.incoming:
            continue
        value = graph.constant(given, holder.module)
        zones = value if isinstance(value, list) else [value]
        found = [_ZONE.fullmatch(zone) if isinstance(zone, str) else None for zone in zones]
        named = {d.address: d for t in traversals(given) if (d := graph.resolve(t, graph.tree.root)) is not None}
        variable = next(iter(named.values()), None) if fixed else chosen
        if not found or None in found or variable is None or variable.kind != "variable" or named.keys() - {variable.address}:
            continue
        if (not named and _admitted(variable) == {zones[0][:-1]}) or not _is_for_default(graph, holder.address, frozenset()):
            continue
        yield Hit(
            holder.address,
            f"{code(holder.address)} {_zones(zones, bool(named), variable, fixed)}",
            f"{code(holder.address)} puts no letters of zones behind {code(variable.address)}"
            if named
            else f"{code(holder.address)} fixes no availability zones while the region is {code(variable.address)}",
            attribute="default" if holder.kind == "variable" else "",
            related=(variable.address, "provider.aws.region"),
            unless="|".join(rf"\b{re.escape(zone)}\b" for zone in zones),  # PROMPT wants these
        )


def _is_for_default(graph: Graph, address: str, seen: frozenset[str]) -> bool:
    """Whether a value comes, also by way of local values, to something of the default provider: one with an alias has a region of its own."""
    users = {d.address: d for r in graph.incoming.get(address, ()) if (d := graph.get(r.source)) is not None and d.address not in seen}
    for user in users.values():
        if user.kind in ("resource", "data") and provider(user) == "aws" and "region" not in user.block.attributes:
            return True
        if user.kind == "module" and "providers" not in user.block.attributes:
            return True
        if user.kind == "local" and _is_for_default(graph, user.address, seen | {address}):
            return True
    return False


def _admitted(variable: Declaration) -> set[str]:
    """Return the regions that the validations of a variable name."""
    conditions = [found for block in variable.block.nested("validation") if (found := block.value("condition")) is not None]
    texts = (part.value for condition in conditions for part in walk(condition) if isinstance(part, Literal))
    return {text for text in texts if isinstance(text, str) and _ZONE.fullmatch(f"{text}a")}


def _zones(zones: list[str], composed: bool, chosen: Declaration, fixed: str) -> str:
    """Say what is wrong with zones of one region, or with letters behind the region's name."""
    if composed:
        letters = f"puts the letters {listed([zone[-1] for zone in zones])} behind {code(chosen.address)}"
        if fixed:
            return f"{letters}, while the provider is fixed to {code(fixed)}: another value names zones of another region."
        return f"{letters}: not every region offers an account zones of these letters."
    region = zones[0][:-1]
    return f"fixes availability zones of {code(region)}, while the region is {code(chosen.address)}: another region does not have them."


# Words by which PROMPT says that the providers are somebody else's.
_THERE = r"providers?\.tf\W+(?:\w+\W+){0,3}?(?:already|exists?)\b|\balready\W+(?:\w+\W+){0,4}?providers?\.tf|provider is already"
_PROVIDER_FILES = ("provider.tf", "providers.tf")
_PROVIDED = r"provider.tf|providers.tf|provider block|provider handled|providers handled|provider configuration is|provider is already|no \W{0,2}provider"

# How a version begins that PROMPT asks for without the word: "AWS provider 5.x", "AWS provider ~> 5.0".
_WANTED = (*"123456789", *(f"v{digit}" for digit in range(1, 10)), "~>", ">=")


def unconstrained_providers(graph: Graph) -> Iterator[Hit]:
    """Providers that the root or a module below it uses and no module of the tree bounds.

    A directory that nothing calls is a configuration of its own: what it uses is not the root's, though what it bounds may be meant for all.
    """
    block = graph.get("terraform.required_providers")
    if graph.tree.root not in graph.tree.modules or graph.tree.incomplete:
        return
    settings = [d for d in graph.of_kind("terraform") if d.address.endswith("terraform.required_providers")]
    bounded = {name for d in settings for name in d.block.attributes if _is_bounded(graph, d, name)}
    # Terraform still reads the old argument of the provider's block, and takes what a lock file holds as long as it is there.
    bounded |= {d.type for d in graph.of_kind("provider") if d.block.value("version") is not None}
    bounded |= {lock.source.rpartition("/")[2] for lock in locks(graph.tree)}
    modules = sorted(graph.tree.modules.values(), key=lambda m: m.directory != graph.tree.root)  # the root's own come first
    made = [d for m in modules if m.reached for d in m.declarations.values() if d.kind in ("resource", "data")]
    resources = [d for d in made if "_" in d.type]
    loose = sorted({d.type.split("_")[0] for d in resources} - bounded - {"terraform"})
    for name in loose:
        users = [d.address for d in resources if d.type.startswith(f"{name}_")]
        named = block is not None and name in block.block.attributes
        # One issue tells of all of them, in the words of one.
        alike = [p for p in loose if (block is not None and p in block.block.attributes) is named]
        lacking = f"names {listed(alike)} without a version" if named else f"does not name {listed(alike)}, which the configuration uses"
        lacking = lacking if block is not None else f"is missing, and with it {listed(alike)}, which the configuration uses"
        yield Hit(
            "terraform.required_providers",
            f"`required_providers` {lacking}: any version of {'it' if len(alike) == 1 else 'them'} is taken.",
            f"`terraform.required_providers` bounds the version of {code(name)}",
            attribute=name,
            related=tuple(users[:2]),
            title="Provider without a version constraint: {name}",
            unless=_PROVIDED,
            names=(name,),
            topics=tuple(f"{name} provider {begin}" for begin in _WANTED),
        )


def _is_bounded(graph: Graph, settings: Declaration, provider: str) -> bool:
    """Whether an entry of ``required_providers`` has a version; one that is not known may have."""
    entry = graph.argument(settings, provider)
    return "version" in entry if isinstance(entry, dict) else True


def workspace_without_entry(graph: Graph) -> Iterator[Hit]:
    """A map that is indexed with ``terraform.workspace`` and has no entry for the workspace that always exists."""
    if not any("workspace" in file.text for file in graph.files.values()):
        return
    for declaration in (*graph.of_kind("local"), *graph.of_kind("resource"), *graph.of_kind("provider")):
        places = arguments(declaration.block) if declaration.attribute is None else [("", declaration.block, declaration.attribute)]
        for path, _, attribute in places:
            for traversal in _certain(graph, attribute.expr, declaration.module):
                found = _lookup(graph, traversal, declaration.module)
                if found is not None:
                    table, keys = found
                    yield Hit(
                        declaration.address,
                        f"{code(declaration.address)} looks `terraform.workspace` up in {code(table.address)}, which has entries for "
                        f"{listed(keys)} only: in any other workspace, also in `default`, the index is invalid.",
                        f"{code(declaration.address)} finds an entry in the workspace `default`, too",
                        attribute=path,
                        related=(table.address,),
                    )


def _certain(graph: Graph, expr: Expression, module: str) -> Iterator[Traversal]:
    """Yield the references of an expression that count in the workspace ``default``: neither caught, nor behind a condition that may hold."""
    if isinstance(expr, Traversal):
        yield expr
    if isinstance(expr, For) or (isinstance(expr, Call) and expr.name in ("can", "try")):
        return
    parts = children(expr)
    if isinstance(expr, Conditional):
        decided = graph.constant(expr.condition, module)
        parts = (expr.condition, *([expr.yes] if decided is True else [expr.no] if decided is False else []))
    for part in parts:
        yield from _certain(graph, part, module)


def _lookup(graph: Graph, traversal: Traversal, module: str) -> tuple[Declaration, list[str]] | None:
    """Return (map, its keys) when a traversal indexes a known map by the workspace and the map lacks ``default``."""
    keyed = [s.key for s in traversal.steps if isinstance(s, Index)]
    if len(traversal.steps) < 2 or not isinstance(traversal.steps[1], Index) or not keyed or not _is_workspace(graph, keyed[0], module):
        return None
    table = graph.resolve(traversal, module)
    value = graph.constant(Traversal(0, 0, traversal.root, traversal.steps[:1]), module)
    if table is None or not isinstance(value, dict) or "default" in value or not all(isinstance(k, str) for k in value):
        return None
    return table, sorted(value)


def _is_workspace(graph: Graph, key: object, module: str) -> bool:
    if isinstance(key, Access) or not isinstance(key, Traversal):
        return False
    if key.root == "terraform":
        return len(key.steps) == 1 and isinstance(key.steps[0], Attr) and key.steps[0].name == "workspace"
    target = graph.resolve(key, module)
    return (
        target is not None and target.kind == "local" and target.attribute is not None and len(key.steps) == 1
        and not known(graph.constant(key, module)) and _is_workspace(graph, target.attribute.expr, module)
    )  # fmt: skip


def unconfigured_default(graph: Graph) -> Iterator[Hit]:
    """Resources of the default provider where every provider block has an alias: nothing says in which region."""
    blocks = [d for d in graph.of_kind("provider") if d.type == "aws" and d.module == graph.tree.root]
    if graph.tree.incomplete or not blocks or any("alias" not in d.block.attributes for d in blocks):
        return
    kinds = ("resource", "data")
    users = [
        d
        for kind in kinds
        for d in graph.of_kind(kind)
        if d.module == graph.tree.root and d.type.startswith("aws_") and not {"provider", "region"} & set(d.block.attributes)
    ]
    if users:
        yield Hit(
            users[0].address,
            f"All AWS providers of the tree have an alias, and {listed([u.address for u in users])} "
            f"{'names none' if len(users) == 1 else 'name none'}: they belong to a default provider that nothing configures.",
            f"{code(users[0].address)} has a provider with a region",
            attribute="provider",
            related=tuple(f"{u.address}.provider" for u in users[1:6]),
            # A provider file that the answer delivers is the one that a PROMPT speaks of, unless there is one already.
            unless=_THERE if any(b.block.file.rpartition("/")[2] in _PROVIDER_FILES for b in blocks) else _PROVIDED,
            targets=("provider.aws",),
        )


RULES = (
    Rule(
        "RG626",
        "aws-provider-outdated",
        "AWS provider held at an outdated major version",
        Category.WARNING,
        Severity.MEDIUM,
        old_provider,
        "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/guides/version-5-upgrade",
        fix_class="C",
        tier=2,
        stage=Stage.INIT,
        impact=(
            (
                "Operations",
                "Fixes and newer services do not reach the stack, and arguments behave as they did before the newer major version.",
            ),
        ),
        lesson="Pin the major version that is current when the code is written.",
        advice='Require `version = "~> 5.0"` or later.',
    ),
    Rule(
        "RG627",
        "workspace-without-entry",
        "Lookup by workspace fails outside of the listed workspaces",
        Category.WARNING,
        Severity.MEDIUM,
        workspace_without_entry,
        "https://developer.hashicorp.com/terraform/language/state/workspaces",
        stage=Stage.PLAN,
        message="Invalid index: The given key does not identify an element in this collection value.",
        impact=(("Deployment", "Until another workspace is selected neither `terraform validate` nor `terraform plan` passes."),),
        lesson="`default` is the workspace of every fresh checkout: an index by workspace needs an entry or a fallback for it.",
        advice="Add an entry for `default`, or give `lookup` one of the entries as its third argument.",
    ),
    Rule(
        "RG628",
        "zones-of-one-region",
        "Availability zones that not every region has",
        Category.WARNING,
        Severity.MEDIUM,
        fixed_zones,
        "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/data-sources/availability_zones",
        tier=2,
        topics=("multi-region", "multiple regions", "any region", "other regions", "portable"),
        stage=Stage.APPLY,
        impact=(("Deployment", "Changing the region variable alone can break the stack."),),
        lesson="Zones belong to a region: read them with `aws_availability_zones`.",
        advice="Read the zones from `data.aws_availability_zones`.",
    ),
    Rule(
        "RG629",
        "provider-unconstrained",
        "Provider without a version constraint",
        Category.WARNING,
        Severity.LOW,
        unconstrained_providers,
        "https://developer.hashicorp.com/terraform/language/providers/requirements",
        fix_class="C",
        tier=2,
        topics=("version constraint", "provider version", "pin ", "pinned", "required_providers"),
        stage=Stage.INIT,
        impact=(("Operations", "Two runs of `terraform init` may take two versions, with whatever the newer one changed."),),
        lesson="Every provider that a configuration uses is named and bounded in `required_providers`.",
        advice="Name each provider with its source and a version constraint.",
    ),
    Rule(
        "RG630",
        "default-provider-unconfigured",
        "Resources of a default provider that nothing configures",
        Category.CRITICAL,
        Severity.HIGH,
        unconfigured_default,
        "https://developer.hashicorp.com/terraform/language/providers/configuration#default-provider-configurations",
        stage=Stage.PLAN,
        message='Error: Invalid provider configuration\nProvider "registry.terraform.io/hashicorp/aws" requires explicit configuration.',
        impact=(
            ("Deployment", "Unless the environment of whoever runs Terraform names a region, the plan fails; otherwise it is that region."),
        ),
        lesson="Without a block that has no alias, a resource without `provider` uses an empty configuration.",
        advice="Give one provider block no alias, or each of these resources a `provider`.",
    ),
)
