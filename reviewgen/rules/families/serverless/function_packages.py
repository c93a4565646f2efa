"""RG324, RG325 and RG327: packages of functions and layers that nobody delivers or builds, and what they lack."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import replace

from reviewgen import hcl
from reviewgen.model.hcl import Attr, Call, Template, Traversal
from reviewgen.model.review import Category, Recommendation, Severity, Stage
from reviewgen.model.tree import Declaration
from reviewgen.terraform import Graph

from ...base import Hit, Rule
from ...packages import Package, archive_of, built_elsewhere, imported, package, path_of
from ...places import code, listed
from .edge import at_the_edge

_DOCS = "https://docs.aws.amazon.com/lambda/latest/dg/"


# The files in which each language's runtime looks for a handler.
SUFFIXES = {"python": (".py",), "nodejs": (".js", ".mjs", ".cjs"), "ruby": (".rb",)}


def module_of(handler: str, runtime: str) -> str:
    """Return the path without an ending at which a runtime looks for a handler.

    Python takes what stands before the last dot for a module, whose dots are folders; Node.js and Ruby what stands before the first one in the
    name of the file: what follows is a path within the module.
    """
    if runtime.startswith("python"):
        return handler.rpartition(".")[0].replace(".", "/")
    folder, slash, name = handler.rpartition("/")
    return f"{folder}{slash}{name.partition('.')[0]}"


def in_a_layer(graph: Graph, function: Declaration) -> bool:
    """Whether a handler may be that of a layer which is none of the tree's: the wrapper of somebody who watches functions, for example."""
    layers = function.block.value("layers")
    if layers is None:
        return False
    own = [t for t in graph.targets(layers, function.module) if t.type == _LAYER and t.kind == "resource"]
    return not own or "arn:" in hcl.text_of(layers)


# Packages that people import and that no Python runtime of Lambda contains.
_PYTHON_EXTRAS = frozenset([
    "aws_lambda_powertools", "aws_xray_sdk", "bs4", "cfnresponse", "crhelper", "cryptography", "elasticsearch", "jwt", "kafka", "mysql",
    "numpy", "openpyxl", "opensearchpy", "pandas", "PIL", "psycopg2", "pyarrow", "pydantic", "pymongo", "pymysql", "pyodbc", "redis", "requests",
    "requests_aws4auth", "scipy", "sklearn", "slack_sdk", "sqlalchemy", "stripe", "twilio", "yaml",
])  # fmt: skip

# Packages of npm that no Node.js runtime of Lambda contains, not even beneath its SDK.
_NODE_EXTRAS = frozenset([
    "aws-xray-sdk", "aws-xray-sdk-core", "axios", "bcrypt", "bcryptjs", "express", "ioredis", "jsonwebtoken", "jwks-rsa", "knex", "moment", "mongodb",
    "mongoose", "mssql", "mysql", "mysql2", "node-fetch", "nodemailer", "pg", "redis", "sequelize", "serverless-http", "sharp", "stripe", "twilio",
])  # fmt: skip


# Words by which PROMPT leaves the package to whoever deploys the stack.
_PLACEHOLDER = r"\bplaceholders? like [^.\n]{0,60}\b(?:lambda |function )?zip\b|\b(?:lambda|function)(?:'s)? (?:code|zip)\b[^.\n]{0,30}\bplaceholder path\b"


_LAYER = "aws_lambda_layer_version"


def package_missing(graph: Graph) -> Iterator[Hit]:
    """A package of a function, or of a layer, that nothing delivers or builds."""
    if graph.tree.incomplete:
        return
    for function in graph.of_type("aws_lambda_function", _LAYER):
        path = path_of(graph, function.block.value("filename"), function.module)
        built = path and (archive_of(graph, function) is not None or built_elsewhere(graph, path) or _by_an_archive(graph))
        if path and not built:
            hit = Hit(
                function.address,
                f"{code(function.address)} uploads {code(path)}, which is not among the files, and no `archive_file` builds it.",
                f"{code(function.address)} uploads no file that is neither delivered nor built",
                attribute="filename",
                related=_hashed(function),
                message=_unread(graph, function, path),
                stage=_read_at(function) if _hash_of(graph, function, path) else None,
                recommendation=_compiled(graph, function),
                unless=_PLACEHOLDER,
            )
            yield _of_a_layer(hit) if function.type == _LAYER else hit


def _by_an_archive(graph: Graph) -> bool:
    """Whether an archive is written to a path that nobody knows before it is given, and that no function refers to: it may be any package."""
    used = [t.address for f in graph.of_type("aws_lambda_function", _LAYER) for t in graph.targets(f.block.value("filename"), f.module)]
    archives = [*graph.data_of_type("archive_file"), *graph.of_type("archive_file")]
    return any(a.address not in used and path_of(graph, a.block.value("output_path"), a.module) is None for a in archives)


# Beginnings of the names of runtimes whose code is compiled before it is packed.
_COMPILED = ("dotnet", "go", "java", "provided")


