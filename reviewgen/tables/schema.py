"""The columns of the tables. New ones may come at the end; whatever else changes gives the tables another version."""

from __future__ import annotations

from reviewgen.records import dataclass

VERSION = 1
"""Of all tables; in Parquet the metadata of a file say ``reviewgen: samples@1``."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column.

    Attributes:
        name: Its name.
        kind: ``text``, ``whole`` (a whole number), ``number``, ``truth`` or ``texts`` (a list of texts). Any may be null.
        meaning: What it says, for the documentation.
    """

    name: str
    kind: str
    meaning: str


SAMPLES = (
    Column("id", "text", "the sample; of a row of a dataset that is none its place"),
    Column("class", "text", "its class; null when it failed, as all that follows but `failure` and `error`"),
    Column("failure", "text", "what kind of failure it was; null when it was reviewed"),
    Column("error", "text", "why it failed"),
    Column("score_before", "number", "score before the corrections; null when not judged"),
    Column("score_after", "number", "score after them; null when not judged"),
    Column("learning_value", "number", "learning value; null when not judged"),
    Column("accepted", "truth", "whether the learning value reaches its threshold"),
    Column("blocker", "whole", "number of blockers"),
    Column("critical", "whole", "number of critical issues"),
    Column("warning", "whole", "number of warnings"),
    Column("fixed", "whole", "number of issues that IDEAL corrects"),
    Column("left", "whole", "number of issues that both trees have"),
    Column("unmet", "whole", "number of requirements that are issues because neither tree answers them"),
    Column("introduced", "whole", "number of issues that only IDEAL has"),
    Column("model_valid", "truth", "what `terraform validate` would say of MODEL; null without code"),
    Column("ideal_valid", "truth", "the same of IDEAL"),
    Column("model_resources", "whole", "number of MODEL's resources"),
    Column("ideal_resources", "whole", "number of IDEAL's resources"),
    Column("model_lines", "whole", "number of MODEL's lines of HCL"),
    Column("ideal_lines", "whole", "number of IDEAL's lines of HCL"),
    Column("services", "texts", "services that resources of either tree belong to"),
    Column("prompt_digest", "text", "digest of PROMPT, white space apart; null without PROMPT"),
    Column("model_digest", "text", "the same of MODEL"),
    Column("ideal_digest", "text", "the same of IDEAL"),
)

ISSUES = (
    Column("sample", "text", "the sample"),
    Column("number", "whole", "number of the issue in the sample's document"),
    Column("fingerprint", "text", "identity of the issue in all runs"),
    Column("rule", "text", "the rule that leads"),
    Column("title", "text", "its title"),
    Column("category", "text", "`blocker`, `critical` or `warning`"),
    Column("severity", "text", "`CRITICAL`, `HIGH`, `MEDIUM` or `LOW`"),
    Column("status", "text", "`fixed`, `left`, `unmet` or `introduced`"),
    Column("fix_class", "text", "`A`, `B` or `C`; null for what is not fixed"),
    Column("stage", "text", "where it shows: `init`, `validate`, `plan`, `apply` or `runtime`; null when that is not known"),
    Column("points", "number", "what the score before the corrections loses by it, zero or negative"),
    Column("requirement", "text", "words of PROMPT; null when it is about none"),
    Column("where", "texts", "addresses, the most important first"),
    Column("file", "text", "file in which the first of them stands; null when none does"),
    Column("line", "whole", "its line"),
    Column("problem", "text", "what is wrong"),
    Column("lesson", "text", "what is to be learned from it; may be empty"),
    Column("message", "text", "what Terraform or AWS says; empty when that is not known"),
    Column("lines_added", "whole", "lines that IDEAL's correction adds"),
    Column("lines_removed", "whole", "lines that it removes"),
    Column("source", "text", "link to the fact behind it; may be empty"),
)

REVIEWS = (
    Column("id", "text", "the sample"),
    Column("review", "text", "its review.json; in JSONL the review itself is the row, and there is no other column"),
)

TABLES = {"samples": SAMPLES, "issues": ISSUES, "reviews": REVIEWS}
