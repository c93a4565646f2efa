"""The commands and their options. Each command's work is in a module of its own, imported when it runs: that keeps the start short.

For the same reason the annotations are evaluated here, once, and not as texts, which typer would compile at each start.
"""

from typing import Annotated, Any

import typer

from reviewgen import __version__

from .documents import templates
from .many import many
from .options import (
    BUNDLE_HELP,
    EVIDENCE_HELP,
    LOOKS,
    OUTPUT_HELP,
    REPORT_FORMAT_HELP,
    SAMPLE_HELP,
    STEPS_HELP,
    TREE_HELP,
    UPDATE_HELP,
    AsText,
    CheckFormat,
    FailOn,
    FailUnder,
    Overrides,
    Quiet,
    Redact,
    ReportFormat,
    Side,
    Template,
    TextFormat,
    Verbose,
    examples,
)


def _finish(code: int, **_: Any) -> None:
    """End with the exit code that a command returns."""
    raise typer.Exit(code)


app = typer.Typer(
    name="reviewgen",
    help="Compare a model's Terraform answer with its correction and write a truthful failures-and-corrections document.",
    epilog="Exit codes: 0 done, 1 a requested gate failed, 2 bad usage or input, 3 a batch with failed samples, 70 internal error, "
    "130 interrupted.",
    result_callback=_finish,
    **LOOKS,
)
schema_app = typer.Typer(help="Show and build provider schemas. Which versions are known, what a type takes, bundles of your own.", **LOOKS)
app.add_typer(schema_app, name="schema")
rules_app = typer.Typer(help="Show the rules and what each one finds.", **LOOKS)
app.add_typer(rules_app, name="rules")

app.add_typer(templates, name="templates")


def command() -> Any:
    """Return the whole command line as one command object."""
    return typer.main.get_command(app)


def _version(value: bool) -> None:
    if value:
        typer.echo(f"reviewgen {__version__}")
        raise typer.Exit


@app.callback()
def options(
    quiet: Quiet = False,
    verbose: Verbose = False,
    version: Annotated[bool, typer.Option("--version", help="Show the version and exit.", callback=_version, is_eager=True)] = False,
) -> None:
    """Compare a model's Terraform answer with its correction and write a truthful failures-and-corrections document."""