def _compiled(graph: Graph, function: Declaration) -> Recommendation | None:
    """Return what is advised of a program that is compiled, of which an archive of its sources is no package."""
    runtime = graph.argument(function, "runtime")
    if not isinstance(runtime, str) or not runtime.startswith(_COMPILED):
        return None
    return Recommendation("Deliver the package, or a build that makes it: `archive_file` compiles nothing.")


def _of_a_layer(hit: Hit) -> Hit:
    """Return what is told of a layer's package, which takes more than sources: the libraries in it are installed first."""
    return replace(
        hit,
        title="Package of a Lambda layer is neither delivered nor built",
        impact=(("Deployment", "The layer cannot be created without a manual packaging step."),),
        recommendation=Recommendation("Deliver the layer's package, or build it from libraries that the answer installs."),
        source="https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/lambda_layer_version",
    )


def _unread(graph: Graph, function: Declaration, path: str) -> str:
    """Return what is said of a package that is not there: by a function that reads it for its hash, or by the provider.

    That names the path as it is given, in which the root module is a dot.
    """
    expr = function.block.value("filename")
    name = graph.constant(expr, function.module)
    if not isinstance(name, str):
        name = posixpath.relpath(path, graph.tree.root or ".")
        first = expr.parts[0] if isinstance(expr, Template) and expr.parts else None
        step = first.steps[0] if isinstance(first, Traversal) and first.root == "path" and first.steps else None
        home = isinstance(step, Attr) and (step.name == "root" or (step.name == "module" and function.module == graph.tree.root))
        name = f"./{name}" if home else name
    if hashing := _hash_of(graph, function, path):
        return f'Call to function "{hashing}" failed: open {posixpath.normpath(name)}: no such file or directory.'
    return f"reading ZIP file ({name}): open {name}: no such file or directory"


def _hash_of(graph: Graph, function: Declaration, path: str) -> str:
    """Return the function that reads the package while Terraform plans; empty where none does for certain."""
    expr = function.block.value("source_code_hash")
    called = isinstance(expr, Call) and len(expr.args) == 1 and expr.name.startswith("file")
    return expr.name if isinstance(expr, Call) and called and path_of(graph, expr.args[0], function.module) == path else ""


def _read_at(function: Declaration) -> Stage:
    """Return when Terraform reads the package for its hash: while it validates where the path waits for nothing, else in the plan."""
    expr = function.block.value("source_code_hash")
    led = hcl.traversals(expr) if expr is not None else ()
    return Stage.VALIDATE if all(isinstance(part, Traversal) and part.root == "path" for part in led) else Stage.PLAN


def _hashed(function: Declaration) -> tuple[str, ...]:
    """The argument that reads the package too."""
    return (f"{function.address}.source_code_hash",) if "source_code_hash" in function.block.attributes else ()


def source_missing(graph: Graph) -> Iterator[Hit]:
    """An archive of a file or folder that nobody delivers."""
    if graph.tree.incomplete:
        return
    for archive in [*graph.data_of_type("archive_file"), *graph.of_type("archive_file")]:
        for argument in ("source_file", "source_dir"):
            path = path_of(graph, archive.block.value(argument), archive.module)
            if not path or path.startswith("/") or built_elsewhere(graph, path):
                continue
            if not _stands_anywhere(graph, path):
                yield Hit(
                    archive.address,
                    f"{code(archive.address)} packs {code(path)}, which is not among the files.",
                    f"{code(archive.address)} does not pack {code(path)}, or that is delivered",
                    attribute=argument,
                    related=_packed_for(graph, archive),
                    message="error creating archive: error archiving "
                    + (
                        "file: could not archive missing file"
                        if argument == "source_file"
                        else "directory: could not archive missing directory"
                    ),
                )


def _stands_anywhere(graph: Graph, path: str) -> bool:
    """Whether a file or folder is delivered at a path, or at its end in another directory.

    Where the top of an answer's tree lies among its own folders is read from names: ``../lambda`` may be the ``lambda`` beside it.
    """
    ending = "/".join(name for name in path.split("/") if name not in ("", ".", ".."))
    return not ending or any(f"/{ending}/" in f"/{delivered}/" for delivered in graph.files)


def _packed_for(graph: Graph, archive: Declaration) -> tuple[str, ...]:
    return tuple(f"{f.address}.filename" for f in graph.of_type("aws_lambda_function") if archive_of(graph, f) is archive)


def import_error(runtime: str) -> str:
    """Return what Lambda logs of a module that it does not find."""
    words = {"python": "Unable to import module", "nodejs": "Error: Cannot find module"}
    return next((f"Runtime.ImportModuleError: {said}" for name, said in words.items() if runtime.startswith(name)), "")


def handler_page(runtime: str) -> str:
    """Return the page about handlers of a runtime's language."""
    return next((f"{_DOCS}{name}-handler.html" for name in SUFFIXES if runtime.startswith(name)), "")


