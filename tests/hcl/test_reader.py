"""What the reader makes of text: structure, positions, neighbours of broken blocks."""

from __future__ import annotations

import pytest

from reviewgen import hcl
from reviewgen.hcl import UNKNOWN, canonical, evaluate, parse_expression, read, text_of
from reviewgen.hcl.syntax import diagnose
from reviewgen.model.source import SourceFile

# source, canonical text
CANONICAL = [
    ('"${var.x}"', "var.x"),
    ("(var.x)", "var.x"),
    ('"a${"b"}c"', '"abc"'),
    ("80", '"80"'),
    ("true", '"true"'),
    ("-3", '"-3"'),
    ("1.0", '"1"'),
    ('{ b = 1, "a" : 2 }', '{ a = "2", b = "1" }'),
    ('x["name"]', "x.name"),
    ('x["a-b.c"]', 'x["a-b.c"]'),
    ("x.0.y", "x[0].y"),
    ("x.*.y", "x[*].y"),
    ("<<EOT\nhello\nEOT", '"hello\\n"'),
    ("<<-EOT\n    a\n      b\n  EOT", '"a\\n  b\\n"'),
    ('<<EOT\n{"Action": ["s3:Get*"], "B": "${var.x}"}\nEOT', 'jsonencode({ Action = ["s3:Get*"], B = var.x })'),
    ('jsonencode({ B = "${var.x}", Action = ["s3:Get*"] })', 'jsonencode({ Action = ["s3:Get*"], B = var.x })'),
    ('{ (local.k) = 1 }', '{ (local.k) = "1" }'),
    ('{ "${local.k}" = 1 }', '{ (local.k) = "1" }'),
    ('"$${x}"', '"$${x}"'),
    ("[for k, v in m : v.id if k != \"a\"]", '[for k, v in m : v.id if (k != "a")]'),
]  # fmt: skip


@pytest.mark.parametrize(("source", "expected"), CANONICAL, ids=[c[0][:30] for c in CANONICAL])
def test_expressions_of_one_meaning_have_one_form(source: str, expected: str) -> None:
    assert text_of(canonical(parse_expression(source))) == expected


VALUES = [
    ('"a-${lower("B")}-${1 + 2}"', "a-b-3"),
    ("[for i in range(3) : i * 2]", [0, 2, 4]),
    ('{ for k, v in { a = 1 } : k => v + 1 }', {"a": 2}),
    ('true ? "yes" : "no"', "yes"),
    ("true ? 1 : true ? 2 : 3", 1),
    ("false ? 1 : (false ? true : false) ? 2 : 3", 3),
    ("(true ? false : true) ? 1 : 2", 2),
    ('cidrsubnet("10.0.0.0/16", 8, 3)', "10.0.3.0/24"),
    ('merge({ a = 1 }, { b = 2 })["b"]', 2),
    ('format("%s-%d", "x", 5)', "x-5"),
    ("1 / 0", UNKNOWN),
    ("var.x", UNKNOWN),
    ('"${var.x}-a"', UNKNOWN),
    ("false && var.x", False),
    ('[{ a = "b" }][*].a', ["b"]),
    ("uuid()", UNKNOWN),
]  # fmt: skip


@pytest.mark.parametrize(("source", "expected"), VALUES, ids=[v[0] for v in VALUES])
def test_constants_fold(source: str, expected: object) -> None:
    assert evaluate(parse_expression(source)) == expected


def test_positions_are_those_of_the_file() -> None:
    source = SourceFile("a.tf", '# note\nresource "aws_vpc" "main" {\n  cidr_block = "10.0.0.0/16"\n  tags = {\n    é = "ü"\n  }\n}\n')
    (block,) = read(source).blocks
    assert (block.line, block.end_line, block.labels) == (2, 7, ("aws_vpc", "main"))
    tags = block.attributes["tags"]
    assert (tags.line, tags.end_line) == (4, 6)
    assert source.slice(tags.start, tags.end).startswith("tags = {") and source.slice(tags.start, tags.end).endswith("}")
    assert [c.text for c in read(source).comments] == ["# note"]


def test_the_comment_of_the_next_block_is_no_part_of_a_broken_one() -> None:
    source = SourceFile(
        "a.tf", 'resource "aws_vpc" "a" {\n  cidr_block = = "x"\n  # of a\n}\n\n# of b\n// and more\nresource "aws_vpc" "b" {}\n'
    )
    assert [(b.line, b.end_line, b.complete) for b in read(source).blocks] == [(1, 4, False), (8, 8, True)]


