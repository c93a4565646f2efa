"""What ``module`` blocks call: whether it is there, and whether its variables get what they need."""

from __future__ import annotations

from collections.abc import Iterator

from reviewgen.model.diagnostic import Diagnostic
from reviewgen.model.hcl import Block
from reviewgen.model.tree import Module
from reviewgen.terraform.tree import is_override, local_source

from ..configuration import Call, Configuration, module_blocks
from ..language import grammar, static, wording
from ..language.frame import Frame
from ..language.module_blocks import LOCAL, address, is_address
from ..language.type_constraints import Constraint
from ..scope import Scope
from ..types.convert import at_path

_NOT_INSTALLED = "Module not installed"
_RUN_INIT = 'Run "terraform init" to install all modules required by this configuration.'


def check(configuration: Configuration) -> Iterator[Diagnostic]:
    """Yield what is wrong with the calls in each module that the root reaches."""
    for module in configuration.modules:
        for block in module_blocks(module):
            frame = Frame(configuration, block, block)
            if block.complete and not _delivered(configuration, frame, module):
                yield from _not_installed(frame)
    for call in configuration.calls:
        if call.block is not None and call.parent is not None and call.block.complete and not is_override(call.block.file):
            yield from _arguments(configuration, call, call.block, call.parent)


def _delivered(configuration: Configuration, frame: Frame, module: Module) -> bool:
    """Whether the called directory is in the tree."""
    target = local_source(frame.block, module.directory)
    return target is not None and configuration.called(target) is not None


def _not_installed(frame: Frame) -> Iterator[Diagnostic]:
    source = address(frame)
    if source is None or not is_address(source, versioned="version" in frame.block.attributes):
        return
    if source.startswith(LOCAL):
        yield frame.at_header(_NOT_INSTALLED, f"This module's local cache directory  could not be read. {_RUN_INIT}")
    else:
        yield frame.at_header(_NOT_INSTALLED, f"This module is not yet installed. {_RUN_INIT}")


def _arguments(configuration: Configuration, call: Call, block: Block, parent: Call) -> Iterator[Diagnostic]:
    """Compare what a call gives with the variables of the called module; a module with a broken file may declare others."""
    frame = Frame(configuration, block, block)
    variables = {v.labels[0]: v for v in reversed(list(grammar.labelled(call.module, "variable")))}
    own = grammar.BODIES["module",].arguments
    if call.module.directory not in configuration.unreadable:
        for attribute in block.attributes.values():
            if attribute.name not in own and attribute.name not in variables:
                yield frame.at_name(attribute, *wording.unsupported_argument(attribute.name, variables, (), block.attributes))
    scope = Scope.of_call(configuration, parent)
    for name, variable in sorted(variables.items()):
        if name in block.attributes:
            yield from _value(configuration, frame, call, variable, scope)
        elif "default" not in variable.attributes and variable.complete and not _escaped(block):
            yield frame.at_brace(*wording.missing_argument(name))


def _escaped(block: Block) -> bool:
    """Whether a block ``_`` may give further arguments."""
    return any(inner.type == "_" for inner in block.blocks)


def _value(configuration: Configuration, frame: Frame, call: Call, variable: Block, scope: Scope) -> Iterator[Diagnostic]:
    name = variable.labels[0]
    attribute = frame.block.attributes[name]
    inside = Frame(configuration, variable, variable)
    type_ = variable.attributes.get("type")
    value = scope.value(attribute.expr)
    target = f"The given value is not suitable for {call.address}.var.{name}"
    constraint = Constraint(inside, type_) if type_ is not None else None
    why = at_path(value, constraint.type) if constraint is not None else ""
    if why:
        detail = f"{target} declared at {inside.place(variable)}: {why}."
        yield frame.at(attribute, attribute.expr, "Invalid value for input variable", detail)
    elif value is None and "default" not in variable.attributes and static.constant(inside, "nullable") in (False, "false"):
        detail = f"{target} defined at {inside.place(variable)}: required variable may not be set to null."
        yield frame.at(attribute, attribute.expr, "Required variable not set", detail)
