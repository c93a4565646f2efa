"""RG326: handlers in files that are not packed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from reviewgen.hcl import text_of
from reviewgen.model.hcl import Expression, Template, Traversal
from reviewgen.model.review import Category, Severity, Stage
from reviewgen.model.tree import Declaration
from reviewgen.terraform import Graph
from reviewgen.terraform.instances import Scope, copies

from ...base import Hit, Rule
from ...packages import archive_of, package
from ...places import code, listed
from .function_packages import SUFFIXES, handler_page, import_error, in_a_layer, module_of

_DOCS = "https://docs.aws.amazon.com/lambda/latest/dg/"


def handler_not_packed(graph: Graph) -> Iterator[Hit]:
    """A handler whose file is not in the package."""
    for function in graph.of_type("aws_lambda_function"):
        inside = package(graph, function)
        handler, runtime = graph.argument(function, "handler"), graph.argument(function, "runtime")
        if inside is None or not isinstance(handler, str) or not isinstance(runtime, str) or "." not in handler:
            continue
        if in_a_layer(graph, function) or _is_compiled(handler, inside.files):
            continue
        endings, wanted = _endings(runtime), _wanted(handler, runtime)
        sources = [n for n in inside.files if n.endswith(endings)] if endings else []
        if sources and not set(wanted) & set(inside.files):
            yield Hit(
                function.address,
                f"The handler `{handler}` of {code(function.address)} is looked for in {code(wanted[0])}, but {code(inside.archive.address)} "
                f"packs {listed(sorted(sources))}.",
                f"the handler of {code(function.address)} names a file of its package",
                attribute="handler",
                message=import_error(runtime),
                source=handler_page(runtime),
                related=(f"{inside.archive.address}.{inside.argument}",),
            )


def handler_of_a_copy(graph: Graph) -> Iterator[Hit]:
    """A function for each of several handlers, whose packages, made in the same loop, hold other files."""
    for function in graph.of_type("aws_lambda_function"):
        archive, runtime, each = archive_of(graph, function), graph.argument(function, "runtime"), function.block.value("for_each")
        if (
            archive is None
            or not isinstance(runtime, str)
            or graph.tree.incomplete
            or not (_endings(runtime) and _in_step(function, archive))
        ):
            continue
        wrong = list(_misnamed(graph, function, archive, runtime))
        if wrong:
            handler, packed = wrong[0]
            others = f" The same holds for {len(wrong) - 1} more of its copies." if len(wrong) > 1 else ""
            loop = graph.resolve(each, function.module) if isinstance(each, Traversal) else None
            yield Hit(
                function.address,
                f"The handler `{handler}` of {code(function.address)} is looked for in {code(_wanted(handler, runtime)[0])}, but "
                f"{code(archive.address)} packs {code(packed)} for it.{others}",
                f"the handlers of {code(function.address)} name files of their packages",
                attribute="handler",
                message=import_error(runtime),
                source=handler_page(runtime),
                related=(f"{archive.address}.source_file", *([loop.address] if loop is not None else [])),
            )


def _in_step(function: Declaration, archive: Declaration) -> bool:
    """Whether function and archive are made by one loop, and each function takes the archive of its own key."""
    loops = [d.block.value("for_each") for d in (function, archive)]
    filename = function.block.value("filename")
    if loops[0] is None or loops[1] is None or filename is None or function.module != archive.module:
        return False
    return text_of(loops[0]) == text_of(loops[1]) and "[each.key]" in text_of(filename)


def _misnamed(graph: Graph, function: Declaration, archive: Declaration, runtime: str) -> Iterator[tuple[str, str]]:
    """Yield (handler, file that is packed) of each copy whose handler is in another file."""
    for scope in copies(graph, function):
        handler = scope.value(function.block.value("handler")) if scope.certain else None
        packed = _packed(scope, archive.block.value("source_file"))
        if isinstance(handler, str) and "." in handler and packed.endswith(_endings(runtime)) and packed not in _wanted(handler, runtime):
            yield handler, packed


def _packed(scope: Scope, expr: Expression | None) -> str:
    """Return the name of the one file that a copy of an archive packs; empty when it is not known."""
    values = [scope.value(part) for part in (expr.parts if isinstance(expr, Template) else (expr,))]
    name = "".join(value if isinstance(value, str) else "\0" for value in values).rpartition("/")[2]
    return "" if "\0" in name else name


def _endings(runtime: str) -> tuple[str, ...]:
    return next((e for name, e in SUFFIXES.items() if runtime.startswith(name)), ())


def _wanted(handler: str, runtime: str) -> list[str]:
    """Return the files in which a runtime looks for a handler."""
    stem = module_of(handler, runtime)
    package = [f"{stem}/__init__.py"] if runtime.startswith("python") else []
    return [*(f"{stem}{e}" for e in _endings(runtime)), *package]


def _is_compiled(handler: str, names: Iterable[str]) -> bool:
    """Whether a source in TypeScript of the handler's name is there, which somebody makes JavaScript of."""
    stem = handler.partition(".")[0]
    return any(name in (f"{stem}.ts", f"{stem}.mts") for name in names)


def handlers_not_packed(graph: Graph) -> Iterator[Hit]:
    """A handler in a file that is not in the package, of one function or of one of several that a loop makes."""
    yield from handler_not_packed(graph)
    yield from handler_of_a_copy(graph)


RULES = (
    Rule(
        "RG326",
        "lambda-handler-not-in-package",
        "Lambda handler is not in the package",
        Category.CRITICAL,
        Severity.CRITICAL,
        handlers_not_packed,
        _DOCS + "python-handler.html",
        fix_class="C",
        stage=Stage.RUNTIME,
        impact=(("Function", "Every invocation fails before the code runs."),),
        lesson="A handler is written as file and function: `file.function`.",
        advice="Name the packaged file in `handler`, or pack the file under the name that the handler has.",
    ),
)
