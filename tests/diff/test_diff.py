"""The laws of the difference, and what it says of particular changes."""

from __future__ import annotations

import random
import re
import time
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reviewgen import sample
from reviewgen.diff import compare, overlay
from reviewgen.model.diff import Diff
from reviewgen.model.source import Document, SourceFile
from reviewgen.sample import read_markdown
from reviewgen.terraform import Graph, build
from tests.build import graph, tree
from tests.paths import SAMPLES

TREES = {folder.name: sample.load(folder) for folder in SAMPLES}
RANDOM = settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])


def whole(name: str) -> Document:
    return TREES[name].ideal


def graph_of(document: Document) -> Graph:
    return Graph(build(document, "model"))


def diff(one: str, other: str) -> Diff:
    return compare(graph(one), graph(other))


@pytest.mark.parametrize("name", sorted(TREES))
def test_a_tree_does_not_differ_from_itself(name: str) -> None:
    found = compare(graph_of(whole(name)), graph_of(whole(name)))
    assert found.empty and not found.moved and not found.notes


@pytest.mark.parametrize("name", sorted(TREES))
def test_swapping_the_sides_swaps_added_and_removed(name: str) -> None:
    model, ideal = graph_of(TREES[name].model), graph_of(whole(name))
    there, back = compare(model, ideal), compare(ideal, model)
    assert (there.added, there.removed) == (back.removed, back.added)
    assert {(r.before, r.after) for r in there.renamed} == {(r.after, r.before) for r in back.renamed}
    assert {c.address for c in there.changed} == {c.model_address for c in back.changed}


def shuffled(document: Document, seed: int) -> Document:
    """The same declarations in another order, other files, other spacing and with comments."""
    rng = random.Random(seed)
    blocks = [
        (f, b) for f in document.files if f.path.endswith(".tf") for b in graph_of(replace(document, files=(f,))).tree.modules[""].blocks
    ]
    rng.shuffle(blocks)
    texts: dict[str, list[str]] = {}
    for file, block in blocks:
        body = file.slice(block.start, block.end)
        texts.setdefault(f"part{rng.randrange(3)}.tf", []).append(f"# note {rng.randrange(9)}\n{reordered(body, rng)}\n\n")
    return replace(document, files=tuple(SourceFile(path, "".join(parts)) for path, parts in sorted(texts.items())))


def reordered(body: str, rng: random.Random) -> str:
    """Shuffle the single-line arguments that stand next to each other, and respace them."""
    lines = body.split("\n")
    if "<<" in body:
        return body
    out: list[str] = []
    group: list[str] = []
    for line in [*lines, ""]:
        if re.fullmatch(r'\s+\w+\s*=\s*(?:"[^"]*"|[\w.]+),?', line) and not line.rstrip().endswith(","):
            group.append(re.sub(r"\s*=\s*", " =   ", line, count=1))
        else:
            rng.shuffle(group)
            out += [*group, line]
            group = []
    return "\n".join(out[:-1])


@RANDOM
@given(seed=st.integers(0, 10_000), name=st.sampled_from(["payment-dr", "data-protection", "identical"]))
def test_order_files_and_format_do_not_count(seed: int, name: str) -> None:
    found = compare(graph_of(whole(name)), graph_of(shuffled(whole(name), seed)))
    assert found.empty, found


@pytest.mark.parametrize(("type_", "same"), [("local", 1), ("s3", 0)])
def test_a_backend_of_another_type_is_not_the_same(type_: str, same: int) -> None:
    before, after = (graph(f'terraform {{\n  backend "{name}" {{}}\n}}\n') for name in ("local", type_))
    assert compare(before, after).unchanged == same


def test_a_backend_that_a_snippet_shows_as_one_of_two_ways_is_its_own() -> None:
    before = graph('terraform {\n  backend "s3" {\n    bucket = "a"\n  }\n}\n')
    shown = tree('terraform {\n  # the local backend\n}\nterraform {\n  backend "s3" {\n    bucket = "b"\n  }\n}\n')
    found = compare(before, Graph(overlay(before.tree, shown)))
    assert not found.removed and [c.address for c in found.changed] == ["terraform.backend"]


