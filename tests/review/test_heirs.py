"""A defect that went with its block: into another one, to where nobody sees it, or nowhere; and what only seems to have gone."""

from __future__ import annotations

import pytest

from reviewgen import pipeline, sample
from reviewgen.config import Config
from reviewgen.documents.rendered import mismatches
from reviewgen.model.review import Review
from reviewgen.render import markdown, template_names
from reviewgen.render.issue import issue_view
from tests.build import document
from tests.review.test_correction import reviewed


def _of_files(model: dict[str, str], ideal: dict[str, str]) -> Review:
    return pipeline.review_sample(sample.of_documents(document(**model), document(**ideal), None, "x"), Config())


def _status(review: Review, rule: str) -> str:
    (issue,) = [i for i in review.issues if i.rule == rule]
    assert all(mismatches(review, markdown(review, template=t), t) == () for t in template_names())
    return issue_view(issue, review, "").status


DATABASE = """
resource "aws_db_instance" "%s" {
  engine            = "postgres"
  identifier        = "%s"
  username          = "%s"
  instance_class    = "%s"
  allocated_storage = %s
}
"""
OLD = DATABASE % ("orders_postgres", "orders", "admin", "db.t3.micro", 20)
GONE = "IDEAL no longer declares `aws_db_instance.orders_postgres`, and declares"


@pytest.mark.parametrize(
    ("ideal", "words", "corrected"),
    [
        (DATABASE % ("main", "shop", "keeper", "db.r6g.large", 200), "Fixed by IDEAL (category B fix)", "aws_db_instance.main"),
        (
            DATABASE % ("main", "shop", "keeper", "db.r6g.large", 200) + DATABASE % ("second", "rest", "owner", "db.m6g.large", 50),
            f"Fixed by IDEAL (category B fix): {GONE} others of its type",
            "",
        ),
        (
            DATABASE % ("orders", "shop", "keeper", "db.r6g.large", 200) + DATABASE % ("second", "rest", "owner", "db.m6g.large", 50),
            "Fixed by IDEAL (category B fix)",
            "aws_db_instance.orders",
        ),
        (
            'variable "master" {}\n' + (DATABASE % ("main", "shop", "-", "db.r6g.large", 200)).replace('"-"', "var.master"),
            f"Fixed by IDEAL (category B fix): {GONE} another of its type",
            "",
        ),
        (
            'resource "aws_rds_cluster" "main" {\n  engine          = "aurora-postgresql"\n  master_username = "keeper"\n}\n',
            f"Fixed by IDEAL (category B fix): {GONE} a resource of the type `aws_rds_cluster`",
            "",
        ),
        ('resource "aws_sqs_queue" "q" {}\n', "Fixed by IDEAL (category B fix): it went with what IDEAL no longer declares", ""),
    ],
    ids=["the one of its type", "several", "one by its name", "nobody knows its value", "another type", "nothing"],
)
def test_what_stands_in_the_place_of_a_block_is_where_its_defect_was_repaired(ideal: str, words: str, corrected: str) -> None:
    review = reviewed(OLD, ideal)
    issue = next(i for i in review.issues if i.rule == "RG207")
    assert _status(review, "RG207") == words
    assert set(issue.corrected) == {"aws_db_instance.orders_postgres", corrected} - {""}
    said = f"`aws_db_instance.orders_postgres` (in IDEAL `{corrected}`)" if corrected else "`aws_db_instance.orders_postgres` is no longer"
    assert issue.verification[0].check.startswith(said)


def test_a_block_of_that_name_in_another_module_stands_in_its_place() -> None:
    call = 'module "store" {\n  source = "./store"\n}\n'
    more = DATABASE % ("second", "rest", "owner", "db.m6g.large", 50)
    ideal = {"main.tf": call + more, "store/main.tf": DATABASE % ("orders_postgres", "shop", "keeper", "db.r6g.large", 200)}
    review = _of_files({"main.tf": OLD}, ideal)
    assert _status(review, "RG207") == "Fixed by IDEAL (category B fix)"


QUEUE = 'resource "aws_sqs_queue" "q" {\n  name = var.name\n}\n'


def test_a_name_that_no_variable_may_have_is_repaired_in_the_variable_that_has_a_valid_one() -> None:
    variable = 'variable "%s" {\n%s}\noutput "name" {\n  value = var.user_name\n}\n'
    ideal = variable % ("user_name", '  description = "Who deploys"\n  default     = "deployer"\n')
    review = reviewed(variable % ("user*name", "  type     = string\n  nullable = false\n") + QUEUE, ideal + QUEUE)
    issue = next(i for i in review.issues if i.rule == "tf:invalid-variable-name")
    assert (issue.status, issue.removed, "var.user_name" in issue.corrected) == ("fixed", False, True)


