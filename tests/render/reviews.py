"""Hand-made reviews: one for each class of sample, with every category, status and optional part at least once."""

from __future__ import annotations

from dataclasses import replace

from reviewgen.model import (
    Adjustment,
    AttributeChange,
    Category,
    Changed,
    Check,
    Contradiction,
    Coverage,
    Diagnostic,
    Diff,
    Evidence,
    Impact,
    Issue,
    LearningValue,
    Minor,
    Moved,
    Passage,
    Place,
    Position,
    Quote,
    Range,
    Recommendation,
    Renamed,
    Requirement,
    Review,
    SampleInfo,
    Score,
    Severity,
    Snippet,
    Stage,
    Status,
    StepResult,
    Strength,
    TreeFacts,
    Validation,
    ValueChange,
    Verdict,
)

ALARM = Requirement("R4", "4", "Raise an alarm when messages wait for more than ten minutes", 14, "Requirements")
ENCRYPTED = Requirement("R2", "2", "Encrypt all data at rest with a customer managed key", 11, "Requirements")
NO_PUBLIC = Requirement("C1", None, "Never expose the queue to other accounts", 19, "Constraints", forbids=True)
NOTIFY = Requirement("R5", "5", "Send alarms to the on-call address | page by SMS", 15, "Requirements")
NAMES = Requirement("R1", "1", "Name everything after the environment", 10, "Requirements")

