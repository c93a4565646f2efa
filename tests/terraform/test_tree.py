"""Modules, addresses, overrides, references and values of a tree."""

from __future__ import annotations

from reviewgen.hcl import UNKNOWN, parse_expression, text_of
from tests.build import graph, tree

NETWORK = """
    variable "cidr" {}
    resource "aws_vpc" "main" { cidr_block = var.cidr }
    output "id" { value = aws_vpc.main.id }
"""


def test_modules_carry_the_address_of_their_call() -> None:
    found = tree(
        'module "net" {\n  source = "./modules/network"\n  cidr = "10.0.0.0/16"\n}\n',
        modules__network__main_tf=NETWORK,
        modules__unused__main_tf='resource "aws_eip" "x" {}',
    )
    assert "module.net.aws_vpc.main" in found.declarations
    assert found.modules["modules/network"].reached and not found.modules["modules/unused"].reached
    assert "module.unused.aws_eip.x" in found.declarations


def test_the_root_is_the_directory_that_nobody_calls() -> None:
    assert tree(infra__main_tf='module "a" { source = "./a" }', infra__a__main_tf="locals {}").root == "infra"


def test_what_only_tests_call_is_the_root() -> None:
    assert tree(lib__main_tf="locals {}", test__main_tf='module "a" { source = "../lib" }').root == "lib"
    assert tree(lib__main_tf="locals {}", lib__examples__main_tf='module "a" { source = "../" }').root == "lib"


def test_a_top_with_variables_only_is_no_root() -> None:
    bare = 'variable "name" {}\n'
    found = tree(bare, lib__main_tf='resource "aws_sns_topic" "a" {}')
    assert found.root == "lib" and "aws_sns_topic.a" in found.declarations
    assert tree(bare).root == "" and tree(bare + "locals {}", lib__main_tf="locals {}").root == ""


def test_none_of_several_modules_is_the_root() -> None:
    found = tree(lib__modules__a__main_tf="locals { x = 1 }", lib__modules__b__main_tf=NETWORK)
    assert found.root == "lib" and "module.a.local.x" in found.declarations and "module.b.aws_vpc.main" in found.declarations
    assert all(module.reached for module in found.modules.values())
    assert found.notes == (
        "`test` delivers modules and no root module that calls them; the static check looks at each of them for itself.",
    )


def test_what_may_call_modules_is_the_root_before_a_module_that_nobody_calls() -> None:
    calling = 'module "b" { source = "../../../modules/b" }'
    found = tree(modules__a__main_tf="locals {}", modules__b__main_tf=NETWORK, stacks__live__prod__main_tf=calling)
    assert found.root == "stacks/live/prod" and not found.notes
    assert tree(modules__a__main_tf="locals {}").root == "modules/a"


def test_override_files_replace_arguments_and_all_nested_blocks_of_a_type() -> None:
    found = tree(
        'resource "aws_instance" "a" {\n  ami = "ami-1"\n  instance_type = "t3.micro"\n  ebs_block_device { device_name = "a" }\n}\n',
        override_tf='resource "aws_instance" "a" {\n  ami = "ami-2"\n  ebs_block_device { device_name = "b" }\n}\n',
    )
    block = found.declarations["aws_instance.a"].block
    assert text_of(block.attributes["ami"].expr) == '"ami-2"' and "instance_type" in block.attributes
    assert [text_of(b.attributes["device_name"].expr) for b in block.blocks] == ['"b"']
    assert block.attributes["ami"].file == "override.tf"


def test_a_second_declaration_of_an_address_is_a_duplicate() -> None:
    found = tree('resource "aws_vpc" "a" {}\nresource "aws_vpc" "a" { cidr_block = "x" }\n')
    assert [d.address for d in found.modules[""].duplicates] == ["aws_vpc.a"]


def test_references_know_whether_their_target_is_declared() -> None:
    found = graph('resource "aws_subnet" "a" {\n  vpc_id = aws_vpc.gone.id\n  count = length(var.zones)\n}\nvariable "zones" {}\n')
    assert [(r.path, r.target, r.declared) for r in found.outgoing["aws_subnet.a"]] == [
        ("vpc_id", "aws_vpc.gone", False),
        ("count", "var.zones", True),
    ]


def test_targets_are_found_through_locals_module_inputs_and_outputs() -> None:
    found = graph(
        'resource "aws_vpc" "v" {}\nlocals { id = aws_vpc.v.id }\nmodule "m" {\n  source = "./m"\n  vpc = local.id\n}\n'
        'resource "aws_eip" "e" { instance = module.m.box }\n',
        m__main_tf='variable "vpc" {}\nresource "aws_subnet" "s" { vpc_id = var.vpc }\nresource "aws_instance" "i" {}\n'
        'output "box" { value = aws_instance.i.id }',
    )  # fmt: skip
    subnet = found.get("module.m.aws_subnet.s")
    assert subnet and [d.address for d in found.targets(subnet.block.value("vpc_id"), "m")] == ["aws_vpc.v"]
    eip = found.get("aws_eip.e")
    assert eip and [d.address for d in found.targets(eip.block.value("instance"), "")] == ["module.m.aws_instance.i"]


def test_constants_follow_defaults_and_locals_and_stop_at_what_is_open() -> None:
    found = graph('variable "env" { default = "prod" }\nvariable "open" {}\nlocals {\n  name = "app-${var.env}"\n  loop = local.loop\n}\n')
    assert found.constant(parse_expression("local.name"), "") == "app-prod"
    assert found.constant(parse_expression("var.open"), "") is UNKNOWN
    assert found.constant(parse_expression("local.loop"), "") is UNKNOWN


def test_a_module_from_elsewhere_makes_absence_prove_nothing() -> None:
    assert graph('module "vpc" { source = "terraform-aws-modules/vpc/aws" }').has_remote_modules
    assert not graph('module "vpc" { source = "./vpc" }', vpc__main_tf="locals {}").has_remote_modules