_WITHOUT_LAYER = Recommendation(
    "Pack the library, or use what the runtime has: Lambda@Edge, where CloudFront runs the function, takes no layers."
)


def library_missing(graph: Graph) -> Iterator[Hit]:
    """An import that neither the runtime nor the package contains."""
    distributions = graph.of_type("aws_cloudfront_distribution")
    for function in graph.of_type("aws_lambda_function"):
        inside = package(graph, function)
        runtime = graph.argument(function, "runtime")
        if inside is None or not inside.whole or "layers" in function.block.attributes or not isinstance(runtime, str):
            continue
        texts = [text for text in inside.files.values() if text]
        missing = sorted({name for text in texts for name in _absent(text, runtime, inside)})
        late = missing == ["aws-sdk"] and all(imported(text).get("aws-sdk", True) for text in texts)
        if missing:
            yield Hit(
                function.address,
                f"The code of {code(function.address)} imports {listed(missing)}, which the runtime `{runtime}` does not contain; "
                f"{code(inside.archive.address)} packs only {listed(sorted(inside.files))}, and the function has no layer.",
                f"{code(function.address)} has a layer, its package contains {listed(missing)}, or its code does not import "
                f"{'it' if len(missing) == 1 else 'them'}",
                attribute="layers",
                related=(f"{inside.archive.address}.{inside.argument}",),
                message=""
                if any(n.endswith(".mjs") for n in inside.files)  # modules of that kind are missed in other words
                else import_error(runtime).removeprefix("Runtime.ImportModuleError: " if late else "")
                + (_first(texts, missing) if runtime.startswith("nodejs") else ""),
                impact=(("Function", "The code fails where it imports the library: what stands behind that does not run."),)
                if late
                else (),
                recommendation=_WITHOUT_LAYER if any(function in at_the_edge(graph, d) for d in distributions) else None,
                source=_DOCS + "nodejs-package.html" if runtime.startswith("nodejs") else "",
                names=tuple(missing),
            )


def _first(texts: list[str], missing: list[str]) -> str:
    """Return the library that the runtime misses first, in quotes; nothing where several sources miss some, whose order nobody knows."""
    asking = [found for found in map(imported, texts) if any(name in found for name in missing)]
    names = [name for name in asking[0] if name in missing] if len(asking) == 1 else []
    return f" '{min(names, key=lambda name: asking[0][name])}'" if names else ""


# What a program says over several lines, such as how it is used.
_QUOTED = re.compile(r"(\"{3}|'{3}).*?\1", re.DOTALL)


def _absent(text: str, runtime: str, inside: Package) -> Iterator[str]:
    """Yield the libraries that a source imports at its top level and that are certainly not there."""
    own = {posixpath.splitext(name)[0].split("/")[0] for name in inside.files}
    if runtime.startswith("python"):
        for match in re.finditer(r"^(?:import|from) +([A-Za-z_]\w*)", _QUOTED.sub("", text), re.MULTILINE):
            if match[1] in _PYTHON_EXTRAS and match[1] not in own:
                yield match[1]
    if version := re.match(r"nodejs(\d+)", runtime):
        for name, late in imported(text).items():
            if (name == "aws-sdk" and int(version[1]) >= 18) or (name in _NODE_EXTRAS and not late and "node_modules" not in own):
                yield name


RULES = (
    Rule(
        "RG324",
        "lambda-package-missing",
        "Lambda deployment package is neither delivered nor built",
        Category.BLOCKER,
        Severity.CRITICAL,
        package_missing,
        "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/lambda_function",
        stage=Stage.APPLY,
        impact=(("Deployment", "The function cannot be created without a manual packaging step."),),
        lesson="A stack that is to deploy by itself builds its packages from sources that it contains.",
        advice="Build the package with `archive_file`, from sources that are delivered.",
        cures=("archive_file",),
    ),
    Rule(
        "RG325",
        "archive-source-missing",
        "Source of an archive is not delivered",
        Category.BLOCKER,
        Severity.CRITICAL,
        source_missing,
        "https://registry.terraform.io/providers/hashicorp/archive/latest/docs/data-sources/file",
        stage=Stage.PLAN,
        impact=(("Deployment", "The plan fails, because the archive cannot be built."),),
        lesson="A stack that is to deploy by itself contains the sources of its packages.",
        advice="Deliver the source at that path, or write it into the archive with `source` blocks.",
    ),
    Rule(
        "RG327",
        "lambda-library-missing",
        "Lambda code imports a library that its package lacks",
        Category.CRITICAL,
        Severity.CRITICAL,
        library_missing,
        _DOCS + "python-package.html",
        stage=Stage.RUNTIME,
        impact=(("Function", "Every invocation fails before the code runs."),),
        lesson="A runtime contains the standard library and the current AWS SDK; everything else comes with the package or a layer.",
        advice="Pack the library, attach a layer with it, or use what the runtime has.",
    ),
)