def _call(source: str) -> dict[str, str]:
    return {"main.tf": f'module "store" {{\n  source = "{source}"\n}}\n'}


HIDDEN = "Left open: IDEAL leaves out what it is about, and calls modules whose code it does not hold"
WENT = "Fixed by IDEAL (category B fix): it went with what IDEAL no longer declares"


@pytest.mark.parametrize(
    ("source", "words"), [("./modules/store", HIDDEN), ("terraform-aws-modules/vpc/aws", WENT), ("terraform-aws-modules/db/aws", HIDDEN)]
)
def test_what_may_stand_in_a_module_that_nobody_has_is_not_gone(source: str, words: str) -> None:
    assert _status(_of_files({"main.tf": OLD}, _call(source)), "RG207") == words


CONFIG = 'resource "aws_config_delivery_channel" "main" {\n  s3_bucket_name = "logs"\n}\n'
RECORDER = 'resource "aws_config_configuration_recorder" "main" {\n  role_arn = "arn:aws:iam::123456789012:role/config"\n}\n'


def test_what_does_not_wait_for_something_waits_no_better_once_that_is_gone() -> None:
    assert [i for i in reviewed(CONFIG + RECORDER, CONFIG).issues if i.rule == "RG713"] == []


RESOURCES = "".join(f'resource "aws_sqs_queue" "q{n}" {{\n  name = "q{n}"\n}}\n' for n in range(8))


@pytest.mark.parametrize(("source", "told"), [("./modules/queues", []), ("", ["introduced"])])
def test_what_may_stand_in_a_module_that_nobody_has_is_not_left_out(source: str, told: list[str]) -> None:
    topic = "".join(f'resource "aws_sns_topic" "t{n}" {{}}\n' for n in range(7))
    call = f'module "queues" {{\n  source = "{source}"\n}}\n' if source else ""
    found = _of_files({"main.tf": RESOURCES + topic}, {"main.tf": topic + call})
    assert [i.status for i in found.issues if i.rule == "RG053"] == told


STORE = 'resource "aws_db_instance" "main" {\n  backup_retention_period = %s\n  skip_final_snapshot     = %s\n}\n'


def test_one_argument_that_is_weaker_is_not_another_one_at_another_place() -> None:
    review = reviewed(STORE % (7, "true"), STORE % (0, "false"))
    new = next(i for i in review.issues if i.rule == "RG005" and i.status == "introduced")
    assert any(i.rule == "RG005" and i.status == "fixed" for i in (*review.issues, *review.minor))
    assert issue_view(new, review, "").status == "Introduced by IDEAL: MODEL does not have it"


RUNTIME = 'variable "runtime" {\n  default = "nodejs18.x"\n}\n'
FUNCTION = 'resource "aws_lambda_function" "f" {\n  function_name = "f"\n  runtime       = var.runtime\n  role          = "r"\n}\n'


@pytest.mark.parametrize(("used", "told"), [("", 0), ('output "runtime" {\n  value = var.runtime\n}\n', 1)])
def test_a_value_that_an_answer_announces_before_it_breaks_off_is_not_new(used: str, told: int) -> None:
    answer = sample.read_markdown(f'```hcl\n{RUNTIME}{used}resource "aws_iam_role" "next" {{\n  name = "n"\n', "MODEL_RESPONSE.md")
    review = pipeline.review_sample(sample.of_documents(answer, document(RUNTIME + FUNCTION), None, "x"), Config())
    assert sum(i.rule == "RG321" and i.status == "introduced" for i in (*review.issues, *review.minor)) == told


VARIABLES = 'variable "name" {\n  default = "orders"\n}\n'
ORDERED = QUEUE.replace("}", "  fifo_queue = false\n}")


@pytest.mark.parametrize(("remark", "told"), [("*Same as MODEL_RESPONSE - no changes needed*", 0), ("Holds the name of the queue.", 1)])
def test_a_file_that_ideal_calls_the_same_as_models_is_models(remark: str, told: int) -> None:
    model = f"## File: lib/variables.tf\n\n```hcl\n{VARIABLES}```\n\n## File: lib/main.tf\n\n```hcl\n{QUEUE}```\n"
    ideal = f"## File: lib/main.tf\n\n```hcl\n{ORDERED}```\n\n## File: lib/variables.tf\n\n{remark}\n"
    read = [sample.read_markdown(text, name) for text, name in ((model, "MODEL_RESPONSE.md"), (ideal, "IDEAL_RESPONSE.md"))]
    review = pipeline.review_sample(sample.of_documents(*read, None, "x"), Config())
    assert sum(i.rule == "tf:undeclared-variable" for i in review.issues) == told
    assert any("`lib/variables.tf` is the same as in MODEL" in note for note in review.sample.notes) == (not told)


