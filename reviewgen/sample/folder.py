"""A sample's folder, and each of its documents: Markdown, one ``.tf`` file, or a folder of ``.tf`` files."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, NoReturn

from reviewgen.errors import InputError
from reviewgen.model.source import Document, Sample, SourceFile, Turns

from . import overrides
from .kept import with_named
from .markdown import is_placeholder, read_markdown
from .text import read_text, readable

# In this order: the first that exists is the document.
_SUFFIXES = ("", ".md", ".markdown", ".txt", ".tf")
_HOMES = ("", "lib")
SKIPPED = frozenset([".terraform", ".git", "node_modules", "__pycache__", ".venv"])
# Files of a tree whose content matters; of others only the name does, for code may refer to them.
_READ = (".tf", ".tf.json", ".tfvars", ".tfvars.json", ".hcl", ".tftpl", ".tpl", ".json", ".sh", ".py", ".js", ".yaml", ".yml")
_MOST_READ = 1_000_000
_NAMES = {"model": "MODEL_RESPONSE", "ideal": "IDEAL_RESPONSE", "prompt": "PROMPT"}


def load(path: Path, given: Mapping[str, Document] | None = None, id: str | None = None) -> Sample:
    """Return the sample in a folder, flat or with ``lib/``.

    Args:
        path: The folder.
        given: Documents that stand for the folder's, by ``model``, ``ideal`` and ``prompt``.
        id: What the review calls the sample; the folder's name when None.

    Raises:
        InputError: The folder, MODEL or IDEAL is missing, or a document or ``review.overrides.toml`` cannot be read.
    """
    given = given or {}
    with readable(str(path), "sample"):
        if not path.exists():
            raise InputError("no such sample", path=str(path), hint="give a folder with MODEL_RESPONSE and IDEAL_RESPONSE")
        if not path.is_dir():
            raise InputError("a sample is a folder", path=str(path), hint="give its folder, or --model and --ideal for single files")
        found = {side: find(path, side) for side in _NAMES if side not in given}
    documents = dict(given)
    for side, name in _NAMES.items():
        file = found.get(side)
        if file is not None:
            documents[side] = load_document(file, file.name)
        elif side not in given and side != "prompt":
            raise InputError(f"no {name} in the sample", path=str(path), hint=f"add {name}.md, or give --{side} PATH")
    metadata, notes = _metadata(path)
    sample = of_documents(documents["model"], documents["ideal"], documents.get("prompt"), id or path.resolve().name)
    beside = path / overrides.NAME
    decisions = overrides.read_overrides(beside) if beside.is_file() else ()
    sample = replace(sample, metadata=metadata, notes=(*notes, *sample.notes), overrides=decisions)
    return sample if "ideal" in given else _with_delivered_tree(sample, path)


def of_documents(model: Document, ideal: Document, prompt: Document | None = None, id: str | None = None) -> Sample:
    """Return a sample that has no folder; it goes by MODEL's name when it is given no id."""
    ideal = with_named(ideal, model)
    notes = () if prompt is not None else ("There is no PROMPT; requirements are not reviewed.",)
    if prompt is not None and is_placeholder(prompt.text):
        notes = (f"`{prompt.name}` is a placeholder; requirements are not reviewed.",)
        prompt = None
    return Sample(id or model.name.rstrip("/").rpartition("/")[2].split(".")[0] or "sample", model, ideal, prompt, {}, notes)


def find(folder: Path, side: str) -> Path | None:
    """Return a side's document in a sample's folder, whatever the case of its letters; None when there is none."""
    for home in _HOMES:
        place = folder / home
        if not place.is_dir():
            continue
        entries = {entry.name.lower(): entry for entry in sorted(place.iterdir())}
        for suffix in _SUFFIXES:
            found = entries.get(f"{_NAMES[side]}{suffix}".lower())
            if found is not None and (found.is_file() if suffix else found.is_dir()):
                return found
    return None


def turns(folder: Path) -> Turns:
    """Return the texts of a sample's further turns: ``MODEL_RESPONSE2.md``, ``PROMPT3.md`` and their like.

    Raises:
        InputError: One cannot be read.
    """
    found: dict[str, list[str]] = {side: [] for side in _NAMES}
    for home in _HOMES:
        place = folder / home
        for file in sorted(place.iterdir()) if place.is_dir() else ():
            for side, name in _NAMES.items():
                if re.fullmatch(rf"{name}[_-]?\d+\.(?:md|markdown|txt)", file.name, re.IGNORECASE) and file.is_file():
                    found[side].append(read_text(file)[0])
    return Turns(tuple(found["model"]), tuple(found["ideal"]), tuple(found["prompt"]))