@pytest.mark.parametrize(
    "broken",
    ['resource "aws_s3_bucket" "b" {\n  bucket = "x\n}\n', 'resource "aws_s3_bucket" "b" {\n  bucket = \n',
     'resource "aws_s3_bucket" "b" {\n  tags = {\n',
     "This is prose, not code.\n", "variable \"x\" {{\n", "}\n}\n"],
)  # fmt: skip
def test_a_broken_block_never_hides_its_neighbours(broken: str) -> None:
    before = 'variable "a" {\n  type = string\n}\n'
    after = 'output "z" {\n  value = var.a\n}\n'
    found = read(SourceFile("a.tf", before + broken + after))
    assert found.diagnostics
    whole = [(b.type, b.labels) for b in found.blocks if b.complete]
    assert ("variable", ("a",)) in whole and ("output", ("z",)) in whole


def test_what_stands_in_a_broken_block_is_kept() -> None:
    found = read(SourceFile("a.tf", 'resource "aws_s3_bucket" "b" {\n  bucket = "name"\n  acl = \n  force_destroy = true\n}\n'))
    (block,) = found.blocks
    assert not block.complete and block.labels == ("aws_s3_bucket", "b") and "bucket" in block.attributes


def test_deep_nesting_does_not_exhaust_the_stack() -> None:
    found = read(SourceFile("a.tf", "locals {\n  x = " + "[" * 3000 + "]" * 3000 + "\n}\n"))
    assert found.blocks
    for expr in (a.expr for a in found.blocks[0].attributes.values()):
        text_of(canonical(expr))


def test_references_of_a_for_are_not_variables() -> None:
    expr = parse_expression("[for s in aws_subnet.a : s.id if var.on] ")
    assert sorted(text_of(t) for t in hcl.traversals(expr)) == ["aws_subnet.a", "var.on"]


@pytest.mark.parametrize(
    ("written", "native"),
    [
        (r'"${upper(\"a\")}"', 'upper("a")'),
        (r'"x-${lookup(var.m, \"a b\", \"{\")}-\"y\""', '"x-${lookup(var.m, "a b", "{")}-\\"y\\""'),
        (r'"$${\"a\"}"', '"$${\\"a\\"}"'),
        (r'"%{ if var.a == \"b\" }c%{ endif }"', '"%{ if var.a == "b" }c%{ endif }"'),
    ],
)
def test_quotes_within_interpolations_of_json(written: str, native: str) -> None:
    (block,) = hcl.read_json(SourceFile("main.tf.json", f'{{"output": {{"a": {{"value": {written}}}}}}}')).blocks
    assert block.value("value") == hcl.parse_expression(native)


def test_json_syntax_reads_as_the_same_blocks() -> None:
    text = (
        '{\n "resource": {"aws_vpc": {"main": {"cidr_block": "${var.cidr}", "provider": "aws.dr"}}},\n'
        ' "variable": {"cidr": {"default": "10.0.0.0/16"}}}'
    )
    found = hcl.read_json(SourceFile("main.tf.json", text))
    vpc = next(b for b in found.blocks if b.type == "resource")
    assert vpc.labels == ("aws_vpc", "main") and vpc.line == 2
    assert text_of(vpc.attributes["cidr_block"].expr) == "var.cidr"
    assert text_of(vpc.attributes["provider"].expr) == "aws.dr"


