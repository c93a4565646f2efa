"""Which secrets a review quotes: a short word is no secret wherever it stands."""

from __future__ import annotations

import pytest

from reviewgen.review.page.secrets import MASK, quoted, redacted


@pytest.mark.parametrize(
    ("secret", "text", "masked"),
    [
        ("test", 'secret_key = "test"', f'secret_key = "{MASK}"'),
        ("test", 'version = "$Latest" # tests of the latest test', None),
        ("test", "postgres://shop:test@db", f"postgres://shop:{MASK}@db"),
        ("test", 'bucket = "test-logs"', None),
        ("test", "bad value: test", f"bad value: {MASK}"),
        ("Winter2024", "echo xWinter2024x", f"echo x{MASK}x"),
        ("Winter-2026", "echo xWinter-2026x", f"echo x{MASK}x"),
        ("abcdefghijklmnop", "url=abcdefghijklmnopq", f"url={MASK}q"),
    ],
)
def test_a_secret_is_found_as_it_stands(secret: str, text: str, masked: str | None) -> None:
    assert quoted((text,), [secret]) == (masked is not None)
    assert redacted((text,), [secret]) == ((masked or text),)