HANDLER = "import requests\n\ndef run(event, context):\n    return requests.get(event['url']).text\n"
CALLER = """
resource "aws_lambda_function" "f" {{
  function_name = "f"
  handler       = "job.run"
  runtime       = "python3.12"
  role          = "arn:aws:iam::123456789012:role/f"
  filename      = {}
}}
"""
ARCHIVE = 'data "archive_file" "job" {\n  type        = "zip"\n  source_file = "job.py"\n  output_path = "job.zip"\n}\n'


def test_what_a_package_lacks_that_nobody_shows_any_more_is_not_known() -> None:
    model = {"main.tf": CALLER.format("data.archive_file.job.output_path") + ARCHIVE, "job.py": HANDLER}
    kept, hidden = (
        _of_files(model, model | {"main.tf": model["main.tf"] + 'resource "aws_sqs_queue" "q" {}\n'}),
        _of_files(model, {"main.tf": CALLER.format('"job.zip"')}),
    )
    found = [[i.status for i in review.issues if i.rule == "RG327"] for review in (kept, hidden)]
    assert found == [["left"], []]


@pytest.mark.parametrize(
    ("package", "doubt"),
    [
        ('s3_bucket  = "layers"\n  s3_key     = "l.zip"', ""),
        ('filename   = "l.zip"', ", and what it adds has a blocker of its own: #1"),  # nobody delivers it
    ],
)
def test_what_comes_with_a_layer_is_said_to_be_out_of_sight(package: str, doubt: str) -> None:
    model = {"main.tf": CALLER.format("data.archive_file.job.output_path") + ARCHIVE, "job.py": HANDLER}
    layer = f'resource "aws_lambda_layer_version" "l" {{\n  layer_name = "l"\n  {package}\n}}\n'
    calling = model["main.tf"].replace("  role  ", "  layers        = [aws_lambda_layer_version.l.arn]\n  role  ")
    review = _of_files(model, model | {"main.tf": layer + calling})
    assert _status(review, "RG327") == "Fixed by IDEAL (category B fix): by a layer, whose content was not looked at" + doubt


VERSIONED = 'resource "aws_db_instance" "main" {\n  engine         = "postgres"\n  engine_version = %s\n}\n'


@pytest.mark.parametrize(("version", "told"), [("var.engine_version", []), ('"16"', ["fixed"])])
def test_a_value_from_a_variable_that_nothing_declares_repairs_nothing_that_is_known(version: str, told: list[str]) -> None:
    review = reviewed(VERSIONED % '"12.3"', VERSIONED % version)
    assert [i.status for i in review.issues if i.rule == "RG203"] == told


STARTED = 'resource "aws_launch_template" "web" {\n  image_id = data.aws_ami.found.id\n%s}\n'
IMAGE = 'data "aws_ami" "found" {\n  most_recent = true\n  owners      = ["amazon"]\n  name_regex  = "^amzn2-"\n}\n'
TOKENS = '  metadata_options {\n    http_tokens = "required"\n  }\n'


@pytest.mark.parametrize(
    ("model", "ideal", "told"),
    [
        (IMAGE + STARTED % "", STARTED % "", []),
        (STARTED % "", IMAGE + STARTED % "", []),
        (IMAGE + STARTED % "", STARTED % TOKENS, ["fixed"]),
        (STARTED % TOKENS, IMAGE + STARTED % "", ["introduced"]),
        (IMAGE + STARTED % "", IMAGE.replace("amzn2-", "al2023-") + STARTED % "", ["fixed"]),
    ],
)
def test_an_image_that_nothing_declares_repairs_nothing_that_is_known(model: str, ideal: str, told: list[str]) -> None:
    assert [i.status for i in reviewed(model, ideal).issues if i.rule == "RG510"] == told


SEARCH = """
data "aws_rds_engine_version" "found" {{
  engine             = "postgres"
  preferred_versions = [{}]
}}
"""


