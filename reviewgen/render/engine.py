"""Reviews to documents. The shipped templates run in a plain sandbox, a user's in one that is bounded in work and size as well.

Whatever a template prints passes ``finalize``: text that no function of ``hygiene`` has made safe is escaped as running prose, so a
forgotten filter costs looks, never safety. Concatenation of safe and other text is plain text again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from reviewgen import resources
from reviewgen.config import template_file
from reviewgen.errors import DataError
from reviewgen.model import Review

from . import hygiene, words
from .view import view
from .viewmodel import View

if TYPE_CHECKING:
    from jinja2 import Environment

    from .bounded import BoundedEnvironment

E = TypeVar("E", bound="Environment")
DEFAULT = "failures-and-corrections"
SUFFIX = ".md.j2"
_BREAK = hygiene.Safe("  ")


def markdown(review: Review, *, template: str = DEFAULT, templates: Path | None = None) -> str:
    """Return the document of a review.

    Args:
        review: The review.
        template: Name of the master template, without ``.md.j2``, or path of a file (see ``config.template_file``).
        templates: Folder whose templates take the place of the shipped ones of the same name.

    Raises:
        DataError: There is no such template, or it is not valid, does more than it may, or prints what is no text; names template and line.
    """
    return rendered(view(review), template, templates)


def rendered(shown: View, template: str, templates: Path | None) -> str:
    """Return the document of a view; see ``markdown``."""
    with told(template, templates):
        environment, name = opened(template, templates)
        return str(environment.get_template(name).render(view=shown))


def check(template: str, templates: Path | None = None) -> None:
    """Raise DataError when there is no such template, or it is not valid; see ``markdown``."""
    for error in errors(template, templates):
        raise error


def errors(template: str, templates: Path | None = None) -> tuple[DataError, ...]:
    """Return what is wrong with a template: what it names and there is not, on all branches, else what a document shows when it is made."""
    try:
        with told(template, templates):
            environment, name = opened(template, templates)
            environment.get_template(name)
            if environment is _shipped():
                return ()
            from .checking import mistakes

            if found := mistakes(environment, name):
                return found
        from .specimen import specimens

        for specimen in specimens():
            rendered(specimen, template, templates)
    except DataError as error:
        return (error,)
    return ()


def page(name: str, **values: object) -> str:
    """Return a shipped page that is about no single review.

    Args:
        name: Path of its template below ``templates/``, without ``.md.j2``.
        values: What it prints, by the names in its template.
    """
    return str(_shipped().get_template(name + SUFFIX).render(values))


def opened(template: str, templates: Path | None) -> tuple[Environment, str]:
    """Return the environment of a template, and its name there."""
    file = template_file(template)
    if templates is not None and not templates.is_dir():
        raise DataError("there is no such folder of templates", path=str(templates))
    if file is not None and not file.is_file():
        raise DataError("there is no such template file", path=str(file), hint=f"the shipped templates are {', '.join(template_names())}")
    if file is None and templates is None:
        return _shipped(), template + SUFFIX
    environment = _users(file, templates)
    environment.begin()
    return environment, str(file) if file is not None else template + SUFFIX


def template_names(templates: Path | None = None) -> list[str]:
    """Return the names of the master templates, sorted."""
    folders = [resources.templates(), *([templates] if templates is not None else [])]
    return sorted({path.name.removesuffix(SUFFIX) for folder in folders for path in folder.glob("*" + SUFFIX)})


@lru_cache(maxsize=1)
def _shipped() -> Environment:
    """Return the environment of the shipped templates: they are ours, so nothing counts what they do."""
    from jinja2 import FileSystemLoader

    from .compiled import CompiledTemplates
    from .sandboxed import SandboxedTemplates

    folder = resources.templates()
    # They do not change while we run: nobody has to look at their files again for each part of a document.
    kept = CompiledTemplates(folder)
    return furnished(SandboxedTemplates, loader=FileSystemLoader(folder), bytecode_cache=kept, auto_reload=False)


@lru_cache(maxsize=8)
def _users(file: Path | None, templates: Path | None) -> BoundedEnvironment:
    """Return the environment of a user's templates, the shipped ones behind them; nothing compiled is kept of it."""
    from .bounded import BoundedEnvironment, TemplateLoader

    folders = [folder for folder in (templates, resources.templates()) if folder is not None]
    return furnished(BoundedEnvironment, loader=TemplateLoader(file, folders))


def furnished(kind: Callable[..., E], **options: Any) -> E:
    """Return an environment with all that our templates use."""
    from .missing import Missing

    environment = kind(
        undefined=Missing,
        finalize=finalize,
        autoescape=False,  # HTML escaping is not Markdown escaping; finalize is the one that is
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        **options,
    )
    environment.concat = _concat  # type: ignore[method-assign]
    environment.filters |= FILTERS
    environment.globals |= {"br": _BREAK, "begin": hygiene.begin, "end": hygiene.end}
    return environment


def _concat(parts: Iterable[str]) -> hygiene.Safe:
    """Return the output of a block, a macro or a whole template: all that it prints was made safe when it was printed."""
    return hygiene.Safe("".join(parts))


def finalize(value: object) -> object:
    """Return what a template prints: safe text as it is, other text escaped, whole numbers; anything else is a mistake of the template."""
    if isinstance(value, hygiene.Safe):
        return value
    if isinstance(value, str):
        return hygiene.inline(value)
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return words.number(value)
    from jinja2 import Undefined

    if isinstance(value, Undefined):
        return value  # to print it raises Jinja's own error, which names it
    raise TypeError(f"a template can print text and numbers, not {type(value).__name__}")


def _codes(names: tuple[str, ...], more: int = 0) -> hygiene.Safe:
    """Return names as code spans: `a`, `b` and 3 more."""
    parts = [hygiene.code(name) for name in names]
    return hygiene.Safe(words.series([*parts, *([f"{more} more"] if more else [])], len(parts) + 1))


FILTERS: dict[str, Callable[..., Any]] = {
    "inline": hygiene.inline,
    "cell": hygiene.cell,
    "code": hygiene.code,
    "codes": _codes,
    "fence": hygiene.fence,
    "link": hygiene.link,
    "counted": words.count,
}
"""Our own filters; their docstrings stand in ``docs/view-model.md``."""


@contextmanager
def told(template: str, templates: Path | None) -> Iterator[None]:
    """Tell what is wrong with a template as an error that names the place."""
    try:
        yield
    except DataError:
        raise
    except Exception as error:
        from .mistakes import mistake

        if found := mistake(error, template, template_names(templates)):
            raise found from error
        raise
