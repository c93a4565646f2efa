"""What PROMPT gives, names or leaves to somebody else: it is no defect of the answer, or the issue says so."""

from __future__ import annotations

import pytest

from reviewgen import pipeline, sample
from reviewgen.config import Config
from tests.build import document
from tests.review.test_correction import issues, reviewed

GROUP = """
resource "aws_security_group" "{name}" {{
  egress {{
    from_port   = 0
    to_port     = 0
    protocol    = "-1"
    cidr_blocks = ["0.0.0.0/0"]
  }}
}}
"""


@pytest.mark.parametrize(
    ("prompt", "told"),
    [
        ("Security groups must follow least privilege.", True),
        ("Create a web server.", False),
        ("Security groups must follow least privilege: port 443 only; egress allowed.", False),
        ("Security groups must follow least privilege. Outbound can be wide open unless required otherwise.", False),
        ("Security groups must follow least privilege. Outbound egress open to 0.0.0.0/0 for updates.", False),
        ("Security groups must follow least privilege; you may use a broad CIDR for egress.", False),
    ],
)
def test_some_findings_are_told_only_when_prompt_asks(prompt: str, told: bool) -> None:
    found = issues(GROUP.format(name="web"), GROUP.format(name="web"), prompt=f"# Task\n\n{prompt}\n")
    assert any(i.rule == "RG411" for i in found) is told


SHARED = """
resource "aws_security_group" "web" {
  ingress {
    from_port   = 80
    to_port     = 80
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0"]
  }
}
resource "aws_lb" "web" {
  security_groups = [aws_security_group.web.id]
}
resource "aws_instance" "web" {
  vpc_security_group_ids = [aws_security_group.web.id]
}
"""


@pytest.mark.parametrize(
    ("prompt", "told"),
    [
        ("Two web servers behind a load balancer, HTTP from anywhere.", "critical"),
        ("Each of the two servers gets an Elastic IP. Allow HTTP (port 80) from anywhere.", "warning"),
        ("Each of the two servers gets an Elastic IP. The load balancer serves HTTP.", "critical"),
        ("All instances are private: they must not have public IPs. Allow HTTP from the internet.", "critical"),
        ("All servers get Elastic IPs for outbound connections only. Allow HTTP from anywhere.", "critical"),
    ],
)
def test_servers_that_prompt_gives_addresses_may_be_reached_past_the_load_balancer(prompt: str, told: str) -> None:
    found = [i for i in issues(SHARED, SHARED, prompt=f"# Task\n\n{prompt}\n") if i.rule == "RG409"]
    assert [(i.category.value, "PROMPT asks for it" in i.problem) for i in found] == [(told, told == "warning")]


BACKEND = 'terraform {\n  backend "s3" {\n    bucket = "shop-state"\n    key    = "a"\n  }\n}\n'


PLACEHOLDER = BACKEND.replace("shop-state", "your-state-bucket")


HTTP = """
resource "aws_lb" "web" {
  name = "web"
}
resource "aws_lb_listener" "http" {
  load_balancer_arn = aws_lb.web.arn
  port              = 80
  protocol          = "HTTP"
}
"""


QUEUE = 'resource "aws_sqs_queue" "q" {\n  name = "q"\n}\n'


@pytest.mark.parametrize(
    ("ideal", "rule", "prompt"),
    [
        (QUEUE + HTTP, "RG623", "Keep the state in the bucket shop-state."),
        (BACKEND + QUEUE + HTTP, "RG521", "Load balancer with an HTTP listener."),
        (BACKEND + QUEUE + HTTP, "RG521", "The ALB can use HTTP (port 80) for tests; HTTPS recommended for production."),
        (BACKEND + QUEUE + HTTP, "RG521", "Web group: **HTTP 80** from anywhere."),
        (PLACEHOLDER + QUEUE + HTTP, "RG622", "Create backend.tf with the S3 backend.\n- Use placeholder values for bucket names."),
    ],
)
def test_what_prompt_gives_is_no_defect(ideal: str, rule: str, prompt: str) -> None:
    def told(text: str) -> bool:
        model = (PLACEHOLDER if rule == "RG622" else BACKEND) + QUEUE + HTTP
        review = reviewed(model, ideal, f"# Task\n\nA secure shop. {text}\n")
        return any(i.rule == rule for i in (*review.issues, *review.minor))

    assert told("") and not told(prompt) and told("Health checks can use HTTP.")


