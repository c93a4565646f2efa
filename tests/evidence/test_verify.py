"""What ``verify`` does to trees, processes and the machine: with a program that stands for Terraform, so that each way it can go is tried."""

from __future__ import annotations

import json
import os
import shutil
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from reviewgen import terraform
from reviewgen.errors import InputError
from reviewgen.evidence import verify
from reviewgen.evidence.verify import Emulator, Wishes, emulator, workspace
from reviewgen.evidence.verify import run as verify_run
from reviewgen.evidence.verify.run import wanted
from reviewgen.model.evidence import Step, Tool, TreeRun
from reviewgen.model.source import Document, SourceFile
from tests.build import graph

MOTO = Emulator("http://127.0.0.1:1", Tool("moto", "5.2.5"))
TREE = """
terraform {
  backend "s3" {
    bucket = "state"
  }
}

provider "aws" {
  region  = "eu-west-1"
  profile = "production"
  endpoints {
    s3 = "https://s3.example.com"
  }
  assume_role {
    role_arn = "arn:aws:iam::210987654321:role/admin"
  }
}

provider "aws" {
  alias      = "dr"
  region     = "eu-central-1"
  access_key = "AKIAABCDEFGHIJKLMNOP"
}

resource "aws_db_instance" "a" {
  password = "Winter2024"
}
"""
REAL = {
    "AWS_PROFILE": "production",
    "AWS_ACCESS_KEY_ID": "AKIAREAL",
    "AWS_SECRET_ACCESS_KEY": "real",
    "AWS_SESSION_TOKEN": "real",
    "TF_VAR_password": "real",
    "TF_CLI_ARGS": "-lock=false",
    "TF_TOKEN_app_terraform_io": "real",
    "HTTPS_PROXY": "http://proxy.example:3128",
    "GITHUB_TOKEN": "real",
}


class Fake:
    """The program that stands for Terraform."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        text = (Path(__file__).parent / "terraform.py").read_text()
        program = folder / "terraform"
        program.write_text(text.replace("#!/usr/bin/env python3", f"#!{sys.executable} -S", 1))
        program.chmod(0o755)

    def behave(self, **how: str) -> None:
        (self.folder / "behaviour").write_text("\n".join(f"{command}={word}" for command, word in how.items()))

    @property
    def calls(self) -> list[dict[str, Any]]:
        file = self.folder / "calls"
        return [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []

    @property
    def commands(self) -> list[str]:
        return [call["arguments"][0] for call in self.calls]


Run = Callable[..., TreeRun]


@pytest.fixture
def fake(tmp_path: Path) -> Fake:
    return Fake(tmp_path)


@pytest.fixture
def run(fake: Fake, tmp_path: Path) -> Run:
    """Run a tree; the user's environment is full of what must not be inherited."""
    (tmp_path / "home" / ".aws").mkdir(parents=True)
    (tmp_path / "home" / ".terraformrc").write_text("")
    mine = REAL | {"PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}", "HOME": str(tmp_path / "home")}

    def call(code: str = TREE, aws: Emulator | None = MOTO, **wishes: Any) -> TreeRun:
        return verify.run_tree(graph(code), verify.find(mine), mine, aws, Wishes(**wishes))

    return call


def outcomes(run: TreeRun) -> dict[str, str]:
    return {str(record.step): str(record.outcome) for record in run.steps}


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z" if Path("/proc").is_dir() else True


def test_all_steps_are_run_and_counted(run: Run, fake: Fake) -> None:
    done = run()
    assert outcomes(done) == dict.fromkeys(["fmt", "init", "validate", "plan", "apply", "destroy"], "passed")
    assert [(r.created, r.destroyed) for r in done.steps[3:]] == [(2, 0), (2, 0), (None, 2)]
    assert (done.tool, done.emulator, done.providers) == (Tool("Terraform", "1.11.4"), MOTO.tool, (Tool("hashicorp/aws", "5.100.0"),))
    assert done.tree.startswith("sha256:")


