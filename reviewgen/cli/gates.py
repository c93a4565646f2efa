"""Gates: conditions under which a command that did its work ends with ``exits.GATE``."""

from __future__ import annotations

from reviewgen.config import CATEGORIES, Config
from reviewgen.model.review import Review

from . import console, exits


def passed(review: Review, config: Config) -> int:
    """Return the exit code of all gates that the configuration sets, and say which one failed."""
    held = [_categories(review, config.fail_on), _learning_value(review, config.fail_under)]
    return exits.DONE if all(held) else exits.GATE


def _categories(review: Review, category: str) -> bool:
    """Whether no issue is as bad as a category, or worse; an empty one sets no gate."""
    failing = CATEGORIES[: CATEGORIES.index(category) + 1] if category else ()
    found = sum(issue.category in failing for issue in review.issues)
    if found:
        worse = "" if category == CATEGORIES[0] else " or worse"
        console.say(f"gate: {found} issue{'' if found == 1 else 's'} of category {category}{worse}")
    return not found


def _learning_value(review: Review, least: int) -> bool:
    """Whether the learning value reaches a number; 0 sets no gate, and what was not judged reaches none."""
    value = review.score.learning_value.final if review.score.learning_value else None
    if not least or (value is not None and value >= least):
        return True
    console.say(f"gate: the learning value is {'not judged' if value is None else f'{value:g}'}, {least} is required")
    return False
