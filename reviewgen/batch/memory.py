"""What is known of earlier runs: what need not be done again, and a note of what has been done."""

from __future__ import annotations

from pathlib import Path

from reviewgen.errors import InputError
from reviewgen.records import dataclass
from reviewgen.sample import Item

from . import keys
from .cache import Cache
from .files import DOCUMENT, REVIEW, sweep, write_all
from .journal import Journal
from .results import OUTPUT, Result


@dataclass(frozen=True, slots=True)
class Task:
    """A sample that is to be reviewed.

    Attributes:
        item: The sample.
        key: Key of its review; empty when nothing is remembered of it.
        basis: What the key shares with those of all samples.
    """

    item: Item
    key: str = ""
    basis: str = ""

    @property
    def id(self) -> str:
        """The sample's name."""
        return self.item.id


@dataclass(frozen=True, slots=True)
class Done:
    """What became of a task, and its key."""

    key: str
    result: Result


class Memory:
    """The journal of this run's folder, and the cache of all runs.

    Attributes:
        cache: None when it is switched off.
        recalled: How many samples needed no new review.
    """

    def __init__(self, journal: Journal, cache: Cache | None, *, keep_failures: bool = False) -> None:
        """``keep_failures``: samples that failed before, and have not changed, are not tried again. The journal has its header."""
        assert journal.header is not None, "a run has a header"
        self.cache = cache
        self.recalled = 0
        self._basis = keys.basis(journal.header.common)
        self._journal = journal
        self._keep_failures = keep_failures

    def recall(self, item: Item, output: Path) -> Task | Result:
        """Return a sample's result when its review stands already or is kept; else the task. Files that are right are not touched."""
        id, key = item.id, keys.key(self._basis, item)
        if key is None:
            return Task(item)
        entry = self._journal.entries.get(id)
        if entry is not None and entry.key == key and (self._keep_failures if entry.result.error else entry.stands(output / id)):
            self.recalled += 1
            return entry.result
        sweep(output / id)
        kept = self.cache.get(key) if self.cache is not None else None
        if kept is None:
            return Task(item, key, self._basis)
        try:
            write_all({output / id / DOCUMENT: kept.document, output / id / REVIEW: kept.review})
        except InputError as error:
            return self._unwritten(Result(id, error=str(error), failure=OUTPUT), output)
        self.recalled += 1
        self._journal.add(key, kept.result, output)
        return kept.result

    def begin(self) -> None:
        """Look whether the output can be written, before anything is done for it.

        Raises:
            InputError: It cannot.
        """
        self._journal.begin()

    def note(self, key: str, result: Result, output: Path) -> None:
        """Note what became of the task with a key. Of one that failed nothing stays that an earlier run has written.

        Raises:
            InputError: The journal cannot be written.
        """
        if result.failure == OUTPUT:
            self._unwritten(result, output)
            return
        before = self._journal.entries.get(result.id)
        if result.error and before is not None:
            before.remove(output / result.id)
        self._journal.add(key, result, output)

    def _unwritten(self, result: Result, output: Path) -> Result:
        """Forget a sample whose files could not be written: that is no fault of its own, so each run tries it again."""
        before = self._journal.entries.pop(result.id, None)
        if before is not None:
            before.remove(output / result.id)
        return result
