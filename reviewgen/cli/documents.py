"""The commands that are about templates of documents; see ``app``."""

from typing import Annotated

import typer

from .options import LOOKS, AsText, Quiet, TextFormat, Verbose, examples

templates = typer.Typer(help="Show, check and make templates of documents.", **LOOKS)


@templates.command("list", epilog=examples("reviewgen templates list"))
def templates_list(format: AsText = TextFormat.text) -> int:
    """List the templates that there are by name. Those are the shipped ones and your own in the folder `templates`."""
    from .templates import list_templates

    return list_templates(format.value)


@templates.command("show", epilog=examples("reviewgen templates show brief > my.md.j2"))
def templates_show(name: Annotated[str, typer.Argument(metavar="NAME", help="Name of a template.")]) -> int:
    """Print the text of a template."""
    from .templates import show

    return show(name)


@templates.command("check", epilog=examples("reviewgen templates check my.md.j2"))
def templates_check(
    path: Annotated[str, typer.Argument(metavar="PATH", help="A template file, or a name.")],
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> int:
    """Say what is wrong with a template. All names in it are looked up, and documents are made in which all or nothing is there."""
    from .templates import check

    return check(path)


@templates.command(
    "new",
    epilog=examples(
        "reviewgen templates new ours --from EXAMPLE.md",
        "reviewgen templates new ours --from EXAMPLE.md -o docs/ours.md.j2",
        "reviewgen report samples/payment-dr --template docs/ours.md.j2",
    ),
)
def templates_new(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Name of the template.")],
    example: Annotated[str, typer.Option("--from", metavar="EXAMPLE.md", help="A document with two issues at least, or - for stdin.")],
    output: Annotated[
        str | None,
        typer.Option(
            "--output", "-o", metavar="FILE", help="By default NAME.md.j2, in the folder `templates` if it is set.", show_default=False
        ),
    ] = None,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> int:
    """Make a template in the style of an example document. What of the example a review has nothing for is listed."""
    from .templates import new

    return new(name, example, output)
