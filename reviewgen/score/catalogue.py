"""Where rubrics come from: the shipped files, and those that the configuration adds or puts in their place."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

from reviewgen import resources
from reviewgen.config import Config
from reviewgen.errors import ConfigError
from reviewgen.records import dataclass

from . import rubric
from .rubric import Deductions, Fixes, Layers
from .source import Source, read, read_shipped

_NAME = re.compile(r"[a-z0-9][\w.-]*@[\w.-]+")


@dataclass(frozen=True, slots=True)
class Rubrics:
    """The two rubrics of a review."""

    failures: Deductions
    learning: Fixes


def load(config: Config) -> Rubrics:
    """Return the rubrics that a configuration names.

    Raises:
        ConfigError: There is no rubric of a name, or it is of the other kind.
        DataError: A rubric's file is not valid; the error names file and line.
    """
    known = _catalogue(config.rubrics)
    for setting in ("rubric", "learning_rubric"):
        name, place = getattr(config, setting), config.origins.get(setting, "")
        if name not in known:
            raise ConfigError(f"no rubric {name!r}", path=place, hint=f"the rubrics are {', '.join(sorted(known))}")
        wanted = "deductions" if setting == "rubric" else "fixes"
        if rubric.kind(known[name]) != wanted:
            raise rubric.wrong_kind(name, wanted, place)
    return _rubrics(config.rubrics, config.rubric, config.learning_rubric)


@lru_cache(maxsize=8)
def _rubrics(paths: tuple[str, ...], failures: str, learning: str) -> Rubrics:
    known = _catalogue(paths)
    layers = known[failures]
    given = layers.top("hard_blockers")
    hard: dict[str, float] = {}
    if "hard_blockers" in given.values:
        name = given.text("hard_blockers", sorted(known))
        if rubric.kind(known[name]) != "fixes":
            raise given.error(f"{name!r} has no hard blockers", "hard_blockers", "name a rubric of fixes")
        hard = dict(rubric.fixes(known[name]).hard)
    return Rubrics(rubric.deductions(layers, hard), rubric.fixes(known[learning]))


@lru_cache(maxsize=8)
def _catalogue(paths: tuple[str, ...]) -> dict[str, Layers]:
    """Return all rubrics by name, each over those that it extends."""
    shipped = {_name(source): source for source in _shipped()}
    own: dict[str, Source] = {}
    for path in _files(paths):
        source = read(path)
        name = _name(source)
        if name in own:
            raise source.top.error(f"rubric {name!r} is also in {own[name].path}", "name", "give one of them another name")
        own[name] = source
    return {name: Layers(_chain(source, own, shipped)) for name, source in (shipped | own).items()}


def _shipped() -> list[Source]:
    return [read_shipped(file) for file in sorted(resources.shipped("score/rubrics").glob("*.toml"))]


def _files(paths: tuple[str, ...]) -> list[Path]:
    """Return the files that paths name; a folder stands for the rubrics in it."""
    found: list[Path] = []
    for path in map(Path, paths):
        if not path.exists():
            raise ConfigError("no such file or folder of rubrics", path=str(path), hint="correct the setting 'rubrics'")
        found.extend(sorted(path.glob("*.toml")) if path.is_dir() else [path])
    return found


def _name(source: Source) -> str:
    name = source.top.text("name")
    if not _NAME.fullmatch(name):
        raise source.top.error(f"{name!r} is no name of a rubric", "name", "write NAME@VERSION, such as 'failures@1-team'")
    return name


def _chain(source: Source, own: dict[str, Source], shipped: dict[str, Source]) -> tuple[Source, ...]:
    """Return a file and those that it extends; one that extends its own name stands over the shipped rubric of that name."""
    chain = [source]
    while "extends" in chain[-1].values:
        top = chain[-1].top
        wanted = top.text("extends")
        next_ = (shipped if wanted == top.values["name"] else shipped | own).get(wanted)
        if next_ is None:
            raise top.error(f"no rubric {wanted!r} to extend", "extends", f"the rubrics are {', '.join(sorted(shipped | own))}")
        if next_ in chain:
            raise top.error(f"{wanted!r} extends this rubric, too", "extends", "extend another one")
        chain.append(next_)
    return tuple(chain)
