"""Mutants of the own samples: things dropped, renamed, misspelled, written twice, given another type or text, or added.

A mutant is its number: the same number always gives the same tree. Some have one mistake, which decides the verdict alone; some have the same
kind of mistake in several places, for one run of Terraform judges them all.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from random import Random

from reviewgen import hcl, sample
from reviewgen.model.hcl import Attribute, Block, Literal, Object, Traversal
from reviewgen.model.source import SourceFile
from tests.paths import SAMPLES

Files = Mapping[str, str]

_MOST = 5  # mistakes in a tree
_TRIES = 20


@dataclass(frozen=True)
class Mutant:
    """A sample's tree after its edits.

    Attributes:
        number: Which mutant it is.
        files: Text by path.
        edit: What was done, and where.
    """

    number: int
    files: Files
    edit: str


@dataclass(frozen=True)
class Edit:
    """Bytes of a file that are replaced."""

    file: str
    start: int
    end: int
    text: str

    def meets(self, other: Edit) -> bool:
        """Whether two edits of a file touch."""
        return self.start <= other.end and other.start <= self.end


@dataclass(frozen=True)
class Sites:
    """What can be edited in a tree.

    Attributes:
        files: Text by path.
        tops: Top-level blocks.
        blocks: All blocks.
        arguments: Arguments with the block around them.
        references: References with their file.
    """

    files: Files
    tops: tuple[Block, ...]
    blocks: tuple[Block, ...]
    arguments: tuple[tuple[Block, Attribute], ...]
    references: tuple[tuple[str, Traversal], ...]

    def bytes(self, file: str) -> bytes:
        """Return the content of a file."""
        return self.files[file].encode()


def mutant(number: int) -> Mutant:
    """Return the mutant of a number."""
    random = Random(number)
    trees = whole_trees()
    name = random.choice(sorted(trees))
    sites = _sites(trees[name])
    operation = random.choice(_OPERATIONS)
    edits: list[Edit] = []
    wanted = random.choice((1, 1, _MOST))
    for _ in range(_TRIES):
        edit = operation(sites, random)
        if edit is not None and not any(edit.file == other.file and edit.meets(other) for other in edits):
            edits.append(edit)
        if len(edits) == wanted:
            break
    done = "; ".join(f"{edit.file}: {sites.bytes(edit.file)[edit.start : edit.end].decode()!r} -> {edit.text!r}" for edit in edits)
    return Mutant(number, _applied(sites.files, edits), f"{name}: {operation.__name__.strip('_')} in {done}")


@lru_cache(maxsize=1)
def whole_trees() -> dict[str, Files]:
    """Return the trees of samples/ that parse and name the provider's version, by name: a snippet's errors would hide what an edit does."""
    found = {}
    for folder in SAMPLES:
        read = sample.load(folder)
        for side, document in (("model", read.model), ("ideal", read.ideal)):
            files = {file.path: file.text for file in document.files}
            whole = not any(hcl.read(file).diagnostics for file in document.files if file.path.endswith(".tf"))
            if whole and any("required_providers" in text for text in files.values()):
                found[f"{folder.name}/{side}"] = files
    return found


def _sites(files: Files) -> Sites:
    tops = tuple(b for path, text in files.items() if path.endswith(".tf") for b in hcl.read(SourceFile(path, text)).blocks)
    blocks = tuple(inner for top in tops for inner in top.walk())
    arguments = tuple((block, attribute) for block in blocks for attribute in block.attributes.values())
    references = tuple((block.file, found) for block, attribute in arguments for found in hcl.traversals(attribute.expr))
    return Sites(files, tops, blocks, arguments, references)


def _applied(files: Files, edits: list[Edit]) -> Files:
    data = {path: text.encode() for path, text in files.items()}
    for edit in sorted(edits, key=lambda edit: -edit.start):
        whole = data[edit.file]
        data[edit.file] = whole[: edit.start] + edit.text.encode() + whole[edit.end :]
    return {path: content.decode() for path, content in data.items()}


def _drop_argument(sites: Sites, random: Random) -> Edit:
    block, attribute = random.choice(sites.arguments)
    return Edit(block.file, attribute.start, attribute.end, "")


def _drop_block(sites: Sites, random: Random) -> Edit:
    block = random.choice(sites.blocks)
    return Edit(block.file, block.start, block.end, "")


def _drop_label(sites: Sites, random: Random) -> Edit | None:
    block = random.choice(sites.tops)
    return _header(block, block.labels[:-1]) if block.labels else None


def _add_label(sites: Sites, random: Random) -> Edit:
    block = random.choice(sites.blocks)
    return _header(block, (*block.labels, "extra"))


def _rename_block(sites: Sites, random: Random) -> Edit | None:
    block = random.choice(sites.tops)
    return _header(block, (*block.labels[:-1], random.choice(("other", "9th", "with space")))) if block.labels else None


def _rename_argument(sites: Sites, random: Random) -> Edit:
    block, attribute = random.choice(sites.arguments)
    name = random.choice(sites.arguments)[1].name
    return Edit(block.file, attribute.start, attribute.start + len(attribute.name.encode()), name)


def _rename_reference(sites: Sites, random: Random) -> Edit:
    file, reference = random.choice(sites.references)
    parts = sites.bytes(file)[reference.start : reference.end].decode().split(".")
    other = random.choice(("name", "nothing", "arn", "count"))
    parts[random.randrange(len(parts))] = other
    return Edit(file, reference.start, reference.end, ".".join(parts))


def _cut_reference(sites: Sites, random: Random) -> Edit:
    file, reference = random.choice(sites.references)
    text = sites.bytes(file)[reference.start : reference.end].decode()
    return Edit(
        file,
        reference.start,
        reference.end,
        random.choice((text.rpartition(".")[0] or text, f"{text}.more", f"{text}[0]", f"{text}[*].id")),
    )


def _misspell_argument(sites: Sites, random: Random) -> Edit:
    block, attribute = random.choice(sites.arguments)
    return Edit(block.file, attribute.start, attribute.start + len(attribute.name.encode()), _misspelled(attribute.name, random))


def _misspell_block(sites: Sites, random: Random) -> Edit:
    block = random.choice(sites.blocks)
    return Edit(block.file, block.start, block.start + len(block.type), _misspelled(block.type, random))


def _misspell_type(sites: Sites, random: Random) -> Edit | None:
    block = random.choice(sites.tops)
    return _header(block, (_misspelled(block.labels[0], random), *block.labels[1:])) if len(block.labels) > 1 else None


def _misspell_reference(sites: Sites, random: Random) -> Edit:
    file, reference = random.choice(sites.references)
    parts = sites.bytes(file)[reference.start : reference.end].decode().split(".")
    at = random.randrange(len(parts))
    parts[at] = _misspelled(parts[at], random)
    return Edit(file, reference.start, reference.end, ".".join(parts))


def _misspell_value(sites: Sites, random: Random) -> Edit | None:
    block, attribute = random.choice(sites.arguments)
    expr = attribute.expr
    if not isinstance(expr, Literal) or not isinstance(expr.value, str) or len(expr.value) < 2:
        return None
    return Edit(block.file, expr.start, expr.end, f'"{_misspelled(expr.value, random)}"') if expr.value.isalnum() else None


def _duplicate_argument(sites: Sites, random: Random) -> Edit:
    block, attribute = random.choice(sites.arguments)
    written = sites.bytes(block.file)[attribute.start : attribute.end].decode()
    return Edit(block.file, attribute.start, attribute.start, f"{written}\n  ")


def _duplicate_block(sites: Sites, random: Random) -> Edit:
    block = random.choice(sites.blocks)
    return Edit(block.file, block.end, block.end, "\n" + sites.bytes(block.file)[block.start : block.end].decode())


_VALUES = ("true", "42", '"text"', '""', "null", "[]", "[1]", '["a", "b"]', "{}", '{ a = "b" }', "-1", '"${1 + 1}"', "[[]]")


def _retype_argument(sites: Sites, random: Random) -> Edit:
    block, attribute = random.choice(sites.arguments)
    return Edit(block.file, attribute.start, attribute.end, f"{attribute.name} = {random.choice(_VALUES)}")


_TEXTS = ('"x y"', '"sg-x"', '""', '"-x"', f'"{"a" * 300}"', '"10.0.0.0/33"', '"arn:aws:iam::1:role/x"')
_NUMBERS = ("-1", "0", "7", "99999", "1.5")


def _other_value(sites: Sites, random: Random) -> Edit | None:
    """Put another text or number in the place of a literal one: what the provider checks of values."""
    block, attribute = random.choice(sites.arguments)
    value = attribute.expr.value if isinstance(attribute.expr, Literal) else None
    if isinstance(value, bool | None):
        return None
    return Edit(block.file, attribute.expr.start, attribute.expr.end, random.choice(_TEXTS if isinstance(value, str) else _NUMBERS))


def _retype_reference(sites: Sites, random: Random) -> Edit:
    file, reference = random.choice(sites.references)
    elsewhere, other = random.choice(sites.references)
    return Edit(file, reference.start, reference.end, sites.bytes(elsewhere)[other.start : other.end].decode())


def _block_as_argument(sites: Sites, random: Random) -> Edit | None:
    block = random.choice(sites.blocks)
    return Edit(block.file, block.header_end, block.header_end, " =") if not block.labels else None


def _argument_as_block(sites: Sites, random: Random) -> Edit | None:
    block, attribute = random.choice(sites.arguments)
    if not isinstance(attribute.expr, Object):
        return None
    return Edit(block.file, attribute.start + len(attribute.name.encode()), attribute.expr.start, " ")


_IN_RESOURCES = (
    'depends_on = "x"',
    "depends_on = [aws_vpc.nothing]",
    "count = 1\n  for_each = {}",
    'count = "two"',
    'for_each = ["a"]',
    "provider = aws.nothing",
    'provider = "aws"',
    "lifecycle {\n    prevent_destroy = var.x\n  }",
    'lifecycle {\n    ignore_changes = ["tags"]\n  }',
    "lifecycle {\n    ignore_changes = [nothing]\n  }",
    "lifecycle {\n    create_after_destroy = true\n  }",
    "lifecyle {}",
    'timeouts {\n    create = "10m"\n    other = "1m"\n  }',
    'provisioner "local-exec" {}',
    "nothing = each.key",
    "nothing = 1",
    'id = "x"',
)
_AT_THE_END = (
    'provider "aws" {\n  alias = "zz"\n}',
    'provider "aws" {}',
    'provider "aws" {\n  alias = "zz"\n  regio = "x"\n}',
    'terraform {\n  required_version = "x"\n}',
    'terraform {\n  backend "local" {\n    path = var.x\n  }\n}',
    'terraform {\n  backend "nothing" {}\n}',
    'variable "zz" {\n  type = strin\n}',
    'variable "zz" {\n  type = number\n  default = "x"\n}',
    'variable "zz" {\n  type = list(string)\n  default = "x"\n}',
    'variable "zz" {\n  default = var.y\n}',
    'variable "zz" {\n  validation {\n    condition = true\n    error_message = "x"\n  }\n}',
    'output "zz" {}',
    'output "zz" {\n  value = 1\n  sensitive = "x"\n}',
    'output "zz" {\n  value = upper()\n}',
    'output "zz" {\n  value = cidrsubnet("10.0.0.0/8", 40, 1)\n}',
    'output "zz" {\n  value = file("nothing.txt")\n}',
    'output "zz" {\n  value = nothing("x")\n}',
    'output "zz" {\n  value = tonumber("x")\n}',
    'output "zz" {\n  value = element([], 0)\n}',
    'output "zz" {\n  value = [1, 2][5]\n}',
    'output "zz" {\n  value = { a = 1 }.b\n}',
    'output "zz" {\n  value = 1 / 0\n}',
    'output "zz" {\n  value = path.nothing\n}',
    "locals {\n  zz = local.nothing\n}",
    "locals {\n  zz = local.yy\n  yy = local.zz\n}",
    "moved {\n  from = aws_vpc.a\n}",
    "moved {\n  from = aws_vpc.a\n  to   = aws_subnet.a\n}",
    'check "x" {}',
    'import {\n  to = aws_vpc.nothing\n  id = "x"\n}',
    "removed {\n  from = aws_vpc.gone\n}",
    'module "zz" {\n  source = "./nothing"\n}',
    'module "zz" {}',
    'data "aws_caller_identity" "zz" {\n  account_id = "1"\n}',
    'data "aws_nothing" "zz" {}',
    'resource "aws_instance" "zz" {}',
    'resource "aws_security_group_rule" "zz" {\n  type = "in"\n}',
    "resourc {}",
    "x = 1",
)


def _add_to_resource(sites: Sites, random: Random) -> Edit:
    block = random.choice([top for top in sites.tops if top.type in ("resource", "data")])
    return Edit(block.file, block.end - 1, block.end - 1, f"  {random.choice(_IN_RESOURCES)}\n")


def _add_at_the_end(sites: Sites, random: Random) -> Edit:
    file = random.choice(sites.tops).file
    end = len(sites.bytes(file))
    return Edit(file, end, end, f"\n{random.choice(_AT_THE_END)}\n")


def _misspelled(word: str, random: Random) -> str:
    """Return a word with a letter dropped, doubled or exchanged with the next."""
    at = random.randrange(len(word))
    kinds = (word[:at] + word[at + 1 :], word[:at] + word[at] + word[at:], word[:at] + word[at + 1 : at + 2] + word[at] + word[at + 2 :])
    return random.choice([kind for kind in kinds if kind != word and kind] or [f"{word}x"])


def _header(block: Block, labels: tuple[str, ...]) -> Edit:
    return Edit(block.file, block.start, block.header_end, " ".join((block.type, *(f'"{label}"' for label in labels))))


_OPERATIONS: tuple[Callable[[Sites, Random], Edit | None], ...] = (
    _drop_argument,
    _drop_block,
    _drop_label,
    _add_label,
    _rename_block,
    _rename_argument,
    _rename_reference,
    _cut_reference,
    _misspell_argument,
    _misspell_block,
    _misspell_type,
    _misspell_reference,
    _misspell_value,
    _duplicate_argument,
    _duplicate_block,
    _retype_argument,
    _other_value,
    _other_value,
    _retype_reference,
    _block_as_argument,
    _argument_as_block,
    _add_to_resource,
    _add_to_resource,
    _add_at_the_end,
    _add_at_the_end,
)