@pytest.mark.parametrize(("wanted", "told"), [('"16.2", "15.6"', "left"), ('"16.2", "17.6"', "fixed")])
@pytest.mark.parametrize("name", ["main", "second"])
def test_a_version_that_is_looked_up_among_withdrawn_ones_repairs_nothing(wanted: str, told: str, name: str) -> None:
    looked = SEARCH.format(wanted) + (VERSIONED % "data.aws_rds_engine_version.found.version").replace("main", name)
    (issue,) = (i for i in reviewed(VERSIONED % '"12.3"', looked).issues if i.rule == "RG203")
    assert issue.status == told
    assert told == "fixed" or ("asks for `postgres` `12.3`" in issue.problem and "looks for versions `16.2` and `15.6`" in issue.problem)


def test_an_answer_that_breaks_off_is_repaired_by_one_that_does_not() -> None:
    answer = sample.read_markdown(f'```hcl\n{QUEUE}resource "aws_iam_role" "next" {{\n  name = "n"\n', "MODEL_RESPONSE.md")
    ideal = document(QUEUE.replace("var.name", '"orders"'))
    review = pipeline.review_sample(sample.of_documents(answer, ideal, None, "x"), Config())
    issue = next(i for i in review.issues if i.rule == "tf:syntax")
    assert (issue.title, issue.status, issue.removed) == ("The answer breaks off", "fixed", False)
    assert [c.check for c in issue.verification] == ["No file of the answer ends in the middle of a block"]


TAGS = """
locals {
  common_tags = {
    Team%s
  }
}
provider "aws" {
  alias  = "%s"
  region = "eu-central-1"
  default_tags {
    tags = local.common_tags
  }
}
resource "aws_sqs_queue" "q" {
  provider = aws.%s
}
"""


def test_what_ideal_changed_at_the_very_place_did_not_go_with_something_else() -> None:
    review = reviewed(TAGS % ('      = "core"\n    CreatedAt = timestamp()', "old", "old"), TAGS % (' = "core"', "new", "new"))
    issue = next(i for i in review.issues if i.rule == "RG611")
    assert _status(review, "RG611") == "Fixed by IDEAL (category C fix)"
    assert (issue.verification[0].check, "local.common_tags" in issue.corrected) == (
        "`CreatedAt` of `local.common_tags` does not depend on `timestamp()`",
        True,
    )


TREE = """
```
lib/
├── main.tf        # The queue
├── %s
├── store.tf
└── variables.tf
```

"""


@pytest.mark.parametrize(("listed", "told"), [("outputs.tf", []), ("main.tf", ["introduced"])])
def test_an_answer_that_lists_far_more_files_than_it_shows_is_a_part(listed: str, told: list[str]) -> None:
    model = f"## lib/main.tf\n\n```hcl\n{QUEUE}```\n\n## lib/variables.tf\n\n```hcl\n{VARIABLES}```\n"
    ideal = f"{TREE % listed}## lib/main.tf\n\n```hcl\n{ORDERED}```\n"
    read = [sample.read_markdown(text, name) for text, name in ((model, "MODEL_RESPONSE.md"), (ideal, "IDEAL_RESPONSE.md"))]
    review = pipeline.review_sample(sample.of_documents(*read, None, "x"), Config())
    assert [i.status for i in review.issues if i.rule == "tf:undeclared-variable"] == told


@pytest.mark.parametrize(("called", "told"), [("1. main.tf (Corrected)", []), ("1. main.tf (the queue)", ["introduced"])])
def test_an_answer_of_corrected_files_leaves_the_others_as_they_are(called: str, told: list[str]) -> None:
    model = f"## main.tf\n\n```hcl\n{QUEUE}```\n\n## variables.tf\n\n```hcl\n{VARIABLES}```\n"
    ideal = f"### {called}\n\n```hcl\n{ORDERED}```\n"
    read = [sample.read_markdown(text, name) for text, name in ((model, "MODEL_RESPONSE.md"), (ideal, "IDEAL_RESPONSE.md"))]
    review = pipeline.review_sample(sample.of_documents(*read, None, "x"), Config())
    assert [i.status for i in review.issues if i.rule == "tf:undeclared-variable"] == told


def test_what_a_part_of_an_answer_does_not_show_is_not_gone() -> None:
    text = f"```hcl\n{QUEUE.replace('var.name', 'each.key')}" + 'resource "aws_sqs_queue" "next" {\n  name = "n"\n'
    ideal = sample.read_markdown(text, "IDEAL_RESPONSE.md")
    review = pipeline.review_sample(sample.of_documents(document(OLD), ideal, None, "x"), Config())
    assert [i.status for i in (*review.issues, *review.minor) if i.rule == "RG207"] == ["left"]


