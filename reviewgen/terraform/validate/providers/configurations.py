"""Whether modules get the provider configurations that they use, and use those that they get."""

from __future__ import annotations

from collections.abc import Iterator

from reviewgen.model.diagnostic import Diagnostic
from reviewgen.model.hcl import Block, Tuple

from ..configuration import Call, Configuration, module_blocks
from ..language.frame import Frame
from ..places import Span
from .scopes import HOST, Passed, Requirement, Scope, by_path, implied, pairs, shown

_UNDEFINED = "Reference to undefined provider"
_MISSING = "Missing required provider configuration"
_MISMATCH = "Provider type mismatch"
_LEGACY = (
    "The module at {0} is a legacy module which contains its own local provider configurations, and so calls to it may not use the count, "
    "for_each, or depends_on arguments.\n\nIf you also control the module \"{1}\", consider updating this module to instead expect provider "
    "configurations to be passed by its caller."
)  # fmt: skip
_EXPECTS = (
    "The child module requires an additional configuration for provider {0}, with the local name \"{1}\".\n\nRefer to the module's "
    'documentation to understand the intended purpose of this additional provider configuration, and then add an entry for {1} in the '
    '"providers" meta-argument in the module block to choose which provider configuration the module should use for that purpose.'
)  # fmt: skip
_PROXIES = (
    'Earlier versions of Terraform used empty provider blocks ("proxy provider configurations") for child modules to declare their need to '
    "be passed a provider configuration by their callers. That approach was ambiguous and is now deprecated.\n\nIf you control this module, "
    'you can migrate to the new declaration syntax by removing all of the empty provider "{}" blocks and then adding or updating an entry '
    "like the following to the required_providers block of {}:\n{}"
)


def check(configuration: Configuration) -> Iterator[Diagnostic]:
    """Yield what is wrong with the provider configurations of each call."""
    known = by_path(configuration)
    for scope in known.values():
        yield from _required_twice(configuration, scope)
        yield from _implied_elsewhere(configuration, scope)
        yield from _passed_on(configuration, scope)
        parent = known.get(scope.call.path[:-1])
        if scope.call.block is not None and parent is not None:
            yield from _called(configuration, scope, parent, scope.call.block)


def _required_twice(configuration: Configuration, scope: Scope) -> Iterator[Diagnostic]:
    seen: dict[str, str] = {}
    names = {text.partition(".")[0] for text in (*scope.configured, *scope.empty)}
    for name, requirement in scope.required.items():
        source = requirement.source
        usual = source.rpartition("/")[2]
        if source in seen:
            detail = (
                f'Provider {shown(source)} with the local name "{name}" was previously required as "{seen[source]}". '
                "A provider can only be required once within required_providers."
            )
            yield _at_requirement(configuration, requirement, detail)
        elif source == implied(usual) and usual != name and usual in names:
            detail = (
                f'Provider {shown(source)} with the local name "{name}" was implicitly required via a configuration block as "{usual}". '
                "The provider configuration block name must match the name used in required_providers."
            )
            yield _at_requirement(configuration, requirement, detail)
        seen[source] = name


def _at_requirement(configuration: Configuration, requirement: Requirement, detail: str) -> Diagnostic:
    frame = Frame(configuration, requirement.top, requirement.block)
    return frame.at(requirement.attribute, requirement.attribute.expr, "Duplicate required provider", detail, "warning")


def _implied_elsewhere(configuration: Configuration, scope: Scope) -> Iterator[Diagnostic]:
    """Warn of resources whose type implies a provider that is required under another name."""
    names = {requirement.source: name for name, requirement in scope.required.items()}
    for block in scope.call.module.blocks:
        if block.type not in ("resource", "data") or len(block.labels) != 2 or "provider" in block.attributes:
            continue
        local = block.labels[0].partition("_")[0]
        other = names.get(implied(local))
        if other is not None and local not in scope.required:
            address = ".".join(block.labels if block.type == "resource" else ("data", *block.labels))
            detail = (
                f'Provider "{implied(local)}" was implicitly required via resource "{address}", but listed in required_providers as '
                f'"{other}". Either the local name in required_providers must match the resource name, or the "{other}" provider must be '
                "assigned within the resource block."
            )
            yield Frame(configuration, block, block).at_header("Duplicate required provider", detail, "warning")


def _passed_on(configuration: Configuration, scope: Scope) -> Iterator[Diagnostic]:
    """Warn of configurations without an alias that a module passes on and nobody declares."""
    call = scope.call
    for block in module_blocks(call.module):
        frame = Frame(configuration, block, block)
        for pair in pairs(frame):
            name = pair.outer.text
            if pair.outer.alias:
                continue
            if name not in scope.configured and name not in scope.required:
                source = shown(implied(name))
                detail = (
                    f'There is no explicit declaration for local provider name "{name}" in {call.text}, so Terraform is assuming you mean to '
                    f'pass a configuration for provider "{source}".\n\nTo clarify your intent and silence this warning, add to '
                    f'{_parent_text(call)} a required_providers entry named "{name}" with source = "{source}", or a different source address '
                    "if appropriate."
                )
                yield frame.at_span(pair.attribute, pair.outer_name, _UNDEFINED, detail, "warning")
            elif call.block is not None and name not in scope.configured and name not in scope.passed:
                detail = (
                    f"The configuration for {call.text} expects to inherit a configuration for provider {shown(implied(name))} with local name "
                    f'"{name}", but {_parent_text(call)} doesn\'t pass a configuration under that name.\n\nTo satisfy this requirement, add an '
                    f'entry for "{name}" to the "providers" argument in the module "{call.path[-1]}" block.'
                )
                yield Frame(configuration, call.block, call.block).at_header(_MISSING, detail, "warning")


