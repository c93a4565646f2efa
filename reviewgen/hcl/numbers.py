"""What the digits of a number mean."""

from __future__ import annotations


def number(text: str) -> int | float | str:
    """Return a number, an int where it is whole; of what is too large to be one, its text."""
    try:
        if text.isdigit() and len(text) < 400:
            return int(text)
        value = float(text)
        return int(value) if value.is_integer() and abs(value) < 1e15 else value
    except (ValueError, OverflowError):
        return text
