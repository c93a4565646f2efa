"""What must hold for any input: a document that parses back, or a clear error; never a traceback, never a hang."""

from __future__ import annotations

import json
import time
import traceback
from collections.abc import Mapping

from reviewgen import pipeline, render, sample
from reviewgen.config import Config
from reviewgen.documents import mismatches
from reviewgen.errors import UserError
from reviewgen.model.source import Document
from reviewgen.sample.text import decode

from .mutate import case

SECONDS = 5.0
"""Most processor time that one sample may take; two documents of 100 KB need a part of it."""


def problem(number: int) -> str:
    """Return what is wrong with the outcome of a case; empty when nothing is."""
    start = time.process_time()
    try:
        found = outcome(case(number))
    except UserError:
        found = ""
    except Exception:
        found = traceback.format_exc()
    taken = time.process_time() - start
    return found or (f"it took {taken:.1f} s" if taken > SECONDS else "")


def outcome(documents: Mapping[str, bytes]) -> str:
    """Review some documents; return in which points the result is not what it must be.

    Raises:
        UserError: They cannot be read, which is an answer, too.
    """
    read = {name.partition("_")[0].partition(".")[0].lower(): _document(name, data) for name, data in documents.items()}
    empty = Document("none")
    review = pipeline.review_sample(
        sample.of_documents(read.get("model", empty), read.get("ideal", empty), read.get("prompt"), "fuzz"), Config()
    )
    json.loads(render.dumps(review))
    found: list[str] = []
    for template in render.template_names():
        text = render.markdown(review, template=template)
        text.encode("utf-8")
        found += mismatches(review, text, template)
    return "; ".join(found)


def _document(name: str, data: bytes) -> Document:
    return sample.read_markdown(decode(data, name)[0], name)
