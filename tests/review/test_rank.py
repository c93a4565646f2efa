"""Which issues keep a number of their own."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reviewgen.model.diff import Diff
from reviewgen.model.prose import doubt
from reviewgen.model.requirement import Requirement
from reviewgen.model.review import Category, Impact, Issue, Severity, Stage, Status, ValueChange
from reviewgen.review.issues.rank import ranked


def issue(name: str, category: Category, severity: Severity, signals: tuple[str, ...] = (), curator: str = "") -> Issue:
    return Issue("", name, "RG1", name, category, severity, Status.LEFT, "p", signals=signals, curator=curator)


@pytest.mark.parametrize(
    ("before", "signals", "curator", "numbered"),
    [
        (7, (), "", True),
        (8, (), "", False),
        (14, ("validate",), "", True),  # Terraform prints its warning in every run
        (12, (), "Known to the platform team.", True),
    ],
)
def test_a_small_issue_keeps_its_number_while_there_is_room(before: int, signals: tuple[str, ...], curator: str, numbered: bool) -> None:
    large = [issue(f"L{n:02}", Category.CRITICAL, Severity.HIGH) for n in range(before)]
    kept, minor = ranked([*large, issue("small", Category.WARNING, Severity.LOW, signals, curator)], 15)
    assert any(i.fingerprint == "small" for i in kept) is numbered
    assert any(m.title == "small" for m in minor) is not numbered


@pytest.mark.parametrize(("before", "asked", "numbered"), [(8, True, True), (11, True, True), (12, True, False), (8, False, False)])
def test_a_small_issue_that_prompt_asks_about_keeps_its_number_longer(before: int, asked: bool, numbered: bool) -> None:
    large = [issue(f"L{n:02}", Category.CRITICAL, Severity.HIGH) for n in range(before)]
    wish = Requirement("C1", None, "Keep it all in one file.", 11) if asked else None
    kept, _ = ranked([*large, replace(issue("small", Category.WARNING, Severity.LOW), requirement=wish)], 15)
    assert any(i.fingerprint == "small" for i in kept) is numbered


def test_what_is_added_and_cannot_come_into_being_says_so() -> None:
    added = Issue(
        "", "a", "need:waf", "Missing web ACL", Category.CRITICAL, Severity.HIGH, Status.FIXED, "None is declared.", absent=("web ACL",)
    )
    added = replace(added, where=("aws_wafv2_web_acl.a",), corrected=("aws_wafv2_web_acl.a",))
    place = ("aws_wafv2_web_acl.a.scope",)
    wrong = Issue("", "b", "RG1", "Wrong scope", Category.BLOCKER, Severity.CRITICAL, Status.INTRODUCED, "p", where=place)
    said = {i.title: i.problem for i in ranked([added, wrong], 15)[0]}
    assert said["Missing web ACL"] == "None is declared. What IDEAL adds for it has a blocker of its own: #1."
    silent = replace(wrong, category=Category.CRITICAL)
    assert any(i.problem.endswith("What IDEAL adds for it has a defect of its own: #1.") for i in ranked([added, silent], 15)[0])
    assert ranked([added, replace(wrong, where=("aws_wafv2_web_acl.b",))], 15)[0][1].problem == "None is declared."
    beside = replace(wrong, where=("aws_kms_key.a.policy", "aws_wafv2_web_acl.a"))
    assert "a blocker of its own" in ranked([added, beside], 15)[0][1].problem + ranked([added, beside], 15)[0][0].problem
    kept = replace(added, values=(ValueChange("aws_wafv2_web_acl.a.description", None, '"x"'),))
    assert ranked([kept, wrong], 15)[0][1].problem == "None is declared."


@pytest.mark.parametrize(
    ("stage", "place", "said"),
    [
        (Stage.VALIDATE, "aws_backup_plan.a.rule.target_vault_name", True),
        (Stage.APPLY, "aws_backup_plan.a.rule.target_vault_name", True),
        (Stage.RUNTIME, "aws_backup_plan.a.rule.target_vault_name", False),
        (Stage.VALIDATE, "aws_backup_plan.ab.rule.target_vault_name", False),
    ],
)
def test_an_error_in_what_is_added_counts_wherever_it_stands(stage: Stage, place: str, said: bool) -> None:
    added = replace(issue("a", Category.CRITICAL, Severity.HIGH), status=Status.FIXED, absent=("x",), where=("aws_backup_plan.a",))
    added = replace(added, corrected=("aws_backup_plan.a",))
    wrong = replace(issue("b", Category.BLOCKER, Severity.HIGH), status=Status.INTRODUCED, stage=stage)
    kept, _ = ranked([added, replace(wrong, where=("aws_db_instance.replica.replicate_source_db", place))], 15)
    assert any("of its own" in one.problem for one in kept) is said


def test_what_is_missing_and_too_small_for_an_issue_says_so_in_its_title() -> None:
    added = replace(issue("No filter", Category.WARNING, Severity.LOW), status=Status.FIXED, absent=("filter",))
    added = replace(added, where=("aws_wafv2_web_acl.a",), corrected=("aws_wafv2_web_acl.a",))
    new = replace(issue("A", Category.CRITICAL, Severity.HIGH), status=Status.INTRODUCED, where=("aws_wafv2_web_acl.a.scope",))
    large = [issue(f"L{n:02}", Category.CRITICAL, Severity.HIGH) for n in range(8)]
    assert [m.title for m in ranked([*large, new, added], 15)[1]] == ["No filter (what IDEAL adds for it has a defect of its own: #1)"]
    assert [m.title for m in ranked([*large, replace(new, where=("aws_kms_key.k",)), added], 15)[1]] == ["No filter"]


@pytest.mark.parametrize(
    ("missing", "wrong", "said"),
    [
        ("aws_instance.web", "aws_security_group.web.egress", False),  # it only comes along
        ("aws_secretsmanager_secret_rotation.db", "aws_lambda_function.rotate.filename", True),
        ("aws_launch_template.web.iam_instance_profile", "aws_launch_template.web.block_device_mappings.ebs.encrypted", False),
        ("aws_vpc_endpoint.sqs", "module.alarms.aws_sns_topic.page.kms_master_key_id", False),
        ("module.waf", "module.waf.aws_wafv2_web_acl.main.scope", True),
    ],
)
def test_what_only_comes_along_casts_no_doubt(missing: str, wrong: str, said: bool) -> None:
    corrected = tuple(".".join(place.split(".")[:2]) for place in (missing, wrong))
    added = replace(issue("a", Category.CRITICAL, Severity.HIGH), status=Status.FIXED, absent=("x",), where=(missing,), corrected=corrected)
    new = replace(issue("b", Category.BLOCKER, Severity.HIGH), status=Status.INTRODUCED, where=(wrong,))
    assert ("of its own" in ranked([added, new], 15)[0][1].problem) is said


@pytest.mark.parametrize(
    ("place", "said"), [("aws_lambda_function.f.reserved_concurrent_executions", True), ("aws_lambda_function.f.runtime", False)]
)
def test_a_value_that_is_refused_where_none_was_set_casts_doubt_on_it(place: str, said: bool) -> None:
    missing = "aws_lambda_function.f.reserved_concurrent_executions"
    added = replace(
        issue("a", Category.CRITICAL, Severity.HIGH),
        status=Status.FIXED,
        absent=("x",),
        where=(missing,),
        corrected=("aws_lambda_function.f",),
    )
    added = replace(added, values=(ValueChange(missing, None, "1000"),))
    new = replace(issue("b", Category.BLOCKER, Severity.HIGH), status=Status.INTRODUCED, where=(place,))
    assert ("of its own" in ranked([added, new], 15)[0][1].problem) is said


@pytest.mark.parametrize(
    ("category", "place", "lacking", "said"),
    [
        (Category.BLOCKER, "destination_config", ("a bound", "a queue"), True),
        (Category.BLOCKER, "function_name", ("a bound", "a queue"), False),  # it was there before
        (Category.BLOCKER, "destination_config", ("a queue",), False),  # of one thing its own place tells
        (Category.CRITICAL, "destination_config", ("a bound", "a queue"), False),
    ],
)
def test_a_blocker_that_comes_with_a_further_argument_of_a_repair_casts_doubt(
    category: Category, place: str, lacking: tuple[str, ...], said: bool
) -> None:
    mapping = "aws_lambda_event_source_mapping.m"
    where = ("aws_lambda_function.f.reserved_concurrent_executions", f"{mapping}.destination_config")
    added = replace(issue("a", Category.CRITICAL, Severity.HIGH), status=Status.FIXED, absent=lacking, where=where)
    added = replace(added, corrected=("aws_lambda_function.f", mapping))
    new = replace(issue("b", category, Severity.HIGH), status=Status.INTRODUCED, where=("aws_iam_role.r", f"{mapping}.{place}"))
    assert any("of its own" in i.problem for i in ranked([added, new], 15)[0]) is said


@pytest.mark.parametrize(
    ("category", "further", "said"),
    [
        (Category.BLOCKER, "aws_config_delivery_channel.d", True),
        (Category.BLOCKER, "aws_iam_role.c", False),  # a helper, which others need as well
        (Category.BLOCKER, "aws_config_delivery_channel.old", False),  # the repair does not add it
        (Category.CRITICAL, "aws_config_delivery_channel.d", False),  # it is there nevertheless
    ],
)
def test_a_blocker_of_one_of_several_things_that_were_missing_casts_doubt(category: Category, further: str, said: bool) -> None:
    where = ("aws_config_config_rule.r", "aws_config_delivery_channel.d", "aws_iam_role.c")
    added = replace(issue("a", Category.CRITICAL, Severity.HIGH), status=Status.FIXED, absent=("rules",), where=where, corrected=where)
    wrong = ("aws_config_configuration_recorder.m.depends_on", further)
    new = replace(issue("b", category, Severity.HIGH), status=Status.INTRODUCED, where=wrong, stage=Stage.APPLY)
    assert any("of its own" in i.problem for i in ranked([added, new], 15)[0]) is said


@pytest.mark.parametrize(
    ("category", "place", "said"),
    [
        (Category.BLOCKER, "aws_lb.web.access_logs", True),
        (Category.BLOCKER, "aws_lb.web.subnets", False),
        (Category.BLOCKER, "aws_lb.web", False),
        (Category.WARNING, "aws_lb.web.access_logs", False),
    ],
)
def test_a_blocker_of_the_nested_block_with_which_an_argument_comes_casts_doubt(category: Category, place: str, said: bool) -> None:
    where = ("aws_lb.web.access_logs.enabled", "aws_lb.web.access_logs")
    added = replace(issue("a", Category.CRITICAL, Severity.HIGH), status=Status.FIXED, absent=("logs",), where=where)
    added = replace(added, corrected=("aws_lb.web",))
    new = replace(issue("b", category, Severity.HIGH), status=Status.INTRODUCED, where=("aws_s3_bucket_policy.logs.policy", place))
    assert any("of its own" in i.problem for i in ranked([added, new], 15)[0]) is said


@pytest.mark.parametrize(
    ("rule", "wrong", "new", "gone", "said"),
    [
        ("RG151", "random_password.db.special", "random_password.db", (), True),
        ("RG151", "random_password.db.special", "", (), False),  # both trees have it
        ("tf:undeclared-resource", "random_password.db.special", "random_password.db", (), False),  # being there is all the repair
        (
            "RG151",
            "aws_db_instance.main.engine_version",
            "aws_db_instance.main",
            ("aws_db_instance.old",),
            False,
        ),  # in the place of the old one
        ("RG701", "aws_s3_bucket_policy.logs.policy", "aws_s3_bucket_policy.logs", (), False),  # what it grants to others is another matter
        ("RG521", "aws_lb_listener.https.certificate_arn", "aws_lb_listener.https", (), True),
    ],
)
def test_a_new_block_that_repairs_another_and_is_wrong_itself_casts_doubt(
    rule: str, wrong: str, new: str, gone: tuple[str, ...], said: bool
) -> None:
    block = ".".join(wrong.split(".")[:2])
    repaired = replace(issue("a", Category.CRITICAL, Severity.HIGH), rule=rule, status=Status.FIXED)
    repaired = replace(repaired, where=("aws_db_instance.old.password", "aws_lb_listener.http"), corrected=(block, "aws_db_instance.old"))
    other = replace(issue("b", Category.BLOCKER, Severity.HIGH), status=Status.INTRODUCED, where=(wrong,))
    kept, _ = ranked([repaired, other], 15, diff=Diff(added=(new,) if new else (), removed=gone))
    assert (doubt(kept[1].problem, "it") == "what it adds has a blocker of its own: #1") is said


@pytest.mark.parametrize(
    ("category", "severity", "aspect", "said"),
    [
        (Category.WARNING, Severity.HIGH, "Function", "a defect of its own: #9"),  # an alarm without data
        (Category.WARNING, Severity.HIGH, "Security", ""),
        (Category.WARNING, Severity.MEDIUM, "Function", ""),
        (Category.CRITICAL, Severity.HIGH, "Security", "a defect of its own: #9"),
    ],
)
def test_a_warning_casts_doubt_where_what_is_added_does_not_do_its_work(
    category: Category, severity: Severity, aspect: str, said: str
) -> None:
    large = [issue(f"L{n}", Category.BLOCKER, Severity.CRITICAL) for n in range(7)]
    added = replace(issue("Fewer alarms", Category.CRITICAL, Severity.HIGH), status=Status.FIXED, absent=("alarms",))
    added = replace(added, where=("aws_cloudwatch_metric_alarm.a",), corrected=("aws_cloudwatch_metric_alarm.a",))
    small = replace(issue("No data", category, severity, ("validate",)), status=Status.INTRODUCED, impact=(Impact(aspect, "."),))
    small = replace(small, where=("aws_cloudwatch_metric_alarm.a.dimensions",))
    kept, _ = ranked([*large, added, small], 15)
    assert [doubt(i.problem, "it").removeprefix("what it adds has ") for i in kept if i.title == "Fewer alarms"] == [said]
    # The number is that of a page with room for it; without one the closing table tells of it, and not of wide permissions.
    kept, _ = ranked([*large, added, small], 8)
    told = "a defect of its own: see the smaller findings" if said and aspect == "Function" else ""
    assert [doubt(i.problem, "it").removeprefix("what it adds has ") for i in kept if i.title == "Fewer alarms"] == [told]


TRAIL = "aws_cloudtrail.t"


@pytest.mark.parametrize(
    ("where", "absent", "wrong", "said"),
    [
        ((f"{TRAIL}.event_selector.values",), (), f"{TRAIL}.event_selector.values", "at the same place it has a new defect: #2"),
        (
            (TRAIL, f"{TRAIL}.event_selector"),
            ("data events",),
            f"{TRAIL}.event_selector.values",
            "at the same place it has a new defect: #2",
        ),
        ((f"{TRAIL}.event_selector.values",), (), f"{TRAIL}.is_multi_region_trail", ""),
        ((TRAIL,), (), f"{TRAIL}.is_multi_region_trail", ""),  # of a whole block nothing is said
    ],
)
def test_what_is_wrong_anew_where_the_mistake_stood_is_told(where: tuple[str, ...], absent: tuple[str, ...], wrong: str, said: str) -> None:
    repaired = replace(issue("b", Category.CRITICAL, Severity.LOW), status=Status.FIXED, where=where, absent=absent, corrected=(TRAIL,))
    new = replace(issue("a", Category.WARNING, Severity.MEDIUM), status=Status.INTRODUCED, where=(wrong,))
    kept, _ = ranked([repaired, new], 15)
    assert doubt(kept[0].problem, "it") == said


@pytest.mark.parametrize(
    ("where", "said"), [(("aws_security_group.a.egress", "aws_security_group_rule.a"), True), (("aws_security_group.a.egress",), False)]
)
def test_what_is_wrong_between_what_is_added_and_what_is_changed_casts_doubt(where: tuple[str, ...], said: bool) -> None:
    groups = ("aws_security_group.a", "aws_security_group.b")
    circle = replace(issue("b", Category.BLOCKER, Severity.LOW), rule="tf:cycle", status=Status.FIXED, where=groups)
    circle = replace(circle, corrected=(*groups, "aws_security_group_rule.a"))
    mixed = replace(issue("a", Category.CRITICAL, Severity.HIGH), status=Status.INTRODUCED, where=where)
    kept, _ = ranked([circle, mixed], 15, diff=Diff(added=("aws_security_group_rule.a",)))
    assert (doubt(kept[0].problem, "it") == "what it adds has a defect of its own: #2") is said