def load_document(path: Path, name: str) -> Document:
    """Return a document: a Markdown or ``.tf`` file, or a folder of ``.tf`` files.

    Raises:
        InputError: It does not exist or cannot be read.
    """
    with readable(str(path)):
        if not path.exists():
            raise InputError("no such file or folder", path=str(path), hint="check the path")
        folder = path.is_dir()
    if folder:
        return load_folder(path, f"{name}/")
    text, notes = read_text(path)
    if path.name.lower().endswith((".tf", ".tf.json")):
        return Document(name, "", (SourceFile(path.name, text),), (), notes)
    document = read_markdown(text, name)
    return replace(document, notes=(*notes, *document.notes))


def load_folder(path: Path, name: str) -> Document:
    """Return a folder of Terraform files as a document; links that lead out of it are not followed.

    Raises:
        InputError: It, a folder in it or one of its Terraform files cannot be read.
    """
    files: list[SourceFile] = []
    notes: list[str] = []
    top = os.path.realpath(path)
    with readable(str(path), "folder"):
        found = sorted(_walk(path), key=lambda p: p.relative_to(path).as_posix())
    for file in found:
        relative = file.relative_to(path).as_posix()
        if not Path(os.path.realpath(file)).is_relative_to(top):
            notes.append(f"`{relative}` of `{name}` is a link out of the folder; it is not read.")
            continue
        if not file.is_file():
            notes.append(f"`{relative}` of `{name}` is no regular file; it is not read.")
            continue
        text = ""
        if file.name.endswith(_READ) and file.stat().st_size <= _MOST_READ:
            try:
                text, more = read_text(file, relative)
            except InputError as error:
                if file.name.endswith((".tf", ".tf.json")):
                    raise
                more = (f"{error.message.capitalize()}: `{relative}` of `{name}`.",)
            notes.extend(more)
        files.append(SourceFile(relative, text))
    if not any(f.path.endswith((".tf", ".tf.json")) for f in files):
        notes.append(f"`{name}` contains no Terraform files.")
    return Document(name, "", tuple(files), (), tuple(notes))


def _walk(path: Path) -> Iterator[Path]:
    for root, folders, names in os.walk(path, onerror=_refuse):
        folders[:] = sorted(f for f in folders if f not in SKIPPED and not f.startswith("."))
        for name in names:
            file = Path(root, name)
            if not name.startswith(".") or name == ".terraform.lock.hcl":
                yield file


def _refuse(error: OSError) -> NoReturn:
    raise error


def _metadata(path: Path) -> tuple[dict[str, Any], tuple[str, ...]]:
    file = next((path / home / "metadata.json" for home in _HOMES if (path / home / "metadata.json").is_file()), None)
    if file is None:
        return {}, ()
    try:
        data = json.loads(read_text(file)[0])
    except (InputError, ValueError, RecursionError):
        return {}, ("`metadata.json` cannot be read; it is left out.",)
    return (data, ()) if isinstance(data, dict) else ({}, ("`metadata.json` is no JSON object; it is left out.",))


def _with_delivered_tree(sample: Sample, path: Path) -> Sample:
    """Take the ``.tf`` files beside the documents for IDEAL when its document has no complete code."""
    if any(f.path.endswith(".tf") and not f.fragment for f in sample.ideal.files):
        return sample
    for home in (*_HOMES[1:], ""):
        place = path / home
        if place.is_dir() and any(place.glob("*.tf")):
            tree = load_folder(place, f"{home}/" if home else "./")
            files = tuple(f for f in tree.files if not f.path.lower().startswith(tuple(n.lower() for n in _NAMES.values())))
            if not any(f.path.endswith(".tf") for f in files):
                continue
            where = f"`{home}/`" if home else "the sample's folder"
            note = f"`{sample.ideal.name}` has no complete code; the `.tf` files in {where} stand for IDEAL."
            return replace(sample, ideal=replace(tree, files=files, text=sample.ideal.text, notes=(note, *tree.notes)))
    return sample
