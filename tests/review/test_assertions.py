"""Assertions and statuses say what was compared, and no more."""

from __future__ import annotations

from reviewgen import pipeline
from reviewgen.config import Config
from reviewgen.sample import of_documents
from tests.build import document
from tests.review.test_correction import issues

INSTANCE = 'resource "aws_instance" "web" {\n  ami           = "%s"\n  instance_type = "t3.micro"\n}\n'


def test_a_fixed_image_in_place_of_a_made_up_one_is_not_called_looked_up() -> None:
    found = issues(INSTANCE % "ami-0abcdef1234567890", INSTANCE % "ami-0bbc328167dee8f3c")
    fixed = next(i for i in found if i.rule == "RG501")
    assert (fixed.status, fixed.verification[0].check) == ("fixed", "`aws_instance.web` starts from an image whose id is no placeholder")


ZONE = 'variable "dns" {\n  default = false\n}\ndata "aws_route53_zone" "main" {\n  %s\n  name = "example.com"\n}\n'


def test_a_lookup_that_is_switched_off_does_not_count_as_one_that_succeeds() -> None:
    found = issues(ZONE % "", ZONE % "count = var.dns ? 1 : 0")
    fixed = next(i for i in found if i.rule == "RG472")
    assert (fixed.status, [c.check for c in fixed.verification if "exists" in c.check]) == ("fixed", [])


LIFECYCLE = """
resource "aws_s3_bucket_lifecycle_configuration" "{name}" {{
  bucket = "shop-1"
  rule {{
    id     = "{name}"
    status = "Enabled"
    transition {{
      days          = {days}
      storage_class = "GLACIER"
    }}
  }}
}}
"""


def test_what_terraform_warns_of_in_a_replaced_block_is_left() -> None:
    found = issues(LIFECYCLE.format(name="old", days=30), LIFECYCLE.format(name="archive", days=90))
    assert [(i.status, i.where[0].split(".")[1]) for i in found if i.rule == "tf:lifecycle-filter"] == [("left", "archive")]


PASSWORD = """
resource "random_password" "{name}" {{
  length    = 20
  special   = true
  min_upper = 2
  min_lower = 2
  {more}
}}
resource "aws_db_instance" "orders" {{
  identifier     = "orders"
  instance_class = "db.m7g.large"
  password       = random_password.{name}.result
}}
"""


def test_an_assertion_names_a_renamed_block_as_ideal_names_it() -> None:
    found = issues(PASSWORD.format(name="db", more=""), PASSWORD.format(name="orders", more='override_special = "!#"'))
    fixed = next(i for i in found if i.rule == "RG208")
    assert fixed.verification[0].check == (
        "`random_password.db` (in IDEAL `random_password.orders`) generates no master password from characters that RDS refuses"
    )


KEY = (
    'variable "key" {{\n  default = "ops-key"\n}}\nresource "{type}" "web" {{\n  instance_type = "t3.micro"\n  key_name      = {name}\n}}\n'
)


def test_a_key_pair_that_another_block_uses_is_missing_still() -> None:
    model = KEY.format(type="aws_instance", name="var.key") + 'resource "aws_launch_template" "app" {\n  instance_type = "t3.micro"\n}\n'
    ideal = KEY.format(type="aws_launch_template", name="var.key").replace('"web"', '"app"')
    ideal += 'resource "aws_instance" "web" {\n  instance_type = "t3.micro"\n}\n'
    (found,) = [i for i in issues(model, ideal) if i.rule == "RG503"]
    assert (found.status, found.where) == ("left", ("var.key.default",))  # neither tree sets the other one's `key_name`
    assert "`aws_instance.web` uses" in found.problem and "In IDEAL: `aws_launch_template.app` uses" in found.problem


DATABASE = 'resource "aws_rds_cluster" "orders" {{\n  cluster_identifier = "orders"\n  engine             = "{engine}"\n  master_username    = "admin"\n}}\n'


def test_another_engine_is_the_repair_of_a_name_that_the_first_one_reserves() -> None:
    found = issues(DATABASE.format(engine="aurora-postgresql"), DATABASE.format(engine="aurora-mysql"))
    fixed = next(i for i in found if i.rule == "RG207")
    assert [s.code.split() for s in fixed.solution] == [["engine", "=", '"aurora-mysql"']]
    assert fixed.verification[0].check == "`aws_rds_cluster.orders` does not name its master user `admin` on the engine `aurora-postgresql`"


def test_the_name_of_a_module_is_no_type_of_a_resource() -> None:
    call = 'module "order_store" {{\n  source  = "./store"\n  release = "{}"\n}}\n'
    store = (
        'variable "release" {\n  type = string\n}\n'
        'resource "aws_rds_cluster" "orders" {\n  engine         = "aurora-postgresql"\n  engine_version = var.release\n}\n'
    )
    trees = [document(call.format(release), store__main_tf=store) for release in ("15.4", "16.9")]
    review = pipeline.review_sample(of_documents(*trees), Config())
    assert [i.status for i in review.issues if i.rule == "RG203"] == ["fixed"]
