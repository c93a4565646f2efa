"""``reviewgen report``."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from reviewgen import pipeline, render, sample
from reviewgen.batch.files import DOCUMENT, REVIEW, is_folder, write
from reviewgen.config import CATEGORIES, Config
from reviewgen.errors import InputError
from reviewgen.model.review import Review
from reviewgen.model.source import Sample

from . import console, gates
from .inputs import STREAM, document, one_stream, settings

_NAMES = {"markdown": "document", "json": "review", "html": "page", "sarif": "SARIF"}
_SUFFIXES = {".json": "json", ".html": "html", ".sarif": "sarif"}


def report(
    folder: str | None,
    output: str,
    sides: Mapping[str, str | None],
    overrides: str | None,
    evidence: Sequence[str],
    flags: Mapping[str, Any],
) -> int:
    """Review one sample and write what was asked for; see ``app.report``."""
    config = settings(flags)
    files = _files(output, flags.get("format") or "", config)
    found = given_sample(folder, sides, overrides)
    _spare(files.values(), _documents(folder, sides))
    review = reviewed(found, config, folder, evidence)
    for fingerprint in review.stale:
        console.warn(f"no issue has the fingerprint {fingerprint} of an override; it is stale")
    for note in review.sample.notes:
        console.detail(f"note: {console.plain(note)}")
    if not files:
        console.data(formatted(review, config, config.format, _home(folder)))
    else:
        for file, text in [(file, formatted(review, config, format, _home(folder))) for format, file in files.items()]:
            write(file, text)
        tell(review, {_NAMES[format]: file for format, file in files.items()})
    return gates.passed(review, config)


def _files(output: str, format: str, config: Config) -> dict[str, Path]:
    """Return the file of each format that is written; none for standard output."""
    if output == STREAM:
        return {}
    if is_folder(output):
        return {"markdown": Path(output) / DOCUMENT, "json": Path(output) / REVIEW}
    return {format or _SUFFIXES.get(Path(output).suffix, config.format): Path(output)}


def _documents(folder: str | None, sides: Mapping[str, str | None]) -> Iterator[Path]:
    """Yield the documents that are read, as far as they are files."""
    for side, given in sides.items():
        found = Path(given) if given is not None else sample.find(Path(folder), side) if folder is not None else None
        if found is not None and found.is_file():
            yield found


def _spare(files: Iterable[Path], documents: Iterable[Path]) -> None:
    """Raise InputError when a document would be lost, or else nothing is left to review again."""
    read = list(documents)
    for file in files:
        if file.exists() and any(file.samefile(document) for document in read):
            raise InputError("it is one of the documents that are reviewed", path=str(file), hint="choose another --output")


def given_sample(folder: str | None, sides: Mapping[str, str | None], overrides: str | None) -> Sample:
    """Return the sample that the arguments of a command name.

    Raises:
        InputError: It is none, or cannot be read.
    """
    one_stream(*sides.values())
    if folder is None and (sides["model"] is None or sides["ideal"] is None):
        raise InputError("nothing to review", hint="give a sample's folder, or --model and --ideal; see reviewgen report --help")
    given = {side: document(argument) for side, argument in sides.items() if argument is not None}
    decisions = sample.read_overrides(Path(overrides)) if overrides else None
    found = sample.load(Path(folder), given) if folder else sample.of_documents(given["model"], given["ideal"], given.get("prompt"))
    return found if decisions is None else replace(found, overrides=decisions)


def reviewed(found: Sample, config: Config, folder: str | None, evidence: Sequence[str]) -> Review:
    """Return the review of a sample with the records of it: those that are given, and those in its folder."""
    return pipeline.review_sample(found, config, pipeline.evidence_of(Path(folder) if folder is not None else None, evidence))


def _home(folder: str | None) -> str:
    """Return where the sample's documents stand, seen from here; empty where only an absolute path tells."""
    return folder if folder is not None and not os.path.isabs(folder) else ""


def formatted(review: Review, config: Config, format: str, home: str = "") -> str:
    """Return a review in a format; ``home`` is what the places in SARIF begin with."""
    if format == "json":
        return render.dumps(review)
    if format == "html":
        from reviewgen.pages import review_page

        return review_page(review)
    if format == "sarif":
        from reviewgen.render import sarif

        return sarif.of_reviews([(home, review)])
    return render.markdown(review, template=config.template, templates=Path(config.templates) if config.templates else None)


def tell(review: Review, files: Mapping[str, Path]) -> None:
    """Say what was found, and where each file is."""
    console.say(console.plain(f"{review.sample.id}: {_counted(review)}; {_points(review)}"))
    for name, path in files.items():
        console.say(f"{name + ':':<9} {path}")


def _counted(review: Review) -> str:
    """Return ``2 blockers, 1 warning (2 fixed, 1 left)``, the categories worst first."""
    categories = Counter(str(issue.category) for issue in review.issues)
    states = Counter(str(issue.status) for issue in review.issues)
    names = {"blocker": "blocker", "critical": "critical issue", "warning": "warning"}
    found = ", ".join(f"{categories[c]} {names[c]}{'' if categories[c] == 1 else 's'}" for c in CATEGORIES if categories[c])
    became = ", ".join(f"{number} {state}" for state, number in sorted(states.items()))
    return f"{found} ({became})" if found else "no issues"


def _points(review: Review) -> str:
    score = review.score
    if score.before is None:
        return "no score"
    return f"score {score.before:g}" + (f", {score.after:g} after the corrections" if score.after is not None else "")