OPEN = """
resource "aws_api_gateway_rest_api" "shop" {
  name = "shop"
}
resource "aws_api_gateway_method" "orders" {
  rest_api_id   = aws_api_gateway_rest_api.shop.id
  resource_id   = "r"
  http_method   = "GET"
  authorization = "NONE"
}
"""
PACKED = 'resource "aws_lambda_function" "f" {\n  function_name = "f"\n  role = "r"\n  filename = "f.zip"\n  handler = "f.h"\n}\n'

LOOKUP = (
    'data "aws_ami" "linux" {\n  most_recent = true\n  owners = ["amazon"]\n  filter {\n    name = "name"\n'
    '    values = ["al2023-ami-*-arm64"]\n  }\n}\n'
)
IMAGE = 'variable "image" {\n  default = "ami-0c02fb55731490381"\n}\nresource "aws_instance" "web" {\n  ami = var.image\n}\n'


@pytest.mark.parametrize(
    ("rule", "text", "asked", "left"),
    [
        (
            "RG502",
            IMAGE,
            "The AMI should default to the latest Amazon Linux, from a data source.",
            "The server's AMI (defaults to Amazon Linux 2).",
        ),
        ("RG512", LOOKUP, "Look up Amazon Linux 2023.", "Look up Amazon Linux 2023 (`al2023-ami-*-arm64`)."),
        ("RG310", OPEN, "Protect the API with authorization.", "Keep it cheap: no authorizers for now."),
        ("RG324", PACKED, "A function.", "Say in comments where to replace placeholders like the image and the Lambda zip path."),
    ],
)
def test_what_prompt_leaves_out_or_to_others_is_no_defect(rule: str, text: str, asked: str, left: str) -> None:
    assert any(i.rule == rule for i in issues(text, text, prompt=f"# Task\n\n{asked}\n"))
    assert not any(i.rule == rule for i in issues(text, text, prompt=f"# Task\n\n{left}\n"))


@pytest.mark.parametrize(
    ("prompt", "told"),
    [
        ("Run the workers on Fargate.", True),
        ("Run the workers on Fargate, with no public ingress.", False),
        ("Run the workers on Fargate without a load balancer.", False),
    ],
)
def test_a_service_that_prompt_wants_closed_does_not_lack_a_load_balancer(prompt: str, told: bool) -> None:
    bare = 'resource "aws_ecs_service" "app" {\n  name = "app"\n}\n'
    served = bare.replace("}\n", '  load_balancer {\n    container_name = "app"\n    container_port = 80\n  }\n}\n')
    assert any(i.rule == "RG011" for i in issues(bare, served, prompt=f"# Task\n\n{prompt}\n")) is told


@pytest.mark.parametrize(
    ("prompt", "told"),
    [
        ("Variables for the size and the VPC ID (placeholders are fine).", False),
        ("Variables for the size and the VPC ID, no placeholders.", True),
        ("Variables for the size.", True),
    ],
)
def test_what_waits_for_an_id_for_which_prompt_takes_a_placeholder_is_not_switched_off(prompt: str, told: bool) -> None:
    variable, group = 'variable "vpc_id" {\n  default = ""\n}\n', 'resource "aws_security_group" "g" {\n  name = "g"\n}\n'
    waiting = variable + group.replace("{\n", '{\n  count = var.vpc_id != "" ? 1 : 0\n', 1)
    assert any(i.rule == "RG051" for i in issues(waiting, variable + group, prompt=f"# Task\n\n{prompt}\n")) is told


ALIASED = 'resource "aws_sqs_queue" "q" {\n  provider = aws.west\n  name = "q"\n}\n'


ALIAS = 'provider "aws" {\n  alias  = "west"\n  region = "us-west-2"\n}\n'


