"""Logs for people: what ``terraform`` or ``tofu`` prints, one command or several after each other, framed and coloured or not."""

from __future__ import annotations

import re
from collections.abc import Callable

from reviewgen.errors import InputError
from reviewgen.evidence.diagnostics import MOST_CHARACTERS
from reviewgen.model.diagnostic import Diagnostic, Snippet
from reviewgen.model.evidence import Step, Tool
from reviewgen.model.source import Position, Range

from .log import CutError, Log, Seen

# Colours, and the times that runners of CI put before each line.
_PAINT = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
_CLOCK = re.compile(r"^\[?\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d+)?(?:Z|[+-]\d\d:?\d\d)?\]? ?")
_HEAD = re.compile(r"(Error|Warning): (.*)")
_FRAME = "│"
_PLACE = re.compile(r"on (\S.*?) line (\d+)(?:, in (.*?))?:?$")
_WITH = re.compile(r"with (\S+?),?$")
_CODE = re.compile(r"\s*(\d+): ?(.*)$")
_MOST_LINES = 200
_WORK = re.compile(r"^\S+: (Creating|Modifying|Destroying)\.\.\.")
_OVER = re.compile(r"^\S+: (Creation|Modifications|Destruction) complete after ")
_ACTION = {"C": 0, "M": 1, "D": 2}


class TextLog:
    """Takes the lines of a log one by one."""

    def __init__(self, path: str, named: Step | None = None) -> None:
        """``path`` is for messages; ``named`` is the command that the record's name tells."""
        self._path = path
        self._seen = Seen(named, phase=Step.INIT if named is Step.INIT else Step.VALIDATE if named is Step.VALIDATE else Step.PLAN)
        self._past: list[Seen] = []
        self._tool: Tool | None = None
        self._providers: dict[str, Tool] = {}
        self._message: list[str] = []
        self._framed = False

    def feed(self, line: str) -> None:
        """Take one line."""
        text = _PAINT.sub("", line) if "\x1b" in line else line
        text = (_CLOCK.sub("", text) if text[:1].isdigit() or text[:1] == "[" else text).rstrip()
        bare = text.lstrip()
        if bare.startswith(_FRAME):
            inner = bare[1:].removeprefix(" ")
            self._framed = True
            if _HEAD.match(inner):
                self._close()
            if self._message or _HEAD.match(inner):
                self._keep(inner)
            return
        if self._framed or bare.startswith(("╷", "╵")) or _HEAD.match(text):
            self._close()
            self._framed = False
        if _HEAD.match(text):
            self._keep(text)
        elif self._take(text):
            self._close()
        elif self._message:
            self._keep(text)

    def log(self, *, whole: bool) -> Log:
        """Return what the log told; ``whole`` as in ``Seen.steps``.

        Raises:
            InputError: It is cut, or no log of Terraform.
        """
        self._close()
        if whole and not self._past and not self._seen.anything:
            raise InputError("nothing in it tells of a run of Terraform", path=self._path, hint="give the output of terraform")
        try:
            past = tuple(step for seen in self._past for step in seen.steps(whole=whole))
            last = () if self._past and not self._seen.anything else self._seen.steps(whole=whole)
        except CutError as error:
            raise InputError(f"the record is cut: {error}", path=self._path, hint="record the whole output") from None
        return Log((*past, *last), self._tool, tuple(sorted(self._providers.values(), key=str)))

    def _keep(self, line: str) -> None:
        if len(self._message) < _MOST_LINES:
            self._message.append(line[:MOST_CHARACTERS])

    def _close(self) -> None:
        if self._message:
            self._seen.say(_diagnostic(self._message))
            self._message = []

    def _take(self, text: str) -> bool:
        """Note what a line outside of messages says; False where it says nothing that counts."""
        begun, done = "ing..." in text, " complete after " in text
        work, over = _WORK.match(text) if begun else None, _OVER.match(text) if done else None
        if work or over:
            self._close()
            self.next()
            self._seen.work(_ACTION[(work or over)[1][0]], over=over is not None)  # type: ignore[index]
            return True
        for pattern, note in _MARKS if text[:1] in _STARTS else ():
            found = pattern.match(text)
            if found is not None:
                self._close()
                note(self, self._seen, found)
                return True
        return False

    def next(self) -> Seen:
        """Return what is being seen: something new, once what was seen before is over."""
        if self._seen.applied is not None or self._seen.removed is not None:
            self._past.append(self._seen)
            self._seen = Seen()
        return self._seen

    def told(self, tool: Tool) -> None:
        """Note which program speaks."""
        self._tool = tool

    def provider(self, tool: Tool) -> None:
        """Note a provider."""
        self._providers[tool.name] = tool