def test_a_block_of_which_a_snippet_shows_a_part_keeps_the_rest() -> None:
    arguments = [f"  a{n} = {n}\n" for n in range(10)]
    before = graph(f'resource "aws_sqs_queue" "q" {{\n{"".join(arguments)}}}\n')
    shown = tree(f'resource "aws_sqs_queue" "q" {{\n{"".join(arguments[:6])}}}\n')
    assert not compare(before, Graph(overlay(before.tree, shown))).changed


@RANDOM
@given(data=st.data(), name=st.sampled_from(["payment-dr", "data-protection"]))
def test_a_renamed_resource_is_one_rename_and_its_referrers_are_unchanged(data: st.DataObject, name: str) -> None:
    document = whole(name)
    resources = sorted(a for a, d in graph_of(document).tree.declarations.items() if d.kind == "resource")
    address = data.draw(st.sampled_from(resources))
    type_, old = address.split(".")
    new = f"{old}_again"

    def renamed(text: str) -> str:
        text = re.sub(rf'(resource\s+"{type_}"\s+)"{old}"', rf'\1"{new}"', text)
        return re.sub(rf"(?<![\w.]){type_}\.{old}(?![\w-])", f"{type_}.{new}", text)

    other = replace(document, files=tuple(replace(f, text=renamed(f.text)) for f in document.files))
    found = compare(graph_of(document), graph_of(other))
    assert [(r.before, r.after) for r in found.renamed] == [(address, f"{type_}.{new}")]
    assert not found.added and not found.removed and not found.changed
    assert all(r.evidence for r in found.renamed)


SAME = {
    "interpolation": ('a = "${var.x}"', "a = var.x"),
    "number as text": ("a = 80", 'a = "80"'),
    "set order": ('security_groups = ["a", "b"]', 'security_groups = ["b", "a"]'),
    "json": (
        'policy = <<EOF\n{"Action": ["a", "b"], "Effect": "Allow"}\nEOF',
        'policy = jsonencode({ Effect = "Allow", Action = ["b", "a"] })',
    ),
    "single action": ('policy = jsonencode({ Action = "a" })', 'policy = jsonencode({ Action = ["a"] })'),
    "key order": ("tags = {\n a = 1\n b = 2\n}", 'tags = { b = 2, "a" = 1 }'),
    "heredoc and quoted text": ("a = <<-EOT\n  x\n  EOT", 'a = "x\\n"'),
    "comments": ("a = 1", "# why\na = 1 // because\n/* and so on */"),
    "index key": ('a = var.m["k"]', "a = var.m.k"),
    "block order": (
        "ingress {\n from_port = 1\n}\ningress {\n from_port = 2\n}",
        "ingress {\n from_port = 2\n}\ningress {\n from_port = 1\n}",
    ),
}


@pytest.mark.parametrize("case", SAME)
def test_writings_of_one_meaning_are_no_difference(case: str) -> None:
    before, after = SAME[case]
    found = diff(f'resource "aws_x" "a" {{\n{before}\n}}\n', f'resource "aws_x" "a" {{\n{after}\n}}\n')
    assert found.empty, found


CHANGED = {
    "a value": ("a = 1", "a = 2", [("a", "1", "2")]),
    "an argument more": ("a = 1", "a = 1\nb = 2", [("b", None, "2")]),
    "order of a list": ('command = ["a", "b"]', 'command = ["b", "a"]', [("command", '["a", "b"]', '["b", "a"]')]),
    "inside a block": ("rule {\n id = 1\n n = 1\n}", "rule {\n id = 1\n n = 2\n}", [("rule.n", "1", "2")]),
    "one of two blocks": (
        "rule {\n id = 1\n n = 1\n}\nrule {\n id = 2\n n = 1\n}",
        "rule {\n id = 2\n n = 5\n}\nrule {\n id = 1\n n = 1\n}",
        [("rule[0].n", "1", "5")],
    ),
    "a dynamic block": (
        "rule {\n id = 1\n}",
        'dynamic "rule" {\n for_each = var.r\n content {\n  id = rule.value\n }\n}',
        [("rule", "rule {\n id = 1\n}", 'dynamic "rule" {\n for_each = var.r\n content {\n  id = rule.value\n }\n}')],
    ),
    "an argument that becomes a block": (
        "rule = {\n id = 1\n}",
        "rule {\n id = 1\n}",
        [("rule", "{\n id = 1\n}", "rule {\n id = 1\n}")],
    ),
    "count": ("a = 1", "count = 2\na = 1", [("count", None, "2")]),
    "type inside JSON": (
        'p = jsonencode({ a = "1" })',
        "p = jsonencode({ a = 1 })",
        [("p", 'jsonencode({ a = "1" })', "jsonencode({ a = 1 })")],
    ),
}


