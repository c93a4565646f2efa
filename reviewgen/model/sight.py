"""What an answer that shows parts of the code leaves unsaid: the score, the closing words and the page ask here, so that they agree."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace

from reviewgen.records import dataclass

from . import tf
from .addresses import declaration
from .diagnostic import Validation
from .diff import Diff
from .review import Issue, Place, Review, Status
from .source import SampleClass

# The title of what is wrong with an answer that ends before it is complete.
BREAKS_OFF = "The answer breaks off"
# What switches a thing on is named by the thing.
_SWITCH = re.compile(r"^enable_|_enabled$")
# Words of types that many other texts have, too.
_COMMON = frozenset(["attachment", "configuration", "instance", "policy", "resource", "group", "role", "rule", "server", "service"])
_OF_SYNTAX = re.compile(r"\b(?:arguments?|attributes?|blocks?|syntax)\b", re.IGNORECASE)
_NO_MODULES = re.compile(
    r"\b(?:no|without(?: any)?|not (?:require|need|use)(?: any)?) (?:external |local |separate |child |nested )?modules\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Sight:
    """What IDEAL shows of what MODEL's defects are about.

    Attributes:
        class_: What the sample offers for comparison; only snippets leave anything unsaid.
        diff: What differs between the trees.
        places: On which lines the trees have the addresses that issues name; see ``Review.places``.
        ideal: What Terraform says of IDEAL; None when nobody asked.
        words: What IDEAL says in its text about what it corrects.
        described: Files of MODEL of which IDEAL tells in words and shows nothing.
    """

    class_: str
    diff: Diff
    places: Mapping[str, tuple[Place, ...]]
    ideal: Validation | None
    words: tuple[str, ...] = ()
    described: tuple[str, ...] = ()

    @classmethod
    def of(cls, review: Review) -> Sight:
        """Return what the IDEAL of a review shows."""
        words = tuple(quote.text for quote in review.corrections)
        return cls(review.sample.class_, review.diff, review.places, review.ideal_validation, words, review.sample.described)

    def with_words(self, words: tuple[str, ...]) -> Sight:
        """Return this with what IDEAL says in its text."""
        return replace(self, words=words)

    @property
    def partial(self) -> bool:
        """Whether IDEAL's snippets call modules of their own, or refer to resources of their own, and show nothing of these."""
        return self.class_ == SampleClass.SNIPPET_IDEAL and (self.diff.hides or self.diff.apart)

    def leaves_unsaid(self, issue: Issue) -> bool:
        """Whether a defect that MODEL has, or a block that takes part in it, stands in what IDEAL's snippets do not show."""
        if self.class_ != SampleClass.SNIPPET_IDEAL or issue.status is not Status.LEFT:
            return False
        if not issue.where:  # what cannot be parsed has no address, but a file
            said = self.ideal.errors if self.ideal else ()
            return issue.rule == tf.SYNTAX and not any(error.range and f"`{error.range.filename}:" in issue.problem for error in said)
        if issue.rule == tf.PROVIDER_UNDEFINED:  # the module names its providers, in any file of it; the call, which may be shown, does not
            return True
        shown = {declaration(address)[0] for address in issue.where for place in self.places.get(address, ()) if place.side == "ideal"}
        parts = {declaration(address)[0] for address in issue.where if self.places.get(address)}
        # Of a block that is shown in part the argument itself may stand in what is left out.
        inherited = {place.side for place in self.places.get(issue.where[0], ())} == {"model"}
        return not shown or not parts <= shown or inherited

    def shows_some(self, issue: Issue) -> bool:
        """Whether something that takes part in a defect stands in what IDEAL shows, such as the default of a variable."""
        return any(place.side == "ideal" for address in issue.where for place in self.places.get(address, ()))

    def shown_without(self, issue: Issue) -> str:
        """Return the block of a defect of MODEL that IDEAL shows without the argument that has it; empty when it shows no such block."""
        if not issue.where or {place.side for place in self.places.get(issue.where[0], ())} != {"model"}:
            return ""
        block, argument = declaration(issue.where[0])
        shown = {declaration(address)[0] for address in issue.where for place in self.places.get(address, ()) if place.side == "ideal"}
        return block if argument and (block in shown or any(c.model_address == block for c in self.diff.changed)) else ""

    def is_silent(self, issue: Issue) -> bool:
        """Whether nothing that IDEAL's parts show is about a defect or a need: the rest may answer it."""
        return self.leaves_unsaid(issue) or (self.class_ == SampleClass.SNIPPET_IDEAL and issue.status is Status.UNMET)

    def dissolves(self, issue: Issue) -> bool:
        """Whether a defect stands in one of MODEL's modules, of which an IDEAL of parts says that it does without any."""
        return self.leaves_unsaid(issue) and stands_in_module(issue) and any(map(denies_modules, self.words))

    def describes(self, where: Iterable[str]) -> bool:
        """Whether something at some addresses stands in a file of MODEL of which an IDEAL of parts tells in words only."""
        files = {place.file for address in where for place in self.places.get(address, ()) if place.side == "model"}
        return not files.isdisjoint(self.described)

    def cannot_keep(self, issue: Issue) -> bool:
        """Whether MODEL breaks off in a file of which an IDEAL of parts shows blocks at most: nobody leaves half a file as it is."""
        return self.leaves_unsaid(issue) and issue.title == BREAKS_OFF

    def loses(self, issue: Issue) -> bool:
        """Whether nobody knows what became of a defect of MODEL.

        What it is about may stand in modules that IDEAL calls and does not show, or IDEAL speaks of it, of modules, or of its file, and shows no
        code for it; or it is an answer's end.
        """
        told = self.dissolves(issue) or self.describes(issue.where) or any(names(text, issue) for text in self.words)
        return self.leaves_unsaid(issue) and (self.partial or told or self.cannot_keep(issue))


def stands_in_module(issue: Issue) -> bool:
    """Whether a defect stands in a module, or in the call of one."""
    return bool(issue.where) and issue.where[0].startswith("module.")


def denies_modules(text: str) -> bool:
    """Whether words say that there are no modules: "self-contained, requiring no external modules"."""
    return _NO_MODULES.search(text) is not None


def names(text: str, issue: Issue) -> bool:
    """Whether words name the argument that has a defect: ``performance_insights_enabled`` as "Performance Insights".

    One word alone, such as "password" or "tags", names many things: it is set as code, and the type is spoken of, too. Words about what a type
    takes need not say what it does not take. A module names its providers in ``required_providers``, its call in ``providers``.
    """
    if issue.rule == tf.PROVIDER_UNDEFINED and "required_providers" in text:
        return True
    address, argument = declaration(issue.where[0]) if issue.where else ("", "")
    name = argument.rpartition(".")[2]
    parts, kind = _SWITCH.sub("", name).split("_"), address.split(".")[-2:][0].split("_")[1:]
    if len(parts) > 1 and re.search(rf"\b{'[ _-]'.join(map(re.escape, parts))}", text, re.IGNORECASE):
        return True
    if len(parts) == 1 and name and f"`{name}`" in text and any(_stem(word) in text.lower() for word in kind if _is_telling(word)):
        return True
    typed = len(kind) > 1 and re.search(rf"\b{'[ _-]'.join(map(re.escape, kind))}", text, re.IGNORECASE)
    return bool(typed and tf.is_unsupported(issue.rule) and _OF_SYNTAX.search(text))


def _is_telling(word: str) -> bool:
    return len(word) > 4 and word not in _COMMON


def _stem(word: str) -> str:
    """``canary`` stands in "canaries" as ``canar``."""
    return word.removesuffix("y")
