"""The commands and their options. Each command's work is in a module of its own, imported when it runs: that keeps the start short.

For the same reason the annotations are evaluated here, once, and not as texts, which typer would compile at each start.
"""

from enum import StrEnum
from typing import Annotated, Any

import typer

from reviewgen import __version__

from . import console


def _finish(code: int, **_: Any) -> None:
    """End with the exit code that a command returns."""
    raise typer.Exit(code)


_LOOKS: dict[str, Any] = {
    "no_args_is_help": True,
    "rich_markup_mode": None,
    "pretty_exceptions_enable": False,
    "context_settings": {"help_option_names": ["-h", "--help"]},
}
app = typer.Typer(
    name="reviewgen",
    help="Compare a model's Terraform answer with its correction and write a truthful failures-and-corrections document.",
    epilog="Exit codes: 0 done, 1 a requested gate failed, 2 bad usage or input, 3 a batch with failed samples, 70 internal error, "
    "130 interrupted.",
    result_callback=_finish,
    **_LOOKS,
)
schema_app = typer.Typer(
    help="Show and build provider schemas. Which versions are known, what a type takes, bundles of your own.", **_LOOKS
)
app.add_typer(schema_app, name="schema")
cache_app = typer.Typer(help="Show and clear the reviews that batch keeps.", **_LOOKS)
app.add_typer(cache_app, name="cache")
rules_app = typer.Typer(help="Show the rules and what each one finds.", **_LOOKS)
app.add_typer(rules_app, name="rules")


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


class Measure(StrEnum):
    """The scores of a sample."""

    before = "before"
    after = "after"
    learning = "learning"


class SampleKind(StrEnum):
    """Classes of samples."""

    pair = "pair"
    snippet_ideal = "snippet_ideal"
    no_ideal_code = "no_ideal_code"
    no_model_code = "no_model_code"
    wrong_task = "wrong_task"
    identical = "identical"


class IssueStatus(StrEnum):
    """What became of an issue in IDEAL."""

    fixed = "fixed"
    left = "left"
    introduced = "introduced"
    unmet = "unmet"


def command() -> Any:
    """Return the whole command line as one command object."""
    return typer.main.get_command(app)


def _version(value: bool) -> None:
    if value:
        typer.echo(f"reviewgen {__version__}")
        raise typer.Exit


def _be(level: int, given: bool) -> bool:
    if given and console.MANNER.level == -level:
        raise typer.BadParameter("--quiet and --verbose exclude each other")
    if given:
        console.MANNER.level = level
    return given


def _examples(*lines: str) -> str:
    """Return an epilog; the mark keeps its lines from being joined."""
    return "\b\nExamples:\n" + "\n".join(f"  {line}" for line in lines)


# Before the command and behind it, as people type it; the callbacks do all that there is to do.
_Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing but errors.", callback=lambda given: _be(-1, given))]
_Verbose = Annotated[bool, typer.Option("--verbose", "-v", help="Say more about what is done.", callback=lambda given: _be(1, given))]
_TextFormat = Annotated[TextFormat, typer.Option("--format", help="Text for people or JSON for programs.", show_default=False)]
_Template = Annotated[str | None, typer.Option(metavar="NAME", help="Template of the document.", show_default=False)]

_Overrides = Annotated[
    str | None,
    typer.Option(metavar="PATH", help="Decisions of the curator; by default review.overrides.toml of the sample.", show_default=False),
]
_Redact = Annotated[bool | None, typer.Option("--redact/--no-redact", help="Mask literal secrets in quoted code.", show_default=False)]

_Jobs = Annotated[
    int | None, typer.Option("--jobs", "-j", metavar="N", help="Worker processes; 0 for one each processor.", show_default=False)
]
_FailUnder = Annotated[
    int | None,
    typer.Option(metavar="N", help="Exit with 1 when the learning value is under N (0 to 10) or not judged.", show_default=False),
]