@pytest.mark.parametrize("case", CHANGED)
def test_changes_have_a_path_and_both_values(case: str) -> None:
    before, after, expected = CHANGED[case]
    found = diff(f'resource "aws_x" "a" {{\n{before}\n}}\n', f'resource "aws_x" "a" {{\n{after}\n}}\n')
    assert [(a.path, a.before, a.after) for c in found.changed for a in c.attributes] == expected


def test_two_variables_of_one_type_are_not_a_rename() -> None:
    found = diff('variable "port" {\n type = number\n}\n', 'variable "retention" {\n type = number\n}\n')
    assert found.added == ("var.retention",) and found.removed == ("var.port",) and not found.renamed


def test_an_argument_that_differs_is_counted_once() -> None:
    body = 'resource "aws_sqs_queue" "{}" {{\n  name = "jobs"\n  delay_seconds = 7\n  max_message_size = {}\n}}\n'
    (found,) = diff(body.format("jobs", 2048), body.format("job_queue", 4096)).renamed
    assert "the same type, 2 of 3 arguments and nested blocks alike" in found.evidence


def test_a_block_in_another_file_is_moved() -> None:
    body = 'resource "aws_sns_topic" "a" {}\n'
    found = compare(graph(body), graph(alarms_tf=body))
    assert found.empty and [(m.address, m.before, m.after) for m in found.moved] == [("aws_sns_topic.a", "main.tf", "alarms.tf")]


def test_what_stays_in_one_of_the_files_that_declared_it_is_not_moved() -> None:
    body = 'variable "port" {\n  default = 8080\n}\n'
    twice = graph(stack_tf=body, variables_tf=body)
    assert not compare(twice, graph(variables_tf=body)).moved
    assert [m.after for m in compare(twice, graph(inputs_tf=body)).moved] == ["inputs.tf"]


def test_code_without_a_name_is_moved_nowhere() -> None:
    body = 'resource "aws_sns_topic" "a" {}\n'
    unnamed = graph_of(read_markdown(f"```hcl\n{body}```\n", "ANSWER.md"))
    assert not compare(unnamed, graph(alarms_tf=body)).moved and not compare(graph(alarms_tf=body), unnamed).moved


def test_a_folder_around_the_whole_tree_moves_nothing() -> None:
    body = 'resource "aws_sns_topic" "a" {}\n'
    assert not compare(graph(alarms_tf=body), graph(lib__alarms_tf=body)).moved


def test_a_resource_that_moves_into_a_module_keeps_its_identity() -> None:
    body = 'resource "aws_sqs_queue" "jobs" {\n  name = "jobs"\n  delay_seconds = 7\n  receive_wait_time_seconds = 9\n}\n'
    found = compare(graph(body), graph('module "queue" {\n  source = "./modules/queue"\n}\n', modules__queue__main_tf=body))
    assert [(r.before, r.after) for r in found.renamed] == [("aws_sqs_queue.jobs", "module.queue.aws_sqs_queue.jobs")]
    assert found.added == ("module.queue",) and found.removed == ()


def test_a_module_whose_call_has_another_name_keeps_all_that_it_declares() -> None:
    call = 'module "%s" {\n  source = "./modules/queue"\n}\n'
    old = 'resource "aws_sqs_queue" "jobs" {\n  name = "jobs"\n  delay_seconds = 7\n}\noutput "id" {\n  value = aws_sqs_queue.jobs.id\n}\n'
    new = 'resource "aws_sqs_queue" "jobs" {\n  name_prefix = "j"\n}\noutput "id" {\n  value = aws_sqs_queue.jobs.arn\n}\n'
    found = compare(graph(call % "queue", modules__queue__main_tf=old), graph(call % "queue_eu", modules__queue__main_tf=new))
    queue, output = "module.queue_eu.aws_sqs_queue.jobs", "module.queue_eu.output.id"
    assert [(r.after, r.evidence[0]) for r in found.renamed if r.after.count(".") > 1] == [
        (address, "the same name in the module `modules/queue`") for address in (queue, output)
    ]
    assert not [a for a in (*found.added, *found.removed) if a.count(".") > 1]


