"""Terraform's messages as words of a document."""

from __future__ import annotations

from reviewgen.model.diagnostic import Diagnostic


def words(diagnostic: Diagnostic) -> str:
    """Return a message as Terraform prints it, without place and code."""
    head = "Warning" if diagnostic.severity == "warning" else "Error"
    return f"{head}: {diagnostic.summary}\n{diagnostic.detail}".strip()


def plain(text: str) -> str:
    """Return Terraform's words without characters that the documents' prose gives a meaning."""
    return text.replace('"`"', "backtick").replace("`", "'")


def sentence(text: str) -> str:
    """Return a text with the full stop that it may lack."""
    return text if text.endswith((".", "!", "?")) else f"{text}."