@pytest.mark.parametrize(("source", "told"), [("", ["left"]), ('source = "terraform-aws-modules/vpc/aws"', ["fixed"])])
def test_a_call_that_still_reaches_nothing_is_not_repaired(source: str, told: list[str]) -> None:
    model = {"main.tf": 'module "net" {\n  source = "./modules/net"\n}\n' + RESOURCES}
    review = _of_files(model, {"main.tf": f'module "net" {{\n  {source}\n}}\n' + RESOURCES})
    assert [i.status for i in review.issues if i.rule == "tf:missing-module"] == told


def test_a_defect_in_a_new_block_is_left_and_stands_at_both_places() -> None:
    block = 'resource "aws_ecs_service" "%s" {\n  name = "%s"\n  canary {\n    percent = 10\n  }\n}\n'
    review = reviewed(block % ("web", "w"), block % ("app", "other"))
    issue = next(i for i in review.issues if i.rule == "tf:unsupported-block")
    assert {"aws_ecs_service.web.canary", "aws_ecs_service.app.canary"} <= set(issue.where)
    assert issue_view(issue, review, "").status == "Left as it is: IDEAL has it too"
    assert "not ready to deploy while #1 stands" in review.assessment[-1]


def _site(name: str, port: int, body: str) -> str:
    return f"""
resource "aws_lb" "{name}" {{ name = "{name}-entry" }}
resource "aws_lb_target_group" "{name}" {{
  name     = "{name}-targets"
  port     = {port}
  protocol = "HTTP"
}}
resource "aws_lb_listener" "{name}" {{
  load_balancer_arn = aws_lb.{name}.arn
  port              = {port}
  default_action {{
    type             = "forward"
    target_group_arn = aws_lb_target_group.{name}.arn
  }}
}}
resource "aws_autoscaling_group" "{name}_servers" {{
  {body}
}}
"""


def test_what_cures_a_block_is_shown_with_what_stands_in_its_place() -> None:
    model = _site("shop", 8080, "max_size = 1")
    ideal = _site("main", 443, "min_size = 3\n  max_size = 9\n  target_group_arns = [aws_lb_target_group.main.arn]")
    (found,) = [i for i in reviewed(model, ideal).issues if i.rule == "RG524"]
    assert {"aws_lb_target_group.main", "aws_autoscaling_group.main_servers"} <= set(found.corrected)


def test_a_defect_under_a_name_that_another_block_had_is_left() -> None:
    logging = 'resource "aws_s3_bucket_logging" "%s" {\n  bucket        = aws_s3_bucket.data.id\n  target_bucket = %s\n  target_prefix = "%s"\n}\n'
    bucket = 'resource "aws_s3_bucket" "%s" {}\n'
    own = "aws_s3_bucket.%s.id"
    admitted = (
        'resource "aws_s3_bucket_policy" "open" {\n  bucket = aws_s3_bucket.open.id\n  policy = jsonencode({ Statement = [{\n'
        '    Effect = "Allow"\n    Action = "s3:PutObject"\n    Resource = "${aws_s3_bucket.open.arn}/*"\n'
        '    Principal = { Service = "logging.s3.amazonaws.com" }\n  }] })\n}\n'
    )
    model = "".join(bucket % name for name in ("data", "old", "open")) + admitted
    model += logging % ("app", own % "old", "app/") + logging % ("alb", own % "open", "logs/")
    review = reviewed(model, bucket % "data" + bucket % "new" + logging % ("all", own % "new", "logs/"))
    issue = next(i for i in review.issues if i.rule == "RG723")
    assert issue_view(issue, review, "").status == "Left as it is: IDEAL has it too"


def test_of_a_part_of_an_answer_it_is_said_that_what_is_shown_parses_and_remarks_repair_nothing() -> None:
    broken = 'resource "aws_sns_topic" "t" {\n  name = "a-\\${var.name}"\n}\nmodule "m" {\n  source = "./m"\n  name   = var.other\n}\n'
    model = f"## lib/main.tf\n\n```hcl\n{broken}```\n"
    outline = 'module "m" {\n  # - a queue\n  # - its alarm\n}\n'
    ideal = f"{TREE % 'outputs.tf'}```hcl\n{outline}{QUEUE}```\n"
    read = [sample.read_markdown(text, name) for text, name in ((model, "MODEL_RESPONSE.md"), (ideal, "IDEAL_RESPONSE.md"))]
    review = pipeline.review_sample(sample.of_documents(*read, None, "x"), Config())
    (issue,) = (i for i in review.issues if i.rule == "tf:syntax")
    assert (issue.status, issue.removed, [c.check for c in issue.verification]) == ("fixed", False, ["The code that is shown parses"])
    (left,) = (i for i in review.issues if "`module.m` uses `var.other`" in i.problem)
    shown = issue_view(left, review, "")
    assert (left.status, shown.status) == ("left", "Left open: IDEAL leaves out some of what it is about")
    assert left.verification[0].check.startswith("More of `module.m` is shown than remarks, and ")
    assert all(mismatches(review, markdown(review, template=t), t) == () for t in template_names())