def test_what_lives_on_in_a_module_that_nothing_calls_is_gone() -> None:
    body = 'resource "aws_sqs_queue" "jobs" {\n  name = "jobs"\n  delay_seconds = 7\n  receive_wait_time_seconds = 9\n}\n'
    files = {"modules__queue__main_tf": body, "modules__topic__main_tf": 'resource "aws_sns_topic" "t" {}\n'}
    found = compare(graph(body), graph('module "topic" {\n  source = "./modules/topic"\n}\n', **files))
    assert not found.renamed and found.removed == ("aws_sqs_queue.jobs",)
    # Where no module is called at all, the calls may stand in what is not shown.
    assert compare(graph(body), graph('output "o" {\n  value = 1\n}\n', **files)).renamed


def test_the_recorder_of_aws_config_is_one_by_its_name() -> None:
    recorder = 'resource "aws_config_configuration_recorder" "%s" {\n  name = "all"\n  %s\n}\n'
    (found,) = diff(recorder % ("main", "role_arn = var.r"), recorder % ("this", "depends_on = [aws_s3_bucket.b]")).renamed
    assert found.after == "aws_config_configuration_recorder.this"


def test_a_snippet_removes_nothing() -> None:
    whole_tree = graph('resource "aws_sns_topic" "a" {\n  name = "a"\n  tags = {}\n}\nresource "aws_sns_topic" "b" {}\n')
    snippet = graph('resource "aws_sns_topic" "a" {\n  name = "c"\n}\n')
    found = compare(whole_tree, Graph(overlay(whole_tree.tree, snippet.tree)))
    assert [(a.path, a.after) for c in found.changed for a in c.attributes] == [("name", '"c"')]
    assert not found.removed and not found.added


def test_a_snippet_goes_over_one_directory_only() -> None:
    topic, named = 'resource "aws_sns_topic" "a" {}\n', 'resource "aws_sns_topic" "a" {\n  name = "c"\n}\n'
    apart = tree('variable "x" {}\n', lib__main_tf=topic)
    assert not compare(Graph(apart), Graph(overlay(apart, tree(named)))).added
    called = tree('module "m" {\n  source = "./m"\n}\n', m__main_tf=topic)
    found = compare(Graph(called), Graph(overlay(called, tree(m__main_tf=named))))
    assert [c.address for c in found.changed] == ["module.m.aws_sns_topic.a"] and not found.added


def test_a_snippet_of_modules_only_goes_over_the_modules_that_lie_elsewhere() -> None:
    topic, named = 'resource "aws_sns_topic" "a" {}\n', 'resource "aws_sns_topic" "a" {\n  name = "c"\n}\n'
    calls = 'module "one" {\n  source = "./modules/one"\n}\nmodule "two" {\n  source = "./modules/two"\n}\n'
    called = tree(calls, modules__one__main_tf=topic, modules__two__main_tf=topic)
    shown = tree(lib__modules__one__main_tf=named, lib__modules__two__main_tf=named)
    found = compare(Graph(called), Graph(overlay(called, shown)))
    assert [c.address for c in found.changed] == ["module.one.aws_sns_topic.a", "module.two.aws_sns_topic.a"] and not found.added


@pytest.mark.parametrize(
    ("note", "gone"), [("# the backend comes from a file", True), ("# ... backend as before, rest unchanged", False), ("", False)]
)
def test_a_backend_that_a_snippet_puts_elsewhere_is_gone(note: str, gone: bool) -> None:
    before = graph('terraform {\n  required_version = ">= 1.5"\n  backend "s3" {\n    bucket = var.b\n  }\n}\nvariable "b" {}\n')
    shown = tree(f'terraform {{\n  required_version = ">= 1.5"\n  {note}\n}}\n')
    assert compare(before, Graph(overlay(before.tree, shown))).removed == (("terraform.backend",) if gone else ())