MISSING_ALARM = Issue(
    id="1",
    fingerprint="RG200:aws_cloudwatch_metric_alarm.age",
    rule="RG200",
    title="Missing alarm on the age of waiting messages",
    category=Category.BLOCKER,
    severity=Severity.CRITICAL,
    status=Status.FIXED,
    fix_class="A",
    problem="MODEL has the queue but no alarm on `ApproximateAgeOfOldestMessage`, so nothing tells that messages wait.",
    where=("aws_cloudwatch_metric_alarm.age", "aws_sns_topic.alarms", "aws_sqs_queue.orders.tags"),
    requirement=ALARM,
    present=("the queue `aws_sqs_queue.orders`", "a dead-letter queue"),
    absent=("an alarm on the age of messages", "a topic that an alarm could notify"),
    quotes=(Quote("queue.tf", 21, 22, "# Alarms would be added by the monitoring team\n# in a later step"),),
    impact=(
        Impact("Function", "A stuck consumer goes unnoticed."),
        Impact("Requirement", "Requirement 4 is not met."),
    ),
    lesson="An alarm is part of the queue that it watches, not of a later step.",
    solution=(
        Passage(
            "alarms.tf",
            3,
            11,
            'resource "aws_cloudwatch_metric_alarm" "age" {\n  alarm_name  = "orders-age-${var.suffix}"\n'
            '  metric_name = "ApproximateAgeOfOldestMessage"\n'
            '  namespace   = "AWS/SQS"\n  threshold   = 600\n\n  alarm_actions = [aws_sns_topic.alarms.arn]\n}',
        ),
        Passage("alarms.tf", 1, 1, 'resource "aws_sns_topic" "alarms" { name = "alarms" }'),
    ),
    reasons=(Quote("alarms.tf", 2, 2, "# ten minutes, as the task asks"),),
    verification=(
        Check("an alarm watches `ApproximateAgeOfOldestMessage` of `aws_sqs_queue.orders`", False, True),
        Check("the alarm has an action", False, True),
    ),
    signals=("diff", "prompt", "comment"),
    lines_added=10,
    corrected=("aws_cloudwatch_metric_alarm.age", "aws_sns_topic.alarms", "aws_sqs_queue.orders"),
    points=-2,
    evidence=(Evidence("requirement", "R4 has no answer in MODEL"),),
)
UNENCRYPTED = Issue(
    id="2",
    fingerprint="RG310:aws_sqs_queue.orders",
    rule="RG310",
    title="Queue `aws_sqs_queue.orders` is not encrypted with a customer managed key",
    category=Category.CRITICAL,
    severity=Severity.HIGH,
    status=Status.FIXED,
    fix_class="B",
    problem="`kms_master_key_id` is not set, so the queue uses the key of the service.",
    where=("aws_sqs_queue.orders.kms_master_key_id", "aws_sqs_queue.orders_dlq.kms_master_key_id"),
    requirement=ENCRYPTED,
    values=(
        ValueChange("aws_sqs_queue.orders.kms_master_key_id", None, "aws_kms_key.orders.arn"),
        ValueChange("aws_sqs_queue.orders_dlq.kms_master_key_id", '"alias/aws/sqs"', "aws_kms_key.orders.arn"),
        ValueChange("aws_sqs_queue.orders.redrive_policy", "jsonencode({\n  a = 1\n  b = <<-X\n  X\n})", "jsonencode({ a = 2 })"),
    ),
    impact=(Impact("Security", "Access to the data cannot be controlled through a key policy."),),
    solution=(Passage("queue.tf", 8, 8, "  kms_master_key_id = aws_kms_key.orders.arn"),),
    verification=(Check("both queues name the key `aws_kms_key.orders`", False, True),),
    signals=("diff",),
    lines_added=2,
    lines_removed=1,
    corrected=("aws_sqs_queue.orders", "aws_sqs_queue.orders_dlq"),
    points=-1,
)
KEY_POLICY = Issue(
    id="3",
    fingerprint="RG320:aws_kms_key.orders",
    rule="RG320",
    title="The new key does not let SNS use it",
    category=Category.BLOCKER,
    severity=Severity.HIGH,
    status=Status.INTRODUCED,
    problem="The policy of `aws_kms_key.orders` has no statement for `sns.amazonaws.com`.",
    where=("aws_kms_key.orders.policy",),
    stage=Stage.APPLY,
    message="KMSAccessDenied: the ciphertext refers to a key that does not exist\n  in this region",
    solution=(Passage("keys.tf", 1, 4, 'resource "aws_kms_key" "orders" {\n  policy = <<POLICY\n```not a fence```\nPOLICY\n}'),),
    recommendation=Recommendation(
        "Add a statement for the service to the key policy.", 'statement {\n  actions = ["kms:Decrypt", "kms:GenerateDataKey*"]\n}'
    ),
    verification=(Check("the key policy names `sns.amazonaws.com` wherever SNS uses the key", True, False),),
    signals=("diff", "deploy"),
    lines_added=12,
    corrected=("aws_kms_key.orders",),
    points=-1,
    source="https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html",
)
NO_SUBSCRIPTION = Issue(
    id="4",
    fingerprint="RG201:R5",
    rule="RG201",
    title="Nobody is subscribed to the alarms",
    category=Category.CRITICAL,
    severity=Severity.MEDIUM,
    status=Status.UNMET,
    problem="Neither tree has an `aws_sns_topic_subscription`.",
    requirement=NOTIFY,
    recommendation=Recommendation("Subscribe the address of the people on call."),
    signals=("prompt",),
    points=-2,
)
DEPRECATED = Issue(
    id="5",
    fingerprint="RG101:aws_api_gateway_deployment.api",
    rule="RG101",
    title="Deprecated `stage_name` on the deployment",
    category=Category.WARNING,
    severity=Severity.LOW,
    status=Status.LEFT,
    problem="The argument works in this version of the provider and is gone in the next major one.",
    where=("aws_api_gateway_deployment.api.stage_name",),
    stage=Stage.VALIDATE,
    message='Warning: Argument is deprecated\n\n  on api.tf line 7, in resource "aws_api_gateway_deployment" "api":\n'
    '   7:   stage_name = "prod"',
    impact=(Impact("Operations", "An upgrade of the provider has to replace it."),),
    recommendation=Recommendation("Use a stage of its own.", 'resource "aws_api_gateway_stage" "prod" {\n  stage_name = "prod"\n}'),
    verification=(Check("no deployment sets `stage_name`", False, False),),
    signals=("validate",),
)

_WARNING = Diagnostic(
    "warning",
    "Argument is deprecated",
    "stage_name is deprecated.",
    "aws_api_gateway_deployment.api",
    Range("api.tf", Position(7, 3, 120), Position(7, 13, 130)),
    Snippet('resource "aws_api_gateway_deployment" "api"', '  stage_name = "prod"', 7),
)
_STATIC = Validation((_WARNING,), source="static")

