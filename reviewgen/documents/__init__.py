"""Documents of failures, read: Markdown to structured issues, whoever wrote it, and proof that ours say what their reviews say."""

from .file import load_text, read_failures
from .reading import Asked, Claim, Code, Reading, ReadIssue, read
from .rendered import mismatches

__all__ = ["Asked", "Claim", "Code", "ReadIssue", "Reading", "load_text", "mismatches", "read", "read_failures"]
