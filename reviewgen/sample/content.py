"""What stands below a file's name, or a heading, in an answer: the file, a part of it, or something that is only shown."""

from __future__ import annotations

import posixpath
import re

from . import names
from .assembly import Assembly
from .fences import HEADER, Block

_BEFORE = frozenset(["before", "wrong", "incorrect", "original", "old", "bad", "previous"])
# More words, or a comma, are a sentence such as "Before the deployment, ...".
_LONGEST_MARK = 60
# What an answer shows beside itself: one of several ways, or how somebody would go on.
_EXAMPLE = re.compile(
    r"\b(?:options? (?:[a-z]|\d+)|examples?|alternatives?|alternatively|variations?)\b|^\W*to (?:use|reference)\b", re.IGNORECASE
)
# The same in a comment, of what stands below it.
_SAYS_EXAMPLE = re.compile(r"^(?:#|//)+\s*examples?\b", re.IGNORECASE)
# What a file of values could be: ``Example terraform.tfvars``, ``a sample `prod.tfvars` ``.
_EXAMPLE_VALUES = re.compile(r"\b(?:examples?|samples?)\b.*\.tfvars\b", re.IGNORECASE)
# One of several ways to give values.
_OPTION = re.compile(r"^\W*option (?:[a-z]|\d+)\b", re.IGNORECASE)
# How a stack could grow, and the section about that.
_TO_ADD = re.compile(r"^\W*(?:to (?:add|extend|customi[sz]e|change)|add)\b", re.IGNORECASE)
_ADDING = re.compile(r"^\W*(?:adding|extending|customi[sz]ing)\b", re.IGNORECASE)
# What a file of values sets, and the languages of what is typed at a prompt.
_ASSIGNMENT = re.compile(r"""^\s*["\w-]+\s*=(?!=)""", re.MULTILINE)
_TYPED = frozenset(["bash", "sh", "shell", "zsh", "console", "powershell"])
_SCRIPTS = (".sh", ".bash", ".zsh", ".ps1")
_TEMPLATE = re.compile(r"\.(?:tftpl|tpl|tmpl)$")


def is_whole(assembly: Assembly, block: Block, path: str) -> bool:
    """Whether Terraform below a file's name is the file or a part of it: blocks, and not what could be added to a file that is given already."""
    grows = path in assembly.files and _ADDING.match(block.heading) and _TO_ADD.match(block.title)
    return not path.endswith(".tf") or (not grows and (HEADER.search(block.text) is not None or has_comment_only(block)))


def is_content(assembly: Assembly, block: Block, path: str) -> bool:
    """Whether what stands below a file's name in another language than Terraform's is in it, as far as its kind tells."""
    return _sets_values(assembly, block, path) if path.endswith(".tfvars") else not _is_typed(block, path)


def _sets_values(assembly: Assembly, block: Block, path: str) -> bool:
    """Whether what stands below the name of a file of values is one: not the commands or the words behind it, nor an example or one of several ways.

    A step that says what to do with a file that is given already gives an example. What a heading calls one takes no file's place, either.
    """
    if block.language in _TYPED or not (_ASSIGNMENT.search(block.text) or has_comment_only(block)):
        return False
    given = _is_given(assembly, path)
    in_passing = given and block.title != block.heading and not names.alone(block.title.strip("# *`"))
    shown = _EXAMPLE_VALUES.search(block.heading) or (given and _EXAMPLE_VALUES.search(block.title))
    return not in_passing and not shown and not any(_OPTION.match(line) for line in (block.title, block.heading))


def _is_given(assembly: Assembly, path: str) -> bool:
    """Whether an answer has given a file already: one that a step calls by its bare name (``Create terraform.tfvars``) in whatever directory."""
    return path in assembly.files or ("/" not in path and any(posixpath.basename(file) == path for file in assembly.files))


def _is_typed(block: Block, path: str) -> bool:
    """Whether what stands below the name of a file in another language is what somebody types: ``Edit `page.html` and run:``."""
    suffix = posixpath.splitext(_TEMPLATE.sub("", path))[1]
    return block.language in _TYPED and suffix not in ("", ".tf", *_SCRIPTS)


def is_superseded(block: Block) -> bool:
    """Whether a passage is shown as what was wrong: ``**Before (wrong):**`` above it, or ``# Before`` as its first line."""
    first = _first_line(block)
    title = block.title.strip()
    marked = title.startswith("*") or title.endswith(":")
    return (marked and _says_before(title)) or (first.startswith(("#", "//")) and _says_before(first))


def _first_line(block: Block) -> str:
    return next((line.strip() for line in block.lines if line.strip()), "")


def _says_before(line: str) -> bool:
    words = re.findall(r"[A-Za-z]+", line) if len(line) <= _LONGEST_MARK and "," not in line else []
    return bool(words) and words[0].lower() in _BEFORE and len(words) <= 5


def has_comment_only(block: Block) -> bool:
    """Whether a block says something, and holds nothing."""
    return all(not line.strip() or line.lstrip().startswith(("#", "//")) for line in block.lines)


def is_called_example(block: Block) -> bool:
    """Whether the words above a passage, or its first comment, call it an example or one of several ways."""
    called = any(_EXAMPLE.search(line) for line in (block.title, block.heading) if len(line) <= _LONGEST_MARK * 2)
    return called or _SAYS_EXAMPLE.match(_first_line(block)) is not None
