"""A folder that ``batch`` wrote to rows: one for each sample, with what the reviews say of its issues and scores."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from reviewgen.errors import InputError
from reviewgen.records import dataclass
from reviewgen.render import FORMAT_VERSION

_REVIEW = "review.json"
_JOURNAL = ".reviewgen/journal.jsonl"
_NONE = "this is no review"
_AGAIN = "run `reviewgen batch` again"

MEASURES = ("before", "after", "learning")
"""The scores of a sample: before and after the corrections, and the learning value."""


@dataclass(frozen=True, slots=True)
class IssueRow:
    """One issue of a review: the members of the same name in review.json; ``where`` its addresses, ``lesson`` empty when it has none."""

    fingerprint: str
    rule: str
    title: str
    category: str
    status: str
    where: tuple[str, ...]
    lesson: str


@dataclass(frozen=True, slots=True)
class SampleRow:
    """One review of a run.

    Attributes:
        id: The sample.
        class_: Its class.
        scores: Each of ``MEASURES``; None when it was not judged.
        issues: In the order of the review.
        services: The services that MODEL's resources belong to, sorted.
        accepted: Whether the learning value reaches its threshold.
        used: Services that resources of either tree belong to, sorted.
        asked: (capability, verdict on MODEL, verdict on IDEAL) of what PROMPT asks, prohibitions apart, as far as it is known what answers it.
        texts: Digests of PROMPT, MODEL and IDEAL; the first is empty where there is no PROMPT.
        blocks: Digests of both trees' blocks, with blanks between them.
    """

    id: str
    class_: str
    scores: Mapping[str, float | None]
    issues: tuple[IssueRow, ...]
    services: tuple[str, ...]
    accepted: bool
    used: tuple[str, ...]
    asked: tuple[tuple[str, str, str], ...]
    texts: tuple[str, str, str]
    blocks: str


def read(run: Path) -> Mapping[str, SampleRow]:
    """Return the rows of a run by sample, sorted.

    Raises:
        InputError: It is no folder or holds no review; a review cannot be read, is none, or has another format version.
    """
    found = {row.id: row for row in rows(run)}
    if not found:
        raise InputError(f"no {_REVIEW} in the folder", path=str(run), hint="give the --output of a run of batch")
    return found


def rows(run: Path, ids: Iterable[str] | None = None) -> Iterator[SampleRow]:
    """Yield the rows of a run one by one, sorted by sample; a run in which all samples failed has none.

    Args:
        run: The folder.
        ids: The samples whose reviews are meant; None for all of the run.

    Raises:
        InputError: It is no folder; a review cannot be read, is none, or has another format version.
    """
    if ids is None and not run.is_dir():
        raise InputError("no such folder", path=str(run), hint="give the --output of a run of batch")
    for id, path in sorted(_reviews(run) if ids is None else ((id, run / id / _REVIEW) for id in ids)):
        yield row(id, path)


def _reviews(run: Path) -> Iterator[tuple[str, Path]]:
    """Yield (sample, file); a sample's id is the path of its folder. What only earlier runs have written there is none of this run's."""
    asked = _asked(run)
    for folder, folders, files in os.walk(run):
        folders.sort()
        if _REVIEW in files:
            relative = Path(folder).relative_to(run).as_posix()
            id = run.resolve().name if relative == "." else relative
            if asked is None or id in asked:
                yield id, Path(folder, _REVIEW)


def _asked(run: Path) -> frozenset[str] | None:
    """Return the samples that the run in a folder was asked to review, as its journal says; None where there is no journal."""
    try:
        with (run / _JOURNAL).open("rb") as stream:
            return frozenset(json.loads(stream.readline())["samples"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def row(id: str, path: Path) -> SampleRow:
    """Return the row of one review.

    Raises:
        InputError: It cannot be read, is no review, or has another format version.
    """
    found = _content(path)
    try:
        return _row(id, found)
    except (ValueError, KeyError, TypeError, AttributeError):
        raise InputError(_NONE, path=str(path), hint=_AGAIN) from None


def review(run: Path, id: str) -> tuple[Path, Mapping[str, Any]]:
    """Return the file and the content of a sample's review in a run.

    Raises:
        InputError: It cannot be read, is no review, or has another format version.
    """
    path = run / id / _REVIEW
    if id == run.resolve().name and not path.exists():
        path = run / _REVIEW
    return path, _content(path)


def _content(path: Path) -> Mapping[str, Any]:
    try:
        found: Mapping[str, Any] = json.loads(path.read_text("utf-8"))
        version = found["format_version"]
    except OSError as error:
        raise InputError(f"cannot read: {error.strerror}", path=str(path), hint="check its permissions") from None
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise InputError(_NONE, path=str(path), hint=_AGAIN) from None
    if version != FORMAT_VERSION:
        raise InputError(f"the review has format version {version!r}, not {FORMAT_VERSION}", path=str(path), hint=_AGAIN)
    return found


def _row(id: str, review: Mapping[str, Any]) -> SampleRow:
    sample, facts, content = review["sample"], review["facts"], review["sample"]["content"]
    return SampleRow(
        id,
        str(sample["class"]),
        _scores(review["score"]),
        tuple(_issue(issue) for issue in review["issues"]),
        tuple(facts["model"]["services"]),
        bool((review["score"]["learning_value"] or {}).get("accepted")),
        tuple(sorted({*facts["model"]["services"], *facts["ideal"]["services"]}, key=lambda name: (name.lower(), name))),
        tuple(
            (asked["capability"], asked["model"], asked["ideal"])
            for asked in review["requirements"]
            if asked["capability"] and not asked["forbids"]
        ),
        (content["prompt"] or "", str(content["model"]), str(content["ideal"])),
        str(content["blocks"]),
    )


def _scores(score: Mapping[str, Any]) -> dict[str, float | None]:
    learning = score["learning_value"] or {}
    values = (score["before"], score["after"], learning.get("final"))
    return {name: None if value is None else float(value) for name, value in zip(MEASURES, values, strict=True)}


def _issue(issue: Mapping[str, Any]) -> IssueRow:
    names = ("fingerprint", "rule", "title", "category", "status", "lesson")
    return IssueRow(**{name: str(issue[name]) for name in names}, where=tuple(issue["where"]))
