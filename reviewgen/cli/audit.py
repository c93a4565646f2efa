"""``reviewgen audit``."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from reviewgen import pipeline, sample
from reviewgen.audit import EXPLAINED, Finding, Kind, fixed
from reviewgen.batch.files import DOCUMENT, write
from reviewgen.documents import load_text
from reviewgen.errors import InputError

from . import console, exits
from .inputs import STREAM, settings, stdin


def audit(folder: str, document: str | None, format: str, fix: bool) -> int:
    """Hold a person's document against its sample; see ``app.audit``.

    Raises:
        InputError: The sample or the document cannot be read, or a stream is to be mended.
    """
    config = settings()
    path = Path(document) if document else _beside(Path(folder))
    if fix and document == STREAM:
        raise InputError("--fix-counts mends a file, not a stream", hint="give --document PATH")
    text = stdin()[0] if document == STREAM else load_text(path)
    found, turns = sample.load(Path(folder)), sample.turns(Path(folder))
    case, findings = pipeline.audit_sample(found, turns, text, str(path), config)
    if fix:
        mended, number = fixed(case)
        if number:
            write(path, mended.replace("\n", "\r\n") if b"\r\n" in path.read_bytes() else mended)
            case, findings = pipeline.audit_sample(found, turns, mended, str(path), config)
        console.say(f"{path}: {number} total{'' if number == 1 else 's'} mended")
    console.data(
        _json(path.name, findings) if format == "json" else console.plain("".join(f"{line}\n" for line in _lines(path.name, findings)))
    )
    return exits.GATE if findings else exits.DONE


def _beside(folder: Path) -> Path:
    """Return the document of a sample: ``MODEL_FAILURES.md``, in its folder or in ``lib/``."""
    found = next((folder / home / DOCUMENT for home in ("", "lib") if (folder / home / DOCUMENT).is_file()), None)
    if found is None:
        raise InputError(f"no {DOCUMENT} in the sample", path=str(folder), hint="give --document PATH")
    return found


def _json(name: str, findings: Sequence[Finding]) -> str:
    rows = [
        {"kind": f.kind, "line": f.line or None, "issue": f.issue or None, "says": f.says, "evidence": list(f.evidence)} for f in findings
    ]
    return json.dumps({"document": name, "findings": rows}, indent=2, ensure_ascii=False) + "\n"


def _lines(name: str, findings: Sequence[Finding]) -> Iterator[str]:
    """Yield the findings as compilers print theirs, then how many there are of each kind."""
    for finding in findings:
        place = f"{name}:{finding.line}" if finding.line else name
        issue = f" (issue {finding.issue})" if finding.issue else ""
        yield f"{place}: {finding.kind}: {finding.says}{issue}"
        yield from (f"    {sentence}" for sentence in finding.evidence)
    counted = Counter(finding.kind for finding in findings)
    yield f"{len(findings)} finding{'' if len(findings) == 1 else 's'}" + (":" if findings else "")
    yield from (f"  {counted[kind]:>3}  {kind}: {EXPLAINED[kind]}" for kind in Kind if counted[kind])
