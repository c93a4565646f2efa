"""HTML from prose, and the Jinja environment of the pages: everything is escaped unless a function of this module made it.

The pages print what the documents print (``render.view``), so that both say the same; only the form differs.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from markupsafe import Markup, escape

from reviewgen import resources
from reviewgen.render import hygiene

if TYPE_CHECKING:
    from jinja2 import Environment
    from markdown_it import MarkdownIt

FOLDER = "pages"
"""Folder of the page templates below ``templates/``."""


@lru_cache(maxsize=1)
def environment() -> Environment:
    """Return the environment of the page templates: strict, and escaping by default."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    made = Environment(
        loader=FileSystemLoader(resources.templates() / FOLDER),
        undefined=StrictUndefined,
        autoescape=True,
        finalize=_finalize,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.filters |= {"prose": prose, "code": code, "link": link, "listing": listing}
    return made


def rendered(template: str, **values: object) -> str:
    """Return a page; ``template`` is its name below ``templates/pages/``, such as ``review.html.j2``."""
    return environment().get_template(template).render(values)


def asset(name: str) -> str:
    """Return the text of a file beside the page templates (a style sheet, a script of ours)."""
    return (resources.templates() / FOLDER / name).read_text("utf-8")


def _finalize(value: object) -> object:
    """Return what a template prints; of a text that no function of this module made, characters that cannot be seen are left out."""
    return hygiene.clean(value) if isinstance(value, str) and not isinstance(value, Markup) else value


@lru_cache(maxsize=4096)
def prose(text: str) -> Markup:
    """Return prose (see ``model.review``) as HTML: what stands between backticks is code, the rest text; ready Markdown as it reads."""
    if isinstance(text, hygiene.Safe):
        return Markup(_markdown().renderInline(text))
    return Markup("").join(code(piece) if is_code else escape(piece) for is_code, piece in hygiene.pieces(text))


def code(text: str) -> Markup:
    """Return a text of an input as code; characters that cannot be seen are named by their number."""
    return Markup("<code>{}</code>").format(hygiene.named(text))


def listing(text: str) -> Markup:
    """Return code of an input, line by line as it stands there, without characters that a page cannot carry or that reorder it."""
    return escape(hygiene.ordered(text))


def link(address: str) -> Markup:
    """Return a link to a fact of our own tables; anything that is not a plain https address is shown as code."""
    if not hygiene.is_source(address):
        return code(address)
    return Markup('<a href="{0}" rel="noreferrer">{0}</a>').format(address)


@lru_cache(maxsize=1)
def _markdown() -> MarkdownIt:
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark", {"html": False})
