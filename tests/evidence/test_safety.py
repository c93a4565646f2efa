"""What a tree may not do unless the user allows it; each with a near miss that is harmless."""

from __future__ import annotations

import pytest

from reviewgen import terraform
from reviewgen.evidence.verify import dangers
from reviewgen.model.source import Document, SourceFile
from reviewgen.terraform import Graph
from tests.build import graph

HOSTILE = {
    "a program of a data source": ('data "external" "x" {\n  program = ["sh", "x.sh"]\n}', "plan", "`data.external.x` runs a program"),
    "a request": ('data "http" "x" {\n  url = "https://example.com"\n}', "plan", "`data.http.x` sends a request"),
    "another stack": ('data "terraform_remote_state" "x" {\n  backend = "http"\n}', "plan", "reads the state of another stack"),
    "a local program": (
        'resource "null_resource" "x" {\n  provisioner "local-exec" {\n    command = "id"\n  }\n}',
        "apply",
        "`null_resource.x` has the provisioner `local-exec`",
    ),
    "a remote program": (
        'resource "terraform_data" "x" {\n  provisioner "remote-exec" {\n    inline = ["id"]\n  }\n}',
        "apply",
        "the provisioner `remote-exec`",
    ),
    "a remote module": ('module "x" {\n  source = "terraform-aws-modules/vpc/aws"\n}', "init", "`module.x` fetches code from elsewhere"),
    "a module at an absolute path": ('module "x" {\n  source = "/srv/module"\n}', "init", "fetches code from elsewhere"),
    "a module beside the tree": ('module "x" {\n  source = "../x"\n}', "init", "`module.x` leads out of the tree"),
    "an absolute path": ('locals {\n  x = file("/etc/passwd")\n}', "plan", "`local.x` names a file outside of the tree"),
    "a path at home": ('locals {\n  x = filebase64("~/.ssh/id_rsa")\n}', "plan", "outside of the tree"),
    "a path upwards": ('locals {\n  x = file("${path.module}/../../x")\n}', "plan", "outside of the tree"),
    "a path of a variable": (
        'variable "p" {\n  default = "/etc/passwd"\n}\nlocals {\n  x = templatefile(var.p, {})\n}', "plan", "`local.x` names a file",
    ),
    "a file that is written": (
        'resource "local_file" "x" {\n  filename = "/tmp/x"\n  content  = "x"\n}', "plan", "`local_file.x` names a file outside",
    ),
    "a huge count": ('resource "aws_sqs_queue" "x" {\n  count = 1000000\n}', "plan", "`aws_sqs_queue.x` has 1e+06 instances"),
    "a huge count of a variable": (
        'variable "n" {\n  default = 9999\n}\nresource "aws_sqs_queue" "x" {\n  count = var.n\n}', "plan", "has 9999 instances",
    ),
    "a huge range": (
        'resource "aws_sqs_queue" "x" {\n  for_each = toset([for n in range(1000000) : tostring(n)])\n}', "plan", "a range up to 1e+06",
    ),
    "a provider that nothing stands in for": ('resource "github_repository" "x" {\n  name = "x"\n}', "plan", "of the provider `github`"),
    "a program of somebody": (
        'terraform {\n  required_providers {\n    x = {\n      source = "acme/x"\n    }\n  }\n}', "init", "a program of `acme`",
    ),
    "a program of another host": (
        'terraform {\n  required_providers {\n    x = {\n      source = "example.com/hashicorp/x"\n    }\n  }\n}',
        "init",
        "a program of `example.com/hashicorp`",
    ),
}  # fmt: skip
HARMLESS = {
    "a file of the tree": 'locals {\n  x = file("${path.module}/x.json")\n}',
    "a path that goes up and down": 'locals {\n  x = file("${path.module}/a/../x.json")\n}',
    "a path of a health check": 'resource "aws_lb_target_group" "x" {\n  health_check {\n    path = "/health"\n  }\n}',
    "an ARN as source": 'resource "aws_lambda_permission" "x" {\n  source_arn = "arn:aws:s3:::x"\n}',
    "a usual count": 'resource "aws_subnet" "x" {\n  count = 3\n}',
    "a provider of HashiCorp": 'terraform {\n  required_providers {\n    random = {\n      source = "hashicorp/random"\n    }\n  }\n}',
    "a resource without a program": 'resource "null_resource" "x" {\n  triggers = {\n    a = "b"\n  }\n}',
    "a backend": 'terraform {\n  backend "s3" {\n    bucket = "x"\n  }\n}',
}


@pytest.mark.parametrize("what", HOSTILE)
def test_what_is_refused(what: str) -> None:
    code, step, said = HOSTILE[what]
    found = dangers(graph(code))
    assert [(d.step, said in d.text) for d in found] == [(step, True)], found


@pytest.mark.parametrize("what", HARMLESS)
def test_what_is_harmless(what: str) -> None:
    assert dangers(graph(HARMLESS[what])) == ()


def test_modules_of_the_tree_are_looked_at() -> None:
    found = dangers(graph('module "a" {\n  source = "./a"\n}\n', a__main_tf='data "external" "x" {\n  program = ["id"]\n}\n'))
    assert [d.text for d in found] == ["`module.a.data.external.x` runs a program"]


def json_graph(text: str) -> Graph:
    return Graph(terraform.build(Document("test", files=(SourceFile("main.tf.json", text),)), "model"))


def test_json_is_looked_at_as_well() -> None:
    found = dangers(json_graph('{"resource": {"null_resource": {"x": {"provisioner": [{"local-exec": {"command": "id"}}]}}}}'))
    assert [d.text for d in found] == ["`null_resource.x` has the provisioner `local-exec`"]


@pytest.mark.parametrize("graph_", [json_graph('{"locals": {"x": '), graph('resource "aws_sqs_queue" "x" {\n  name = [\n}\n')])
def test_what_cannot_be_read_is_not_run(graph_: Graph) -> None:
    assert any("cannot be read" in d.text for d in dangers(graph_))
