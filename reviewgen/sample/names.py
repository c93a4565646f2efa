"""File names in documents: where they stand, and how they are kept inside the sample's own tree."""

from __future__ import annotations

import posixpath
import re
from functools import lru_cache

# Longest first, so that ``terraform.tfvars.example`` is not cut at ``.tfvars``.
_SUFFIXES = (
    r"tf\.json|tfvars\.json|auto\.tfvars|tfvars\.example|tf\.example|tfvars|tftpl|tmpl|tpl|tf|hcl|pyi?|tsx?|m?js|sh|bash|ps1|json|ya?ml|md|txt|zip|"
    r"html?|css|go|rb|java|cfg|conf|ini|toml|sql|env|xml|csv|service|example(?!\.\w)|lock\.hcl|gitignore"
)
_NAME = rf"(?:[\w@.-]+/)*(?:\.?[\w@-][\w@.-]*)?\.(?:{_SUFFIXES})(?![\w/])|(?:[\w@.-]+/)*(?:Dockerfile|Makefile)\b"
PATH = re.compile(rf"(?<![\w./:])(?:\.{{0,2}}/)?(?:{_NAME})")
_WORDS_BEFORE = re.compile(r"^(?:file(?:name|path)?|path|create|update|the|in|title)\b[:\s=]*", re.IGNORECASE)
_LABEL = re.compile(r"[*`=\- ]*file(?: ?name)?[*`]*:[*`]*\s*[*`]*", re.IGNORECASE)
# A name in capitals behind such a label, without a suffix: ``File: lib/VERSION``.
_CAPITALS = re.compile(r"(?i:file(?: ?name)?)\s*:\s*((?:[\w@.-]+/)*[A-Z][A-Z0-9_]+)\s*$")
# Words in parentheses at the end of a line.
_REMARK = re.compile(r"\((?P<words>[^()\w]*\w[^() ]* [^()]*)\)(?P<end>\W*)$")
# A file of Terraform behind the words of a comment, in parentheses or behind a dash.
_BEHIND_WORDS = re.compile(rf"(?:\((?P<name>{_NAME})\)|\s[-\u2013\u2014]\s+(?P<dashed>{_NAME}))\s*$")
_RULER = "=*#~_- \t"
# No line that names a file is longer; the patterns here take the square of a line's length at worst.
_LONGEST = 500
_BACKSLASH = re.compile(r"(?<=\w)\\(?=\w)")
_ITEM = re.compile(r"\(?(?:[A-Za-z]|\d{1,2})[.)]\s+")
# A directory of which the name is left open, and a file in it.
_OF_EACH = re.compile(rf"(?:/\*{{1,2}}|(?:^|[/`\s])(?:<[\w -]{{1,40}}>|\{{[\w, -]{{1,80}}\}}))/(?P<name>{_NAME})")
# A sentence that introduces the whole of the code by the name of its file, which need not stand at the end: ``the complete `main.tf` that ...``.
_WHOLE = re.compile(
    r"(?:\b(?:complete|comprehensive|full|whole|entire|single)\b"
    r"(?:[ ,]+(?:and|\w+-ready|secure|updated|corrected|Terraform|configuration|script|file|code)\b)*"
    r"|\bTerraform (?:configuration|script|file))[ (]+`(?P<name>[\w./-]+\.tf)`",
    re.IGNORECASE,
)
# A line of a drawn tree of directories, which shows where files are and introduces none.
BRANCH = re.compile(r"[\s>]*[\u2502\u251c\u2514]")
_MARKS = re.compile(r"[*`_\"'#>\[\]()]")
_MARKS_OF_CODE = re.compile(r"[*`\"'<>\[\]()]")
# A mark of a list and a number, as before a name in a heading: ``1.2) ``.
_NUMBER = re.compile(r"^(?:[-+]\s+)?(?:\(?\d+(?:\.\d+)*[.):]?\s+)?")
_COMMENT_OPENS = re.compile(r"\s*(?:#|//|/\*|--|<!--)+[\s=*#~_-]*")


@lru_cache(maxsize=1024)  # headings are asked again for each block below them
def in_line(line: str) -> str | None:
    """Return the file that a heading, list item or a few words name, or None.

    A longer sentence that mentions a file is no name for the code below it: see ``in_prose``.
    """
    if len(line) > _LONGEST or BRANCH.match(line):
        return None
    text = _NUMBER.sub("", _MARKS.sub(" ", _unlinked(line)).strip()).strip()
    raw = _raw(line)
    found = PATH.findall(raw)
    marked = line.lstrip().startswith(("#", "*", "`", "-", "+", ">")) or re.match(r"\s*\d+[.)]", line) is not None
    if len(found) == 1 and (len(text.split()) <= 6 or (marked and len(text) <= 120)):
        return str(found[0])
    capitals = _CAPITALS.match(raw.lstrip("# ")) if marked and not found else None
    return capitals[1] if capitals else None