_SAMPLE_HELP = "Folder with PROMPT, MODEL_RESPONSE and IDEAL_RESPONSE."
_OUTPUT_HELP = "A file, or a folder (existing, or with a slash at the end) for both files; by default stdout."
_FORMAT_HELP = "What a stream or one file gets; by default Markdown, JSON for *.json."
_UPDATE_HELP = "Write the generated parts of a document anew, between their marks, and keep what a person wrote."
_TREE_HELP = "A Markdown document, a .tf file, a folder, or - for a document on stdin."
_BUNDLE_HELP = "A provider in it; once each."


@app.callback()
def options(
    quiet: _Quiet = False,
    verbose: _Verbose = False,
    version: Annotated[bool, typer.Option("--version", help="Show the version and exit.", callback=_version, is_eager=True)] = False,
) -> None:
    """Compare a model's Terraform answer with its correction and write a truthful failures-and-corrections document."""


@app.command(
    epilog=_examples(
        "reviewgen report samples/payment-dr",
        "reviewgen report samples/payment-dr -o out/payment-dr/",
        "reviewgen report --model answer.md --ideal fixed/ --prompt task.md --format json",
        "generate | reviewgen report samples/payment-dr --model - --fail-on blocker -o review.json",
        "reviewgen report samples/payment-dr --update out/payment-dr/MODEL_FAILURES.md",
        "reviewgen report samples/payment-dr --update out/payment-dr/MODEL_FAILURES.md --check",
    )
)
def report(
    sample: Annotated[str | None, typer.Argument(metavar="[SAMPLE]", help=_SAMPLE_HELP, show_default=False)] = None,
    output: Annotated[str, typer.Option("--output", "-o", metavar="PATH", help=_OUTPUT_HELP, show_default=False)] = "-",
    format: Annotated[Format | None, typer.Option("--format", help=_FORMAT_HELP, show_default=False)] = None,
    model: Annotated[str | None, typer.Option(metavar="PATH", help=_TREE_HELP, show_default=False)] = None,
    ideal: Annotated[str | None, typer.Option(metavar="PATH", help="Likewise.", show_default=False)] = None,
    prompt: Annotated[str | None, typer.Option(metavar="PATH", help="PROMPT: a Markdown document.", show_default=False)] = None,
    fail_on: Annotated[
        Category | None, typer.Option(help="Exit with 1 when there is an issue of this category or a worse one.", show_default=False)
    ] = None,
    fail_under: _FailUnder = None,
    update: Annotated[str | None, typer.Option(metavar="DOC.md", help=_UPDATE_HELP, show_default=False)] = None,
    check: Annotated[bool, typer.Option("--check", help="With --update: write nothing, exit with 1 and a diff when it is stale.")] = False,
    template: _Template = None,
    overrides: _Overrides = None,
    redact: _Redact = None,
    quiet: _Quiet = False,
    verbose: _Verbose = False,
) -> int:
    """Write the document and the review of one sample."""
    gates = {"fail_on": fail_on and fail_on.value, "fail_under": fail_under}
    flags = {"format": format and format.value, "template": template, "redact": redact, **gates}
    sides = {"model": model, "ideal": ideal, "prompt": prompt}
    if update is None:
        if check:
            raise typer.BadParameter("--check goes with --update DOC.md")
        from .report import report as run

        return run(sample, output, sides, overrides, flags)
    if output != "-" or format is Format.json:
        raise typer.BadParameter("--update writes the document itself: give neither --output nor --format json with it")
    from .update import update as renew

    return renew(sample, update, check, sides, overrides, flags)


@app.command(epilog=_examples("reviewgen score samples/payment-dr", "reviewgen score samples/payment-dr --format json --fail-under 8"))
def score(
    sample: Annotated[str, typer.Argument(metavar="SAMPLE", help=_SAMPLE_HELP)],
    format: _TextFormat = TextFormat.text,
    fail_under: _FailUnder = None,
    overrides: _Overrides = None,
    quiet: _Quiet = False,
    verbose: _Verbose = False,
) -> int:
    """Show the sums of both rubrics for one sample. One is the score of MODEL, one the learning value."""
    from .score import score as run

    return run(sample, format.value, overrides, {"fail_under": fail_under})


