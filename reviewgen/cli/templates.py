"""``reviewgen templates``."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from reviewgen import render, resources
from reviewgen.batch.files import write
from reviewgen.config import template_file
from reviewgen.documents.file import load_text
from reviewgen.errors import InputError
from reviewgen.templating import derive

from . import console, exits
from .inputs import STREAM, settings, stdin

_NAME = re.compile(r"[A-Za-z0-9][\w-]{0,60}")
_ABOUT = re.compile(r"\{#-?\s*(.*?)(?:\n\s*\n|\s*-?#\})", re.DOTALL)


def list_templates(format: str) -> int:
    """List the templates that there are by name; see ``app.templates_list``."""
    found = [_described(name) for name in render.template_names(_folder())]
    if format == "json":
        console.data(json.dumps(found, indent=2, ensure_ascii=False) + "\n")
        return exits.DONE
    width = max(len(entry["name"]) for entry in found)
    console.data("".join(f"{entry['name']:<{width}}  {entry['about']}{'' if entry['shipped'] else ' (own)'}\n" for entry in found))
    return exits.DONE


def show(name: str) -> int:
    """Print a template's text; see ``app.templates_show``."""
    console.data(_file(name).read_text("utf-8"))
    return exits.DONE


def check(template: str) -> int:
    """Say what is wrong with a template; see ``app.templates_check``."""
    found = render.errors(template, _folder())
    for error in found:
        console.error(str(error))
    if not found:
        console.say(f"{template}: valid, written for view model {render.VIEW_VERSION}")
    return exits.USAGE if found else exits.DONE


def new(name: str, example: str, output: str | None) -> int:
    """Write a template that is made of an example; see ``app.templates_new``.

    Raises:
        InputError: The name is none for a file, the example has no issues to learn from, or the file exists.
    """
    if not _NAME.fullmatch(name):
        raise InputError(f"{name!r} is no name for a template", hint="use letters, digits, - and _")
    path = Path(output) if output else (_folder() or Path()) / f"{name}{render.SUFFIX}"
    if output != STREAM and path.exists():
        raise InputError("the file exists, and nothing is overwritten", path=str(path), hint="give another --output, or remove it")
    text = stdin()[0] if example == STREAM else load_text(Path(example))
    made = derive(text, example, name)
    if output == STREAM:
        console.data(made.text)
    else:
        write(path, made.text)
    for found in made.unmapped:
        console.warn(f"{example}:{found.line}: {found.what} is not in the template: a review has nothing for it")
    console.say(f"template: {'standard output' if output == STREAM else path}")
    return exits.DONE


def _folder() -> Path | None:
    configured = settings({}).templates
    return Path(configured) if configured else None


def _described(name: str) -> dict[str, Any]:
    path = _file(name)
    match = _ABOUT.match(path.read_text("utf-8", "replace"))
    about = " ".join(match[1].split()) if match else ""
    return {"name": name, "about": about, "shipped": path.is_relative_to(resources.templates())}


def _file(template: str) -> Path:
    """Return the file of a template.

    Raises:
        InputError: There is none.
    """
    given = template_file(template)
    folders = [folder for folder in (_folder(), resources.templates()) if folder is not None]
    places = [given] if given is not None else [folder / f"{template}{render.SUFFIX}" for folder in folders]
    for place in places:
        if place.is_file():
            return place
    raise InputError(f"there is no template {template!r}", hint=f"there are: {', '.join(render.template_names(_folder()))}")