def test_nothing_is_planned_applied_or_destroyed_without_an_emulator(run: Run, fake: Fake) -> None:
    done = run(aws=None)
    assert outcomes(done) | {"fmt": "", "init": "", "validate": ""} == {
        "fmt": "", "init": "", "validate": "", "plan": "not run", "apply": "not run", "destroy": "not run",
    }  # fmt: skip
    assert {record.reason for record in done.steps[3:]} == {verify.NO_EMULATOR} and done.emulator is None
    assert set(fake.commands) == {"fmt", "init", "validate"}


@pytest.mark.parametrize("allow", [False, True])
def test_not_even_what_is_allowed_is_applied_without_an_emulator(allow: bool, run: Run, fake: Fake) -> None:
    assert outcomes(run(aws=None, allow=allow, steps=frozenset([Step.APPLY])))["apply"] == "not run"
    assert "apply" not in fake.commands


@pytest.mark.parametrize(
    "url", ["http://sts.amazonaws.com", "https://10.0.0.1:4566", "http://localhost.example.com:4566", "ftp://127.0.0.1", ""]
)
def test_an_endpoint_elsewhere_is_refused(url: str) -> None:
    with pytest.raises(InputError, match=r"on this machine|no address"):
        emulator.given(url)


def test_an_endpoint_at_which_nothing_answers_is_refused() -> None:
    with pytest.raises(InputError, match="nothing answers"):
        emulator.given("http://127.0.0.1:1")


def test_no_credentials_are_inherited_and_nothing_outside_is_reached(run: Run, fake: Fake) -> None:
    run()
    for call in fake.calls:
        given = call["environment"]
        assert "real" not in given.values() and not {"AWS_PROFILE", "TF_VAR_password", "TF_CLI_ARGS", "GITHUB_TOKEN"} & set(given)
        assert "/reviewgen-" in given["HOME"]
    applied = next(call["environment"] for call in fake.calls if call["arguments"][0] == "apply")
    assert (applied["AWS_ACCESS_KEY_ID"], applied["AWS_ENDPOINT_URL"]) == ("testing", MOTO.url)
    assert applied["HTTPS_PROXY"] == "http://127.0.0.1:9"
    checked = next(call["environment"] for call in fake.calls if call["arguments"][0] == "init")
    assert checked["HTTPS_PROXY"] == REAL["HTTPS_PROXY"] and not any(name.startswith("AWS_") for name in checked)
    assert checked["TF_CLI_CONFIG_FILE"].endswith("/.terraformrc")


def test_a_tree_is_checked_as_it_is_and_applied_with_nothing_real(run: Run, fake: Fake) -> None:
    run()
    by_command = {call["arguments"][0]: call for call in fake.calls}
    assert by_command["validate"]["override"] == ""
    text = by_command["apply"]["override"]
    assert 'backend "local"' in text and "profile = null" in text and "endpoints {\n  }" in text
    assert 'dynamic "assume_role" {\n    for_each = []' in text
    assert text.count('access_key = "testing"') == 2 and 'alias = "dr"' in text


def test_providers_in_json_are_overridden_as_well() -> None:
    text = '{"provider": {"aws": [{"region": "eu-west-1"}, {"alias": "b", "profile": "p", "endpoints": {"s3": "https://s3.example.com"}}]}}'
    tree = terraform.build(Document("test", files=(SourceFile("main.tf.json", text),)), "model")
    with workspace.private(tree) as space:
        workspace.lay_over(space, tree)
        override = next(space.root.glob("*_override.tf")).read_text()
    assert override.count('access_key = "testing"') == 2 and 'alias = "b"' in override
    assert "profile = null" in override and "endpoints {" in override


def test_the_copies_are_removed_and_the_record_names_no_place_of_this_machine(run: Run, fake: Fake) -> None:
    fake.behave(apply="fail")
    done = run()
    assert outcomes(done)["apply"] == "failed" and outcomes(done)["destroy"] == "passed"
    assert not any(Path(call["folder"]).exists() for call in fake.calls)
    error = done.steps[4].errors[0]
    assert error.summary == "in main.tf" and "Winter2024" not in error.detail