def _parent_text(call: Call) -> str:
    return call.parent.text if call.parent is not None else "the root module"


def _called(configuration: Configuration, scope: Scope, parent: Scope, block: Block) -> Iterator[Diagnostic]:
    frame = Frame(configuration, block, block)
    yield from _legacy(configuration, scope)
    for name in scope.configured:
        pair = scope.passed.get(name)
        if pair is not None:
            detail = (
                f"The configuration of {scope.call.text} has its own local configuration for {name}, and so it cannot accept an overridden "
                f"configuration provided by {_parent_text(scope.call)}."
            )
            yield frame.at_span(pair.attribute, pair.inner_name, "Cannot override provider configuration", detail)
    for alias, source in scope.aliases.items():
        if alias not in scope.configured and alias not in scope.passed:
            yield frame.at_header(_MISSING, _EXPECTS.format(shown(source), alias))
    for pair in scope.passed.values():
        yield from _fits(frame, scope, parent, pair)
    yield from _proxies(configuration, scope)


def _legacy(configuration: Configuration, scope: Scope) -> Iterator[Diagnostic]:
    """Yield the error for a module with provider configurations of its own that is called, however far above, with a repetition."""
    call: Call | None = scope.call
    while scope.configured and call is not None and call.block is not None:
        found = _repetition(Frame(configuration, call.block, call.block))
        if found is not None:
            frame, name, span = found
            source = scope.call.block.value("source") if scope.call.block is not None else None
            detail = _LEGACY.format(scope.call.address, getattr(source, "value", ""))
            summary = "Module is incompatible with count, for_each, and depends_on"
            yield frame.at_span(frame.block.attributes[name], span, summary, detail)
            return
        call = call.parent


def _repetition(frame: Frame) -> tuple[Frame, str, Span] | None:
    for name in ("count", "for_each", "depends_on"):
        attribute = frame.block.attributes.get(name)
        if attribute is not None:
            expr = attribute.expr
            first = expr.items[0] if name == "depends_on" and isinstance(expr, Tuple) and expr.items else expr
            return frame, name, (first.start, first.end)
    return None


def _fits(frame: Frame, scope: Scope, parent: Scope, pair: Passed) -> Iterator[Diagnostic]:
    """Yield what is wrong with one configuration that is passed."""
    name = pair.inner.text
    source = scope.aliases.get(name) or scope.source(pair.inner.name)
    if name not in scope.required and name not in scope.aliases and name not in scope.empty:
        yield _undeclared(frame, scope, pair, source)
    outer = parent.source(pair.outer.name)
    if source == outer:
        return
    other = next((local for local, requirement in scope.required.items() if requirement.source == outer), None)
    text = _parent_text(scope.call)
    if other is not None:
        detail = (
            f'The assigned configuration is for provider "{shown(outer)}", but local name "{pair.inner.name}" in {text} represents '
            f'"{shown(source)}".\n\nTo pass this configuration to the child module, use the local name "{other}" instead.'
        )
        yield frame.at_span(pair.attribute, pair.inner_name, _MISMATCH, detail)
    else:
        detail = (
            f'The local name "{pair.outer.text}" in {text} represents provider "{shown(outer)}", but "{name}" in {scope.call.text} represents '
            f'"{shown(source)}".\n\nEach provider has its own distinct configuration schema and provider types, so this module\'s "{name}" can '
            f"be assigned only a configuration for {shown(source)}, which is not required by {scope.call.text}."
        )
        yield frame.at_span(pair.attribute, pair.outer_name, _MISMATCH, detail)


def _undeclared(frame: Frame, scope: Scope, pair: Passed, source: str) -> Diagnostic:
    name, address = pair.inner.text, shown(source)
    if source.startswith(f"{HOST}/hashicorp/"):
        detail = (
            f'There is no explicit declaration for local provider name "{name}" in {scope.call.text}, so Terraform is assuming you mean to '
            f'pass a configuration for "{address}".\n\nIf you also control the child module, add a required_providers entry named "{name}" '
            f'with the source address "{address}".'
        )
        return frame.at_span(pair.attribute, pair.inner_name, _UNDEFINED, detail, "warning")
    detail = (
        f'The child module does not declare any provider requirement with the local name "{name}".\n\nIf you also control the child module, '
        f'you can add a required_providers entry named "{name}" with the source address "{address}" to accept this provider configuration.'
    )
    return frame.at_span(pair.attribute, pair.inner_name, _UNDEFINED, detail)


def _proxies(configuration: Configuration, scope: Scope) -> Iterator[Diagnostic]:
    """Warn, once for each provider, of provider blocks that configure nothing."""
    groups: dict[str, list[str]] = {}
    for text in scope.empty:
        groups.setdefault(text.partition(".")[0], []).append(text)
    for name, texts in sorted(groups.items()):
        lines = [f"    {name} = {{", f'      source = "{shown(scope.source(name))}"']
        if any("." in text for text in texts):
            lines += ["      configuration_aliases = [", *(f"        {text}," for text in sorted(texts)), "      ]"]
        entry = "\n".join([*lines, "    }"])
        block = scope.empty[min(texts, key=lambda text: (scope.empty[text].file, scope.empty[text].start))]
        frame = Frame(configuration, block, block)
        yield frame.at_header("Redundant empty provider block", _PROXIES.format(name, scope.call.text, entry), "warning")
