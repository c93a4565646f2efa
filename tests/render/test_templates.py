"""Templates of users: what they may do, what they are told when they are wrong, and that nothing leads out of them."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest

from reviewgen.documents import mismatches
from reviewgen.errors import DataError
from reviewgen.render import DEFAULT, check, errors, markdown, template_names
from reviewgen.render.bounded import MOST_BYTES

from .reviews import PAIR, REVIEWS
from .view_page import PAGE, page

TOO_MUCH = "does too much"
UNSAFE = "unsafe"


def own(folder: Path, text: str) -> str:
    path = folder / "own.md.j2"
    path.write_text(text, "utf-8")
    return str(path)


def test_a_file_extends_and_includes_shipped_templates(tmp_path: Path) -> None:
    template = own(
        tmp_path,
        f'{{% extends "{DEFAULT}.md.j2" %}}\n'
        "{% block title %}\n# Ours\n{% endblock %}\n"
        "{% block strengths %}\n{{ super() }}\nSigned.\n{% endblock %}\n",
    )
    assert errors(template) == ()
    text = markdown(PAIR, template=template)
    assert text == markdown(PAIR).replace("# Model Failures and Corrections", "# Ours").replace(
        "\n<!-- reviewgen:end strengths", "\n\nSigned.\n<!-- reviewgen:end strengths"
    )
    assert mismatches(PAIR, text) == ()


@pytest.mark.parametrize("name", sorted(REVIEWS))
@pytest.mark.parametrize("template", template_names())
def test_bounds_change_nothing_in_a_document(tmp_path: Path, name: str, template: str) -> None:
    child = own(tmp_path, f'{{% extends "{template}.md.j2" %}}')
    assert markdown(REVIEWS[name], template=child) == markdown(REVIEWS[name], template=template)


@pytest.mark.parametrize(
    "text",
    [
        "{{ range(10**9) }}",
        "{{ 'x' * 10**9 }}",
        "{{ [1] * 10**9 }}",
        "{{ 10**10**10 }}",
        "{% set ns = namespace(n=2) %}{% for i in range(99) %}{% set ns.n = ns.n * ns.n %}{% endfor %}",
        "{% for i in range(99999) %}{% for j in range(99999) %}x{% endfor %}{% endfor %}",
        "{% for i in range(99999) %}" + "x" * 9999 + "{% endfor %}",
        "{% set ns = namespace(s='x') %}{% for i in range(99) %}{% set ns.s = ns.s ~ ns.s %}{% endfor %}",
        "{% set ns = namespace(s='x') %}{% for i in range(99) %}{% set ns.s = ns.s + ns.s %}{% endfor %}",
        "{{ 'x' | indent(10**9, true) }}",
        "{{ ('x' * 99999) | replace('x', 'y' * 99999) }}",
        "{% set l = range(9999) | list %}{% for i in l %}{% if (l | join('y' * 9999)) in l %}{% endif %}{% endfor %}",
        "{% macro f() %}{{ f() }}{{ f() }}{% endmacro %}{{ f() }}",
        "{% for x in [1, 2] recursive %}{{ loop([1, 2]) }}{% endfor %}",
        "{{ " + "(" * 5000 + "1" + ")" * 5000 + " }}",
        "{% for a in [1] %}" * 30 + "{% endfor %}" * 30,
        "x" * (MOST_BYTES + 1),
    ],
    ids=lambda text: text[:40],
)
def test_work_and_size_are_bounded(tmp_path: Path, text: str) -> None:
    begun = time.process_time()
    with pytest.raises(DataError, match=r"does too much|too large|too big|larger than|without an end|nested|Range"):
        markdown(PAIR, template=own(tmp_path, text))
    assert time.process_time() - begun < 5


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{{ ''.__class__ }}", UNSAFE),
        ("{{ view.__class__ }}", UNSAFE),
        ("{{ begin.__globals__ }}", UNSAFE),
        ("{{ self._TemplateReference__context }}", UNSAFE),
        ("{{ '{0.__class__}'.format(1) }}", UNSAFE),
        ("{{ '{:>999999999}'.format(1) }}", UNSAFE),
        ("{{ '%999999999d' % 1 }}", "put together with ~"),
        ("{{ 'x'.ljust(999999999) }}", UNSAFE),
        ("{{ (3).to_bytes(999999999, 'big') }}", UNSAFE),
        ("{{ 'x' | attr('__class__') }}", "there is no filter 'attr'"),
        ("{{ 'x' | center(999999999) }}", "there is no filter 'center'"),
        ("{{ lipsum(9) }}", "there is no 'lipsum' here"),
        ("{{ (['__class__'] | map(attribute='__class__') | list)[0] }}", "__class__"),
        ("{% include '/etc/passwd' %}", "there is no template '/etc/passwd'"),
        ("{% include '../own.md.j2' %}", "there is no template '../own'"),
        ("{% include 'secret.txt' %}", "there is no template 'secret.txt'"),
        ("{% import view.sample as x %}", "by its name, not by an expression"),
    ],
)
def test_nothing_leads_out_of_a_template(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "secret.txt").write_text("secret", "utf-8")
    with pytest.raises(DataError, match=re.escape(message)) as caught:
        markdown(PAIR, template=own(tmp_path, f"\n{text}"), templates=tmp_path)
    assert caught.value.line == 2 and caught.value.path.endswith("own.md.j2")


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("\n{{ view.sampel }}", 2, "View has no 'sampel'; did you mean 'sample'?"),
        ("{% if false %}\n{{ view.sampel }}{% endif %}", 2, "View has no 'sampel'; did you mean 'sample'?"),
        ("{{ veiw.sample }}", 1, "there is no 'veiw' here; did you mean 'view'?"),
        ("{% for issue in view.issues %}\n{{ issue.solution.txt }}\n{% endfor %}", 2, "Solution has no 'txt'; did you mean 'text'?"),
        ("{% for x in view.levels[:2] | sort %}{{ x.tittle }}{% endfor %}", 1, "Level has no 'tittle'; did you mean 'title'?"),
        ("{% set s = view.score %}\n\n{{ s.befor }}", 3, "ScoreView has no 'befor'; did you mean 'before'?"),
        ("{{ view.sample | cod }}", 1, "there is no filter 'cod'; did you mean 'code'?"),
        ("{% incldue 'x' %}", 1, "there is no tag 'incldue'; did you mean 'include'?"),
        ("{% include 'failures/isue.md.j2' %}", 1, "there is no template 'failures/isue.md.j2'; did you mean 'failures/issue.md.j2'?"),
        ("{% extends 'breif.md.j2' %}", 1, "there is no template 'breif.md.j2'; did you mean 'brief.md.j2'?"),
        ("{% extends 'brief.md.j2' %}\n{% block title %}\n{{ view.tilte }}{% endblock %}", 3, "View has no 'tilte'"),
        ("{# For view model 2.0. #}\n{{ view.sample }}", 1, "written for view model 2.0, and this is 1.0"),
        ("{# For view model 1.9. #}\n{{ view.sample }}", 1, "written for view model 1.9, and this is 1.0"),
        ("{# For view model 1.0. #}\n{{ view.sampel }}", 2, "did you mean 'sample'?"),
        ("\n{% else %}", 2, "the tag 'else' stands where there is nothing that it belongs to"),
        ("{{ view.issues }}", 1, "can print text and numbers, not tuple"),
        ("{% for issue in view.issues %}{{ issue.message.text | fence }}{% endfor %}", 1, "NoneType has no 'text'"),
    ],
)
def test_check_names_place_and_nearest_name(tmp_path: Path, text: str, line: int, message: str) -> None:
    template = own(tmp_path, text)
    with pytest.raises(DataError, match=re.escape(message)) as caught:
        check(template)
    assert (caught.value.path, caught.value.line) == (template, line)


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    found = errors(own(tmp_path, "{{ view.a }}\n{% if view.b %}{{ c }}{% endif %}"))
    assert [error.line for error in found] == [1, 2, 2]


@pytest.mark.parametrize("name", template_names())
def test_shipped_templates_ask_for_nothing_that_there_is_not(tmp_path: Path, name: str) -> None:
    assert errors(own(tmp_path, f'{{% extends "{name}.md.j2" %}}')) == ()


def test_what_a_macro_or_a_block_prints_is_escaped_once(tmp_path: Path) -> None:
    text = (
        "{% macro bold(text) %}**{{ text }}**{% endmacro %}{% set line %}- {{ bold('a*b') }}{% endset %}\n{{ line }} {{ bold('*') ~ '*' }}"
    )
    assert markdown(PAIR, template=own(tmp_path, text)) == "- **a\\*b** \\*\\*\\\\\\*\\*\\*\\*"


def test_a_template_may_have_any_name_that_has_a_folder(tmp_path: Path) -> None:
    path = tmp_path / "own.txt"
    path.write_text("{{ view.sample }}\n{{ view.sampel }}", "utf-8")
    with pytest.raises(DataError, match="did you mean 'sample'") as caught:
        markdown(PAIR, template=str(path))
    assert (caught.value.path, caught.value.line) == (str(path), 2)


def test_a_path_that_is_no_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="there is no such template file"):
        markdown(PAIR, template=str(tmp_path / "none.md.j2"))
    (tmp_path / "own.md.j2").write_bytes(b"\xff")
    with pytest.raises(DataError, match="no text in UTF-8"):
        check(str(tmp_path / "own.md.j2"))


def test_the_page_of_the_view_model_is_fresh() -> None:
    assert PAGE.read_text("utf-8") == page(), "run make docs"
