"""The commands that are about many samples; see ``app``."""

from typing import Annotated

import typer

from . import exits
from .options import (
    FORMAT_HELP,
    LOOKS,
    AsText,
    Category,
    Engine,
    FailOn,
    FailUnder,
    Format,
    IssueStatus,
    Jobs,
    Measure,
    Quiet,
    Redact,
    RunFormat,
    SampleKind,
    Template,
    TextFormat,
    Verbose,
    examples,
)

many = typer.Typer(**LOOKS)
cache = typer.Typer(help="Show and clear what batch keeps.", **LOOKS)
many.add_typer(cache, name="cache")


@many.command(
    epilog=examples(
        "reviewgen batch corpus/ -o out/",
        "reviewgen batch team-a/ team-b/ -o out/ --jobs 4",
        "reviewgen batch data.jsonl -o out/ --column model=response id=task",
        "reviewgen batch data.parquet -o out/ --write issues.parquet --write samples.parquet",
        "reviewgen batch --resume -o out/",
        "reviewgen batch --retry-failed -o out/",
        "reviewgen batch corpus/ -o part-2/ --shard 2/8",
        "reviewgen batch corpus/ -o out/ --engine ray --address auto",
    )
)
def batch(
    output: Annotated[str, typer.Option("--output", "-o", metavar="FOLDER", help="OUTPUT/<sample>/review.json and MODEL_FAILURES.md.")],
    sources: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="SOURCE", help="Folders that contain samples, *.jsonl, *.parquet; patterns of them; - for a list.", show_default=False
        ),
    ] = None,
    column: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME=COLUMN", help="Columns of datasets: prompt, model, ideal, id.", show_default=False),
    ] = None,
    write: Annotated[
        list[str] | None,
        typer.Option(metavar="PATH", help="A table, too: samples, issues or reviews, .jsonl or .parquet, by its name.", show_default=False),
    ] = None,
    resume: Annotated[bool, typer.Option("--resume", help="Go on with the run in OUTPUT; without SOURCE with its own.")] = False,
    retry_failed: Annotated[bool, typer.Option("--retry-failed", help="Likewise, and try the samples again that failed.")] = False,
    anew: Annotated[bool, typer.Option("--no-cache", help="Review all samples anew, and remember nothing.")] = False,
    format: Annotated[
        RunFormat | None, typer.Option("--format", help="Write OUTPUT/review.sarif, too: all issues in one log.", show_default=False)
    ] = None,
    shard: Annotated[
        str | None,
        typer.Option(metavar="I/N", help="Only part I of N, told by the samples' ids; merge puts the parts together.", show_default=False),
    ] = None,
    dashboard: Annotated[
        str | None, typer.Option(metavar="FOLDER", help="Pages of the run to look at, too; see reviewgen dashboard.", show_default=False)
    ] = None,
    engine: Annotated[Engine, typer.Option(help="Who reviews: processes of this machine, or workers of a Ray cluster.")] = Engine.local,
    address: Annotated[
        str | None, typer.Option(metavar="HOST:PORT", help="The cluster, or auto; without it one is started here.", show_default=False)
    ] = None,
    fail_on: FailOn = None,
    fail_under: FailUnder = None,
    jobs: Jobs = None,
    template: Template = None,
    redact: Redact = None,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> int:
    """Write documents and reviews of many samples. One bad sample never stops the others.

    What has not changed since an earlier run is not reviewed again, and its files are not touched.
    """
    modes = [name for name, given in (("resume", resume), ("retry", retry_failed), ("anew", anew)) if given]
    if len(modes) > 1:
        raise typer.BadParameter("--resume, --retry-failed and --no-cache exclude each other")
    if shard and anew:
        raise typer.BadParameter("--shard and --no-cache exclude each other: merge needs what the run remembers")
    if address and engine is not Engine.ray:
        raise typer.BadParameter("--address goes with --engine ray")
    from .batch import batch as run

    where = (address or "") if engine is Engine.ray else None
    gates = {"fail_on": fail_on and fail_on.value, "fail_under": fail_under}
    flags = {"jobs": jobs, "template": template, "redact": redact, **gates}
    code = run(sources or [], column or [], output, "".join(modes), shard, where, write or [], flags)
    if format is RunFormat.sarif and code in (exits.DONE, exits.GATE, exits.FAILED_SAMPLES):
        from .log import log

        log(output)
    if dashboard is not None:
        from .dashboard import dashboard as draw

        draw(output, dashboard, None, {"jobs": jobs})
    return code


