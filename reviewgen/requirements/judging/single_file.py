"""PROMPTs that want all code in one file, against the files of a tree."""

from __future__ import annotations

import re
from collections.abc import Iterable

from reviewgen.model.finding import Finding
from reviewgen.model.prose import code, items, listed
from reviewgen.model.requirement import Requirement, Verdict
from reviewgen.model.review import Category, Impact, Recommendation, Severity
from reviewgen.model.tree import Declaration
from reviewgen.records import dataclass

from ..prompt.wording import wording
from ..prompt.words import normal
from ..tree.conditions import Evidence
from .judgement import Judgement

RULE = "several-files"
_SUBJECT = "single-file"
_MOST_PLACES = 6
_ASK = re.compile(
    r"\b(?:a single|one single|single|only one|one) (?:standalone |complete |terraform |hcl |deployable )*(?:[\w./-]+\.tf )?"
    r"(?:terraform |configuration |config )*file\b(?! (?:per|each|for each|with|at a time|system))"
)
_OTHERWISE = re.compile(r"\b(?:modular|modules/|separate files?|each file|per file|code block|archive|zip|lambda file|policy file)\b")
_EVERYTHING = re.compile(r"\b(?:variables|locals|outputs|everything|providers?|all code|configurations?)\b")
# What a list of what the file holds leaves out stands elsewhere, and so does what PROMPT says is configured elsewhere.
_LISTED = re.compile(r"\b(?:variables|locals|outputs)\b")
_WHOLE = re.compile(r"\b(?:everything|providers?|all code|entire|terraform block)\b")
_SETTINGS_ELSEWHERE = re.compile(
    r"\bproviders?\b[^.\n]{0,60}\b(?:elsewhere|separately|already|pre-?configured)\b"
    r"|\b(?:no|not|without|don't|exclude|omit)\b[^.\n]{0,30}\bproviders?\b[^.\n]{0,20}\b(?:blocks?|config\w*|backend)\b",
    re.IGNORECASE,
)
_SETTINGS = ("terraform", "provider")
_FILE = re.compile(r"(?<![\w-])[\w-]+\.tf\b")


@dataclass(frozen=True, slots=True)
class Wanted:
    """One file is wanted.

    Attributes:
        requirement: The line that wants it.
        named: All names of files in PROMPT, which nobody can blame a tree for.
        resources: Only resources have to be in it; settings and variables may stand elsewhere.
        settings: Provider configurations and the ``terraform`` block have to be in it.
        file: The name that the line gives to the file; empty when it gives none, or several.
    """

    requirement: Requirement
    named: frozenset[str]
    resources: bool
    settings: bool = True
    file: str = ""


def wanted(rows: Iterable[Requirement], prompt: str) -> Wanted | None:
    """Return what PROMPT asks, or None when it does not ask for one file or names several."""
    named = frozenset(name.lower() for name in _FILE.findall(prompt))
    for row in rows:
        text = normal(row.text)
        if len(row.text) <= 400 and not row.forbids and _ASK.search(text) and not _OTHERWISE.search(text):
            resources = "resources" in text and not _EVERYTHING.search(text)
            listed_ = "resources" in text and _LISTED.search(text) and not _WHOLE.search(text)
            settings = not listed_ and not _SETTINGS_ELSEWHERE.search(prompt)
            own = {name.lower() for name in _FILE.findall(row.text)}
            return None if wording().hedged.search(text) else Wanted(row, named, resources, settings, own.pop() if len(own) == 1 else "")
    return None


def judge(asked: Wanted, evidence: Evidence) -> Judgement:
    """Return a tree's answer: unmet when code stands in files that PROMPT does not name, beside another."""
    tree = evidence.graph.tree
    root = tree.modules.get(tree.root)
    files: dict[str, list[Declaration]] = {}
    for declaration in root.declarations.values() if root is not None else ():
        if asked.resources and declaration.kind not in ("resource", "data"):
            continue
        if not asked.settings and declaration.kind in _SETTINGS:
            continue
        files.setdefault(declaration.block.file, []).append(declaration)
    unsure = tree.incomplete or any("#" in path for path in files) or _unnamed(evidence, files) > 1
    if not files or unsure:
        return Judgement(asked.requirement, _SUBJECT, Verdict.UNKNOWN)
    if asked.file and asked.file not in map(_name, files):
        # Under another name: what PROMPT names beside the file is not the file.
        files = {path: found for path, found in files.items() if _name(path) not in asked.named}
        if len(files) < 2:
            return Judgement(asked.requirement, _SUBJECT, Verdict.UNKNOWN)
    main = max(files, key=lambda path: (_name(path) == asked.file, _name(path) in asked.named, len(files[path]), path))
    others = {path: found for path, found in files.items() if path != main and _name(path) not in asked.named}
    if not others:
        return Judgement(asked.requirement, _SUBJECT, Verdict.MET)
    places = sorted((d for found in others.values() for d in found), key=lambda d: (d.kind not in ("terraform", "provider"), d.address))
    addresses = tuple(d.address for d in places[:_MOST_PLACES])
    return Judgement(asked.requirement, _SUBJECT, Verdict.UNMET, addresses, _finding(asked, main, sorted(others), addresses))


def _unnamed(evidence: Evidence, files: Iterable[str]) -> int:
    """Return how many of some files are pieces to which the answer gives no file: they may all be meant for one."""
    sources = (evidence.graph.files.get(path) for path in files)
    return sum(source is not None and source.unnamed for source in sources)


def _name(path: str) -> str:
    return path.rpartition("/")[2].lower()


def _finding(asked: Wanted, main: str, others: list[str], addresses: tuple[str, ...]) -> Finding:
    return Finding(
        rule=RULE,
        title="The answer is split into several files although PROMPT wants one",
        category=Category.WARNING,
        severity=Severity.LOW,
        address=addresses[0],
        problem=f"Beside {code(main)} there is code in {listed(others)}.",
        check=f"{code(addresses[0])} stands in the one file that PROMPT wants",
        fix_class="C",
        related=addresses[1:],
        present=items([code(path) for path in (main, *others)], _MOST_PLACES),
        impact=(Impact("Requirement", f"Whoever takes over {code(main)} alone gets a part of the stack."),),
        lesson="The form of the answer is a requirement like any other.",
        recommendation=Recommendation(f"Move what stands in {listed(others)} to {code(main)}."),
        signals=("prompt",),
        requirement=asked.requirement,
    )