@pytest.mark.parametrize(
    ("backend", "status"),
    [('backend "s3" {}', "fixed"), ('backend "s3" {\n    # bucket and key as before\n  }', "left")],
)
def test_in_a_part_of_an_answer_an_empty_backend_is_one_that_the_command_line_fills(backend: str, status: str) -> None:
    named = 'backend "s3" {\n    bucket = "PLACEHOLDER-state"\n    key    = "orders"\n    region = "eu-north-1"\n  }'
    model = f"## lib/main.tf\n\n```hcl\nterraform {{\n  {named}\n}}\n{QUEUE}```\n"
    ideal = f"{TREE % 'outputs.tf'}```hcl\nterraform {{\n  {backend}\n}}\n{QUEUE}```\n"
    read = [sample.read_markdown(text, name) for text, name in ((model, "MODEL_RESPONSE.md"), (ideal, "IDEAL_RESPONSE.md"))]
    review = pipeline.review_sample(sample.of_documents(*read, None, "x"), Config())
    assert [i.status for i in review.issues if i.rule == "RG622"] == [status]


@pytest.mark.parametrize(("said", "told"), [("Key code snippets are included for reference.", True), ("Each file stands below.", False)])
def test_an_answer_that_shows_snippets_by_its_own_words_is_told_to_do_so(said: str, told: bool) -> None:
    texts = (f"## main.tf\n\n```hcl\n{QUEUE}{VARIABLES}```\n", f"{said}\n\n## main.tf\n\n```hcl\n{ORDERED}```\n")
    names = ("MODEL_RESPONSE.md", "IDEAL_RESPONSE.md")
    read = [sample.read_markdown(text, name) for text, name in zip(texts, names, strict=True)]
    review = pipeline.review_sample(sample.of_documents(*read, None, "x"), Config())
    assert any("shows snippets of its files" in note for note in review.sample.notes) == told


WRITER = """
resource "aws_iam_role" "{name}" {{
  assume_role_policy = jsonencode({{
    Version   = "2012-10-17"
    Statement = [{{ Effect = "Allow", Action = "sts:AssumeRole", Principal = {{ Service = "lambda.amazonaws.com" }} }}]
  }})
}}
resource "{type}" "{name}_logs" {{
  {held}
  policy = jsonencode({{
    Version   = "2012-10-17"
    Statement = [{{ Effect = "Allow", Action = ["logs:CreateLogGroup", "logs:PutLogEvents"], Resource = "{where}"{more} }}]
  }})
}}
"""
ATTACHED = (
    WRITER
    + 'resource "aws_iam_role_policy_attachment" "{name}" {{\n  role       = aws_iam_role.{name}.name\n  policy_arn = {type}.{name}_logs.arn\n}}\n'
)
GROUP = "arn:aws:logs:*:*:log-group:/aws/lambda/${var.stage}-*"
CONDITION = ', Condition = { StringEquals = { "aws:SourceAccount" = "111122223333" } }'


@pytest.mark.parametrize(
    ("where", "more", "words"),
    [(GROUP, "", "Fixed by IDEAL (category B fix)"), (GROUP, CONDITION, WENT)],
    ids=["narrowed", "under a condition that may fail"],
)
def test_a_policy_on_named_resources_stands_in_the_place_of_one_on_all(where: str, more: str, words: str) -> None:
    old = ATTACHED.format(name="orders", type="aws_iam_policy", held='name = "orders"', where="arn:aws:logs:*:*:*", more="")
    new = WRITER.format(name="worker", type="aws_iam_role_policy", held="role = aws_iam_role.worker.id", where=where, more=more)
    review = reviewed(old, 'variable "stage" {}\n' + new)
    assert _status(review, "RG133") == words


KEYED = """
data "aws_caller_identity" "me" {}

resource "aws_kms_key" "main" {
  policy = jsonencode({ Statement = [{
    Effect    = "Allow"
    Principal = { AWS = "arn:aws:iam::${data.aws_caller_identity.me.account_id}:root" }
    Action    = "kms:*"
    Resource  = "*"
  }] })
}

resource "aws_sns_topic" "alerts" {
  kms_master_key_id = aws_kms_key.main.arn
}
"""
ALARM = """
resource "aws_cloudwatch_metric_alarm" "errors" {
  alarm_actions = [aws_sns_topic.alerts.arn]
}
"""


