"""What is in the deployment package of a Lambda function, where the tree itself builds it."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping

from reviewgen.model.hcl import Call, Expression, Template, Traversal
from reviewgen.model.tree import Declaration
from reviewgen.records import dataclass
from reviewgen.terraform import Graph


@dataclass(frozen=True)
class Package:
    """The content of an archive.

    Attributes:
        archive: The ``archive_file`` that builds it.
        argument: Its argument that names the sources.
        files: Texts by name inside the archive; None for a text that is not known.
        whole: Whether that is all that is inside.
    """

    archive: Declaration
    argument: str
    files: Mapping[str, str | None]
    whole: bool


def path_of(graph: Graph, expr: Expression | None, module: str) -> str | None:
    """Return a file path below the tree's top, ``path.module`` filled in; None when it is not known."""
    value = graph.constant(expr, module)
    if isinstance(value, str):
        return _below(graph, value) if value else None  # an empty text is no path: the provider takes it as not set
    parts = expr.parts if isinstance(expr, Template) else ()
    texts = [_piece(graph, part, module) for part in parts]
    return posixpath.normpath("".join(t for t in texts if t is not None)) if texts and None not in texts else None


def _piece(graph: Graph, part: Expression, module: str) -> str | None:
    if isinstance(part, Traversal) and part.root == "path":
        name = getattr(part.steps[0], "name", "") if part.steps else ""
        return {"module": module or ".", "root": graph.tree.root or ".", "cwd": graph.tree.root or "."}.get(name)
    value = graph.constant(part, module)
    return str(value) if isinstance(value, str | int) else None


def _below(graph: Graph, path: str) -> str:
    """Terraform takes relative paths from the directory that it runs in: the root module's."""
    return path if path.startswith("/") else posixpath.normpath(posixpath.join(graph.tree.root, path))


def archive_of(graph: Graph, function: Declaration) -> Declaration | None:
    """Return the ``archive_file`` whose output is the package of a function, by reference or by the same path."""
    expr = function.block.value("filename")
    for target in graph.targets(expr, function.module):
        if target.type == "archive_file":
            return target
    path = path_of(graph, expr, function.module)
    archives = [*graph.data_of_type("archive_file"), *graph.of_type("archive_file")]
    return next((a for a in archives if path and path_of(graph, a.block.value("output_path"), a.module) == path), None)


def package(graph: Graph, function: Declaration) -> Package | None:
    """Return what the package of a function contains; None when that is not known."""
    archive = archive_of(graph, function)
    if archive is None or graph.tree.incomplete:
        return None
    block, home = archive.block, archive.module
    if block.value("source_dir") is not None:
        return _of_folder(graph, archive, path_of(graph, block.value("source_dir"), home))
    if block.value("source_file") is not None:
        path = path_of(graph, block.value("source_file"), home)
        return Package(archive, "source_file", {posixpath.basename(path): _text(graph, path)}, True) if path else None
    if block.value("source_content") is not None:
        name = graph.argument(archive, "source_content_filename")
        text = _content(graph, block.value("source_content"), home)
        return Package(archive, "source_content", {name: text}, True) if isinstance(name, str) else None
    return _of_sources(graph, archive)


def _of_folder(graph: Graph, archive: Declaration, folder: str | None) -> Package | None:
    """What a folder holds beside the delivered files (installed libraries) is not known."""
    if folder is None:
        return None
    prefix = "" if folder == "." else folder + "/"
    inside = {p.removeprefix(prefix): f.text for p, f in graph.files.items() if p.startswith(prefix)}
    return Package(archive, "source_dir", inside, False) if inside else None


def _of_sources(graph: Graph, archive: Declaration) -> Package | None:
    files: dict[str, str | None] = {}
    for block in archive.block.nested("source"):
        name = graph.constant(block.value("filename"), archive.module)
        if not isinstance(name, str):
            return None
        files[name] = _content(graph, block.value("content"), archive.module)
    whole = not any(b.type == "dynamic" for b in archive.block.blocks)
    return Package(archive, "source", files, whole) if files else None


