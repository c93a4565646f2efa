"""What a tree would do besides declaring AWS resources: run programs, reach out, read or write files outside of itself, never end.

The tree is judged by what stands in it, before anything runs. What only shows while Terraform runs is bounded by the private copy, the
environment without credentials, a proxy that leads nowhere and the time that a step may take.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from reviewgen.hcl import UNKNOWN, walk
from reviewgen.model.evidence import Step
from reviewgen.model.hcl import Call, Expression, Literal, Template
from reviewgen.model.tree import Declaration
from reviewgen.records import dataclass
from reviewgen.terraform import Graph
from reviewgen.terraform.graph import arguments
from reviewgen.terraform.tree import local_source

MOST_INSTANCES = 500
"""Most instances of one resource, and most resources of a plan that is applied."""
# Providers that reach nothing outside of the machine, and AWS, which an emulator stands for.
_AT_HOME = frozenset(["aws", "random", "archive", "null", "tls", "local", "time", "template", "cloudinit", "terraform"])
_DATA = {"external": "runs a program", "http": "sends a request", "terraform_remote_state": "reads the state of another stack"}
_FILE_FUNCTIONS = frozenset(
    ["file", "filebase64", "fileexists", "fileset", "templatefile", "filemd5", "filesha1", "filesha256", "filesha512", "filebase64sha256", "filebase64sha512"]
)  # fmt: skip
_FILE_ARGUMENTS = frozenset(["filename", "source", "source_file", "source_dir", "output_path", "config_path", "shared_credentials_file"])


@dataclass(frozen=True, slots=True)
class Danger:
    """Something that is not done unless the user allows it: from which step on, and what, as a phrase with the place."""

    step: Step
    text: str


def dangers(graph: Graph) -> tuple[Danger, ...]:
    """Return all that a tree would do besides declaring AWS resources, in a total order."""
    found = {danger for declaration in _all(graph) for danger in _of(graph, declaration)} | set(_unread(graph))
    order = list(Step)
    return tuple(sorted(found, key=lambda d: (order.index(d.step), d.text)))


def _unread(graph: Graph) -> Iterator[Danger]:
    """Yield the files of which not everything was read, so that nothing can be said of them."""
    for file in sorted({d.range.filename for d in graph.tree.diagnostics if d.range is not None}):
        yield Danger(Step.PLAN, f"`{file}` cannot be read, so that nobody knows what it does")
    read = {block.file for module in graph.tree.modules.values() for block in module.blocks}
    for path, file_ in graph.tree.files.items():
        if path.endswith(".tf.json") and path not in read and file_.text.strip() not in ("", "{}"):
            yield Danger(Step.INIT, f"`{path}` cannot be read, so that nobody knows what it does")


def _all(graph: Graph) -> Iterator[Declaration]:
    for module in graph.tree.modules.values():
        if module.reached:
            yield from module.declarations.values()
            yield from module.duplicates


def _of(graph: Graph, declaration: Declaration) -> Iterator[Danger]:
    at = f"`{declaration.address}`"
    if declaration.kind == "module":
        yield from _module(graph, declaration, at)
    if declaration.kind == "data" and declaration.type in _DATA:
        yield Danger(Step.PLAN, f"{at} {_DATA[declaration.type]}")
    if declaration.local == "terraform.required_providers":
        yield from _programs(declaration)
    if declaration.kind in ("resource", "data"):
        provider = declaration.type.split("_")[0]
        if provider not in _AT_HOME and declaration.type not in _DATA:
            yield Danger(Step.PLAN, f"{at} is of the provider `{provider}`, for which nothing stands in")
        for block in declaration.block.walk():
            if block.type == "provisioner":
                yield Danger(Step.APPLY, f"{at} has the provisioner `{' '.join(block.labels)}`")
        yield from _many(graph, declaration, at)
    yield from _files(graph, declaration, at)


def _module(graph: Graph, declaration: Declaration, at: str) -> Iterator[Danger]:
    target = local_source(declaration.block, declaration.module)
    if target is None and declaration.block.value("source") is not None:
        yield Danger(Step.INIT, f"{at} fetches code from elsewhere")
    elif target is not None and target.startswith(".."):
        yield Danger(Step.INIT, f"{at} leads out of the tree")
    yield from _many(graph, declaration, at)


def _programs(declaration: Declaration) -> Iterator[Danger]:
    """Yield the providers that are programs of others: Terraform would fetch and start them to check the tree."""
    for name, attribute in declaration.block.attributes.items():
        pairs = getattr(attribute.expr, "items", ())
        source = next((v.value for k, v in pairs if getattr(k, "value", "") == "source" and isinstance(v, Literal)), None)
        if isinstance(source, str) and source.split("/")[:-1] != ["hashicorp"]:
            yield Danger(Step.INIT, f"the provider `{name}` is a program of `{source.rpartition('/')[0] or source}`")


def _many(graph: Graph, declaration: Declaration, at: str) -> Iterator[Danger]:
    count = graph.constant(declaration.block.value("count"), declaration.module)
    each = graph.constant(declaration.block.value("for_each"), declaration.module)
    number = count if isinstance(count, int | float) else len(each) if isinstance(each, list | dict) else 0
    if number > MOST_INSTANCES:
        yield Danger(Step.PLAN, f"{at} has {number:g} instances")
    for call in _calls(declaration.block.value("for_each")):
        ends = [graph.constant(argument, declaration.module) for argument in call.args] if call.name == "range" else []
        if any(isinstance(end, int | float) and abs(end) > MOST_INSTANCES for end in ends):
            yield Danger(Step.PLAN, f"{at} has instances for a range up to {max(e for e in ends if isinstance(e, int | float)):g}")


def _files(graph: Graph, declaration: Declaration, at: str) -> Iterator[Danger]:
    places = [("", declaration.attribute)] if declaration.attribute is not None else [(p, a) for p, _, a in arguments(declaration.block)]
    for path, attribute in places:
        paths = [call.args[0] for call in _calls(attribute.expr) if call.name.rpartition("::")[2] in _FILE_FUNCTIONS and call.args]
        if path.rpartition(".")[2] in _FILE_ARGUMENTS and declaration.kind in ("resource", "data", "provider"):
            paths.append(attribute.expr)
        if any(_outside(graph, expr, declaration.module) for expr in paths):
            yield Danger(Step.PLAN, f"{at} names a file outside of the tree")


def _calls(expr: Expression | None) -> Iterator[Call]:
    return (part for part in walk(expr) if isinstance(part, Call)) if expr is not None else iter(())


def _outside(graph: Graph, expr: Expression, module: str) -> bool:
    """Whether a path leads out of the tree: absolute, at home, or up further than the module lies deep."""
    value = graph.constant(expr, module)
    if value is UNKNOWN and isinstance(expr, Template):
        pieces = [part.value if isinstance(part, Literal) else "\0" for part in expr.parts]
        value = "".join(str(piece) for piece in pieces)
    if not isinstance(value, str) or value.startswith("arn:"):
        return False
    if value.startswith(("/", "~")):
        return True
    inside = posixpath.normpath(posixpath.join(module, value.lstrip("\0").lstrip("/")))
    return inside.startswith("..")