@app.command(
    epilog=examples(
        "reviewgen report samples/payment-dr",
        "reviewgen report samples/payment-dr -o out/payment-dr/",
        "reviewgen report --model answer.md --ideal fixed/ --prompt task.md --format json",
        "generate | reviewgen report samples/payment-dr --model - --fail-on blocker -o review.json",
        "reviewgen report samples/payment-dr --update out/payment-dr/MODEL_FAILURES.md",
        "reviewgen report samples/payment-dr --update out/payment-dr/MODEL_FAILURES.md --check",
        "reviewgen report samples/payment-dr --template brief",
        "reviewgen report samples/payment-dr -o payment-dr.html",
    )
)
def report(
    sample: Annotated[str | None, typer.Argument(metavar="[SAMPLE]", help=SAMPLE_HELP, show_default=False)] = None,
    output: Annotated[str, typer.Option("--output", "-o", metavar="PATH", help=OUTPUT_HELP, show_default=False)] = "-",
    format: Annotated[ReportFormat | None, typer.Option("--format", help=REPORT_FORMAT_HELP, show_default=False)] = None,
    model: Annotated[str | None, typer.Option(metavar="PATH", help=TREE_HELP, show_default=False)] = None,
    ideal: Annotated[str | None, typer.Option(metavar="PATH", help="Likewise.", show_default=False)] = None,
    prompt: Annotated[str | None, typer.Option(metavar="PATH", help="PROMPT: a Markdown document.", show_default=False)] = None,
    fail_on: FailOn = None,
    fail_under: FailUnder = None,
    update: Annotated[str | None, typer.Option(metavar="DOC.md", help=UPDATE_HELP, show_default=False)] = None,
    check: Annotated[bool, typer.Option("--check", help="With --update: write nothing, exit with 1 and a diff when it is stale.")] = False,
    template: Template = None,
    overrides: Overrides = None,
    evidence: Annotated[list[str] | None, typer.Option(metavar="PATH", help=EVIDENCE_HELP, show_default=False)] = None,
    redact: Redact = None,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> int:
    """Write the document and the review of one sample."""
    gates = {"fail_on": fail_on and fail_on.value, "fail_under": fail_under}
    flags = {"format": format and format.value, "template": template, "redact": redact, **gates}
    sides = {"model": model, "ideal": ideal, "prompt": prompt}
    if update is None:
        if check:
            raise typer.BadParameter("--check goes with --update DOC.md")
        from .report import report as run

        return run(sample, output, sides, overrides, evidence or [], flags)
    if output != "-" or format not in (None, ReportFormat.markdown):
        raise typer.BadParameter("--update writes the document itself: give neither --output nor another --format with it")
    from .update import update as renew

    return renew(sample, update, check, sides, overrides, evidence or [], flags)


@app.command(epilog=examples("reviewgen score samples/payment-dr", "reviewgen score samples/payment-dr --format json --fail-under 8"))
def score(
    sample: Annotated[str, typer.Argument(metavar="SAMPLE", help=SAMPLE_HELP)],
    format: AsText = TextFormat.text,
    fail_under: FailUnder = None,
    overrides: Overrides = None,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> int:
    """Show the sums of both rubrics for one sample. One is the score of MODEL, one the learning value."""
    from .score import score as run

    return run(sample, format.value, overrides, {"fail_under": fail_under})


@app.command(
    epilog=examples(
        "reviewgen explain samples/payment-dr 1",
        "reviewgen explain samples/payment-dr RG301:aws_api_gateway_deployment.primary.stage_name --format json",
    )
)
def explain(
    sample: Annotated[str, typer.Argument(metavar="SAMPLE", help=SAMPLE_HELP)],
    issue: Annotated[str, typer.Argument(metavar="ISSUE", help="Number on the page, or fingerprint.")],
    format: AsText = TextFormat.text,
    overrides: Overrides = None,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> int:
    """Show what led to an issue. That is findings, facts, rules, and why it has its category and status."""
    from .explain import explain as run

    return run(sample, issue, format.value, overrides)


@app.command(
    epilog=examples(
        "reviewgen diff MODEL_RESPONSE.md IDEAL_RESPONSE.md",
        "reviewgen diff before/ after/ --format json",
        "git show HEAD:IDEAL_RESPONSE.md | reviewgen diff - IDEAL_RESPONSE.md",
    )
)
def diff(
    model: Annotated[str, typer.Argument(metavar="MODEL", help=TREE_HELP)],
    ideal: Annotated[str, typer.Argument(metavar="IDEAL", help="Likewise.")],
    format: AsText = TextFormat.text,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> int:
    """Show what differs between two trees by meaning."""
    from .diff import diff as run

    return run(model, ideal, format.value)


@app.command(epilog=examples("reviewgen validate infra/", "reviewgen validate MODEL_RESPONSE.md --format json"))
def validate(
    tree: Annotated[str, typer.Argument(metavar="TREE", help=TREE_HELP)],
    format: Annotated[
        CheckFormat, typer.Option("--format", help="Text for people, JSON or SARIF for programs.", show_default=False)
    ] = CheckFormat.text,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> int:
    """Say what `terraform validate` would say, without Terraform. The exit code is 1 when the tree is invalid."""
    from .validate import validate as run

    return run(tree, format.value)


@app.command(
    epilog=examples(
        "reviewgen read MODEL_FAILURES.md",
        "reviewgen read out/payment-dr/MODEL_FAILURES.md --format json",
        "reviewgen report samples/payment-dr | reviewgen read - --format json",
    )
)
def read(
    document: Annotated[str, typer.Argument(metavar="DOC.md", help="A document of failures, whoever wrote it, or - for stdin.")],
    format: AsText = TextFormat.text,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> int:
    """Read a document of failures. Shown are its issues with category, addresses, code and claims."""
    from .read import read as run

    return run(document, format.value)


@app.command(
    epilog=examples(
        "reviewgen audit samples/payment-dr --document MODEL_FAILURES.md",
        "reviewgen audit path/to/sample --format json",
        "reviewgen audit path/to/sample --fix-counts",
    )
)
def audit(
    sample: Annotated[str, typer.Argument(metavar="SAMPLE", help=SAMPLE_HELP)],
    document: Annotated[
        str | None,
        typer.Option(metavar="PATH", help="The document, or - for stdin; by default MODEL_FAILURES.md of the sample.", show_default=False),
    ] = None,
    format: AsText = TextFormat.text,
    fix_counts: Annotated[bool, typer.Option("--fix-counts", help="Mend totals in the file that only arithmetic decides.")] = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> int:
    """Check what a person's document says of a sample.

    It is held against the trees, PROMPT and the review; exit with 1 when something in it is not so, or missing.
    """
    from .audit import audit as run

    return run(sample, document, format.value, fix_counts)


@app.command(
    epilog=examples(
        "reviewgen verify samples/payment-dr",
        "reviewgen verify samples/payment-dr --side ideal --steps fmt,init,validate",
        "reviewgen verify samples/payment-dr --endpoint http://127.0.0.1:4566",
    )
)
def verify(
    sample: Annotated[str, typer.Argument(metavar="SAMPLE", help=SAMPLE_HELP)],
    side: Annotated[Side, typer.Option(help="The tree that is run.")] = Side.both,
    steps: Annotated[str, typer.Option(metavar="STEPS", help=STEPS_HELP)] = "fmt,init,validate,plan,apply,destroy",
    output: Annotated[
        str | None,
        typer.Option("--output", "-o", metavar="PATH", help="The record; by default evidence.json of the sample.", show_default=False),
    ] = None,
    endpoint: Annotated[str, typer.Option(metavar="URL", help="An emulator of AWS on this machine; by default moto, started here.")] = "",
    allow_exec: Annotated[bool, typer.Option("--allow-exec", help="Run programs and reach hosts that the trees call.")] = False,
    step_seconds: Annotated[int, typer.Option(metavar="N", min=0, help="Most time of each step; 0 for the usual bounds.")] = 0,
    var_file: Annotated[list[str] | None, typer.Option(metavar="PATH", help="Values of variables.", show_default=False)] = None,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> int:
    """Run the real Terraform on the trees of a sample.

    An emulator stands for AWS, never a real account. Each tree is run in a private copy without credentials, everything is destroyed and
    removed at the end, and the record goes into the sample's folder, where report and batch find it.
    """
    from .verify import run

    return run(sample, side.value, steps, output, endpoint, allow_exec, step_seconds, var_file or [])


app.add_typer(many)


@app.command(epilog=examples("reviewgen config", "REVIEWGEN_JOBS=4 reviewgen config --format json"))
def config(format: AsText = TextFormat.text, quiet: Quiet = False, verbose: Verbose = False) -> int:
    """Show each setting and where its value comes from."""
    from .config import config as run

    return run(format.value)


@schema_app.command("list", epilog=examples("reviewgen schema list"))
def schema_list(format: AsText = TextFormat.text) -> int:
    """List the provider versions whose schemas are known."""
    from .schema import list_bundles

    return list_bundles(format.value)


@schema_app.command(
    "show",
    epilog=examples(
        "reviewgen schema show aws_s3_bucket",
        "reviewgen schema show data.aws_ami --provider-version 5.100.0 --format json",
    ),
)
def schema_show(
    type: Annotated[str, typer.Argument(metavar="TYPE", help="Resource type; data.TYPE for a data source.")],
    version: Annotated[
        str | None, typer.Option("--provider-version", metavar="VERSION", help="By default the newest.", show_default=False)
    ] = None,
    format: AsText = TextFormat.text,
) -> int:
    """Show what a type takes."""
    from .schema import show

    return show(type, version, format.value)


@schema_app.command(
    "build",
    epilog=examples(
        "terraform providers schema -json > schemas.json",
        "reviewgen schema build schemas.json -o bundles/ --provider-version hashicorp/aws=5.100.0",
    ),
)
def schema_build(
    source: Annotated[str, typer.Argument(metavar="FILE", help="Output of `terraform providers schema -json`, or - for stdin.")],
    output: Annotated[str, typer.Option("--output", "-o", metavar="FOLDER", help="Folder for the bundles.")],
    version: Annotated[
        list[str] | None,
        typer.Option("--provider-version", metavar="NAME=VERSION", help=BUNDLE_HELP, show_default=False),
    ] = None,
) -> int:
    """Build bundles from Terraform's own schemas. Any provider and version will do."""
    from .schema import build

    return build(source, output, version or [])


@rules_app.command("list", epilog=examples("reviewgen rules list", "reviewgen rules list --format json"))
def rules_list(format: AsText = TextFormat.text) -> int:
    """List the rules that the configuration leaves switched on."""
    from .rules import list_rules

    return list_rules(format.value)


@rules_app.command("show", epilog=examples("reviewgen rules show RG201", "reviewgen rules show global-secondary-no-kms --format json"))
def rules_show(
    rule: Annotated[str, typer.Argument(metavar="RULE", help="Id or name of a rule.")],
    format: AsText = TextFormat.text,
) -> int:
    """Show what a rule finds, why that matters and how to repair it."""
    from .rules import show

    return show(rule, format.value)