def _text(graph: Graph, path: str | None) -> str | None:
    file = graph.files.get(path) if path else None
    return file.text if file is not None else None


# What a template fills in is no code.
_READS = ("file", "templatefile")


def _content(graph: Graph, expr: Expression | None, module: str) -> str | None:
    """The text of an inline source: a constant, a delivered file, or the constant parts of a template, which hold the code."""
    if isinstance(expr, Call) and expr.name in _READS and expr.args:
        return _text(graph, path_of(graph, expr.args[0], module))
    value = graph.constant(expr, module)
    if isinstance(value, str):
        return value
    if isinstance(expr, Template):
        pieces = [graph.constant(p, module) for p in expr.parts]
        return "".join(p if isinstance(p, str) else "0" for p in pieces)
    return None


_BUILDERS = ("null_resource", "terraform_data", "local_file", "local_sensitive_file")
# Words of commands that may make a file; what only waits, prints or asks AWS makes none.
_MAKES = re.compile(
    r"zip|tar|build|make|mvn|gradle|npm|yarn|pip|poetry|docker|python|node|\bgo\b|cargo|dotnet|\.(?:sh|ps1|py|js)\b|\b(?:cp|mv|curl|wget)\b|>"
)


# Files with commands, and the commands among them that make packages.
_SCRIPT = re.compile(r"\.(?:sh|bash|ps1|ya?ml)$|(?:^|/)(?:Makefile|package\.json)$")
_PACKS = re.compile(r"\b(?:zip|tar|7z|jar|Compress-Archive|gradle|mvn|sam build|npm run|make)\b")


def _may_build(graph: Graph, builder: Declaration, name: str) -> bool:
    """Whether a block may make a file of a name: it says the name, or runs a command that may."""
    block = builder.block
    text = "\n".join(graph.files[block.file].text.split("\n")[block.line - 1 : block.end_line])
    if name in text:
        return True
    if builder.type.startswith("local_"):
        return not isinstance(graph.argument(builder, "filename"), str) and "filename" in block.attributes
    commands = [p.value("command") for p in block.blocks if p.type == "provisioner" and p.labels[:1] == ("local-exec",)]
    texts = [graph.constant(c, builder.module) for c in commands]
    return any(not isinstance(t, str) or _MAKES.search(t) for t in texts)


def is_packed(graph: Graph, path: str) -> bool:
    """Whether a script of the answer makes a package: it says its name, and a command that packs."""
    name = posixpath.basename(path)
    return any(_SCRIPT.search(p) and name in file.text and _PACKS.search(file.text) for p, file in graph.files.items())


def built_elsewhere(graph: Graph, path: str) -> bool:
    """Whether something of the answer may make a file: its name stands in another block or in a script, or something runs local commands."""
    name = posixpath.basename(path)
    if is_packed(graph, path) or graph.data_of_type("external") or any(_may_build(graph, d, name) for d in graph.of_type(*_BUILDERS)):
        return True
    return any(p == path or posixpath.basename(p) == name for p in graph.files)


# An import in JavaScript of a library by its name, not by a path; a remark imports nothing.
_IMPORT = re.compile(
    r"^(?![ \t]*/?\*)(?:(?!//).)*?(?:\brequire\(|\bfrom )\s*['\"]((?:@[\w.-]+/)?\w[\w.-]*)(?:/[\w./-]*)?['\"]", re.MULTILINE
)


def imported(text: str) -> Mapping[str, bool]:
    """Return the libraries that a source in JavaScript imports, in their order, and of each whether within a block only, such as its handler's."""
    found: dict[str, bool] = {}
    for match in _IMPORT.finditer(text):
        late = text.count("{", 0, match.start(1)) > text.count("}", 0, match.start(1))
        found[match[1]] = found.get(match[1], True) and late
    return found