PAIR = Review(
    sample=SampleInfo(
        "orders", "pair", "PROMPT.md", "MODEL_RESPONSE.md", "IDEAL_RESPONSE.md", ("`README.md` was read as text, not as Terraform.",)
    ),
    diff=Diff(
        added=("aws_cloudwatch_metric_alarm.age", "aws_kms_key.orders", "aws_sns_topic.alarms"),
        changed=(
            Changed(
                "aws_sqs_queue.orders", "aws_sqs_queue.orders", (AttributeChange("kms_master_key_id", None, "aws_kms_key.orders.arn"),)
            ),
            Changed(
                "aws_sqs_queue.orders_dlq",
                "aws_sqs_queue.dlq",
                (AttributeChange("kms_master_key_id", '"alias/aws/sqs"', "aws_kms_key.orders.arn"),),
            ),
        ),
        renamed=(Renamed("aws_sqs_queue.dlq", "aws_sqs_queue.orders_dlq", ("same type", "the same two arguments")),),
        moved=(Moved("aws_sqs_queue.orders", "main.tf", "queue.tf"),),
        unchanged=17,
    ),
    model_validation=_STATIC,
    ideal_validation=_STATIC,
    coverage=(
        Coverage(NAMES, Verdict.MET, Verdict.MET, ("aws_sqs_queue.orders",), ("aws_sqs_queue.orders",), "naming"),
        Coverage(ENCRYPTED, Verdict.PARTIAL, Verdict.MET, ("aws_sqs_queue.orders",), ("aws_kms_key.orders",), "encryption", ("2",)),
        Coverage(ALARM, Verdict.UNMET, Verdict.MET, (), ("aws_cloudwatch_metric_alarm.age",), "alarms", ("1",)),
        Coverage(NOTIFY, Verdict.UNMET, Verdict.UNMET, issues=("4",)),
        Coverage(NO_PUBLIC, Verdict.UNKNOWN, Verdict.UNKNOWN),
    ),
    issues=(MISSING_ALARM, UNENCRYPTED, KEY_POLICY, NO_SUBSCRIPTION, DEPRECATED),
    minor=(Minor("Outputs without a description", ("output.queue_url", "output.queue_arn"), Status.LEFT, "RG401"),),
    strengths=(
        Strength("Naming", "9 of 9 names end in `var.suffix`"),
        Strength("Failed messages", "1 of 1 queues has a dead-letter queue"),
    ),
    score=Score(
        rubric="failures@1",
        base=8,
        adjustments=(
            Adjustment(-2, "required capability missing", ("1",)),
            Adjustment(-1, "critical issue", ("2",)),
            Adjustment(-2, "required capability missing", ("4",)),
        ),
        before=3,
        after=5,
        after_adjustments=(Adjustment(-1, "blocker", ("3",)), Adjustment(-2, "required capability missing", ("4",))),
        learning_value=LearningValue(
            "learning-value@1", 8, (Adjustment(1, "one category A fix", ("1",)), Adjustment(2, "complexity")), 10, 8, True
        ),
    ),
    verification=(
        StepResult("validate", "passed", "passed", "static"),
        StepResult("plan", "not run", "passed", "plan.log"),
        StepResult("apply", "not run", "failed", "apply.log"),
    ),
    contradictions=(Contradiction("access", NOTIFY, NO_PUBLIC, "It asks for `public` notices and for none"),),
    model_facts=TreeFacts(3, 148, 9, 1, 0),
    ideal_facts=TreeFacts(4, 172, 12, 1, 0),
    assessment=(
        "MODEL builds the queue and its dead-letter queue but leaves out the alarm.",
        "IDEAL adds it and brings a key that SNS cannot use.",
    ),
    places={
        "aws_cloudwatch_metric_alarm.age": (Place("ideal", "alarms.tf", 3),),
        "aws_sqs_queue.orders.kms_master_key_id": (Place("model", "main.tf", 4), Place("ideal", "queue.tf", 8)),
        "aws_kms_key.orders.policy": (Place("ideal", "keys.tf", 2),),
    },
)

