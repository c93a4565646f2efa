"""``reviewgen report``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from reviewgen import pipeline, render, sample
from reviewgen.batch.files import DOCUMENT, REVIEW, is_folder, write
from reviewgen.config import CATEGORIES, Config
from reviewgen.errors import InputError
from reviewgen.model.review import Review
from reviewgen.model.source import Sample

from . import console, exits
from .inputs import document, settings


def report(folder: str | None, output: str, sides: Mapping[str, str | None], flags: Mapping[str, Any]) -> int:
    """Review one sample and write what was asked for; see ``app.report``."""
    config = settings(flags)
    review = pipeline.review_sample(_sample(folder, sides), config)
    if output == "-":
        console.data(_text(review, config, config.format))
    elif is_folder(output):
        files = Path(output) / DOCUMENT, Path(output) / REVIEW
        write(files[0], _text(review, config, "markdown"))
        write(files[1], _text(review, config, "json"))
        _tell(review, *files)
    else:
        chosen = config.format if flags.get("format") or not output.endswith(".json") else "json"
        write(Path(output), _text(review, config, chosen))
        _tell(review, Path(output))
    return exits.GATE if _gate(review, config.fail_on) else exits.DONE


def _sample(folder: str | None, sides: Mapping[str, str | None]) -> Sample:
    if list(sides.values()).count("-") > 1:
        raise InputError("only one of --model, --ideal and --prompt can be standard input")
    if folder is None and (sides["model"] is None or sides["ideal"] is None):
        raise InputError("nothing to review", hint="give a sample's folder, or --model and --ideal")
    given = {side: document(argument) for side, argument in sides.items() if argument is not None}
    if folder is not None:
        return sample.load(Path(folder), given)
    return sample.of_documents(given["model"], given["ideal"], given.get("prompt"))


def _text(review: Review, config: Config, format: str) -> str:
    if format == "json":
        return render.dumps(review)
    return render.markdown(review, template=config.template, templates=Path(config.templates) if config.templates else None)


def _tell(review: Review, *files: Path) -> None:
    """Say in three lines what was found and where the files are."""
    counts = Counter(str(issue.category) for issue in review.issues)
    found = ", ".join(f"{counts[c]} {c}{'' if counts[c] == 1 else 's'}" for c in CATEGORIES if counts[c]) or "no issues"
    states = Counter(str(issue.status) for issue in review.issues)
    became = ", ".join(f"{number} {state}" for state, number in sorted(states.items()))
    score = review.score
    points = f"score {score.before:g} before the corrections" if score.before is not None else "no score"
    points += f", {score.after:g} after" if score.after is not None else ""
    console.say(f"{review.sample.id}: {found}" + (f" ({became})" if became else "") + f"; {points}")
    console.say(f"document: {files[0]}" if files[0].suffix != ".json" else f"review: {files[0]}")
    for file in files[1:]:
        console.say(f"review: {file}")


def _gate(review: Review, category: str) -> bool:
    """Whether an issue is as bad as the gate's category, or worse."""
    if not category:
        return False
    failing = CATEGORIES[: CATEGORIES.index(category) + 1]
    return any(issue.category in failing for issue in review.issues)