@pytest.mark.parametrize(
    ("prompt", "told"), [("Assume that the `provider.tf` will already be provided.", False), ("Two providers, one for each region.", True)]
)
def test_a_provider_that_prompt_provides_is_not_missed(prompt: str, told: bool) -> None:
    found = issues(ALIAS + ALIASED, ALIASED, prompt=f"# Task\n\n{prompt}\n")
    assert any(i.rule == "tf:provider-alias" for i in found) is told


@pytest.mark.parametrize(
    ("file", "prompt", "told"),
    [
        ("provider.tf", "Deliver `provider.tf` with the regions.", True),
        ("provider.tf", "- `provider.tf` (already present)", False),
        ("main.tf", "`provider.tf` is maintained by others.", False),
    ],
)
def test_a_provider_file_that_the_answer_delivers_configures_what_it_says(file: str, prompt: str, told: bool) -> None:
    queue = 'resource "aws_sqs_queue" "q" {\n  name = "q"\n}\n'
    answer = sample.read_markdown(f"### {file}\n\n```hcl\n{ALIAS}```\n\n### queue.tf\n\n```hcl\n{queue}```\n", "X.md")
    asked = sample.read_markdown(f"# Task\n\n{prompt}\n", "PROMPT.md")
    review = pipeline.review_sample(sample.of_documents(answer, answer, asked, "x"), Config())
    assert any(i.rule == "RG630" for i in review.issues) is told


@pytest.mark.parametrize(
    ("words", "title"),
    [
        ("`provider.tf` configures the provider and the backend.", "The file with the provider is named and not delivered"),
        ("One file.", "No provider configuration, so the region is not set"),
    ],
)
def test_a_provider_file_that_an_answer_names_and_does_not_show_is_what_it_lacks(words: str, title: str) -> None:
    queue = 'resource "aws_sqs_queue" "q" {\n  name = "q"\n}\n'
    region = 'provider "aws" {\n  region = "eu-west-1"\n}\n'
    texts = (f"### main.tf\n\n```hcl\n{region}{queue}```\n", f"{words}\n\n### main.tf\n\n```hcl\n{queue}```\n")
    read = [sample.read_markdown(text, "X.md") for text in texts]
    review = pipeline.review_sample(sample.of_documents(*read, None, "x"), Config())
    assert [found.title for found in (*review.issues, *review.minor) if "provider" in found.title.lower()] == [title]


@pytest.mark.parametrize(("words", "told"), [("### provider.tf\n\nIt remains as it is.", False), ("One file.", True)])
def test_what_a_provider_file_that_ideal_names_may_hold_is_neither_missed_nor_gone(words: str, told: bool) -> None:
    queue = 'resource "aws_sqs_queue" "q" {\n  name = "q"\n}\n'
    head = 'terraform {\n  backend "s3" {\n    bucket = "state"\n    key    = "k"\n    region = "eu-west-1"\n  }\n}\n'
    region = 'provider "aws" {\n  region = "eu-west-1"\n}\n'
    second = queue.replace("  name", "  provider = aws.west\n  name")
    texts = (f"### main.tf\n\n```hcl\n{head}{region}{queue}```\n", f"### main.tf\n\n```hcl\n{second}```\n\n{words}\n")
    read = [sample.read_markdown(text, "X.md") for text in texts]
    review = pipeline.review_sample(sample.of_documents(*read, None, "x"), Config())
    fates = {found.rule: found.status for found in (*review.issues, *review.minor)}
    assert ("tf:provider-alias" in fates, "RG056" in fates) == (told, told)
    assert fates.get("RG623") == ("fixed" if told else None)
    assert any("tells of a file with the providers and does not show it" in note for note in review.sample.notes) is not told


@pytest.mark.parametrize(
    ("bounds", "prompt", "told"),
    [
        ("", "The provider configuration already exists elsewhere.", False),
        ("", "Provider and backend are configured elsewhere.", False),
        ("", "One file.", True),
        (
            'terraform {\n  required_providers {\n    aws = { source = "hashicorp/aws" }\n  }\n}\n',
            "The provider configuration already exists elsewhere.",
            True,
        ),
    ],
)
def test_versions_of_a_provider_that_prompt_provides_are_not_missed(bounds: str, prompt: str, told: bool) -> None:
    queue = 'resource "aws_sqs_queue" "q" {\n  name = "q"\n}\n'
    bound = 'terraform {\n  required_providers {\n    aws = {\n      source  = "hashicorp/aws"\n      version = "~> 5.0"\n    }\n  }\n}\n'
    review = reviewed(bounds + queue, bound + queue, f"# Task\n\n{prompt}\n")
    assert any(found.rule == "RG629" for found in (*review.issues, *review.minor)) is told


