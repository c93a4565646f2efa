"""Records from elsewhere, one kind a module: Terraform's streams, documents and logs, and SARIF of other tools."""

from .file import MOST_BYTES, MOST_DOCUMENT, read
from .log import Log
from .stream import Stream
from .text import TextLog

__all__ = ["MOST_BYTES", "MOST_DOCUMENT", "Log", "Stream", "TextLog", "read"]
