"""The Jinja environment: strict, sandboxed, and safe by default.

Whatever a template prints passes ``_finalize``: text that no function of ``hygiene`` has made safe is escaped as running prose, so a
forgotten filter costs looks, never safety. Concatenation of safe and other text is plain text again.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from reviewgen import resources
from reviewgen.errors import DataError
from reviewgen.model import Review

from . import hygiene, words
from .view import view

if TYPE_CHECKING:
    from jinja2 import Environment

SUFFIX = ".md.j2"
_BREAK = hygiene.Safe("  ")


def markdown(review: Review, *, template: str = "failures", templates: Path | None = None) -> str:
    """Return the document of a review.

    Args:
        review: The review.
        template: Name of the master template, without ``.md.j2``.
        templates: Folder whose templates take the place of the shipped ones of the same name.

    Raises:
        DataError: There is no such template, or a template is not valid; names the template and its line.
    """
    with _told(templates):
        return _environment(templates).get_template(template + SUFFIX).render(view=view(review))


def page(name: str, **values: object) -> str:
    """Return a shipped page that is about no single review.

    Args:
        name: Path of its template below ``templates/``, without ``.md.j2``.
        values: What it prints, by the names in its template.
    """
    return _environment(None).get_template(name + SUFFIX).render(values)


def check(template: str, templates: Path | None = None) -> None:
    """Raise DataError when there is no such template, or it is not valid; see ``markdown``."""
    with _told(templates):
        _environment(templates).get_template(template + SUFFIX)


@contextmanager
def _told(templates: Path | None) -> Iterator[None]:
    """Tell what Jinja finds wrong with a template as an error that names the place."""
    from jinja2 import TemplateError, TemplateNotFound, TemplateSyntaxError

    try:
        yield
    except TemplateNotFound as error:
        raise DataError(f"there is no template {error.name!r}", hint=f"there are: {', '.join(template_names(templates))}") from error
    except TemplateSyntaxError as error:
        raise DataError((error.message or "not valid").rstrip("."), path=error.filename or error.name or "", line=error.lineno) from error
    except UnicodeDecodeError as error:
        raise DataError("a template is no text in UTF-8", path=str(templates or ""), hint="save it as UTF-8") from error
    except (TemplateError, TypeError, ValueError, ArithmeticError, LookupError, AttributeError) as error:
        place = _place(error)
        if place is None:
            raise
        raise DataError(str(error).rstrip("."), path=place[0], line=place[1]) from error


def template_names(templates: Path | None = None) -> list[str]:
    """Return the names of the master templates, sorted."""
    names = _environment(templates).list_templates()
    return sorted(name.removesuffix(SUFFIX) for name in names if "/" not in name and name.endswith(SUFFIX))


@lru_cache(maxsize=8)
def _environment(templates: Path | None) -> Environment:
    """Return the environment of a folder of templates, the shipped ones behind it."""
    from jinja2 import FileSystemLoader, StrictUndefined
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    from .compiled import CompiledTemplates

    if templates is not None and not templates.is_dir():
        raise DataError("there is no such folder of templates", path=str(templates))
    folders = [folder for folder in (templates, resources.templates()) if folder is not None]
    environment = ImmutableSandboxedEnvironment(
        loader=FileSystemLoader(folders),
        undefined=StrictUndefined,
        finalize=_finalize,
        autoescape=False,  # HTML escaping is not Markdown escaping; _finalize is the one that is
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        bytecode_cache=CompiledTemplates(resources.templates()),
    )
    environment.filters |= {
        "inline": hygiene.inline,
        "cell": hygiene.cell,
        "code": hygiene.code,
        "codes": _codes,
        "fence": hygiene.fence,
        "link": hygiene.link,
        "counted": words.count,
    }
    environment.globals |= {"br": _BREAK, "begin": hygiene.begin, "end": hygiene.end}
    return environment


def _finalize(value: object) -> object:
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


def _place(error: Exception) -> tuple[str, int] | None:
    """Return template and line of the innermost template that an exception came through; None when it came through none."""
    import traceback

    places = [(frame.filename, frame.lineno or 0) for frame in traceback.extract_tb(error.__traceback__) if frame.filename.endswith(".j2")]
    return places[-1] if places else None
