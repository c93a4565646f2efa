"""Issues of which only matters what a rubric looks at."""

from __future__ import annotations

from hypothesis import strategies as st

from reviewgen.model.requirement import Requirement
from reviewgen.model.review import Category, Issue, Severity, Status

_ASKED = Requirement("R1", "1", "must", 1)


def issue(number: int, category: Category, status: Status, asked: bool = False, fix_class: str | None = None) -> Issue:
    """An issue of a category and status, with or without a requirement."""
    return Issue(
        str(number),
        f"x:{number}",
        "x",
        f"title {number}",
        category,
        Severity.HIGH,
        status,
        "",
        requirement=_ASKED if asked else None,
        fix_class=fix_class or ("B" if status is Status.FIXED else None),
    )


def fixed(**classes: int) -> list[Issue]:
    """Fixed issues by class: ``fixed(A=2, C=4)``."""
    names = [name for name, number in classes.items() for _ in range(number)]
    return [issue(n, Category.CRITICAL, Status.FIXED, fix_class=name) for n, name in enumerate(names, 1)]


ISSUES = st.lists(st.tuples(st.sampled_from(Category), st.sampled_from(Status), st.booleans(), st.sampled_from("ABC")), max_size=9).map(
    lambda rows: [issue(n, *row[:3], row[3] if row[1] is Status.FIXED else None) for n, row in enumerate(rows, 1)]
)
"""Any list of issues."""
