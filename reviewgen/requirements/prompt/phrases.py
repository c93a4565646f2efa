"""The small language in which the vocabulary says which words of a requirement ask for a capability.

A phrase is words in their order, one space between: ``failover rout*``. ``(a|b c)`` is a choice, ``[a]`` may be missing, a trailing
``*`` takes any ending, ``~`` lets up to four words stand between (never across a full stop). Plurals match by themselves. What follows
``&`` must stand somewhere in the requirement, in what it details or in its heading; what follows ``!`` must not stand in the requirement.
``#`` stands for an amount, where the table says of what kind (``quantities.py``); around it a gap never crosses a comma or "and".
A leading ``^`` asks that the words are the thing that the sentence is about and not a mention ("alarms for the load balancer" does not
ask for a load balancer; ``wording.toml`` says what makes a mention).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache

from reviewgen.records import dataclass

from .wording import wording
from .words import LINES, normal

# Tokens are looked up by their first letters, so that plurals and endings need no list.
PREFIX = 3
# Without a verb that asks, only what a line begins with is asked for; so many articles, numbers and adjectives may stand before it.
_FRONT = 4
_GAP = r"((?:[^\s;.]*(?:\.[^\s;.]+)*[^\s;.:] ){0,4}?)"
_AMOUNT_GAP = r"(?:(?!and |or |but |while )[^\s;,]*[^\s;.,] ){0,4}?"
# Within a word a phrase can begin behind a mark: "aws:SecureTransport".
_PARTS = re.compile(r"[^\w]+")
_FIRST = re.compile(r"\s*(?:\^\s*)?(\([^()]*\)|\S+)")
_TOKENS = re.compile(r"[&!^]|\([^()]*\)|\[[^\[\]]*\]|\S+")


@dataclass(frozen=True, slots=True)
class Words:
    """Words in their order; their pattern is compiled when a text has what all forms of each have in common.

    Attributes:
        tokens: The words as the table has them.
        stems: Texts that any match contains.
        choices: Texts of which any match contains one, for each choice between words.
        amount: Pattern of what ``#`` stands for.
    """

    tokens: tuple[str, ...]
    stems: tuple[str, ...]
    choices: tuple[tuple[str, ...], ...]
    amount: str = ""

    def may_stand(self, text: str) -> bool:
        """Whether a text may have them: a quick look before the long one."""
        for stem in self.stems:
            if stem not in text:
                return False
        for choice in self.choices:
            for stem in choice:
                if stem in text:
                    break
            else:
                return False
        return True

    def stand(self, text: str) -> bool:
        """Whether a text has them."""
        return self.may_stand(text) and self.pattern.search(text) is not None

    @property
    def pattern(self) -> re.Pattern[str]:
        """The pattern of all their forms; a group for each gap."""
        return _compiled(self.tokens, self.amount)


@dataclass(frozen=True, slots=True)
class Phrase:
    """One phrase.

    Attributes:
        text: The phrase as the table has it.
        main: What must stand in the requirement itself.
        required: Co-words.
        excluded: Words that must not stand in the requirement.
        head: Whether it must be what the sentence is about.
        heads: Prefixes of the words that it can begin with.
        others: Prefixes of the words that stand behind them wherever it stands.
    """

    text: str
    main: Words
    required: tuple[Words, ...]
    excluded: tuple[Words, ...]
    head: bool
    heads: frozenset[str]
    others: frozenset[str]

    def may_stand(self, prefixes: frozenset[str]) -> bool:
        """Whether a text whose words have some prefixes (``prefixes``) may have it: the quickest look of all."""
        return self.others <= prefixes and not self.heads.isdisjoint(prefixes)

    def find(self, text: str, context: str) -> re.Match[str] | None:
        """Return where a normalised requirement asks for it, or None.

        Args:
            text: The requirement's own words.
            context: The words of what it details and of its heading.
        """
        if not self.main.may_stand(text):
            return None
        for words in self.required:
            if not words.stand(text) and not words.stand(context):
                return None
        for match in self.main.pattern.finditer(text):
            if not self.head or _is_head(text, match):
                return None if any(words.stand(text) for words in self.excluded) else match
        return None


def heads(text: str) -> frozenset[str]:
    """Return the prefixes of the words that a phrase can begin with."""
    first = _FIRST.match(text)
    choices = first[1].strip("()").split("|") if first else ()
    return frozenset(normal(choice.rstrip("*"))[:PREFIX].split(" ")[0] for choice in choices)


def _others(tokens: list[str]) -> Iterator[str]:
    """Yield the prefixes of the words behind the first token; choices have none in common, nor have all forms of the shortest words."""
    for token in tokens[1:]:
        for word in () if token[0] in "([~#" else normal_choice(token).split(" "):
            stem = _stem(word)
            if len(stem) >= PREFIX or stem == word:
                yield stem[:PREFIX]


@lru_cache(maxsize=LINES)
def prefixes(text: str) -> frozenset[str]:
    """Return the prefixes of the words of a normalised text, by which phrases are told that cannot stand in it (``Phrase.may_stand``)."""
    return frozenset(beginnings(text))


@lru_cache(maxsize=LINES)
def beginnings(text: str) -> tuple[str, ...]:
    """Return what phrases that a normalised text may have can begin with (``Phrase.heads``), in the order of the text."""
    words = text.split(" ")
    parts = (part for word in words if not word.isalnum() for part in _PARTS.split(word))
    return tuple(dict.fromkeys(["", *(word[:PREFIX] for word in words), *(part[:PREFIX] for part in parts)]))


@cache
def compile_phrase(text: str, amount: str = "") -> Phrase:
    """Return a phrase; ValueError says what is wrong with it.

    Args:
        text: The phrase.
        amount: Pattern of what ``#`` stands for; empty where the phrase may have none.
    """
    parts: list[tuple[str, list[str]]] = [("", [])]
    head = False
    for token in _TOKENS.findall(text):
        if token == "^":
            if head or parts != [("", [])]:
                raise ValueError(f"^ stands at the beginning only: {text!r}")
            head = True
        elif token in ("&", "!"):
            parts.append((token, []))
        else:
            parts[-1][1].append(token)
    if not all(tokens for _, tokens in parts):
        raise ValueError(f"empty part in phrase {text!r}")
    main = parts[0][1]
    if any(end.startswith(("[", "~")) for end in (main[0], main[-1])):
        raise ValueError(f"phrase may not begin or end with a gap: {text!r}")
    if ("#" in main) is not bool(amount):
        raise ValueError(f"{'no' if amount else 'an'} amount in phrase {text!r}")
    required, excluded = (tuple(_words(tokens) for kind, tokens in parts[1:] if kind == sign) for sign in "&!")
    return Phrase(text, _words(main, amount), required, excluded, head, heads(text), frozenset(_others(main)))


def _words(tokens: list[str], amount: str = "") -> Words:
    stems = tuple(_stem(word) for token in tokens if token[0] not in "([~#" for word in normal_choice(token).split(" "))
    choices = tuple(tuple(_longest_stem(choice) for choice in token[1:-1].split("|")) for token in tokens if token[0] == "(")
    return Words(tuple(tokens), stems, choices, amount)


def _longest_stem(choice: str) -> str:
    return max(map(_stem, normal_choice(choice).split(" ")), key=len)


@cache
def _compiled(tokens: tuple[str, ...], amount: str = "") -> re.Pattern[str]:
    result = ""
    gap = _AMOUNT_GAP if amount else _GAP
    glued = True  # whether what comes next needs no space before it: at the start, and behind parts that bring their own
    for token in tokens:
        space = "" if glued else " "
        glued = token == "~" or token.startswith("[")
        if token == "~":
            result += space + gap
        elif token == "#":
            result += space + amount
        elif token.startswith("("):
            result += space + "(?:" + "|".join(_forms(choice) for choice in token[1:-1].split("|")) + ")"
        elif token.startswith("["):
            result += space + "(?:" + "|".join(_forms(choice) + " " for choice in token[1:-1].split("|")) + ")?"
        else:
            result += space + _forms(token)
    return re.compile(rf"(?<![\w]){result}(?![\w])")


@cache
def _forms(text: str) -> str:
    return " ".join(_word(word) for word in normal_choice(text).split(" "))


@cache
def normal_choice(text: str) -> str:
    """Return a choice in normal form with its asterisk kept."""
    if text.isalnum() and text.islower():
        return text  # as most are
    return " ".join(normal(word.rstrip("*")) + ("*" if word.endswith("*") else "") for word in text.split())


def _stem(word: str) -> str:
    """Return what all forms of a word have in common."""
    bare = word.rstrip("*")
    return bare[:-1] if bare.endswith("y") else bare


def _word(word: str) -> str:
    if word.endswith("*"):
        return re.escape(word[:-1]) + r"\w*"
    if not word.isalpha() or len(word) < 3:
        return re.escape(word)
    if word.endswith("y") and word[-2] not in "aeiou":
        return re.escape(word[:-1]) + "(?:y|ies)"
    return re.escape(word) + ("(?:es)?" if word.endswith("s") else "(?:s|es)?")


def _is_head(text: str, match: re.Match[str]) -> bool:
    """Whether a match is what its clause asks for, and not a detail, an adjective or something that is there already."""
    words = wording()
    start = max(text.rfind(stop, 0, match.start()) for stop in (". ", "; ", ": ", " : "))
    before = text[start + 2 if start >= 0 else 0 : match.start()]
    if words.modified.match(text, match.end()) or words.quantified.search(before):
        return False
    verb = words.lead.match(before)
    if verb is None and len(before.split()) > _FRONT:
        return False
    return not words.breaks.search(before[verb.end() :] if verb else before)
