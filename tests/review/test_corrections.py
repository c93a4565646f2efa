"""What an IDEAL without code says of its corrections."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reviewgen import render
from reviewgen.config import Config
from reviewgen.model.diff import Diff
from reviewgen.model.sight import Sight
from reviewgen.model.source import Document, SampleClass
from reviewgen.pipeline import review_sample
from reviewgen.review import corrections
from reviewgen.sample import of_documents, read_markdown

IDEAL = """# The queue

- Region: eu-west-1

## Key fixes

1. **Queue**: the name ends with the suffix
- ✅ `terraform validate` passed
- 12 unit tests

### Encryption

* ✅ The key rotates

```
- no item of a list
```

## Optional improvements

- A second queue

## Layout

- main.tf
"""


def of(class_: SampleClass) -> Sight:
    return Sight(class_, Diff(), {}, None)


def test_items_below_headings_about_fixes_are_quoted_with_their_lines() -> None:
    found = corrections(of(SampleClass.NO_IDEAL_CODE), Document("IDEAL.md", IDEAL), ())
    assert [(quote.line, quote.text) for quote in found] == [(7, "**Queue**: the name ends with the suffix"), (13, "✅ The key rotates")]
    assert all(IDEAL.split("\n")[quote.line - 1].endswith(quote.text) for quote in found)


def test_what_ideal_does_otherwise_than_it_was_asked_is_no_correction() -> None:
    text = IDEAL.replace("## Key fixes", "## Differences from PROMPT")
    assert corrections(of(SampleClass.NO_IDEAL_CODE), Document("IDEAL.md", text), ()) == ()


def test_an_ideal_with_code_shows_its_corrections() -> None:
    assert corrections(of(SampleClass.PAIR), Document("IDEAL.md", IDEAL), ()) == ()


def test_the_page_says_that_they_were_not_checked() -> None:
    model = read_markdown('# main.tf\n\n```hcl\nresource "aws_sqs_queue" "a" {\n  name = "a"\n}\n```\n', "MODEL.md")
    review = review_sample(of_documents(model, read_markdown(IDEAL, "IDEAL.md")), Config())
    page = render.markdown(review)
    assert '- "The key rotates" (line 13)\n' in page and "what it holds no code for was not checked" in page
    assert "What IDEAL Says" not in render.markdown(replace(review, corrections=()))


def test_the_next_chapter_is_no_correction() -> None:
    text = (
        "# Answer\n\n## Fixes\n\n1. The queue has a suffix\n2. The key rotates\n- Logs are kept\n\n2. Storage\n\n- A bucket\n\n3. Network\n"
    )
    assert [quote.line for quote in corrections(of(SampleClass.NO_IDEAL_CODE), Document("IDEAL.md", text), ())] == [5, 6, 7]


@pytest.mark.parametrize(("items", "cut"), [(11, False), (25, True)])
def test_the_page_says_that_a_long_list_is_cut(items: int, cut: bool) -> None:
    """Twelve of twenty-five stood there as if they were all."""
    model = read_markdown('# main.tf\n\n```hcl\nresource "aws_sqs_queue" "a" {\n  name = "a"\n}\n```\n', "MODEL.md")
    ideal = read_markdown("# Answer\n\n## Fixes\n\n" + "".join(f"{n}. Queue {n} has a suffix\n" for n in range(1, items + 1)), "IDEAL.md")
    page = render.markdown(review_sample(of_documents(model, ideal), Config()))
    assert page.count("has a suffix") == min(items, 12)
    assert ("its own words, at most twelve of its items, and what" in page) is cut