def test_a_topic_that_moved_out_of_its_module_is_not_repaired_by_the_alarms_that_are_gone() -> None:
    model = {"main.tf": 'module "alerts" {\n  source = "./alerts"\n}\n', "alerts/main.tf": KEYED + ALARM}
    review = _of_files(model, {"main.tf": KEYED})
    assert _status(review, "RG102") == "Fixed by IDEAL (category B fix): it went with what IDEAL no longer declares"
    issue = next(i for i in review.issues if i.rule == "RG102")
    assert issue.corrected == ("module.alerts.aws_cloudwatch_metric_alarm.errors",)
    assert [(i.status, i.removed) for i in review.issues if i.rule == "RG357"] == [("fixed", True)]


ADMITTED = """
resource "aws_sns_topic" "alerts" {
  name = "alerts"
}

resource "aws_sns_topic_policy" "alerts" {
  arn    = aws_sns_topic.alerts.arn
  policy = jsonencode({ Statement = [{
    SIDEffect = "Allow", Principal = { Service = "events.amazonaws.com" }, Action = "SNS:Publish", Resource = aws_sns_topic.alerts.arn
  }] })
}
"""


def test_a_policy_that_is_rewritten_beside_a_new_sender_is_not_what_leaves_it_out() -> None:
    review = reviewed(ADMITTED.replace("SID", ""), ADMITTED.replace("SID", 'Sid = "Events", ') + ALARM)
    issue = next(i for i in review.issues if i.rule == "RG351")
    assert (issue.status, issue.corrected) == ("introduced", ("aws_cloudwatch_metric_alarm.errors",))


S3_ALARM = """
resource "aws_cloudwatch_metric_alarm" "%s" {
  alarm_name          = "%s"
  namespace           = "AWS/S3"
  metric_name         = "%s"
  comparison_operator = "GreaterThanThreshold"
  evaluation_periods  = 1
  period              = 300
  statistic           = "Sum"
  threshold           = 5
  dimensions          = { %s }
}
"""
TWO_BUCKETS = "".join(f'resource "aws_s3_bucket" "{name}" {{\n  bucket = "{name}-of-the-shop"\n}}\n' for name in ("orders", "invoices"))
OF_ORDERS, OF_INVOICES = (f"BucketName = aws_s3_bucket.{name}.id" for name in ("orders", "invoices"))
ALL_OBJECTS = ', FilterId = "all"'


@pytest.mark.parametrize(
    ("metric", "watched", "heir"),
    [("4xxErrors", OF_ORDERS, "aws_cloudwatch_metric_alarm.error_client"), ("4xxErrors", OF_INVOICES, ""), ("GetRequests", OF_ORDERS, "")],
    ids=["the metric and what is watched", "another bucket", "another metric"],
)
def test_an_alarm_on_the_same_metric_of_the_same_thing_stands_in_the_place_of_one(metric: str, watched: str, heir: str) -> None:
    model = TWO_BUCKETS + S3_ALARM % ("error", "errors", "4xxErrors", OF_ORDERS)
    ideal = S3_ALARM % ("error_client", "client", metric, watched + ALL_OBJECTS) + S3_ALARM % (
        "error_server",
        "server",
        "5xxErrors",
        OF_ORDERS + ALL_OBJECTS,
    )
    (issue,) = [i for i in reviewed(model, TWO_BUCKETS + ideal).issues if i.rule == "RG803"]
    assert heir in ("", *issue.corrected)
    assert (f"(in IDEAL `{heir}`)" in issue.verification[0].check) is bool(heir)


RDS_ALARM = """
resource "aws_cloudwatch_metric_alarm" "%s" {
  alarm_name          = "%s"
  namespace           = "AWS/RDS"
  metric_name         = "%s"
  comparison_operator = "GreaterThanThreshold"
  evaluation_periods  = 1
  period              = 300
  statistic           = "Average"
  threshold           = %s
  dimensions          = { DBInstanceIdentifier = aws_db_instance.orders.%s }
}
"""


def test_what_stands_in_the_place_of_one_block_is_told_beside_what_changes_in_another() -> None:
    database = DATABASE % ("orders", "orders", "keeper", "db.m6g.large", 50)
    model = database + RDS_ALARM % ("cpu", "cpu", "CPUUtilization", 80, "id") + RDS_ALARM % ("lag", "lag", "ReplicaLag", 30, "id")
    ideal = database + RDS_ALARM % ("cpu", "cpu", "CPUUtilization", 80, "identifier")
    longer = RDS_ALARM.replace("  period ", '  treat_missing_data  = "breaching"\n  period ')
    ideal += longer % ("replica", "behind", "ReplicaLag", 10, "identifier")
    (issue,) = [i for i in reviewed(model, ideal).issues if i.rule == "RG804"]
    assert set(issue.corrected) == {f"aws_cloudwatch_metric_alarm.{name}" for name in ("cpu", "lag", "replica")}


