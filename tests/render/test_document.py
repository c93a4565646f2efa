from __future__ import annotations

import json
import os
import re
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reviewgen import resources
from reviewgen.documents import mismatches, read
from reviewgen.errors import DataError
from reviewgen.model import Category, Coverage, Issue, Place, Requirement, Score, Severity, Status, StepResult, Validation, Verdict
from reviewgen.model.diagnostic import Diagnostic
from reviewgen.model.diff import Changed, Diff, Renamed
from reviewgen.model.prose import doubt, leaves_out, of_each, with_doubt
from reviewgen.model.review import Minor
from reviewgen.render import DEFAULT, document, dumps, markdown, schema, template_names
from reviewgen.render.hygiene import normal

from .nasty import nasty, spoiled
from .reviews import IDENTICAL, NO_IDEAL_CODE, PAIR, REVIEWS, SNIPPET_IDEAL
from .test_hygiene import plain

CASES = Path(__file__).parents[1] / "cases" / "render"
CLASSES = sorted(REVIEWS)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        *((name, DEFAULT) for name in CLASSES),
        *(("pair", kind) for kind in ("failure-analysis", "brief", "json")),
        *(("identical", kind) for kind in ("brief", "json")),
    ],
)
def test_golden(name: str, kind: str) -> None:
    path = CASES / (f"{name}.json" if kind == "json" else f"{name}.{kind}.md")
    text = dumps(REVIEWS[name]) if kind == "json" else markdown(REVIEWS[name], template=kind)
    if os.environ.get("REVIEWGEN_GOLDENS") == "write":
        path.write_text(text, encoding="utf-8", newline="\n")
    assert text == path.read_text(encoding="utf-8")


@pytest.mark.parametrize("template", template_names())
@pytest.mark.parametrize("name", CLASSES)
def test_documents_are_tidy(name: str, template: str) -> None:
    text = markdown(REVIEWS[name], template=template)
    prose = re.sub(r"(?ms)^(`{3,}).*?^\1$", "", text)
    assert text.endswith("\n") and not text.endswith("\n\n")
    assert "\n\n\n" not in prose.replace("\n\n\n\n", "\n\n")  # a block taken out leaves its two empty lines
    assert not re.search(r"(?m)(?<! )[ ]$|[ ]{3,}$|\t", prose)
    assert not re.search(r"None|Undefined|\(\)|(?<![-+/\d])1 (issues|lines|points|blockers|warnings|declarations are)\b| ,|\.\.$", prose)


@pytest.mark.parametrize("template", template_names())
@pytest.mark.parametrize("name", CLASSES)
def test_a_document_says_what_the_review_says(name: str, template: str) -> None:
    review = REVIEWS[name]
    text = markdown(review, template=template)
    assert mismatches(review, text, template) == ()
    assert all(len(set(rows)) == 1 for rows in read(text).tables)


def test_a_mismatch_is_noticed() -> None:
    text = markdown(PAIR)
    for wrong in (
        text.replace("(BLOCKER)", "(WARNING)", 1),
        text.replace("Issue #4: Nobody", "Issue #4: Somebody"),
        text.replace("**Before fixes**: 3", "**Before fixes**: 4"),
        text.replace("### Unmet: 1", "### Unmet: 2"),
        text + "\n<b>x</b>\n",
        text.replace("requirement #4", "requirement #8", 1),
        text.replace("**Status**: Fixed by IDEAL", "**Status**: Unmet", 1),
        text.replace("MODEL: no, IDEAL: yes", "MODEL: yes, IDEAL: yes", 1),
    ):
        assert len(mismatches(PAIR, wrong)) == 1


@settings(max_examples=80)
@given(nasty, st.sampled_from(CLASSES))
def test_parsing_a_document_gives_back_the_issues_whatever_the_inputs_hold(text: str, name: str) -> None:
    review = spoiled(REVIEWS[name], text)
    pages = {template: markdown(review, template=template) for template in template_names()}
    rendered, other = pages[DEFAULT], pages["failure-analysis"]
    for template, page in pages.items():
        page.encode("utf-8")
        assert mismatches(review, page, template) == ()
        assert all(len(set(rows)) == 1 for rows in read(page).tables)
    assert not re.search("[\u202a-\u202e\u2066-\u2069\u200b]", re.sub(r"(?ms)^(`{3,}).*?^\1$", "", rendered))
    for issue in json.loads(dumps(review))["issues"]:
        assert plain(issue["title"]) in plain(rendered)
        assert plain(issue["title"]) in plain(other)


