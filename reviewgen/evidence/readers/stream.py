"""Terraform's machine-readable streams: ``init``, ``plan``, ``apply`` and ``destroy`` with ``-json``, one JSON object a line.

Format: Terraform, "Machine-Readable UI", version 1. OpenTofu writes the same.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from reviewgen.errors import InputError
from reviewgen.evidence import diagnostics
from reviewgen.model.evidence import Step, Tool

from .log import Counts, CutError, Log, Seen

_ACTIONS = {"create": 0, "update": 1, "delete": 2}
_VERSION = "1"
_INTERRUPT = ("Interrupt received", "Stopping operation", "Two interrupts received")


class Stream:
    """Takes the lines of a stream one by one."""

    def __init__(self, path: str, named: Step | None = None) -> None:
        """``path`` is for messages; ``named`` is the command that the record's name tells."""
        self._path = path
        self._seen = Seen(named)
        self._tool: Tool | None = None
        self._line = 0
        self._broken = 0

    def feed(self, line: str) -> None:
        """Take one line. Terraform writes some lines of ``init`` as plain text between the objects: these say nothing.

        Raises:
            InputError: The stream is of another version, or goes on behind a line that is broken.
        """
        self._line += 1
        text = line.strip()
        if not text.startswith("{"):
            return
        if self._broken:
            raise InputError("the line is no JSON object", path=self._path, line=self._broken, hint="record the output again")
        try:
            event = json.loads(text)
        except (ValueError, RecursionError):
            self._broken = self._line
            return
        if isinstance(event, dict):
            self._take(event)

    def log(self, *, whole: bool) -> Log:
        """Return what the stream told; ``whole`` as in ``Seen.steps``.

        Raises:
            InputError: It is cut.
        """
        if self._broken and whole:
            raise InputError(
                "the record is cut in the middle of a line", path=self._path, line=self._broken, hint="record the output again"
            )
        try:
            return Log(self._seen.steps(whole=whole), self._tool)
        except CutError as error:
            raise InputError(f"the record is cut: {error}", path=self._path, hint="record the output again") from None

    def _take(self, event: Mapping[str, Any]) -> None:
        kind = event.get("type")
        said = event.get("@message")
        if isinstance(said, str) and any(mark in said for mark in _INTERRUPT):
            self._seen.interrupted = True
        if kind == "version":
            self._version(event)
        elif kind == "init_output":
            self._initialising(str(event.get("message_code", "")))
        elif kind == "diagnostic" and isinstance(event.get("diagnostic"), Mapping):
            self._seen.say(diagnostics.from_json(event["diagnostic"]))
        elif kind == "change_summary" and isinstance(event.get("changes"), Mapping):
            self._summary(event["changes"])
        elif isinstance(kind, str) and kind.startswith("apply_") and isinstance(event.get("hook"), Mapping):
            action = _ACTIONS.get(str(event["hook"].get("action")))
            if action is not None and kind in ("apply_start", "apply_complete"):
                self._seen.work(action, over=kind == "apply_complete")

    def _version(self, event: Mapping[str, Any]) -> None:
        ui = str(event.get("ui", ""))
        if ui.split(".")[0] != _VERSION:
            hint = f"streams of version {_VERSION} can be read"
            raise InputError(f"a stream of another version: {ui or 'none'}", path=self._path, line=self._line, hint=hint)
        for key, name in (("terraform", "Terraform"), ("tofu", "OpenTofu")):
            if isinstance(event.get(key), str):
                self._tool = Tool(name, event[key])

    def _initialising(self, code: str) -> None:
        self._seen.initialised = "success" in code or bool(self._seen.initialised)
        self._seen.phase = Step.INIT

    def _summary(self, changes: Mapping[str, Any]) -> None:
        counts: Counts = tuple(int(changes.get(key) or 0) for key in ("add", "change", "remove"))  # type: ignore[assignment]
        operation = changes.get("operation")
        if operation == "plan":
            self._seen.planned = counts
        elif operation == "apply":
            self._seen.applied, self._seen.phase = counts, Step.APPLY
        elif operation == "destroy":
            self._seen.removed, self._seen.phase = counts[2], Step.APPLY
