"""A pattern of the values that a provider rejects, from the values that it rejected and accepted."""

from __future__ import annotations

import re

from reviewgen.terraform.validate.measured.predicates import compiled

_PUNCTUATION = "".join(chr(c) for c in range(32, 127) if not chr(c).isalnum())
_TIME = "([0-1][0-9]|2[0-3]):([0-5][0-9])"
_DAY = "(?i:sun|mon|tue|wed|thu|fri|sat):"
# Formats that messages name in words only, from internal/verify/validate.go of the AWS provider.
_FORMATS = (f"^({_TIME}-{_TIME}|)$", f"^({_DAY}{_TIME}-{_DAY}{_TIME}|)$")


def rejecting(template: str, rejected: set[str], accepted: list[str]) -> str | None:
    """Return a pattern that matches rejected values only, or None when no pattern is certain.

    The pattern that a message quotes comes first, then known formats: they must part the values exactly. Otherwise the pattern is put together
    from the letters, places and lengths that were rejected where plain words were accepted; then some values may be rejected that it leaves out.
    """
    for pattern in (*_quoted(template), *_FORMATS):
        negative = f"\\A(?!{pattern})" if pattern.startswith("^") else f"\\A(?!.*(?:{pattern}))"
        if _parts(negative, rejected, accepted, exact=True):
            return negative
    pattern = "|".join(_features(rejected, set(accepted)))
    return pattern if pattern and _parts(pattern, rejected, accepted, exact=False) else None


def _quoted(template: str) -> list[str]:
    found = re.findall(r"(\^.*?\$)(?=[\"')\]]|[.,]?\s|[.,]?\Z)", template)
    found += re.findall(r"(?:regular expression pattern: |match regular expression \"?)(.+?)(?:\)?\Z|\"?, got)", template)
    found += [re.escape(word) for word in re.findall(r"have prefix (\S+), got", template)]
    found += [pattern.replace("\\\\", "\\") for pattern in found]  # as Go quotes it
    return [f"^{p}" if re.search(r"have prefix", template) and not p.startswith("^") else p for p in dict.fromkeys(found)]


def _parts(pattern: str, rejected: set[str], accepted: list[str], exact: bool) -> bool:
    try:
        matches = compiled(pattern)
    except Exception:  # whatever a message quotes need not be a pattern
        return False
    if any(matches.search(value) for value in accepted):
        return False
    return bool(accepted) and all(matches.search(value) for value in rejected) if exact else any(matches.search(v) for v in rejected)


def _features(rejected: set[str], accepted: set[str]) -> list[str]:
    letters, digits = "abc" in accepted or "a" in accepted, "12" in accepted or "1" in accepted
    found = [r"^$"] if "" in rejected else []
    if letters or digits:
        found += _lengths(rejected, accepted)
    if letters:
        middle = _middle(rejected, digits)
        found += [f"[{middle}]"] if middle else []
        found += _ends(rejected, middle)
    return found  # where digits are right and letters are wrong, some word may still be right (``traffic-port`` for a port)


def _middle(rejected: set[str], digits: bool) -> str:
    chars = [c for c in _PUNCTUATION if f"a{c}b" in rejected]
    text = "".join(re.escape(c) for c in chars)
    text += "A-Z" if {"ABC"} <= rejected else ""
    text += "0-9" if "a1" in rejected and not digits else ""
    text += "\\u0080-\\U0010ffff" if "é" in rejected else ""
    return text + ("\\n" if "a\nb" in rejected and chars else "")


def _ends(rejected: set[str], middle: str) -> list[str]:
    inner = {c for c in _PUNCTUATION if re.escape(c) in middle}
    first = "".join(re.escape(c) for c in "-_./ " if f"{c}a" in rejected and c not in inner)
    first += "0-9" if {"1a"} <= rejected and "0-9" not in middle else ""
    last = "".join(re.escape(c) for c in "-_./" if f"a{c}" in rejected and c not in inner)
    found = [f"^[{first}]"] if first else []
    found += [f"[{last}]$"] if last else []
    found += ["--"] if "a--b" in rejected and "-" not in inner else []
    for word, pattern in (("sg-a", "^sg-"), ("aws-a", "^aws-"), ("AWS-a", "^AWS-")):
        if word in rejected and "-" not in inner and "A-Z" not in middle:
            found.append(pattern)
    return found


def _lengths(rejected: set[str], accepted: set[str]) -> list[str]:
    sizes = sorted(len(v) for v in accepted if v and set(v) == {"a"})
    if not sizes:
        return []
    long = sorted(len(v) for v in rejected if set(v) == {"a"} and len(v) > sizes[-1])
    short = sorted(len(v) for v in rejected if v and set(v) == {"a"} and len(v) < sizes[0])
    return ([f"^.{{{long[0]}}}"] if long else []) + ([f"^.{{0,{short[-1]}}}$"] if short else [])