@app.command(
    epilog=_examples(
        "reviewgen explain samples/payment-dr 1",
        "reviewgen explain samples/payment-dr RG301:aws_api_gateway_deployment.primary.stage_name --format json",
    )
)
def explain(
    sample: Annotated[str, typer.Argument(metavar="SAMPLE", help=_SAMPLE_HELP)],
    issue: Annotated[str, typer.Argument(metavar="ISSUE", help="Number on the page, or fingerprint.")],
    format: _TextFormat = TextFormat.text,
    overrides: _Overrides = None,
    quiet: _Quiet = False,
    verbose: _Verbose = False,
) -> int:
    """Show what led to an issue. That is findings, facts, rules, and why it has its category and status."""
    from .explain import explain as run

    return run(sample, issue, format.value, overrides)


@app.command(
    epilog=_examples(
        "reviewgen diff MODEL_RESPONSE.md IDEAL_RESPONSE.md",
        "reviewgen diff before/ after/ --format json",
        "git show HEAD:IDEAL_RESPONSE.md | reviewgen diff - IDEAL_RESPONSE.md",
    )
)
def diff(
    model: Annotated[str, typer.Argument(metavar="MODEL", help=_TREE_HELP)],
    ideal: Annotated[str, typer.Argument(metavar="IDEAL", help="Likewise.")],
    format: _TextFormat = TextFormat.text,
    quiet: _Quiet = False,
    verbose: _Verbose = False,
) -> int:
    """Show what differs between two trees by meaning."""
    from .diff import diff as run

    return run(model, ideal, format.value)


@app.command(epilog=_examples("reviewgen validate infra/", "reviewgen validate MODEL_RESPONSE.md --format json"))
def validate(
    tree: Annotated[str, typer.Argument(metavar="TREE", help=_TREE_HELP)],
    format: _TextFormat = TextFormat.text,
    quiet: _Quiet = False,
    verbose: _Verbose = False,
) -> int:
    """Say what `terraform validate` would say, without Terraform. The exit code is 1 when the tree is invalid."""
    from .validate import validate as run

    return run(tree, format.value)


@app.command(
    epilog=_examples(
        "reviewgen read MODEL_FAILURES.md",
        "reviewgen read out/payment-dr/MODEL_FAILURES.md --format json",
        "reviewgen report samples/payment-dr | reviewgen read - --format json",
    )
)
def read(
    document: Annotated[str, typer.Argument(metavar="DOC.md", help="A document of failures, whoever wrote it, or - for stdin.")],
    format: _TextFormat = TextFormat.text,
    quiet: _Quiet = False,
    verbose: _Verbose = False,
) -> int:
    """Read a document of failures. Shown are its issues with category, addresses, code and claims."""
    from .read import read as run

    return run(document, format.value)


@app.command(
    epilog=_examples(
        "reviewgen audit samples/payment-dr --document MODEL_FAILURES.md",
        "reviewgen audit path/to/sample --format json",
        "reviewgen audit path/to/sample --fix-counts",
    )
)
def audit(
    sample: Annotated[str, typer.Argument(metavar="SAMPLE", help=_SAMPLE_HELP)],
    document: Annotated[
        str | None,
        typer.Option(metavar="PATH", help="The document, or - for stdin; by default MODEL_FAILURES.md of the sample.", show_default=False),
    ] = None,
    format: _TextFormat = TextFormat.text,
    fix_counts: Annotated[bool, typer.Option("--fix-counts", help="Mend totals in the file that only arithmetic decides.")] = False,
    quiet: _Quiet = False,
    verbose: _Verbose = False,
) -> int:
    """Check what a person's document says of a sample.

    It is held against the trees, PROMPT and the review; exit with 1 when something in it is not so, or missing.
    """
    from .audit import audit as run

    return run(sample, document, format.value, fix_counts)