# Short texts that HCL rejects or takes, most of which the tolerant reader takes without an error.
_DOUBTFUL = (
    "a = 1 b = 2\n",
    'r "x" {\n a = "x" b = 2\n}\n',
    "r {} r {}\n",
    'r "a" {\n}   r "b" {\n}\n',
    'r "a" { b {} }\n',
    'r "a" { b {}\n }\n',
    'r "a" { b = 1\n }\n',
    "a = [1 2]\n",
    "a = f(1 2)\n",
    "a = {b = 1 c = 2}\n",
    "a = {b = 1, c = 2} d = 2\n",
    "a = [\n 1\n 2\n]\n",
    "a = {\n b = 1 \n c=2}\n",
    "a = f(1,\n)\n",
    "a = f(\n1\n)\n",
    "a = x.y z = 3\n",
    "a = 1\n\nb\n",
    "a =\n 1\n",
    "a\n= 1\n",
    'r "a"\n{\n}\n',
    'a = "x\ny"\n',
    'a = "${x\n}"\n',
    'a = "a ${x}\n b"\n',
    "a = !x\n",
    "a = x...\n",
    "a = x.1.2\n",
    "a = 01\n",
    "a = .5\n",
    '"a" = 1\n',
    "r a.b {}\n",
    "a = b c\n",
    'a = "${x" }\n',
    "a = <<EOT\nfoo\n  EOT\n",
    "a: 1\n",
    'r "${x}" {}\n',
    'r "a" "${x}" {\n}\n',
    "a = [for x in y: x if]\n",
    "a = x ? y\n",
    "a = x ? y : \n",
    'a = { "b": 1; }\n',
    "a = (1\n+ 2)\n",
    "a = 1\n  + 2\n",
    "a = 1\n == 2\n",
    "a = {\n  for k in x : k => 1\n}\n",
    "a = { b = c, }\n",
    "a = { b : c }\n",
    "a = [,]\n",
    "a = f(,)\n",
    "a.b = 1\n",
    "a = b[\n0\n]\n",
    "r { a = 1, b = 2 }\n",
    'a = "\\d"\n',
    "a = 'x'\n",
    "a = @x\n",
    "a = x @ y\n",
    "a = 5 % 2\n",
    "a = 5 ** 2\n",
    "a = x & y\n",
    'r "a" "b" "c" { x = 1 } # c\n',
    "r { a = 1 } b = 2\n",
    "a = A::B\n",
    'a = "${A::B}"\n',
    "a = <<E\n${A::B}\nE\n",
    "a = a::b::c(1)\n",
    'a = "x" /* c */ b = 2\n',
    "r {\n a = 1 }\n",
    "r { a = 1\n}\n",
    "r { \n a = 1 /* x */\n}\n",
    "a = x \n ? 1 : 2\n",
    "a = (x \n ? 1 \n: 2)\n",
    "a = x - \n 1\n",
    "a = x *\n 1\n",
    "a = x >\n 1\n",
    "a = x\n > 1\n",
    "a = x\n .y\n",
    "a = x[0]\n [1]\n",
    'a = "b" "c"\n',
    "a = x.*.y[0]\n",
    "a = -\n1\n",
    "a = !\nx\n",
    "a = f\n(1)\n",
    "r a b c {}\n",
    "r 1 {}\n",
    'r "a" = 1\n',
    "a = [for x in y : x,]\n",
    "a = x?1:2\n",
    "a = 1,\n",
    "a = {a=1}, \n",
    "}\n",
    "a = )\n",
    'a = "$${x}"\n',
    'a = "%{if x}a%{endif}"\n',
    'a = "%{if x}a"\n',
    'a = "%{foo}"\n',
    'a = "\\u12"\n',
    'a = "\\uZZZZ"\n',
    "a = {a = 1\nb = 2}\n",
    "a = {for = 1}\n",
    "a = [for, 1]\n",
    "a = {a = 1, \nb = 2}\n",
    "a = {a = 1 \n, b = 2}\n",
    "a = [1\n, 2]\n",
    "a = [1,\n\n 2]\n",
    "a = f(1\n, 2)\n",
    "a = <<E\nx\n",
    "a = <<E\nx\nE",
    "a = <<-E\nx\n  E\nb = 1\n",
    "a = [<<E\nx\nE\n]\n",
    "a = f(<<E\nx\nE\n)\n",
    "a = <<E x\nx\nE\n",
    "a = 0x1f\n",
    "a = 1e5\n",
    "a = 1.\n",
    "a = é\n",
    'a = "é"\n',
    "é = 1\n",
    "a = x..y\n",
    "a = x.\n",
    'a = x["a\n"]\n',
    "locals { a = 1 }\n",
    "locals {a=1}\n",
    "locals { a = f({ b = 1 }) }\n",
    "locals { a = { b = 1 } }\n",
    "locals { a = [1, 2] }\n",
    "locals {\n}}\n",
)


@pytest.mark.parametrize("text", _DOUBTFUL)
def test_what_hcl_rejects_is_a_diagnostic_although_the_tolerant_reader_takes_it(text: str) -> None:
    file = SourceFile("main.tf", text)
    assert hcl.read(file).diagnostics == diagnose(file)
