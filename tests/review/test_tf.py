"""Rule ids of Terraform's messages: each that the code asks for by name is one that a message leads to."""

from __future__ import annotations

import json

from reviewgen.model import tf
from reviewgen.review.diagnostics.diagnosed import kinds
from reviewgen.review.diagnostics.findings import kind_of
from tests.terraform.validate_cases import FOLDER


def test_every_id_is_one_of_the_table_or_made_of_a_summary_of_terraform() -> None:
    of_table = {tf.PREFIX + kind.id for kind in kinds()}
    summaries = {said[1] for path in FOLDER.glob("*/*.json") for said in json.loads(path.read_text(encoding="utf-8"))}
    # Of which there is no case.
    summaries |= {"Value for unconfigurable attribute", "Invalid Configuration for Read-Only Attribute"}
    asked = {value for name, value in vars(tf).items() if name.isupper() and value != tf.PREFIX}
    # What cannot be parsed has many summaries and one id.
    assert asked - {tf.SYNTAX} <= of_table | set(map(kind_of, summaries))
