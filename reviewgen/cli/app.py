"""The commands and their options. Each command's work is in a module of its own, imported when it runs."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any

import typer

from reviewgen import __version__

app = typer.Typer(
    name="reviewgen",
    help="Compare a model's Terraform answer with its correction and write a truthful failures-and-corrections document.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
schema_app = typer.Typer(
    help="Provider schemas: what a type takes, which versions are known, building bundles.", no_args_is_help=True, rich_markup_mode=None
)
app.add_typer(schema_app, name="schema")


class Format(StrEnum):
    """What a report is written as."""

    markdown = "markdown"
    json = "json"


class TextFormat(StrEnum):
    """What a listing is written as."""

    text = "text"
    json = "json"


class Category(StrEnum):
    """Categories of issues, the worst first."""

    blocker = "blocker"
    critical = "critical"
    warning = "warning"


def command() -> Any:
    """Return the whole command line as one command object."""
    return typer.main.get_command(app)


def _version(value: bool) -> None:
    if value:
        typer.echo(f"reviewgen {__version__}")
        raise typer.Exit


@app.callback()
def options(
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing but errors.")] = False,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Say more about what is done.")] = False,
    version: Annotated[bool, typer.Option("--version", help="Show the version and exit.", callback=_version, is_eager=True)] = False,
) -> None:
    """Set how much is said."""
    from .console import VERBOSITY

    if quiet and verbose:
        raise typer.BadParameter("--quiet and --verbose exclude each other")
    VERBOSITY.level = -1 if quiet else 1 if verbose else 0


@app.command(
    epilog="Examples: reviewgen report samples/payment-dr | reviewgen report samples/payment-dr -o out/ | "
    "reviewgen report --model answer.md --ideal fixed/ --format json"
)
def report(
    sample: Annotated[str | None, typer.Argument(help="Folder with PROMPT, MODEL_RESPONSE and IDEAL_RESPONSE.")] = None,
    output: Annotated[str, typer.Option("--output", "-o", help="File, or folder (trailing slash) for both files.")] = "-",
    format: Annotated[Format | None, typer.Option("--format", help="What goes to a stream or file; by default Markdown.")] = None,
    model: Annotated[str | None, typer.Option(help="MODEL: a Markdown document, a .tf file, a folder, or - for stdin.")] = None,
    ideal: Annotated[str | None, typer.Option(help="IDEAL, likewise.")] = None,
    prompt: Annotated[str | None, typer.Option(help="PROMPT: a Markdown document.")] = None,
    fail_on: Annotated[Category | None, typer.Option(help="Exit with 1 when there is an issue of this category or a worse one.")] = None,
    template: Annotated[str | None, typer.Option(help="Template of the document.")] = None,
) -> int:
    """Write the document and the review of one sample."""
    from .report import report as run

    flags = {"format": format.value if format else None, "fail_on": fail_on.value if fail_on else None, "template": template}
    return run(sample, output, {"model": model, "ideal": ideal, "prompt": prompt}, flags)


@app.command(epilog="Example: reviewgen diff MODEL_RESPONSE.md IDEAL_RESPONSE.md")
def diff(
    model: Annotated[str, typer.Argument(help="A Markdown document, a .tf file, or a folder.")],
    ideal: Annotated[str, typer.Argument(help="The other one.")],
    format: Annotated[TextFormat, typer.Option("--format", help="Text for people or JSON for programs.")] = TextFormat.text,
) -> int:
    """Show what differs between two trees by meaning."""
    from .diff import diff as run

    return run(model, ideal, format.value)


@app.command(epilog="Examples: reviewgen validate infra/ | reviewgen validate MODEL_RESPONSE.md --format json")
def validate(
    tree: Annotated[str, typer.Argument(help="A folder of .tf files, a .tf file, or a Markdown document.")],
    format: Annotated[TextFormat, typer.Option("--format", help="Text, or JSON as Terraform prints it.")] = TextFormat.text,
) -> int:
    """Say what `terraform validate` would say, without Terraform; exit 1 when the tree is invalid."""
    from .validate import validate as run

    return run(tree, format.value)


@app.command(epilog="Example: reviewgen batch corpus/ -o out/ --jobs 4")
def batch(
    sources: Annotated[list[str], typer.Argument(help="Folders that contain samples, at any depth.")],
    output: Annotated[str, typer.Option("--output", "-o", help="Folder for OUT/<sample>/review.json and MODEL_FAILURES.md.")],
    jobs: Annotated[int | None, typer.Option("--jobs", "-j", help="Worker processes; 0 for one each processor.")] = None,
    template: Annotated[str | None, typer.Option(help="Template of the documents.")] = None,
) -> int:
    """Write documents and reviews of many samples; one bad sample never stops the others."""
    from .batch import batch as run

    return run(sources, output, {"jobs": jobs, "template": template})


@app.command(epilog="Example: REVIEWGEN_JOBS=4 reviewgen config")
def config(
    format: Annotated[TextFormat, typer.Option("--format", help="Text or JSON.")] = TextFormat.text,
) -> int:
    """Show each setting and where its value comes from."""
    from .config import config as run

    return run(format.value)


@schema_app.command("list")
def schema_list(
    format: Annotated[TextFormat, typer.Option("--format", help="Text or JSON.")] = TextFormat.text,
) -> int:
    """List the provider versions whose schemas are known."""
    from .schema import list_bundles

    return list_bundles(format.value)


@schema_app.command("show", epilog="Example: reviewgen schema show aws_s3_bucket")
def schema_show(
    type: Annotated[str, typer.Argument(help="Resource type; data.TYPE for a data source.")],
    version: Annotated[str | None, typer.Option("--provider-version", help="Version of the provider; by default the newest.")] = None,
    format: Annotated[TextFormat, typer.Option("--format", help="Text or JSON.")] = TextFormat.text,
) -> int:
    """Show what a type takes."""
    from .schema import show

    return show(type, version, format.value)


@schema_app.command("build", epilog="Example: terraform providers schema -json | reviewgen schema build - -o bundles/")
def schema_build(
    source: Annotated[str, typer.Argument(help="Output of `terraform providers schema -json`, or - for stdin.")],
    output: Annotated[str, typer.Option("--output", "-o", help="Folder for the bundles.")],
    version: Annotated[list[str] | None, typer.Option("--provider-version", help="NAME=VERSION of a provider in it; once each.")] = None,
) -> int:
    """Build bundles from Terraform's own schemas, for any provider and version."""
    from .schema import build

    return build(source, output, version or [])
