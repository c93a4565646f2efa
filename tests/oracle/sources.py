"""Where schemas come from: Terraform with the provider on this machine, and the prebuilt packages of CDK for Terraform."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from reviewgen.terraform.schema import cdktf
from reviewgen.terraform.schema.build import ProviderSchema, from_terraform
from reviewgen.terraform.schema.types import BlockSchema
from tests.bench import terraform
from tests.bench.measure import Skipped
from tests.paths import ROOT

BUILT_IN = "builtin/terraform"
PACKAGES = ROOT / "build" / "packages"


def asked(source: str, version: str) -> ProviderSchema:
    """Return what Terraform and the running provider say of a version.

    Raises:
        Skipped: Terraform, this version of the provider, or a library to ask it with is not here.
    """
    if source == BUILT_IN:
        return _built_in(version)
    program = next(iter(sorted(terraform.mirror().glob(f"*/{source}/{version}/*/terraform-provider-*"))), None)
    if program is None:
        raise Skipped(f"there is no provider {source} {version} for terraform on this machine")
    try:
        from .kinds import is_framework
        from .provider import Provider
        from .words import deprecations
    except ImportError as missing:
        raise Skipped(f"{missing}; install the extra `oracle`") from missing
    schema = from_terraform(_described(source, version), source, version)
    types = [("resource", schema.resources), ("data", schema.data)]
    words: dict[str, str] = {}
    framework: list[str] = []
    with Provider(program) as provider:
        for kind, blocks in types:
            for name, block in blocks.items():
                words.update(deprecations(provider, kind, name, block))
                told = is_framework(provider, kind, name, block)
                if told if told is not None else looks_like_framework(block):
                    framework.append(f"{kind}.{name}")
    return replace(worded(schema, words), framework=tuple(framework), licence="MPL-2.0")


def _built_in(version: str) -> ProviderSchema:
    """Return what Terraform says of the types that are part of it."""
    if shutil.which("terraform") is None:
        raise Skipped("there is no terraform on this machine")
    asked = subprocess.run(["terraform", "version", "-json"], capture_output=True, text=True, check=True)
    if json.loads(asked.stdout)["terraform_version"] != version:
        raise Skipped(f"the terraform on this machine is not {version}")
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "main.tf").write_text('resource "terraform_data" "any" {}\n', "utf-8")
        for command in (["init"], ["providers", "schema", "-json"]):
            done = subprocess.run(["terraform", f"-chdir={folder}", *command], capture_output=True, text=True, check=True)
    return replace(from_terraform(done.stdout, BUILT_IN, version), licence="BUSL-1.1")


def _described(source: str, version: str) -> str:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        requirement = f'{source.split("/")[-1]} = {{\n      source = "{source}"\n      version = "{version}"\n    }}'
        (folder / "main.tf").write_text(f"terraform {{\n  required_providers {{\n    {requirement}\n  }}\n}}\n", "utf-8")
        variables = terraform.prepare(folder, folder / "settings.tfrc")
        command = ["terraform", f"-chdir={folder}", "providers", "schema", "-json"]
        return subprocess.run(command, capture_output=True, text=True, env=variables, check=True).stdout


def packaged(source: str, requirement: str, digest: str) -> ProviderSchema:
    """Return what the package ``NAME==VERSION`` says.

    Raises:
        Skipped: It cannot be downloaded, or is not the file that the digest was taken of.
    """
    name, _, version = requirement.partition("==")
    pattern = f"{name.replace('-', '_')}-{version}-*.whl"
    if not list(PACKAGES.glob(pattern)):
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary", ":all:", "--dest", str(PACKAGES)]
        done = subprocess.run([*command, requirement], capture_output=True, text=True)
        if done.returncode or not list(PACKAGES.glob(pattern)):
            raise Skipped(f"pip cannot download {requirement}: {(done.stderr.strip().splitlines() or ['no message'])[-1]}")
    (wheel,) = PACKAGES.glob(pattern)
    found = hashlib.sha256(wheel.read_bytes()).hexdigest()
    if found != digest:
        raise Skipped(f"{wheel.name} is another file (sha256 {found}) than the one that bundles.toml names")
    schema = cdktf.read(wheel, source)
    blocks = {f"{kind}.{name}": b for kind, named in (("resource", schema.resources), ("data", schema.data)) for name, b in named.items()}
    return replace(schema, framework=tuple(key for key, block in blocks.items() if looks_like_framework(block)))


def looks_like_framework(block: BlockSchema) -> bool:
    """Whether a type is probably one of the newer plugin framework: the older SDK gives every type an ``id`` that may be set.

    Of the 2,134 types of AWS 5.100.0 whose messages tell, 2,110 agree.
    """
    known = block.attributes.get("id")
    return known is None or not known.optional


def worded(schema: ProviderSchema, words: Mapping[str, str]) -> ProviderSchema:
    """Return a schema with the words of deprecations by path: ``resource.aws_eip.vpc``, ``data.aws_x`` for a whole type.

    Raises:
        KeyError: A path is none of the schema's.
    """
    left = set(words)

    def body(block: BlockSchema, path: str) -> BlockSchema:
        left.discard(path)
        left.difference_update(f"{path}.{name}" for name in block.attributes)
        attributes = {n: replace(a, deprecated=words.get(f"{path}.{n}", a.deprecated)) for n, a in block.attributes.items()}
        blocks = {n: replace(b, block=body(b.block, f"{path}.{n}")) for n, b in block.blocks.items()}
        return BlockSchema(attributes, blocks, words.get(path, block.deprecated))

    resources = {name: body(block, f"resource.{name}") for name, block in schema.resources.items()}
    data = {name: body(block, f"data.{name}") for name, block in schema.data.items()}
    if left:
        raise KeyError(f"{schema.source} {schema.version} has no {', '.join(sorted(left))}")
    return replace(schema, resources=resources, data=data)
