"""Tags that MODEL's resources are said to lack, and that each of them carries."""

from __future__ import annotations

import re
from collections.abc import Iterator

from reviewgen.requirements.tree.conditions import Evidence
from reviewgen.requirements.tree.tagged import Tagged

from .about import of_model, plain, sentences
from .finding import Case, Finding, Kind
from .statements import statements


def check(case: Case) -> Iterator[Finding]:
    """Yield the first such statement about each key."""
    if not case.model_has_code or case.model.tree.incomplete or case.model.has_remote_modules or len(case.turns) > 1:
        return
    met: set[str] = set()
    for piece in of_model(case):
        for sentence in sentences(plain(piece)):
            match = statements().tags.search(sentence)
            if match is None or statements().no_claim.search(sentence[: match.start()]):
                continue
            key = match[1]
            if key not in met and not re.search(rf"\b{key}\b \w*(?:value|format|variable)", sentence) and _carried(key, case):
                met.add(key)
                evidence = f"Each resource of MODEL that takes tags carries `{key}`, by its own tags or its provider's."
                yield Finding(Kind.PRESENT, piece.line, case.issue_at(piece.line), f'"{sentence[:160]}"', (evidence,))


def _carried(key: str, case: Case) -> bool:
    """Whether each resource of MODEL that takes tags certainly carries one."""
    tagged = Tagged(Evidence(case.model))
    return bool(tagged.taggable) and all(tagged.lacks(declaration, [key]) == [] for declaration in tagged.taggable)
