"""What an answer is about: its words beside those of the task, and the kind of work that it does."""

from __future__ import annotations

import re

from reviewgen.model.source import Document

_WORD = re.compile(r"[a-z][a-z0-9]{3,}")
# Words of any request and any code.
_ANYWHERE = frozenset(
    re.findall(
        r"\w+",
        """
        above after again also been before being below between both could does doing down during each from further have having here into itself
        just more most must need only other over same should some such sure than that their them then there these they this those through under
        until used using very what when where which while will with would your create description ensure following include make provide
        default false name output resource string tag terraform true type value variable
        """,
    )
)
# With fewer words in common PROMPT and IDEAL say too little of what the task is about.
_FEWEST_WORDS = 20
# Work on stacks that exist already is told by both: that things migrate, and that their state is taken over.
_MIGRATES = re.compile(r"migrat", re.IGNORECASE)
_TAKES_OVER = re.compile(r"terraform (?:import|state mv)\b|^[ \t]*import[ \t]*\{", re.MULTILINE)
_ASKS_FOR_IT = re.compile(r"migrat|\bimport(?:s|ed|ing)?\b|relocat|cut-?over|\btake over\b", re.IGNORECASE)
_OFTEN = 3


def words(text: str) -> set[str]:
    """Return the words of a text that tell what it is about, in lower case, those of names in code one by one."""
    return {word.rstrip("s") for word in _WORD.findall(text.lower())} - _ANYWHERE


def common_words(prompt: str, ideal: Document, model: Document) -> float | None:
    """Return how many of the words that PROMPT and IDEAL's code have in common MODEL has as well, as a share; None when they are few."""
    task = words(prompt) & words(_code(ideal))
    if len(task) < _FEWEST_WORDS:
        return None
    return len(task & words(model.text + _code(model))) / len(task)


def migrates_unasked(prompt: str, ideal: Document, model: Document) -> bool:
    """Whether MODEL moves a stack that exists, which neither PROMPT nor IDEAL has in mind."""
    text = model.text or _code(model)
    if _ASKS_FOR_IT.search(prompt) or _MIGRATES.search(ideal.text) or _MIGRATES.search(_code(ideal)):
        return False
    return len(_MIGRATES.findall(text)) >= _OFTEN and _TAKES_OVER.search(text) is not None


def _code(document: Document) -> str:
    return "\n".join(file.text for file in document.files if file.path.endswith((".tf", ".tf.json")))