@pytest.mark.parametrize(
    ("note", "changed"),
    [
        ("# terraform init -backend-config=bucket=...", True),
        ("# the bucket as before", False),
    ],
)
def test_a_backend_of_a_snippet_is_whole_where_the_command_line_gives_the_rest(note: str, changed: bool) -> None:
    before = graph('terraform {\n  backend "s3" {\n    bucket  = "b"\n    encrypt = true\n  }\n}\n')
    shown = tree(f'{note}\nterraform {{\n  backend "s3" {{\n    encrypt = true\n  }}\n}}\n')
    assert bool(compare(before, Graph(overlay(before.tree, shown))).changed) is changed


TOPIC = 'resource "aws_sns_topic" "a" {\n  name = "a"\n}\noutput "a" {\n  value = aws_sns_topic.a.arn\n}\n'
OFF = "# off for now\n" + "".join(f"# {line}\n" for line in TOPIC.splitlines())


@pytest.mark.parametrize(
    ("shown", "gone"),
    [
        (OFF, ("aws_sns_topic.a", "output.a")),
        (OFF.replace("# ", "//"), ("aws_sns_topic.a", "output.a")),
        (OFF + TOPIC, ()),  # an older version above the block itself
        ('# resource "aws_sns_topic" "a" {\n#   ... unchanged\n# }\n', ()),
        ('# resource "aws_sns_topic" "a" { ... }\n', ()),
        ('# resource "aws_sns_topic" "a" {\n#   name = "a"\n\n# }\n', ()),
    ],
)
def test_what_a_snippet_shows_as_comments_only_is_gone(shown: str, gone: tuple[str, ...]) -> None:
    before = graph(TOPIC)
    assert compare(before, Graph(overlay(before.tree, tree(shown + 'resource "aws_sqs_queue" "q" {}\n')))).removed == gone


FLOW_LOG = """
resource "aws_flow_log" "a" {
  log_destination      = "arn:aws:s3:::b"
  log_destination_type = "s3"
  traffic_type         = "ALL"
%s}
"""


def test_what_a_whole_block_of_a_snippet_no_longer_sets_is_gone() -> None:
    before = graph(FLOW_LOG % '  iam_role_arn = "r"\n')
    for note, gone in (("", ["iam_role_arn"]), ("  # ... other arguments\n", [])):
        found = compare(before, Graph(overlay(before.tree, graph(FLOW_LOG % note).tree)))
        assert [a.path for c in found.changed for a in c.attributes] == gone


CALL = """
module "net" {
  source     = "./net"
  region     = "us-east-1"
  cidr_block = "10.0.0.0/16"
%s}
"""


def test_what_a_whole_call_of_a_snippet_no_longer_gives_is_gone() -> None:
    before = graph(CALL % '  destination = "d"\n')
    for note, gone in (("", ["destination"]), ("  # ... other inputs\n", [])):
        found = compare(before, Graph(overlay(before.tree, graph(CALL % note).tree)))
        assert [a.path for c in found.changed for a in c.attributes] == gone


@RANDOM
@given(data=st.data(), name=st.sampled_from(["payment-dr", "data-protection"]))
def test_a_broken_block_hides_no_difference_of_its_neighbours(data: st.DataObject, name: str) -> None:
    """Whatever stands in one block, all others are found, and found unchanged."""
    document = whole(name)
    file = data.draw(st.sampled_from([f for f in document.files if f.path.endswith(".tf")]))
    block = data.draw(st.sampled_from(graph_of(replace(document, files=(file,))).tree.modules[""].blocks))
    line = data.draw(st.sampled_from(["  x = ", "  x = [1, 2", '  x = "open', "  y {", "  )", "  = 1", "  x = 1 2", "  ```"]))
    end = block.end - 1
    spoiled = file.data[:end].decode() + f"\n{line}\n" + file.data[end:].decode()
    other = replace(document, files=tuple(replace(f, text=spoiled) if f is file else f for f in document.files))
    before, after = graph_of(document), graph_of(other)
    own = {a for a, d in before.tree.declarations.items() if d.block.file == file.path and block.start <= d.block.start < block.end}
    found = compare(before, after)
    assert after.tree.diagnostics
    new = {"local.x"} if block.type == "locals" else set()  # there every argument is a declaration
    assert set(found.removed) <= own and set(found.added) <= new
    assert {c.address for c in found.changed} <= own