def test_every_shipped_partial_is_used() -> None:
    folder = resources.templates()
    texts = {path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8") for path in folder.rglob("*.j2")}
    parts = r'{% (?:include|from) "([^"]+)"'
    # The environment of the pages begins in their own folder.
    included = {f"pages/{part}" if name.startswith("pages/") else part for name, text in texts.items() for part in re.findall(parts, text)}
    # Printed as they are, not as parts of another.
    pages = {"runs/comparison.md.j2", "runs/summary.md.j2", *(f"pages/{name}.html.j2" for name in ("review", "dashboard", "comparison"))}
    assert {name for name in texts if "/" in name} == included | pages


@settings(max_examples=60)
@given(
    st.lists(st.tuples(st.sampled_from(Category), st.sampled_from(Severity), st.sampled_from(Status)), max_size=15),
    st.sampled_from(CLASSES),
    st.none() | st.floats(0, 10),
)
def test_any_mixture_of_issues_is_counted(kinds: list[tuple[Category, Severity, Status]], name: str, before: float | None) -> None:
    issues = tuple(
        Issue(str(number), f"x:{number}", "x", f"Title {number}", category, severity, status, "A problem.")
        for number, (category, severity, status) in enumerate(kinds, 1)
    )
    before = None if before is None else round(before, 1)
    review = replace(REVIEWS[name], issues=issues, coverage=(), score=Score("failures@1", 8, (), before, 8))
    assert all(mismatches(review, markdown(review, template=template), template) == () for template in template_names())


@pytest.mark.parametrize("name", CLASSES)
def test_json_keeps_to_the_published_schema(name: str) -> None:
    validator = jsonschema.Draft202012Validator(schema())
    validator.check_schema(schema())
    data = json.loads(dumps(REVIEWS[name]))
    assert list(validator.iter_errors(data)) == []
    assert data == document(REVIEWS[name])
    assert not list(_null_lists(data))


def test_a_smaller_finding_that_went_with_its_block_is_not_called_fixed() -> None:
    gone = replace(PAIR, minor=tuple(replace(m, status=Status.FIXED, removed=True) for m in PAIR.minor))
    assert "| Gone with what IDEAL no longer declares |" in markdown(gone)
    data = json.loads(dumps(gone))
    assert list(jsonschema.Draft202012Validator(schema()).iter_errors(data)) == []
    assert [row["removed"] for row in data["minor"]] == [True]


def _null_lists(data: object) -> list[str]:
    plural = ("s", "added", "removed", "changed", "renamed", "moved", "where", "impact", "solution", "present", "absent")
    if isinstance(data, list):
        return [found for item in data for found in _null_lists(item)]
    if not isinstance(data, dict):
        return []
    bad = [key for key, value in data.items() if value is None and key.endswith(plural) and key not in ("fix_class", "address")]
    return bad + [found for value in data.values() for found in _null_lists(value)]


@settings(max_examples=50)
@given(nasty)
def test_json_holds_any_text_verbatim_and_encodes(text: str) -> None:
    review = replace(PAIR, assessment=(text,))
    assert json.loads(dumps(review).encode("utf-8"))["assessment"] == [text]


def test_only_a_real_run_passes_in_the_document() -> None:
    claim = re.compile(r"terraform (validate|plan|apply|destroy)\W+(passed|success)", re.IGNORECASE)
    static = markdown(replace(IDENTICAL, verification=(StepResult("validate", "passed", "passed", "static"),)))
    assert "✅ passed" not in static and not claim.search(static)
    assert "`terraform validate`: not run; the built-in static check found no errors in MODEL and IDEAL" in static
    part = markdown(replace(IDENTICAL, ideal_facts=replace(IDENTICAL.ideal_facts, modules=3, unreached=2)))
    assert "no errors in MODEL and IDEAL; it looked at 1 of 3 modules of IDEAL, those that the root reaches, and at the syntax of" in part
    types = markdown(replace(IDENTICAL, ideal_validation=Validation(unchecked=("helm_release",))))
    assert "no errors in MODEL and IDEAL; without the schema of their providers it did not look at the arguments of `helm_release`" in types
    syntax = markdown(replace(IDENTICAL, model_validation=Validation(source="syntax"), ideal_validation=Validation(incomplete=True)))
    assert "check of the syntax found no errors in MODEL and no errors (a part only) in IDEAL" in syntax
    elsewhere = Diagnostic("error", "Reference to undeclared module", 'No module call named "network" is declared in the root module.')
    shown = Validation((elsewhere, Diagnostic("error", "Invalid character")), incomplete=True)
    some = markdown(replace(IDENTICAL, ideal_validation=shown))
    assert "no errors in MODEL and 1 error (a part only; errors of a kind that its rest may settle do not count) in IDEAL" in some
    empty = markdown(replace(IDENTICAL, ideal_facts=replace(IDENTICAL.ideal_facts, files=0)))
    assert "found no errors in MODEL\n" in empty
    real = markdown(replace(IDENTICAL, verification=(StepResult("validate", "passed", "failed", "terraform"),)))
    assert "`terraform validate`: MODEL ✅ passed, IDEAL ❌ failed (source: `terraform`)" in real


def test_a_long_coverage_table_shows_what_is_not_met() -> None:
    met, unmet = PAIR.coverage[0], PAIR.coverage[3]
    review = replace(PAIR, coverage=(*(met,) * 14, unmet, PAIR.coverage[4]))
    text = markdown(review)
    assert (
        "16 passages of PROMPT were read as requirements, of which 15 were judged on the code: 14 of 15 in MODEL and 14 of 15 in IDEAL are met."
        in text
    )
    assert "1 was not judged." in text and "leaves out the 14 that both trees meet" in text
    assert read(text).tables[0] == (5, 5)


def test_a_requirement_of_which_an_issue_is_about_a_part_is_not_judged_as_a_whole() -> None:
    open_ = replace(PAIR.coverage[4], model=Verdict.UNKNOWN, ideal=Verdict.UNKNOWN)
    told = markdown(replace(PAIR, coverage=(replace(open_, issues=("1",)), open_)))
    assert "were read as requirements; none was judged on the code as a whole. Issue #1 is about a part of what they ask." in told
    both = markdown(replace(PAIR, coverage=(PAIR.coverage[0], replace(open_, issues=("1", "2")))))
    assert "1 was not judged as a whole. Issues #1 and #2 are about parts of what they ask." in both
    assert "none was judged on the code." in markdown(replace(PAIR, coverage=(replace(open_, issues=()),)))
    value = replace(PAIR, coverage=(replace(open_, issues=()),), issues=(replace(PAIR.issues[0], rule="RG050"), *PAIR.issues[1:]))
    assert "none was judged on the code as a whole. Issue #1 is about a value that PROMPT names." in markdown(value)


def test_a_sum_that_is_limited_says_so() -> None:
    issue = replace(PAIR.issues[0], points=-9)
    score = replace(PAIR.score, adjustments=(replace(PAIR.score.adjustments[0], points=-9),), before=0)
    assert "0/10 (8 - 9 = -1, limited to 0)" in markdown(replace(PAIR, issues=(issue,), score=score))


@pytest.mark.parametrize(
    ("template", "line", "words"),
    [
        ("{{ view.sample }}\n{% if %}", 2, "Expected an expression"),
        ("\n\n{{ view.nothing }}", 3, "nothing"),
        ("{{ nothing }}", 1, "nothing"),
        ("x\n{{ view.facts }}", 2, "can print text and numbers, not tuple"),
        ("x\n{{ 3 | fence }}", 2, "int"),
        ("x\n{{ ''.__class__.mro() }}", 2, "unsafe"),
        ("{% include 'failures/none.md.j2' %}", 1, "there is no template 'failures/none'"),
    ],
)
def test_a_wrong_template_is_an_error_of_the_user(tmp_path: Path, template: str, line: int, words: str) -> None:
    (tmp_path / "own.md.j2").write_text(template)
    with pytest.raises(DataError, match=re.escape(words)) as caught:
        markdown(PAIR, template="own", templates=tmp_path)
    assert caught.value.line == line
    assert not line or caught.value.path.endswith("own.md.j2")


def test_an_unknown_template_names_the_known_ones() -> None:
    assert template_names() == ["brief", "failure-analysis", "failures-and-corrections"]
    with pytest.raises(DataError, match="no template 'nothing'; there are: brief, failure-analysis, failures-and-corrections"):
        markdown(PAIR, template="nothing")
    with pytest.raises(DataError, match="nowhere: there is no such folder of templates"):
        markdown(PAIR, templates=Path("nowhere"))


def test_own_templates_take_the_place_of_shipped_ones_and_stay_safe(tmp_path: Path) -> None:
    (tmp_path / "failures").mkdir()
    (tmp_path / "failures" / "strengths.md.j2").write_text(
        "{% for s in view.strengths %}\n{{ s.title ~ '*' }} {{ s.title | upper }}\n{% endfor %}\n"
    )
    review = replace(PAIR, strengths=(replace(PAIR.strengths[0], title="*<b>*"),))
    text = markdown(review, templates=tmp_path)
    assert "\n\\*&lt;b>\\*\\* \\*&lt;B>\\*\n" in text
    assert mismatches(review, text) == ()


def test_a_smaller_finding_in_what_ideal_leaves_out_is_not_left_as_it_is() -> None:
    left = Minor("Plain", ("aws_a.gone.x",), Status.LEFT, "RG1")
    half = Minor("Half", ("aws_a.kept.x", "aws_a.gone"), Status.LEFT, "RG1")
    text = markdown(replace(PAIR, minor=(left, half), diff=replace(PAIR.diff, removed=("aws_a.gone",))))
    assert "| Plain | `aws_a.gone.x` | Left open: IDEAL leaves it out |" in text
    assert "| Half | `aws_a.kept.x` and `aws_a.gone` | Left open: IDEAL leaves some of it out |" in text
    assert "| Plain | `aws_a.gone.x` | Open |" in markdown(
        replace(NO_IDEAL_CODE, minor=(left,), diff=replace(NO_IDEAL_CODE.diff, removed=("aws_a.gone",)))
    )


def test_a_placeholder_for_prompt_is_no_missing_one() -> None:
    told = replace(PAIR.sample, prompt=None, notes=("`PROMPT.md` is a placeholder; requirements are not reviewed.",))
    assert "has no PROMPT" not in markdown(replace(PAIR, sample=told)) and "has no PROMPT" in markdown(
        replace(PAIR, sample=replace(told, notes=()))
    )


def test_no_issues_come_from_nowhere() -> None:
    said = "so the trees are not compared: the issues come from MODEL and PROMPT."
    assert said in markdown(NO_IDEAL_CODE)
    without = markdown(replace(NO_IDEAL_CODE, issues=()))
    assert "so the trees are not compared.\n" in without and "issues come from" not in without


def test_class_words_do_not_claim_a_correction() -> None:
    text = markdown(NO_IDEAL_CODE)
    assert "Solution Applied" not in text and ", IDEAL: " not in text and "### Open: 1" in text
    assert [normal(issue.title) for issue in NO_IDEAL_CODE.issues] == [issue.title for issue in reversed(read(text).issues)]


def test_what_was_found_for_requirements_that_are_not_judged_is_told() -> None:
    """Of many rows those stay of which only one tree has something; the sentence counts them all."""
    asked = [Requirement(f"R{number}", str(number), f"Keep thing {number}", number) for number in range(1, 16)]
    rows = [
        Coverage(need, Verdict.UNKNOWN, Verdict.UNKNOWN, ("aws_sns_topic.a",), ("aws_sns_topic.a",) if number < 14 else ())
        for number, need in enumerate(asked)
    ]
    text = markdown(replace(PAIR, coverage=(*rows, Coverage(asked[0], Verdict.UNKNOWN, Verdict.UNKNOWN))))
    assert (
        "Of 15 of those that were not judged the next table tells what was found that their words name" in text
        and "The table shows 12, those first for which something was found in one tree only." in text
    )
    assert (
        "| 15 | Keep thing 15 | `aws_sns_topic.a` | nothing certain |" in text
        and "| 1 | Keep thing 1 | `aws_sns_topic.a` | the same |" in text
    )
    assert "Keep thing 14" not in text


def test_a_file_that_snippets_do_not_show_is_not_said_to_be_in_ideal() -> None:
    issue = replace(SNIPPET_IDEAL.issues[0], rule="tf:syntax", where=(), status=Status.LEFT, problem="`main.tf:3` is no valid HCL.")
    assert "**Status**: Left as it is: no block that IDEAL shows changes it" in markdown(replace(SNIPPET_IDEAL, issues=(issue,)))
    shown = PAIR.ideal_validation and replace(PAIR.ideal_validation.diagnostics[0], severity="error")
    assert shown and shown.range
    both = replace(issue, problem=f"`{shown.range.filename}:3` is no valid HCL.")
    text = markdown(replace(SNIPPET_IDEAL, issues=(both,), ideal_validation=Validation((shown,), incomplete=True)))
    assert "**Status**: Left as it is: IDEAL has it too" in text


def test_a_defect_whose_block_snippets_do_not_show_is_not_said_to_be_in_ideal() -> None:
    """Another place that takes part is shown: a variable's default; the block that has the defect is not."""
    where = ("aws_db_instance.a.performance_insights_enabled", "var.class.default")
    issue = replace(SNIPPET_IDEAL.issues[0], status=Status.LEFT, where=where)
    model, ideal = Place("model", "main.tf", 3), Place("ideal", "main.tf", 7)
    hidden = replace(SNIPPET_IDEAL, issues=(issue,), places={where[0]: (model,), where[1]: (model, ideal)})
    assert "**Status**: Left as it is: no block that IDEAL shows changes it" in markdown(hidden)
    shown = replace(hidden, places={where[0]: (model, ideal), where[1]: (model, ideal)})
    assert "**Status**: Left as it is: IDEAL has it too" in markdown(shown)


def test_lines_are_counted_of_what_the_sentence_counts() -> None:
    """What went besides is told apart from the blocks whose lines are counted."""
    kept, gone = "aws_lambda_function.a", "aws_lambda_function.b"
    diff = Diff(removed=(gone,), changed=(Changed(kept, kept, ()),))
    issue = replace(PAIR.issues[0], status=Status.INTRODUCED, where=(gone, kept), corrected=(kept,), lines_added=0, lines_removed=3)
    text = markdown(replace(PAIR, issues=(issue,), diff=diff))
    assert f"IDEAL changes `{kept}` (3 lines removed), and removes `{gone}` besides." in text


def test_what_is_wrong_in_each_tree_in_its_own_way_is_not_left_as_it_was() -> None:
    issue = replace(PAIR.issues[0], status=Status.LEFT, problem=of_each("no resource has the tag.", "2 of 3 resources lack the tag."))
    text = markdown(replace(PAIR, issues=(issue,)))
    assert "**Status**: Left open: IDEAL does not answer it wholly either; the problem says it of each" in text
    assert "What is wrong in IDEAL is told above." in text and "IDEAL has the same defect" not in text


def test_a_defect_that_each_tree_has_in_a_form_of_its_own_is_not_the_same_in_both() -> None:
    """The title says of which tree it is true; a defect that both have at other places keeps its title, and is left as it is."""
    said = "In MODEL: the rules let no answers in. In IDEAL: there are no rules."
    kept = replace(PAIR.issues[0], status=Status.LEFT, problem=said)
    text = markdown(replace(PAIR, issues=(replace(kept, title=f"{kept.title} (in MODEL)"),)))
    assert "**Status**: Left open: IDEAL has it in another form; the problem says it of each" in text
    assert "What is wrong in IDEAL is told above." in text and "IDEAL has the same defect" not in text
    text = markdown(replace(PAIR, issues=(kept,)))
    assert "**Status**: Left as it is: IDEAL has it too" in text and "IDEAL has the same defect" in text


def test_issues_of_which_one_is_not_left_as_it_was_are_left_open_together() -> None:
    """The count and the heading say nothing of all that holds of some only."""
    kept = replace(PAIR.issues[0], id="1", status=Status.LEFT, where=("aws_a.kept",))
    gone = replace(PAIR.issues[0], id="2", fingerprint="x", status=Status.LEFT, where=("aws_a.gone",))
    diff = replace(PAIR.diff, removed=("aws_a.gone",))
    for issues, said in (((kept, gone), "2 left open"), ((kept,), "left as it is")):
        review = replace(PAIR, issues=issues, diff=diff)
        text = markdown(review)
        assert said in text.splitlines()[5] and f"### {'Left open' if gone in issues else 'Left as it is'}: {len(issues)} (" in text
        assert mismatches(review, text) == ()


def test_what_a_part_does_not_show_is_left_out_and_not_removed() -> None:
    whole = replace(PAIR, diff=replace(PAIR.diff, removed=("aws_sqs_queue.old",)), ideal_validation=Validation())
    part = replace(whole, ideal_validation=Validation(incomplete=True))
    assert "removes 1" in markdown(whole)
    assert "leaves out 1" in markdown(part) and "removes" not in markdown(part).partition("### Differences")[2].partition("\n|")[0]


def test_a_repair_that_has_a_defect_of_its_own_is_not_called_a_repair_and_no_more() -> None:
    fixed = replace(PAIR.issues[0], problem=with_doubt("Nothing tells that messages wait.", "a blocker of its own: #3"))
    review = replace(PAIR, issues=(fixed, *PAIR.issues[1:]))
    text = markdown(review)
    assert "**Status**: Fixed by IDEAL (category A fix), and what it adds has a blocker of its own: #3  \n" in text
    assert re.search(r"\n1\. \*\*Missing alarm .* lines?; what IDEAL adds has a blocker of its own: #3\)\n", text)
    assert "| Fixed by IDEAL (category A fix), and what it adds has a blocker of its own |" in markdown(review, template="brief")
    assert mismatches(review, text) == ()
    assert doubt(fixed.problem.removesuffix("."), "it") == doubt(fixed.problem, "it") and not doubt("What IDEAL adds is small.", "it")


@pytest.mark.parametrize(
    ("corrected", "status", "listed"),
    [
        (("aws_sns_topic.t",), "which leaves it out with its own values", "in IDEAL not with its own values"),
        (
            ("aws_sns_topic.t", "aws_sns_topic.u"),
            "which leaves some of it out with its own values",
            "in IDEAL not all of it with its own values",
        ),
    ],
)
def test_a_repair_of_which_the_own_values_create_a_part_is_told_so(corrected: tuple[str, ...], status: str, listed: str) -> None:
    """The list of issues said of a topic that is created without its subscription that IDEAL does not create it."""
    problem = leaves_out("Nothing tells that messages wait.", "create `aws_sns_topic.t`")
    fixed = replace(PAIR.issues[0], problem=problem, corrected=corrected, stage=None)
    text = markdown(replace(PAIR, issues=(fixed, *PAIR.issues[1:])))
    assert f"{status}  \n" in text and f"; {listed})\n" in text


def test_renames_among_the_changed_are_told_so() -> None:
    """Changed and renamed ones stood beside each other as if they were different declarations."""
    both = PAIR.diff.renamed[0]
    assert both.after in {c.address for c in PAIR.diff.changed}
    other = Renamed("aws_sqs_queue.a", "aws_sqs_queue.b", ())
    for renamed, said in (
        ((both,), "renames 1 (changed, too);"),
        ((both, other), "renames 2 (1 of them changed, too);"),
        ((other,), "renames 1;"),
    ):
        assert f"adds 3, changes 2 and {said}" in markdown(replace(PAIR, diff=replace(PAIR.diff, renamed=renamed)))


def test_renames_that_are_not_listed_are_counted() -> None:
    renamed = tuple(Renamed(f"aws_sqs_queue.a{n}", f"aws_sqs_queue.b{n}", ()) for n in range(10))
    for count, said in ((8, ""), (9, "- Further renames: 1.\n"), (10, "- Further renames: 2.\n")):
        text = markdown(replace(PAIR, diff=replace(PAIR.diff, renamed=renamed[:count])))
        assert f"renames {count}" in text and text.count("- Renamed: ") == 8
        assert "".join(line for line in text.splitlines(keepends=True) if line.startswith("- Further")) == said
