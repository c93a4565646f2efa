"""A sample's folder: which file is which document, and what bytes are read."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from reviewgen.errors import InputError
from reviewgen.sample import discover, load

ANSWER = '## main.tf\n\n```hcl\nresource "aws_sqs_queue" "a" {\n  name = "grün"\n}\n```\n'
TEXT = 'resource "aws_sqs_queue" "a" {\n  name = "grün"\n}\n'


def _sample(folder: Path, model: bytes = ANSWER.encode(), ideal: bytes = ANSWER.encode(), prompt: bytes = b"A queue.\n") -> Path:
    for name, data in (("MODEL_RESPONSE", model), ("IDEAL_RESPONSE", ideal), ("PROMPT", prompt)):
        (folder / f"{name}.md").write_bytes(data)
    return folder


@pytest.mark.parametrize(
    "data",
    [
        b"\xef\xbb\xbf" + ANSWER.encode(),
        ANSWER.replace("\n", "\r\n").encode(),
        ANSWER.replace("\n", "\r").encode(),
        ANSWER.encode("utf-16"),
        b"\xef\xbb\xbf" + ANSWER.replace("\n", "\r\n").encode(),
    ],
    ids=["bom", "crlf", "cr", "utf-16", "bom and crlf"],
)
def test_marks_and_line_ends_are_no_part_of_the_code(tmp_path: Path, data: bytes) -> None:
    sample = load(_sample(tmp_path, data))
    assert [f.text for f in sample.model.files] == [TEXT] and not sample.model.notes


def test_what_is_not_utf8_is_read_and_said(tmp_path: Path) -> None:
    sample = load(_sample(tmp_path, ANSWER.encode("latin-1")))
    assert [f.text for f in sample.model.files] == [TEXT.replace("ü", "\N{REPLACEMENT CHARACTER}")]
    assert any("not valid UTF-8" in note for note in sample.model.notes)


def test_an_empty_answer_is_one_without_code(tmp_path: Path) -> None:
    sample = load(_sample(tmp_path, b"", prompt=b""))
    assert not sample.model.files and sample.model.notes == ("`MODEL_RESPONSE.md` is empty.",)


def test_a_prompt_that_was_never_written_asks_for_nothing(tmp_path: Path) -> None:
    sample = load(_sample(tmp_path, prompt=b"Insert here the prompt that made the model fail.\n"))
    assert sample.prompt is None and sample.notes == ("`PROMPT.md` is a placeholder; requirements are not reviewed.",)


def test_a_binary_answer_is_an_error_with_its_path(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="binary") as error:
        load(_sample(tmp_path, b"PK\x03\x04\x00\x00" * 20))
    assert error.value.path == str(tmp_path / "MODEL_RESPONSE.md")


def test_the_first_turn_is_reviewed_and_later_ones_are_not(tmp_path: Path) -> None:
    (tmp_path / "MODEL_RESPONSE2.md").write_text(ANSWER.replace('"a"', '"second"'), "utf-8")
    assert '"a"' in load(_sample(tmp_path)).model.files[0].text


def test_files_beside_the_documents_stand_for_an_ideal_without_code(tmp_path: Path) -> None:
    _sample(tmp_path, ideal=b"The queue needs a name.\n")
    (tmp_path / "lib").mkdir()
    (tmp_path / "lib" / "main.tf").write_text(TEXT, "utf-8")
    sample = load(tmp_path)
    assert [f.path for f in sample.ideal.files] == ["main.tf"] and sample.ideal.text == "The queue needs a name.\n"
    assert sample.ideal.notes[0] == "`IDEAL_RESPONSE.md` has no complete code; the `.tf` files in `lib/` stand for IDEAL."


def test_files_beside_the_documents_do_not_replace_an_ideal_with_code(tmp_path: Path) -> None:
    _sample(tmp_path)
    (tmp_path / "other.tf").write_text("locals {}\n", "utf-8")
    assert [f.path for f in load(tmp_path).ideal.files] == ["main.tf"]


def _folder(place: Path) -> Path:
    place.mkdir(parents=True)
    return _sample(place)


def test_samples_go_by_their_path_and_links_are_followed_once(tmp_path: Path) -> None:
    _folder(tmp_path / "in" / "b" / "deep")
    _folder(tmp_path / "in" / "a")
    _folder(tmp_path / "in" / ".hidden")
    _folder(tmp_path / "elsewhere")
    (tmp_path / "in" / "linked").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "in" / "b" / "loop").symlink_to(tmp_path / "in")
    assert [id for id, _ in discover([tmp_path / "in"])] == ["a", "b/deep", "linked"]


def test_a_folder_that_cannot_be_read_is_said_to_be_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    closed = _folder(tmp_path / "closed")
    _folder(tmp_path / "open")
    for name in ("scandir", "listdir"):
        monkeypatch.setattr(os, name, _refusing(getattr(os, name), closed))
    found = discover([tmp_path])
    assert [id for id, _ in found] == ["closed", "open"] and load(found[1][1]).model.files
    with pytest.raises(InputError, match="cannot read the sample: Permission denied"):
        load(found[0][1])


def _refusing(real: Any, closed: Path) -> Any:
    def listed(place: Any = ".") -> Any:
        if Path(place) == closed:
            raise PermissionError(13, "Permission denied", str(place))
        return real(place)

    return listed