def test_a_word_without_end_is_compared_in_bounded_time() -> None:
    text = 'resource "aws_sqs_queue" "NAME" {\n  name = "' + "a_" * 40_000 + '"\n}\n'
    start = time.process_time()
    found = compare(graph(text.replace("NAME", "one")), graph(text.replace("NAME", "two")))
    assert [(r.before, r.after) for r in found.renamed] == [("aws_sqs_queue.one", "aws_sqs_queue.two")]
    assert time.process_time() - start < 3


QUEUE = 'resource "aws_sqs_queue" "{label}" {{\n  name = {name}\n  {more}\n}}\n'


@pytest.mark.parametrize(("name", "renamed"), [('"orders-${var.stage}"', True), ("var.name", False), ('"${var.stage}-1"', False)])
def test_what_has_one_name_in_aws_is_one_thing(name: str, renamed: bool) -> None:
    old = QUEUE.format(label="first", name=name, more="delay_seconds = 5\n  fifo_queue = true\n  receive_wait_time_seconds = 3")
    new = QUEUE.format(label="orders", name=name, more='kms_master_key_id = "alias/q"\n  max_message_size = 1024\n  policy = "{}"')
    assert [(r.before, r.after) for r in diff(old, new).renamed] == [("aws_sqs_queue.first", "aws_sqs_queue.orders")] * renamed


@pytest.mark.parametrize(("service", "renamed"), [("logs", True), ("sqs", False)])
def test_the_endpoint_of_a_network_for_a_service_is_one_thing(service: str, renamed: bool) -> None:
    endpoint = """
variable "region" {{}}
resource "aws_vpc_endpoint" "{}" {{
  vpc_id             = aws_vpc.{}.id
  service_name       = "com.amazonaws.${{var.region}}.{}"
  vpc_endpoint_type  = "Interface"
  security_group_ids = [{}]
  {}
}}
"""
    old = endpoint.format("records", "main", "logs", "aws_security_group.workers.id", 'ip_address_type = "ipv4"\n  auto_accept = true')
    new = endpoint.format("watching", "shop", service, '"sg-0123456789abcdef0"', "private_dns_enabled = true")
    network = 'resource "aws_vpc" "{}" {{\n  cidr_block = "{}"\n  {}\n}}\n'
    ours, theirs = network.format("main", "10.0.0.0/16", ""), network.format("shop", "10.4.0.0/20", "enable_dns_support = true")
    found = [r for r in diff(old + ours, new + theirs).renamed if "endpoint" in r.after]
    assert [(r.before, r.after, r.evidence[0]) for r in found] == [
        ("aws_vpc_endpoint.records", "aws_vpc_endpoint.watching", "`service_name` written alike but for names in references")
    ] * renamed
    second = network.format("other", "10.8.0.0/16", "")
    assert not any("endpoint" in r.after for r in diff(old + ours + second, new + theirs).renamed), (
        "of several networks nobody knows which one it is"
    )


def test_of_several_things_with_one_name_none_is_known_by_it() -> None:
    old = "".join(QUEUE.format(label=label, name='"jobs"', more="delay_seconds = 5") for label in "ab")
    new = QUEUE.format(label="c", name='"jobs"', more='kms_master_key_id = "alias/q"\n  max_message_size = 1024\n  policy = "{}"')
    assert diff(old, new).renamed == ()


@pytest.mark.parametrize(("owner", "renamed"), [("amazon", True), ("099720109477", False)])
def test_an_image_that_somebody_else_makes_is_another_image(owner: str, renamed: bool) -> None:
    only = 'filter {\n    name   = "virtualization-type"\n    values = ["hvm"]\n  }'
    image = 'data "aws_ami" "%s" {\n  most_recent = true\n  owners      = ["%s"]\n  ' + only + "\n}\n"
    user = 'resource "aws_instance" "i" {\n  ami = data.aws_ami.%s.id\n}\n'
    one, other = image % ("base", "amazon") + user % "base", image % ("chosen", owner) + user % "chosen"
    assert bool(diff(one, other).renamed) is renamed