def test_a_terraform_that_hangs_is_ended_with_its_children(run: Run, fake: Fake, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reviewgen.evidence.verify.process.GRACE_SECONDS", 0.2)
    fake.behave(apply="hang")
    begun = time.monotonic()
    done = run(seconds=1)
    assert time.monotonic() - begun < 20
    assert outcomes(done)["apply"] == "timed out" and outcomes(done)["destroy"] == "passed"
    assert done.steps[4].created == 1 and "longer than 1 s" in done.steps[4].reason
    assert not alive(int((fake.folder / "child").read_text()))


def test_what_was_created_is_destroyed_when_somebody_interrupts(run: Run, fake: Fake, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reviewgen.evidence.verify.process.GRACE_SECONDS", 0.2)
    fake.behave(apply="interrupt")
    with pytest.raises(verify.Interrupted) as caught:
        run()
    assert outcomes(caught.value.run) == {
        "fmt": "passed", "init": "passed", "validate": "passed", "plan": "passed", "apply": "interrupted", "destroy": "passed",
    }  # fmt: skip
    assert caught.value.run.steps[4].created == 1
    assert fake.commands[-1] == "destroy" and caught.value.run.steps[-1].reason == "after the interruption"
    assert not any(Path(call["folder"]).exists() for call in fake.calls)
    assert not alive(int((fake.folder / "child").read_text()))


def test_what_was_created_is_destroyed_when_we_fail(run: Run, fake: Fake, monkeypatch: pytest.MonkeyPatch) -> None:
    judged = verify_run._Work._judged

    def broken(work: Any, step: Step, record: Any) -> Any:
        if step is Step.APPLY:
            raise ZeroDivisionError
        return judged(work, step, record)

    monkeypatch.setattr(verify_run._Work, "_judged", broken)
    with pytest.raises(ZeroDivisionError):
        run()
    assert fake.commands[-2:] == ["apply", "destroy"]
    assert not any(Path(call["folder"]).exists() for call in fake.calls)


def test_what_runs_code_is_refused_unless_allowed(run: Run, fake: Fake) -> None:
    hostile = 'resource "null_resource" "x" {\n  provisioner "local-exec" {\n    command = "id"\n  }\n}\n'
    done = run(hostile)
    assert outcomes(done)["plan"] == "passed" and outcomes(done)["apply"] == outcomes(done)["destroy"] == "not run"
    assert done.steps[4].reason == "refused: `null_resource.x` has the provisioner `local-exec`; --allow-exec runs it"
    assert "apply" not in fake.commands and done.allowed == ()
    done = run(hostile, allow=True)
    assert outcomes(done)["apply"] == "passed" and done.allowed == ("`null_resource.x` has the provisioner `local-exec`",)


def test_a_remote_module_is_not_fetched(run: Run, fake: Fake) -> None:
    done = run('module "x" {\n  source = "acme/x/aws"\n}\n')
    assert outcomes(done) | {"fmt": ""} == dict.fromkeys(outcomes(done), "not run") | {"fmt": ""}
    assert fake.commands == ["fmt"]


def test_a_plan_of_too_many_resources_is_not_applied(run: Run, fake: Fake) -> None:
    fake.behave(resources="501")
    done = run()
    assert "501 resources" in done.steps[4].reason and "apply" not in fake.commands


def test_what_cannot_be_run_says_why(run: Run, fake: Fake) -> None:
    assert {r.reason for r in verify.run_tree(graph(), verify.find({"PATH": str(fake.folder)}), {}, None, Wishes()).steps} == {
        "there are no Terraform files"
    }
    fake.behave(validate="fail")
    done = run()
    assert [r.reason for r in done.steps[3:]] == ["validate failed"] * 3


def test_steps_bring_what_they_need() -> None:
    assert [str(s) for s in wanted([Step.VALIDATE])] == ["init", "validate"]
    assert [str(s) for s in wanted([Step.APPLY])] == ["init", "plan", "apply", "destroy"]


def test_without_terraform_it_says_so(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no terraform and no tofu"):
        verify.find({"PATH": str(tmp_path)})


def test_opentofu_will_do(fake: Fake, tmp_path: Path) -> None:
    shutil.move(fake.folder / "terraform", fake.folder / "tofu")
    assert verify.find({"PATH": str(tmp_path)}).tool == Tool("OpenTofu", "1.11.4")