@app.command(
    epilog=_examples(
        "reviewgen batch corpus/ -o out/",
        "reviewgen batch team-a/ team-b/ -o out/ --jobs 4",
        "reviewgen batch --resume -o out/",
        "reviewgen batch --retry-failed -o out/",
    )
)
def batch(
    output: Annotated[str, typer.Option("--output", "-o", metavar="FOLDER", help="OUTPUT/<sample>/review.json and MODEL_FAILURES.md.")],
    sources: Annotated[
        list[str] | None, typer.Argument(metavar="SOURCE", help="Folders that contain samples, at any depth.", show_default=False)
    ] = None,
    resume: Annotated[bool, typer.Option("--resume", help="Go on with the run in OUTPUT; without SOURCE with its own.")] = False,
    retry_failed: Annotated[bool, typer.Option("--retry-failed", help="Likewise, and try the samples again that failed.")] = False,
    anew: Annotated[bool, typer.Option("--no-cache", help="Review all samples anew, and remember nothing.")] = False,
    jobs: _Jobs = None,
    template: _Template = None,
    redact: _Redact = None,
    quiet: _Quiet = False,
    verbose: _Verbose = False,
) -> int:
    """Write documents and reviews of many samples. One bad sample never stops the others.

    What has not changed since an earlier run is not reviewed again, and its files are not touched.
    """
    modes = [name for name, given in (("resume", resume), ("retry", retry_failed), ("anew", anew)) if given]
    if len(modes) > 1:
        raise typer.BadParameter("--resume, --retry-failed and --no-cache exclude each other")
    from .batch import batch as run

    return run(sources or [], output, "".join(modes), {"jobs": jobs, "template": template, "redact": redact})


@app.command(
    epilog=_examples(
        "reviewgen compare out-monday/ out-today/",
        "reviewgen compare out-monday/ out-today/ -o changes.json --fail-on-regression",
    )
)
def compare(
    before: Annotated[str, typer.Argument(metavar="RUN_A", help="The earlier run: the --output of batch.")],
    after: Annotated[str, typer.Argument(metavar="RUN_B", help="The later run.")],
    output: Annotated[str, typer.Option("--output", "-o", metavar="PATH", help="A file; by default stdout.", show_default=False)] = "-",
    format: Annotated[Format | None, typer.Option("--format", help=_FORMAT_HELP, show_default=False)] = None,
    fail_on_regression: Annotated[
        bool, typer.Option("--fail-on-regression", help="Exit with 1 when a sample is gone, an issue new or heavier, a score lower.")
    ] = False,
    quiet: _Quiet = False,
    verbose: _Verbose = False,
) -> int:
    """Show how two runs over the same samples differ. Issues are the same when their fingerprints are."""
    from .compare import compare as run

    return run(before, after, output, format and format.value, fail_on_regression)


@app.command(
    epilog=_examples(
        "reviewgen select out/ --min-score 8",
        "reviewgen select out/ --category blocker --status introduced",
        "reviewgen select out/ --rule RG336 --rule RG109 --class pair -o ids.txt",
    )
)
def select(
    run: Annotated[str, typer.Argument(metavar="RUN", help="The --output of batch.")],
    min_score: Annotated[float | None, typer.Option(metavar="N", help="A score of N at least.", show_default=False)] = None,
    max_score: Annotated[float | None, typer.Option(metavar="N", help="A score of N at most.", show_default=False)] = None,
    score: Annotated[Measure, typer.Option(help="The score that is meant.")] = Measure.learning,
    class_: Annotated[list[SampleKind] | None, typer.Option("--class", help="Samples of this class.", show_default=False)] = None,
    category: Annotated[list[Category] | None, typer.Option(help="Samples with an issue of this category.", show_default=False)] = None,
    status: Annotated[list[IssueStatus] | None, typer.Option(help="Samples with an issue of this status.", show_default=False)] = None,
    rule: Annotated[list[str] | None, typer.Option(metavar="ID", help="Samples with an issue of this rule.", show_default=False)] = None,
    others: Annotated[bool, typer.Option("--not", help="All samples that do not fit instead.")] = False,
    output: Annotated[str, typer.Option("--output", "-o", metavar="PATH", help="A file; by default stdout.", show_default=False)] = "-",
    quiet: _Quiet = False,
    verbose: _Verbose = False,
) -> int:
    """Write the ids of the samples of a run that fit, one a line.

    All conditions must hold; of an option that is given several times, any. Category, status and rule are asked of one and the same issue.
    """
    from reviewgen.runs import Wish

    from .select import select as choose

    parts = (frozenset(map(str, values or ())) for values in (class_, category, rule, status))
    return choose(run, Wish(score.value, min_score, max_score, *parts), others, output)