def test_a_tree_without_required_providers_bounds_no_provider_either() -> None:
    random = 'resource "random_id" "r" {\n  byte_length = 4\n}\n'
    bound = 'terraform {\n  required_providers {\n    aws = {\n      source  = "hashicorp/aws"\n      version = "~> 5.0"\n    }\n  }\n}\n'
    assert not any(i.rule == "RG629" for i in issues(random, bound + random))


SSH = """
resource "aws_security_group" "web" {
  ingress {
    from_port   = 22
    to_port     = 22
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0"]
  }
}
"""


@pytest.mark.parametrize(
    ("prompt", "category"),
    [
        ("Allow SSH traffic on port 22 from anywhere.", "warning"),
        ("Do not open SSH to anywhere.", "critical"),
        ("SSH is never open from anywhere.", "critical"),
        ("A web server.", "critical"),
    ],
)
def test_what_prompt_opens_itself_is_warned_of(prompt: str, category: str) -> None:
    (issue,) = [i for i in issues(SSH, SSH, prompt=f"# Task\n\n{prompt}\n") if i.rule == "RG402"]
    assert issue.category == category and ("PROMPT asks for it." in issue.problem) is (category == "warning")


@pytest.mark.parametrize(
    ("files", "told"), [(TOPIC := 'resource "aws_sns_topic" "t" {\n  name = var.aws_region\n}\n', False), (TOPIC + ALIAS, True)]
)
def test_the_region_of_a_provider_that_prompt_provides_is_not_missed(files: str, told: bool) -> None:
    found = issues(files, files, prompt="# Task\n\nI already have a provider.tf file.\n")
    assert any(i.rule == "tf:undeclared-variable" for i in found) is told


DATABASE = 'resource "aws_db_instance" "d" {\n  engine         = "postgres"\n  engine_version = "13.7"\n}\n'


@pytest.mark.parametrize(
    ("prompt", "said"),
    [
        ("RDS PostgreSQL 13.7", True),
        ("RDS PostgreSQL 13.71", False),
        ("RDS PostgreSQL", False),
        ("PostgreSQL with dumps of 13.7 GB", False),
        ("PostgreSQL below 13.7% of the budget", False),
        ("PostgreSQL for $13.7 a day", False),
    ],
)
def test_a_value_that_prompt_itself_names_is_told(prompt: str, said: bool) -> None:
    (issue,) = [i for i in issues(DATABASE, DATABASE, prompt=f"# Task\n\n{prompt}\n") if i.rule == "RG203"]
    assert ("PROMPT itself names `13.7`." in issue.problem) is said


ZONE = 'resource "aws_route53_zone" "z" {\n  name = "shop.example.com"\n}\n'


@pytest.mark.parametrize(("prompt", "said"), [("A zone for `shop.example.com`", True), ("Send alerts to ops@shop.example.com", False)])
def test_a_domain_that_prompt_itself_names_is_told(prompt: str, said: bool) -> None:
    (issue,) = [i for i in issues(ZONE, ZONE, prompt=f"# Task\n\n{prompt}\n") if i.rule == "RG471"]
    assert ("PROMPT itself names `shop.example.com`." in issue.problem) is said


IMAGE = 'resource "aws_instance" "i" {\n  ami           = "ami-0abcdef1234567890"\n  instance_type = "t3.micro"\n}\n'


@pytest.mark.parametrize(("prompt", "said"), [("Use the image ami-0abcdef1234567890 only", True), ("Use one image only", False)])
def test_an_image_that_prompt_itself_names_is_told(prompt: str, said: bool) -> None:
    (issue,) = [i for i in issues(IMAGE, IMAGE, prompt=f"# Task\n\n{prompt}\n") if i.rule == "RG501"]
    assert ("PROMPT itself names `ami-0abcdef1234567890`." in issue.problem) is said


