"""Where samples come from: folders and documents on disk to frozen values, with every assumption said."""

from .assembly import addresses
from .discover import discover
from .folder import SKIPPED, find, load, load_document, of_documents, turns
from .items import Folder, Item, Row
from .markdown import read_markdown
from .overrides import read_overrides

__all__ = [
    "SKIPPED", "Folder", "Item", "Row", "addresses", "discover", "find", "load", "load_document", "of_documents", "read_markdown", "read_overrides", "turns",
]  # fmt: skip