@app.command(epilog=_examples("reviewgen calibrate corpus/", "reviewgen calibrate corpus/ --run out/ --format json"))
def calibrate(
    sources: Annotated[list[str], typer.Argument(metavar="SAMPLES", help="Folders that contain samples, at any depth.")],
    recorded: Annotated[
        str | None,
        typer.Option("--run", metavar="FOLDER", help="Scores from what batch wrote there, instead of new reviews.", show_default=False),
    ] = None,
    format: _TextFormat = TextFormat.text,
    jobs: _Jobs = None,
    quiet: _Quiet = False,
    verbose: _Verbose = False,
) -> int:
    """Show how the scores stand to human labels. Labels are `training_quality` in the samples' metadata.json; nothing is tuned."""
    from .calibrate import calibration

    return calibration(sources, recorded, format.value, {"jobs": jobs})


@app.command(epilog=_examples("reviewgen config", "REVIEWGEN_JOBS=4 reviewgen config --format json"))
def config(format: _TextFormat = TextFormat.text, quiet: _Quiet = False, verbose: _Verbose = False) -> int:
    """Show each setting and where its value comes from."""
    from .config import config as run

    return run(format.value)


@cache_app.command("info", epilog=_examples("reviewgen cache info"))
def cache_info(format: _TextFormat = TextFormat.text) -> int:
    """Show where reviews are kept, how many and how large they are."""
    from .cache import info

    return info(format.value)


@cache_app.command("clear", epilog=_examples("reviewgen cache clear"))
def cache_clear(quiet: _Quiet = False) -> int:
    """Remove all reviews that are kept. Nothing that a run wrote is touched."""
    from .cache import clear

    return clear()


@schema_app.command("list", epilog=_examples("reviewgen schema list"))
def schema_list(format: _TextFormat = TextFormat.text) -> int:
    """List the provider versions whose schemas are known."""
    from .schema import list_bundles

    return list_bundles(format.value)


@schema_app.command(
    "show",
    epilog=_examples(
        "reviewgen schema show aws_s3_bucket",
        "reviewgen schema show data.aws_ami --provider-version 5.100.0 --format json",
    ),
)
def schema_show(
    type: Annotated[str, typer.Argument(metavar="TYPE", help="Resource type; data.TYPE for a data source.")],
    version: Annotated[
        str | None, typer.Option("--provider-version", metavar="VERSION", help="By default the newest.", show_default=False)
    ] = None,
    format: _TextFormat = TextFormat.text,
) -> int:
    """Show what a type takes."""
    from .schema import show

    return show(type, version, format.value)


@schema_app.command(
    "build",
    epilog=_examples(
        "terraform providers schema -json > schemas.json",
        "reviewgen schema build schemas.json -o bundles/ --provider-version hashicorp/aws=5.100.0",
    ),
)
def schema_build(
    source: Annotated[str, typer.Argument(metavar="FILE", help="Output of `terraform providers schema -json`, or - for stdin.")],
    output: Annotated[str, typer.Option("--output", "-o", metavar="FOLDER", help="Folder for the bundles.")],
    version: Annotated[
        list[str] | None,
        typer.Option("--provider-version", metavar="NAME=VERSION", help=_BUNDLE_HELP, show_default=False),
    ] = None,
) -> int:
    """Build bundles from Terraform's own schemas. Any provider and version will do."""
    from .schema import build

    return build(source, output, version or [])


@rules_app.command("list", epilog=_examples("reviewgen rules list", "reviewgen rules list --format json"))
def rules_list(format: _TextFormat = TextFormat.text) -> int:
    """List the rules that the configuration leaves switched on."""
    from .rules import list_rules

    return list_rules(format.value)


@rules_app.command("show", epilog=_examples("reviewgen rules show RG201", "reviewgen rules show global-secondary-no-kms --format json"))
def rules_show(
    rule: Annotated[str, typer.Argument(metavar="RULE", help="Id or name of a rule.")],
    format: _TextFormat = TextFormat.text,
) -> int:
    """Show what a rule finds, why that matters and how to repair it."""
    from .rules import show

    return show(rule, format.value)
