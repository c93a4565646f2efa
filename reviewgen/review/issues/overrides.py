"""The curator's decisions on issues: what is dismissed, called otherwise or explained; everything that was decided is said."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from reviewgen.model.review import Category, Dismissed, Issue, Severity
from reviewgen.model.source import Override

# A category that a curator gives brings the usual rank with it when the rank would contradict it.
_USUAL = {Category.BLOCKER: Severity.CRITICAL, Category.CRITICAL: Severity.HIGH, Category.WARNING: Severity.MEDIUM}


def decided(issues: Sequence[Issue], overrides: Iterable[Override]) -> tuple[tuple[Issue, ...], tuple[Dismissed, ...], tuple[str, ...]]:
    """Return the issues as the curator wants them, what was dismissed, and the fingerprints of overrides that no issue has."""
    by_issue = {o.issue: o for o in overrides}
    kept = tuple(_applied(i, by_issue.get(i.fingerprint)) for i in issues if not _dismissed(by_issue.get(i.fingerprint)))
    gone = tuple(
        Dismissed(i.title, i.fingerprint, by_issue[i.fingerprint].reason) for i in issues if _dismissed(by_issue.get(i.fingerprint))
    )
    known = {i.fingerprint for i in issues}
    return kept, gone, tuple(sorted(f for f in by_issue if f not in known))


def _dismissed(override: Override | None) -> bool:
    return override is not None and override.dismiss


def _applied(issue: Issue, override: Override | None) -> Issue:
    if override is None:
        return issue
    said: list[str] = []
    changed = issue
    if override.title and override.title != issue.title:
        said.append(f'called "{issue.title}" before')
        changed = replace(changed, title=override.title)
    if override.category and override.category != issue.category.value:
        category = Category(override.category)
        said.append(f"category {category.value} instead of {issue.category.value}")
        changed = replace(changed, category=category, severity=_USUAL[category])
    if override.note:
        said.append(override.note.strip().rstrip("."))
    return replace(changed, curator=f"{'; '.join([*said, override.reason.strip().rstrip('.')])}.")
