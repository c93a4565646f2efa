"""Options and words that several commands share.

The annotations are evaluated here, once, and not as texts, which typer would compile at each start.
"""

from enum import StrEnum
from typing import Annotated, Any

import typer

from . import console

LOOKS: dict[str, Any] = {
    "no_args_is_help": True,
    "rich_markup_mode": None,
    "pretty_exceptions_enable": False,
    "context_settings": {"help_option_names": ["-h", "--help"]},
}


class ReportFormat(StrEnum):
    """What a report is written as."""

    markdown = "markdown"
    json = "json"
    html = "html"
    sarif = "sarif"


class Format(StrEnum):
    """What a comparison of runs is written as."""

    markdown = "markdown"
    json = "json"


class CheckFormat(StrEnum):
    """What the diagnostics of a tree are written as."""

    text = "text"
    json = "json"
    sarif = "sarif"


class RunFormat(StrEnum):
    """What a batch writes beside documents and reviews."""

    sarif = "sarif"


class TextFormat(StrEnum):
    """What a listing is written as."""

    text = "text"
    json = "json"


class Side(StrEnum):
    """The trees of a sample."""

    model = "model"
    ideal = "ideal"
    both = "both"


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


class Engine(StrEnum):
    """Who reviews the samples of a batch."""

    local = "local"
    ray = "ray"


def _be(level: int, given: bool) -> bool:
    if given and console.MANNER.level == -level:
        raise typer.BadParameter("--quiet and --verbose exclude each other")
    if given:
        console.MANNER.level = level
    return given


def examples(*lines: str) -> str:
    """Return an epilog; the mark keeps its lines from being joined."""
    return "\b\nExamples:\n" + "\n".join(f"  {line}" for line in lines)


# Before the command and behind it, as people type it; the callbacks do all that there is to do.
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing but errors.", callback=lambda given: _be(-1, given))]
Verbose = Annotated[bool, typer.Option("--verbose", "-v", help="Say more about what is done.", callback=lambda given: _be(1, given))]
AsText = Annotated[TextFormat, typer.Option("--format", help="Text for people or JSON for programs.", show_default=False)]
Template = Annotated[
    str | None, typer.Option(metavar="NAME|PATH", help="Template of the document; see reviewgen templates.", show_default=False)
]

Overrides = Annotated[
    str | None,
    typer.Option(metavar="PATH", help="Decisions of the curator; by default review.overrides.toml of the sample.", show_default=False),
]
Redact = Annotated[bool | None, typer.Option("--redact/--no-redact", help="Mask literal secrets in quoted code.", show_default=False)]

Jobs = Annotated[
    int | None, typer.Option("--jobs", "-j", metavar="N", help="Worker processes; 0 for one each processor.", show_default=False)
]
FailOn = Annotated[
    Category | None, typer.Option(help="Exit with 1 when there is an issue of this category or a worse one.", show_default=False)
]
FailUnder = Annotated[
    int | None,
    typer.Option(metavar="N", help="Exit with 1 when the learning value is under N (0 to 10) or not judged.", show_default=False),
]

SAMPLE_HELP = "Folder with PROMPT, MODEL_RESPONSE and IDEAL_RESPONSE."
OUTPUT_HELP = "A file, or a folder (existing, or with a slash at the end) for both files; by default stdout."
FORMAT_HELP = "What a stream or one file gets; by default Markdown, JSON for *.json."
REPORT_FORMAT_HELP = "What a stream or one file gets; by default Markdown, JSON for *.json, a page for *.html, SARIF for *.sarif."
UPDATE_HELP = "Write the generated parts of a document anew, between their marks, and keep what a person wrote."
TREE_HELP = "A Markdown document, a .tf file, a folder, or - for a document on stdin."
EVIDENCE_HELP = (
    "Records of Terraform or SARIF of other tools, beside those in the sample; model=PATH or ideal=PATH where no name tells the tree."
)
STEPS_HELP = "What is done, with commas between. What a step needs is done, too, and what is applied is destroyed."
BUNDLE_HELP = "A provider in it; once each."