def _numbers(found: re.Match[str]) -> tuple[int, int, int]:
    return int(found[1]), int(found[2]), int(found[3])


def _set(**values: object) -> Callable[[TextLog, Seen, re.Match[str]], None]:
    def note(_log: TextLog, seen: Seen, _found: re.Match[str]) -> None:
        for name, value in values.items():
            setattr(seen, name, value)

    return note


def _planned(log: TextLog, _seen: Seen, found: re.Match[str]) -> None:
    seen = log.next()
    seen.planned, seen.phase = _numbers(found), Step.PLAN


def _applied(_log: TextLog, seen: Seen, found: re.Match[str]) -> None:
    seen.applied, seen.phase = _numbers(found), Step.APPLY


def _destroyed(_log: TextLog, seen: Seen, found: re.Match[str]) -> None:
    seen.removed, seen.phase = int(found[1]), Step.APPLY


def _told(log: TextLog, _seen: Seen, found: re.Match[str]) -> None:
    log.told(Tool(found[1], found[2]))


def _provided(log: TextLog, _seen: Seen, found: re.Match[str]) -> None:
    log.provider(Tool(found[1], found[2]))


_MARKS: tuple[tuple[re.Pattern[str], Callable[[TextLog, Seen, re.Match[str]], None]], ...] = (
    (re.compile(r"(Terraform|OpenTofu) v(\d[\w.+-]*)$"), _told),
    (re.compile(r"[-+*] (?:Installed|Using previously-installed|provider) (\S+/\S+?) v(\d[\w.+-]*)"), _provided),
    (re.compile(r"Initializing (?:the backend|provider plugins|modules)"), _set(initialised=False, phase=Step.INIT)),
    (re.compile(r"(?:Terraform|OpenTofu) has been successfully initialized!"), _set(initialised=True, phase=Step.PLAN)),
    (re.compile(r"Success! The configuration is valid"), _set(valid=True, phase=Step.PLAN)),
    (re.compile(r"Plan: (?:\d+ to import, )?(\d+) to add, (\d+) to change, (\d+) to destroy"), _planned),
    (re.compile(r"No changes\. "), _set(planned=(0, 0, 0), phase=Step.PLAN)),
    (re.compile(r"Planning failed\."), _set(failed_plan=True)),
    (re.compile(r"Interrupt received\.|Stopping operation\.\.\."), _set(interrupted=True)),
    (re.compile(r"Apply complete! Resources: (?:\d+ imported, )?(\d+) added, (\d+) changed, (\d+) destroyed"), _applied),
    (re.compile(r"Destroy complete! Resources: (\d+) destroyed"), _destroyed),
)


# How lines begin that say something: most lines of a log need no closer look.
_STARTS = frozenset("TO-+*ISPNAD")


def _diagnostic(lines: list[str]) -> Diagnostic:
    """Return the message of some lines: headline, place, code, words."""
    head = _HEAD.match(lines[0])
    assert head is not None
    address: str | None = None
    place: Range | None = None
    snippet: Snippet | None = None
    body: list[str] = []
    for line in lines[1:]:
        text = line.strip()
        indented = line.startswith("  ")
        if indented and place is None and address is None and (found := _WITH.match(text)):
            address = found[1]
        elif indented and place is None and (found := _PLACE.match(text)):
            at = Position(int(found[2]), 1, 0)
            place, snippet = Range(found[1], at, at), Snippet(found[3], "", int(found[2]))
        elif snippet is not None and not body and (found := _CODE.match(line)):
            code = f"{snippet.code}\n{found[2]}" if snippet.code else found[2]
            snippet = Snippet(snippet.context, code, snippet.start_line)
        elif text or body:
            body.append(text)
    detail = "\n\n".join(" ".join(part.split("\n")) for part in "\n".join(body).strip().split("\n\n"))
    severity = "error" if head[1] == "Error" else "warning"
    return Diagnostic(severity, head[2].strip()[:MOST_CHARACTERS], detail[:MOST_CHARACTERS], address, place, snippet)