def several(line: str) -> str:
    """Return the file of each of several directories that a line names, ``backend.tf`` of ``environments/*/backend.tf``; empty for none."""
    found = _OF_EACH.search(_unescaped(line)) if len(line) <= _LONGEST else None
    return found["name"] if found else ""


def in_prose(line: str) -> str | None:
    """Return the file at the end of a sentence that introduces code: ``Put this into main.tf:``; None for any other sentence."""
    if len(line) > _LONGEST:
        return None
    found = PATH.findall(_raw(line))
    if found and line.rstrip().endswith(":") and re.search(rf"(?:{PATH.pattern})\W*$", _raw(line)):
        return str(found[-1])
    return None


def of_the_whole(line: str) -> str | None:
    """Return the file as which a sentence introduces the code below it as a whole: ``Here is the complete `main.tf` that you asked for:``."""
    found = _WHOLE.search(_unescaped(line)) if len(line) <= _LONGEST else None
    return found["name"] if found else None


def _raw(line: str) -> str:
    return _MARKS_OF_CODE.sub(" ", _without_remark(_unescaped(_unlinked(line))))


def _without_remark(line: str) -> str:
    """Take the words in parentheses from the end of a line that names a file before them: ``Create `prod.tfvars` (see `main.tf` for all names):``."""
    remark = _REMARK.search(line) if ")" in line else None
    both_named = remark and PATH.search(remark["words"]) and PATH.search(line, 0, remark.start())
    return line[: remark.start()].rstrip() + remark["end"] if remark and both_named else line


def _unescaped(line: str) -> str:
    """Take Markdown's backslash from underscores, which some editors write inside of code as well; the one of Windows' paths is a slash."""
    return _BACKSLASH.sub("/", line.replace("\\_", "_"))


def _unlinked(line: str) -> str:
    """``[text](target)`` is its text."""
    if "](" not in line:
        return line
    return re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", line)


def in_label(line: str) -> str | None:
    """Return the file of a line that says nothing else: ``FILE: main.tf``."""
    label = _LABEL.match(line) if len(line) <= _LONGEST else None
    name = PATH.match(line, label.end()) if label else None
    return name[0] if name and not line[name.end() :].strip(" *`:=-") else None


def alone(line: str) -> str | None:
    """Return the file whose name is all that a line says, but for a letter or a number in front: ``main.tf``, ``main.tf:``, ``A) main.tf``."""
    text = _ITEM.sub("", _unescaped(line[:_LONGEST].strip())).rstrip(":")
    name = PATH.match(text)
    return name[0] if name and name.end() == len(text) else None


def in_info(info: str) -> str | None:
    """Return the file that a fence's info string names: ``hcl main.tf``, ``hcl:main.tf``, ``hcl title="main.tf"``."""
    if len(info) > _LONGEST:
        return None
    found = PATH.findall(re.sub(r"[\"'{}=:,]", " ", info))
    return str(found[0]) if found else None


def in_comment(line: str) -> str | None:
    """Return the file that a comment line consists of: ``# main.tf``, ``// File: a.tf - network``, ``# ==== b.tf ====``."""
    opening = _COMMENT_OPENS.match(line)
    if not opening or len(line) > _LONGEST:
        return None
    inside = line[opening.end() :].rstrip().removesuffix("*/").removesuffix("-->").rstrip(_RULER)
    text = _WORDS_BEFORE.sub("", _unescaped(inside).strip("`\"' ")).strip("`\"' ")
    name = PATH.match(text)
    if not name:
        return None
    rest = text[name.end() :].strip("`\"' ")
    return name[0] if not rest or re.match(r"^(?:[-\u2013\u2014:(|,]|\.\s)", rest) else None


def behind_words(line: str) -> str | None:
    """Return the file of Terraform that a comment names behind its words: ``# Groups of the web tier (web.tf)``, ``# WEB TIER - web.tf``."""
    found = _BEHIND_WORDS.search(line) if len(line) <= _LONGEST and _COMMENT_OPENS.match(line) else None
    name = (found["name"] or found["dashed"]) if found else ""
    return name if name.endswith(".tf") and len(PATH.findall(line)) == 1 else None


def safe(path: str) -> str | None:
    """Return a path inside the sample's tree, or None when it points out of it.

    Absolute paths, drive letters and a leading ``lib/`` lose their beginning, ``.`` and ``..`` are resolved.
    """
    text = path.strip().replace("\\", "/")
    text = re.sub(r"^[A-Za-z]:", "", text).lstrip("/")
    clean = posixpath.normpath(text)
    if clean in ("", ".", "..") or clean.startswith("../"):
        return None
    return clean
