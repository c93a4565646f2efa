"""Gates: conditions under which a command that did its work ends with ``exits.GATE``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from reviewgen.config import CATEGORIES, Config
from reviewgen.model.review import Review

from . import console, exits

if TYPE_CHECKING:
    from reviewgen.batch.results import Result


def passed(review: Review, config: Config) -> int:
    """Return the exit code of all gates that the configuration sets, and say which one failed."""
    counts = Counter(str(issue.category) for issue in review.issues)
    learning = review.score.learning_value
    return _code(_failures(counts, learning.final if learning else None, config))


def all_passed(results: Iterable[Result], config: Config) -> int:
    """Return the exit code of the gates for the reviews of a batch, and say which sample failed which one."""
    done = (result for result in results if not result.error)
    return _code(f"{result.id}: {said}" for result in done for said in _failures(result.issues, result.learning, config))


def _code(failures: Iterable[str]) -> int:
    failed = list(failures)
    for said in failed:
        console.say(f"gate: {console.plain(said)}")
    return exits.GATE if failed else exits.DONE


def _failures(counts: Mapping[str, int], learning: float | None, config: Config) -> Iterator[str]:
    """Yield why gates fail: issues of a category or a worse one, a learning value that is under a number or was not judged."""
    failing = CATEGORIES[: CATEGORIES.index(config.fail_on) + 1] if config.fail_on else ()
    found = sum(counts.get(category, 0) for category in failing)
    if found:
        worse = "" if config.fail_on == CATEGORIES[0] else " or worse"
        yield f"{found} issue{'' if found == 1 else 's'} of category {config.fail_on}{worse}"
    if config.fail_under and (learning is None or learning < config.fail_under):
        yield f"the learning value is {'not judged' if learning is None else f'{learning:g}'}, {config.fail_under} is required"