def test_which_of_two_that_are_alike_was_renamed_only_a_name_can_tell() -> None:
    arguments = "".join(f"  {name} = true\n" for name in ("block_public_acls", "block_public_policy", "ignore_public_acls"))
    block = 'resource "aws_s3_bucket_public_access_block" "%s" {\n  bucket = aws_s3_bucket.%s.id\n' + arguments + "}\n"
    two = block % ("main", "main") + block % ("trail_logs", "trail_logs")
    assert diff(two, block % ("assets", "assets")).renamed == ()
    assert [(r.before, r.after) for r in diff(two, block % ("logs", "logs")).renamed] == [
        ("aws_s3_bucket_public_access_block.trail_logs", "aws_s3_bucket_public_access_block.logs")
    ]
    assert len(diff(block % ("main", "main"), block % ("assets", "assets")).renamed) == 1


def test_of_two_that_are_as_alike_none_is_called_the_renamed_one() -> None:
    listener = (
        'resource "aws_lb_listener" "%s" {\n  load_balancer_arn = var.balancer\n  port = 443\n  protocol = "TLS"\n  ssl_policy = "%s"\n  '
    )
    listener += 'alpn_policy = "None"\n  certificate_arn = var.certificate\n}\n'
    two = listener % ("web_eu", "one") + listener % ("web_us", "two")
    assert diff(listener % ("all", "none"), two).renamed == ()
    # Names tell that one came of the other, and what else came of it is said.
    (found,) = diff(listener % ("web", "none"), two).renamed
    assert (found.after, found.evidence[-1]) == ("aws_lb_listener.web_eu", "`aws_lb_listener.web_us` would do as well")
    # Each of two has its own partner, although the other would do as well.
    both = diff(two, two.replace("web_", "shop_")).renamed
    assert [(r.before.rpartition("_")[2], r.after.rpartition("_")[2], len(r.evidence)) for r in both] == [("eu", "eu", 1), ("us", "us", 1)]


def test_a_place_that_is_one_only_by_a_rename_that_is_not_told_is_no_evidence() -> None:
    group = 'resource "aws_security_group" "%s" {\n  description = "nodes"\n  vpc_id = var.vpc\n  name_prefix = "%s"\n  egress {\n    '
    group += 'from_port = 0\n    to_port = 0\n    protocol = "-1"\n  }\n}\n'
    rule = 'resource "aws_security_group_rule" "%s" {\n  type = "ingress"\n  from_port = 0\n  to_port = 65535\n  protocol = "tcp"\n  '
    rule += 'source_security_group_id = aws_security_group.%s.id\n  security_group_id = aws_security_group.%s.id\n  description = "%s"\n}\n'
    grid = 'resource "aws_emr_cluster" "grid" {\n  workers = aws_security_group.%s.id\n  head = aws_security_group.head.id\n}\n'
    ours = group % ("head", "h") + grid % "leaf" + group % ("leaf", "l") + rule % ("head_leaf_ingress", "leaf", "head", "a")
    ours += rule % ("leaf_head_ingress", "head", "leaf", "b") + rule % ("leaf_leaf_ingress", "leaf", "leaf", "c")
    theirs = group % ("head", "h") + grid % "pool" + group % ("pool", "p") + group % ("service", "s")
    theirs += rule % ("pool_from_head", "head", "pool", "d") + rule % ("head_from_pool", "pool", "head", "e")
    theirs += rule % ("pool_self", "pool", "pool", "f") + rule % ("service_from_head", "pool", "service", "g")
    found = diff(ours, theirs)
    (places,) = (e for r in found.renamed for e in r.evidence if e.startswith("referred to from the same places: "))
    assert "`aws_emr_cluster.grid`" in places
    assert set(re.findall("`(.*?)`", places)).isdisjoint(found.added)


KEPT = """
resource "aws_s3_bucket" "{0}" {{
  bucket = "{1}"
}}
resource "aws_s3_bucket_versioning" "{0}_versioning" {{
  bucket = aws_s3_bucket.{0}.id
  versioning_configuration {{
    status = "Enabled"
  }}
}}
"""