CLASS = 'resource "aws_rds_cluster_instance" "c" {\n  engine         = "aurora-postgresql"\n  instance_class = "db.t3.small"\n}\n'


@pytest.mark.parametrize(("prompt", "said"), [("Aurora on db.t3.small", True), ("Aurora on small instances", False)])
def test_a_class_that_prompt_itself_names_is_told(prompt: str, said: bool) -> None:
    (issue,) = [i for i in issues(CLASS, CLASS, prompt=f"# Task\n\n{prompt}\n") if i.rule == "RG206"]
    assert ("PROMPT itself names `db.t3.small`." in issue.problem) is said


@pytest.mark.parametrize(("prompt", "said"), [("Buckets keep versions, with MFA Delete on.", True), ("Buckets keep versions.", False)])
def test_mfa_delete_that_prompt_asks_for_is_said_to_be_asked_for(prompt: str, said: bool) -> None:
    versioned = 'resource "aws_s3_bucket_versioning" "logs" {\n  bucket = "logs-1"\n  versioning_configuration {\n    status = "Enabled"\n%s  }\n}\n'
    review = reviewed(versioned % "", versioned % '    mfa_delete = "Enabled"\n', f"# Task\n\n{prompt}\n")
    (issue,) = [i for i in review.issues if i.rule == "RG261"]
    assert ("PROMPT itself names `MFA Delete`." in issue.problem) is said


@pytest.mark.parametrize(
    ("prompt", "told"), [("Allow HTTP access (port 80) from the internet.", False), ("Allow HTTP and HTTPS traffic.", True)]
)
def test_plain_http_that_prompt_asks_for_is_no_defect(prompt: str, told: bool) -> None:
    assert any(i.rule == "RG521" for i in issues(HTTP, HTTP, prompt=f"# Task\n\n{prompt}\n")) is told


def test_errors_about_providers_that_prompt_provides_are_explained() -> None:
    review = reviewed(ALIASED, ALIASED, "# Task\n\nA queue. I already have a provider.tf file.\n")
    assert not review.issues and review.model_validation and len(review.model_validation.errors) == 1
    assert any("By PROMPT the providers are configured elsewhere" in note for note in review.sample.notes)


@pytest.mark.parametrize("literal", [True, False])
def test_what_depends_on_a_provider_that_the_other_tree_leaves_to_somebody_else_is_not_told(literal: bool) -> None:
    zones = 'variable "region" {\n  default = "eu-west-1"\n}\nlocals {\n  zones = ["eu-west-1a"]\n}\n'
    zones += 'resource "aws_subnet" "s" {\n  availability_zone = local.zones[0]\n}\n'
    ideal = zones + 'provider "aws" {\n  region = var.region\n}\n'
    model = zones + ('provider "aws" {\n  region = "eu-west-1"\n}\n' if literal else "")
    assert any(i.rule == "RG628" for i in issues(model, ideal)) is literal


@pytest.mark.parametrize(
    ("prompt", "told"),
    [
        ("The security groups need to be attached to the subnets.", True),
        ("Create security groups for the tiers, which other stacks use.", False),
        ("Create a network.", False),
    ],
)
def test_groups_that_nothing_carries_are_told_where_prompt_wants_them_attached(prompt: str, told: bool) -> None:
    groups = """resource "aws_security_group" "front" {
  ingress {
    from_port   = 443
    to_port     = 443
    protocol    = "tcp"
    cidr_blocks = ["10.0.0.0/8"]
  }
}
resource "aws_security_group" "back" {
  ingress {
    from_port       = 443
    to_port         = 443
    protocol        = "tcp"
    security_groups = [aws_security_group.front.id]
  }
}
"""
    found = [i for i in issues(groups, groups, prompt) if i.rule == "RG410"]
    assert [i.where[:2] for i in found] == ([("aws_security_group.front", "aws_security_group.back")] if told else [])


DEFAULT = 'resource "aws_security_group" "w" {\n  name = "w"\n}\nresource "aws_instance" "w" {\n  security_groups = [aws_security_group.w.name]\n}\n'
MARKED = 'resource "aws_sns_topic_subscription" "m" {\n  endpoint = "https://example.com" # TODO: the address of the team\n}\n'