@many.command(epilog=examples("reviewgen merge part-1/ part-2/ part-3/ -o out/", "reviewgen merge part-*/ -o out/"))
def merge(
    runs: Annotated[list[str], typer.Argument(metavar="RUN", help="The --output of each batch --shard.")],
    output: Annotated[str, typer.Option("--output", "-o", metavar="FOLDER", help="What one batch would have written.")],
    fail_on: FailOn = None,
    fail_under: FailUnder = None,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> int:
    """Put the shards of a batch together.

    Files and totals are those of one batch over all samples.
    """
    from .merge import merge as run

    return run(runs, output, {"fail_on": fail_on and fail_on.value, "fail_under": fail_under})


@many.command(epilog=examples("reviewgen summary out/", "reviewgen summary out/ -o summary.md"))
def summary(
    run: Annotated[str, typer.Argument(metavar="RUN", help="The --output of batch.")],
    output: Annotated[str, typer.Option("--output", "-o", metavar="PATH", help="A file; by default stdout.", show_default=False)] = "-",
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> int:
    """Sum up what the reviews of a run say.

    This is the SUMMARY.md that batch writes, from the reviews as they are now.
    """
    from .summary import summarised

    return summarised(run, output)


@many.command(
    epilog=examples(
        "reviewgen compare out-monday/ out-today/",
        "reviewgen compare out-monday/ out-today/ -o changes.json --fail-on-regression",
    )
)
def compare(
    before: Annotated[str, typer.Argument(metavar="RUN_A", help="The earlier run: the --output of batch.")],
    after: Annotated[str, typer.Argument(metavar="RUN_B", help="The later run.")],
    output: Annotated[str, typer.Option("--output", "-o", metavar="PATH", help="A file; by default stdout.", show_default=False)] = "-",
    format: Annotated[Format | None, typer.Option("--format", help=FORMAT_HELP, show_default=False)] = None,
    fail_on_regression: Annotated[
        bool, typer.Option("--fail-on-regression", help="Exit with 1 when a sample is gone, an issue new or heavier, a score lower.")
    ] = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> int:
    """Show how two runs over the same samples differ. Issues are the same when their fingerprints are."""
    from .compare import compare as run

    return run(before, after, output, format and format.value, fail_on_regression)


@many.command(
    epilog=examples(
        "reviewgen select out/ --min-score 8",
        "reviewgen select out/ --category blocker --status introduced --fail-on-match",
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
    fail_on_match: Annotated[bool, typer.Option("--fail-on-match", help="Exit with 1 when a sample fits.")] = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> int:
    """Write the ids of the samples of a run that fit, one a line.

    All conditions must hold; of an option that is given several times, any. Category, status and rule are asked of one and the same issue.
    """
    from reviewgen.runs import Wish

    from .select import select as choose

    parts = (frozenset(map(str, values or ())) for values in (class_, category, rule, status))
    return choose(run, Wish(score.value, min_score, max_score, *parts), others, output, fail_on_match)


@many.command(epilog=examples("reviewgen dashboard out/ -o pages/", "reviewgen dashboard out-today/ --against out-monday/ -o pages/"))
def dashboard(
    run: Annotated[str, typer.Argument(metavar="RUN", help="The --output of batch.")],
    output: Annotated[str, typer.Option("--output", "-o", metavar="FOLDER", help="FOLDER/index.html and what belongs to it.")],
    against: Annotated[
        str | None, typer.Option(metavar="RUN_A", help="An earlier run: a page tells what changed since.", show_default=False)
    ] = None,
    jobs: Jobs = None,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> int:
    """Write pages of a run to look at.

    Charts, a table of all samples, a page for each; they open from disk, without a server or a network.
    """
    from .dashboard import dashboard as run_

    return run_(run, output, against, {"jobs": jobs})


@many.command(epilog=examples("reviewgen calibrate corpus/", "reviewgen calibrate corpus/ --run out/ --format json"))
def calibrate(
    sources: Annotated[list[str], typer.Argument(metavar="SAMPLES", help="Folders that contain samples, at any depth.")],
    recorded: Annotated[
        str | None,
        typer.Option("--run", metavar="FOLDER", help="Scores from what batch wrote there, instead of new reviews.", show_default=False),
    ] = None,
    format: AsText = TextFormat.text,
    jobs: Jobs = None,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> int:
    """Show how the scores stand to human labels. Labels are `training_quality` in the samples' metadata.json; nothing is tuned."""
    from .calibrate import calibration

    return calibration(sources, recorded, format.value, {"jobs": jobs})


@cache.command("info", epilog=examples("reviewgen cache info"))
def cache_info(format: AsText = TextFormat.text) -> int:
    """Show where reviews and summaries are kept, how many and how large they are."""
    from .cache import info

    return info(format.value)


@cache.command("clear", epilog=examples("reviewgen cache clear"))
def cache_clear(quiet: Quiet = False) -> int:
    """Remove all reviews and summaries that are kept. Nothing that a run wrote is touched."""
    from .cache import clear

    return clear()