@pytest.mark.parametrize(
    ("before", "after", "renamed"),
    [
        (("terraform_state", "state-of-terraform"), ("uploads", "pictures"), False),
        (("terraform_state", "state-of-terraform"), ("state", "states"), True),
        (("state", "states"), ("S3Bucket", "pictures"), True),
    ],
)
def test_the_settings_of_two_things_are_not_one(before: tuple[str, str], after: tuple[str, str], renamed: bool) -> None:
    found = diff(KEPT.format(*before), KEPT.format(*after))
    assert [r.after for r in found.renamed if "versioning" in r.after] == [f"aws_s3_bucket_versioning.{after[0]}_versioning"] * renamed


@pytest.mark.parametrize(
    ("bucket", "said"),
    [
        ("states", "3 of 3 arguments and nested blocks alike, references to what is renamed among them"),
        ("state-files", "2 of 3 arguments and nested blocks alike"),  # of a bucket with another name nobody knows that it is the same one
    ],
)
def test_a_reference_is_only_counted_as_alike_when_what_it_leads_to_is_told_as_renamed(bucket: str, said: str) -> None:
    found = diff(KEPT.format("state", "states"), KEPT.format("state_files", bucket))
    (evidence,) = [r.evidence for r in found.renamed if "versioning" in r.after]
    assert f"the same type, {said}" in evidence
    assert len([c for c in found.changed if "versioning" in c.address]) == ("2 of 3" in said)


def test_a_reference_to_another_thing_of_both_trees_is_not_counted_as_alike() -> None:
    waiting = 'resource "aws_sns_topic" "one" {{}}\nresource "aws_sns_topic" "two" {{}}\n'
    body = waiting + 'resource "aws_sqs_queue" "{}" {{\n  name = "jobs"\n  delay_seconds = 7\n  depends_on = [aws_sns_topic.{}]\n}}\n'
    (found,) = diff(body.format("jobs", "one"), body.format("job_queue", "two")).renamed
    assert "the same type, 2 of 3 arguments and nested blocks alike" in found.evidence


def test_what_is_said_to_be_alike_in_a_rename_and_what_is_said_to_differ_are_all_of_it() -> None:
    tag = '  tag {{\n    key = "{}"\n    value = "{}"\n  }}\n'
    body = 'resource "aws_autoscaling_group" "{}" {{\n  name = "group"\n  max_size = {}\n{}}}\n'
    ours = body.format("web", 2, tag.format("a", 1) + tag.format("b", 2))
    theirs = body.format("web_group", 3, tag.format("a", 2) + tag.format("b", 1))
    found = diff(ours, theirs)
    assert "the same type, 5 of 8 arguments and nested blocks alike" in found.renamed[0].evidence
    assert len(found.changed[0].attributes) == 3


def test_two_blocks_without_arguments_are_not_called_alike_in_none_of_none() -> None:
    account = 'data "aws_caller_identity" "{}" {{}}\noutput "owner" {{ value = data.aws_caller_identity.{}.account_id }}\n'
    (found,) = diff(account.format("me", "me"), account.format("myself", "myself")).renamed
    assert "the same type, which both declare without an argument" in found.evidence


@pytest.mark.parametrize(
    ("name", "said"), [("shop-alerts", "the same `name`"), ("${local.prefix}-alerts", "`name` written alike but for names in references")]
)
def test_a_name_that_is_made_from_references_is_only_called_written_alike(name: str, said: str) -> None:
    topic = 'locals {{\n  prefix = "{}"\n}}\nresource "aws_sns_topic" "{}" {{\n  name = "{}"\n}}\n'
    (found,) = diff(topic.format("shop", "warnings", name), topic.format("shop-eu", "alarms", name)).renamed
    assert found.evidence[0] == said


def test_two_bodies_that_differ_in_the_names_of_references_only_are_said_to_do_so() -> None:
    buckets = "".join(f'resource "aws_s3_bucket" "{name}" {{{{}}}}\n' for name in ("one", "two", "log_one", "log_two"))
    body = 'resource "aws_s3_bucket_logging" "{}" {{\n  bucket = aws_s3_bucket.{}.id\n  target_bucket = aws_s3_bucket.log_{}.id\n}}\n'
    (found,) = diff((buckets + body).format("logs", "one", "one"), (buckets + body).format("logs_of_all", "two", "two")).renamed
    assert "the same type, with the same arguments but for the names in their references" in found.evidence