@pytest.mark.parametrize(
    ("rule", "text", "prompt", "told"),
    [
        ("RG528", DEFAULT, "A server.", True),
        ("RG528", DEFAULT, "### EC2 (default VPC)\n\nA server.", False),
        ("RG528", DEFAULT, "Do not use the default VPC.", True),
        ("RG901", MARKED, "A subscription.", True),
        ("RG901", MARKED, "Where a placeholder is unavoidable, add a clear # TODO: comment.", False),
        ("RG901", MARKED, "Deliver a whole stack with no TODOs.", True),
        ("RG901", MARKED, "Never add TODO comments.", True),
    ],
)
def test_what_prompt_wants_or_permits_is_no_defect(rule: str, text: str, prompt: str, told: bool) -> None:
    assert any(i.rule == rule for i in issues(text, text, prompt=f"# Task\n\n{prompt}\n")) is told


ZONES = """
variable "region" { default = "eu-west-1" }
provider "aws" { region = var.region }
variable "zones" { default = ["eu-west-1a", "eu-west-1b"] }
resource "aws_subnet" "a" {
  count             = 2
  availability_zone = var.zones[count.index]
}
"""


@pytest.mark.parametrize(
    ("prompt", "told"),
    [
        ("A network in two availability zones, portable to other regions.", True),
        ("A network in eu-west-1a and eu-west-1b, portable to other regions.", False),
        ("A network like the one in eu-west-2a, portable to other regions.", True),
    ],
)
def test_zones_that_prompt_names_are_wanted(prompt: str, told: bool) -> None:
    found = reviewed(ZONES, ZONES, f"# Task\n\n{prompt}\n")
    assert ("RG628" in {i.rule for i in (*found.issues, *found.minor)}) is told


SERVICE = """
variable "image" {
  default = "nginx:latest"
}
resource "aws_ecs_task_definition" "web" {
  family                   = "web"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = 256
  memory                   = 512
  container_definitions    = jsonencode([{ name = "web", image = %s, portMappings = [{ containerPort = 8080 }] }])
}
resource "aws_lb_target_group" "web" {
  target_type = "ip"
}
resource "aws_ecs_service" "web" {
  name            = "web"
  task_definition = aws_ecs_task_definition.web.arn
  load_balancer {
    target_group_arn = aws_lb_target_group.web.arn
    container_name   = "web"
    container_port   = 8080
  }
}
"""


@pytest.mark.parametrize(
    ("image", "prompt", "told"),
    [
        ("var.image", "Use a placeholder variable for the container image.", False),
        ("var.image", "Mark where placeholders like the container image are.", False),
        ("var.image", "Run the container image of the shop.", True),
        ('"nginx:latest"', "Use a placeholder variable for the container image.", True),
    ],
)
def test_an_image_that_prompt_wants_filled_in_is_no_defect_as_a_default(image: str, prompt: str, told: bool) -> None:
    found = issues(SERVICE % image, SERVICE % image, prompt=f"# Task\n\n{prompt}\n")
    assert [i.problem for i in found if i.rule == "RG536" and "`aws_ecs_service.web` has requests sent to port 8080" in i.problem] == [
        i.problem for i in found if i.rule == "RG536"
    ]
    assert any(i.rule == "RG536" for i in found) is told


@pytest.mark.parametrize("bound", [True, False])
def test_a_version_that_only_modules_of_model_bound_is_not_lost(bound: bool) -> None:
    bounds = 'terraform {\n  required_providers {\n    aws = {\n      source  = "hashicorp/aws"\n      version = "~> 5.0"\n    }\n  }\n}\n'
    queue = 'resource "aws_sqs_queue" "q" {\n  name = "q"\n}\n'
    model = document(modules__a__main_tf=bounds + queue, modules__b__main_tf=bounds + queue) if bound else document(bounds + queue)
    review = pipeline.review_sample(sample.of_documents(model, document(queue), None, "x"), Config())
    fates = [found.status for found in (*review.issues, *review.minor) if found.rule == "RG629"]
    assert fates == ([] if bound else ["introduced"])