_NO_SCORE = Score("failures@1", 8, (), 8, 8)
_UNMET_ALARM = replace(
    MISSING_ALARM, status=Status.UNMET, fix_class=None, solution=(), reasons=(), where=(), lines_added=0, verification=()
)

IDENTICAL = replace(
    PAIR,
    sample=SampleInfo("same", "identical", None, "model", "ideal"),
    diff=Diff(unchanged=1),
    model_validation=Validation(source="static"),
    ideal_validation=Validation(source="static"),
    coverage=(),
    issues=(),
    minor=(),
    strengths=(),
    score=replace(_NO_SCORE, learning_value=LearningValue("learning-value@1", 0, (), 0, 8, False)),
    verification=(),
    model_facts=TreeFacts(1, 12, 1, 0, 0),
    ideal_facts=TreeFacts(1, 12, 1, 0, 0),
    assessment=(),
)
NO_IDEAL_CODE = replace(
    PAIR,
    sample=SampleInfo("words", "no_ideal_code", "PROMPT.md", "MODEL_RESPONSE.md", "IDEAL_RESPONSE.md"),
    diff=Diff(),
    ideal_validation=None,
    issues=(
        replace(DEPRECATED, id="1", verification=(Check("no deployment sets `stage_name`", False, False),)),
        replace(_UNMET_ALARM, id="2"),
    ),
    coverage=(Coverage(ALARM, Verdict.UNMET, Verdict.UNKNOWN, issues=("2",)), Coverage(NAMES, Verdict.UNKNOWN, Verdict.UNKNOWN)),
    score=Score("failures@1", 8, (Adjustment(-2, "required capability missing", ("2",)),), 6, None),
    verification=(StepResult("validate", "passed", "not run", "static"),),
    ideal_facts=TreeFacts(0, 0, 0, 0, 0),
    assessment=(),
)
NO_MODEL_CODE = replace(
    PAIR,
    sample=SampleInfo(
        "script", "no_model_code", "PROMPT.md", "MODEL_RESPONSE.md", "IDEAL_RESPONSE.md", ("MODEL is written in `typescript`.",)
    ),
    diff=Diff(),
    model_validation=None,
    ideal_validation=Validation(source="syntax"),
    issues=(replace(MISSING_ALARM, quotes=(), present=(), values=()), replace(KEY_POLICY, id="2")),
    coverage=(),
    minor=(),
    strengths=(),
    score=Score("failures@1", 3, (Adjustment(-2, "required capability missing", ("1",)),), 1, 3),
    model_facts=TreeFacts(0, 0, 0, 0, 0),
)
WRONG_TASK = replace(
    PAIR,
    sample=replace(PAIR.sample, id="other", class_="wrong_task", notes=()),
    issues=(
        replace(MISSING_ALARM, title="MODEL answers another task", rule="RG001", quotes=(), present=(), absent=(), values=(), points=-2),
    ),
    minor=(),
    score=Score("failures@1", 8, (Adjustment(-2, "required capability missing", ("1",)),), 6, 8),
    assessment=(),
)
SNIPPET_IDEAL = replace(
    PAIR,
    sample=replace(PAIR.sample, id="parts", class_="snippet_ideal", notes=()),
    issues=(replace(UNENCRYPTED, id="1", observed=True, stage=Stage.RUNTIME, message="AccessDenied"),),
    ideal_validation=Validation(
        (replace(_WARNING, severity="error", address=None, range=None, snippet=None),), incomplete=True, source="static"
    ),
    score=Score("failures@1", 8, (Adjustment(-1, "critical issue", ("1",)),), 7, 8),
    minor=(),
    verification=(StepResult("validate", "passed", "failed", "terraform"), StepResult("init", "passed", "passed", "terraform")),
    assessment=(),
)

REVIEWS = {review.sample.class_: review for review in (PAIR, IDENTICAL, NO_IDEAL_CODE, NO_MODEL_CODE, WRONG_TASK, SNIPPET_IDEAL)}