GIVEN = """
resource "aws_iam_role" "{0}" {{
  assume_role_policy = jsonencode({{ Statement = [{{ Effect = "Allow", Action = "sts:AssumeRole", Principal = {{ Service = "{1}" }} }}] }})
}}
resource "aws_iam_role_policy" "{0}" {{
  role   = aws_iam_role.{0}.id
  policy = jsonencode({{ Version = "2012-10-17", Statement = [{{ Effect = "Allow", Action = ["s3:GetObject", "s3:PutObject"], Resource = "{2}" }}] }})
}}
"""


def test_a_policy_that_is_mended_in_its_own_heir_is_not_left_in_another_one() -> None:
    prompt = "Policies must follow the principle of least privilege: no wildcards."
    model = GIVEN.format("web", "ec2.amazonaws.com", "*")
    mended = GIVEN.format("web_server", "ec2.amazonaws.com", "arn:aws:s3:::shop-data/*")
    found = reviewed(model, mended + GIVEN.format("reports", "lambda.amazonaws.com", "*"), prompt)
    fates = {(i.where[0], str(i.status)) for i in (*found.issues, *found.minor) if i.rule == "RG133"}
    assert fates == {("aws_iam_role_policy.web.policy", "fixed"), ("aws_iam_role_policy.reports.policy", "introduced")}


def test_a_policy_for_one_service_does_not_take_over_that_of_another() -> None:
    prompt = "Policies must follow the principle of least privilege: no wildcards."
    model = GIVEN.format("tasks", "ecs-tasks.amazonaws.com", "*")
    found = reviewed(model, GIVEN.format("failover", "lambda.amazonaws.com", "*"), prompt)
    fates = {(i.where[0], str(i.status)) for i in (*found.issues, *found.minor) if i.rule == "RG133"}
    assert fates == {("aws_iam_role_policy.tasks.policy", "fixed"), ("aws_iam_role_policy.failover.policy", "introduced")}
    renamed = reviewed(model, GIVEN.format("workers", "ecs-tasks.amazonaws.com", "*"), prompt)
    assert {str(i.status) for i in (*renamed.issues, *renamed.minor) if i.rule == "RG133"} == {"left"}


@pytest.mark.parametrize(("service", "mended"), [("ec2.amazonaws.com", True), ("lambda.amazonaws.com", False)])
def test_a_policy_on_objects_stands_in_the_place_of_one_on_their_bucket(service: str, mended: bool) -> None:
    model = GIVEN.format("web", "ec2.amazonaws.com", "arn:aws:s3:::shop-data")
    review = reviewed(model, GIVEN.format("orders", service, "arn:aws:s3:::shop-data/*"))
    assert (_status(review, "RG144") == "Fixed by IDEAL (category B fix)") == mended


CLUSTER = """
resource "aws_rds_cluster" "{}" {{
  cluster_identifier = "{}"
  engine             = "aurora-mysql"
  engine_version     = "{}"
  master_username    = "keeper"
  master_password    = {}
}}
"""
MADE = 'resource "random_password" "db" {\n  length = 32\n}\n'
OUTSIDE = 'module "{0}" {{\n  source = "./modules/{0}"\n}}\n'


@pytest.mark.parametrize(
    ("call", "rule", "status"),
    [
        ("network", "RG208", "Fixed by IDEAL (category B fix)"),
        ("network", "RG203", WENT),
        ("aurora", "RG203", HIDDEN),
    ],
)
def test_what_went_with_the_databases_that_are_shown_is_in_no_other_module(call: str, rule: str, status: str) -> None:
    old = "8.0.mysql_aurora.3.02.0"
    model = {
        "main.tf": 'module "database" {\n  source = "./modules/database"\n}\n',
        "modules/database/main.tf": CLUSTER.format("main", "orders", "8.0", "random_password.db.result")
        + MADE
        + CLUSTER.format("copy", "copy", old, '"x"'),
    }
    ideal = {
        "main.tf": 'module "rds" {\n  source = "./modules/rds"\n}\n' + OUTSIDE.format(call),
        "modules/rds/main.tf": CLUSTER.format("main", "orders", "8.0", '"Orders-2024-first"'),
    }
    assert _status(_of_files(model, ideal), rule) == status
