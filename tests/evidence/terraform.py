#!/usr/bin/env python3
"""Stands for Terraform where a test is about us: prints what a real one would, and notes how it was called.

The file ``calls`` beside it gets a line of JSON for each call; ``behaviour`` beside it may hold ``command=word`` lines: ``hang`` for a command
that starts a child and never ends, ``interrupt`` for one during which somebody presses Ctrl-C, ``fail`` for one that fails.
"""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
command = sys.argv[1]
if command == "version":
    print(json.dumps({"terraform_version": "1.11.4", "provider_selections": {"example.com/hashicorp/aws": "5.100.0"}}))
    sys.exit()
over = next((f.read_text() for f in Path.cwd().glob("*_override.tf")), "")
with (HERE / "calls").open("a") as calls:
    told = {"arguments": sys.argv[1:], "environment": dict(os.environ), "folder": str(Path.cwd()), "override": over}
    calls.write(json.dumps(told | {"files": sorted(p.name for p in Path.cwd().iterdir())}) + "\n")
file = HERE / "behaviour"
wanted = dict(line.split("=") for line in file.read_text().split()) if file.exists() else {}
how = wanted.get(command, "")


def say(**event: object) -> None:
    print(json.dumps({"@level": "info", "@message": "", **event}), flush=True)


def wait() -> None:
    child = subprocess.Popen(["sleep", "60"])
    (HERE / "child").write_text(str(child.pid))
    if how == "interrupt":
        os.kill(os.getppid(), signal.SIGINT)
    time.sleep(60)


if command == "validate":
    print(json.dumps({"format_version": "1.0", "valid": how != "fail", "diagnostics": []}))
if command in ("init", "plan", "apply", "destroy"):
    say(type="version", terraform="1.11.4", ui="1.2")
if command == "init":
    say(type="init_output", message_code="output_init_success_message")
if command == "plan":
    say(type="change_summary", changes={"add": int(wanted.get("resources", 2)), "change": 0, "remove": 0, "operation": "plan"})
if command in ("apply", "destroy"):
    action = "create" if command == "apply" else "delete"
    say(type="apply_start", hook={"action": action})
    say(type="apply_complete", hook={"action": action})
if how in ("interrupt", "hang"):
    wait()
if command in ("apply", "destroy") and how != "fail":
    number = {"add": 2 * (command == "apply"), "change": 0, "remove": 2 * (command == "destroy"), "operation": command}
    say(type="change_summary", changes=number)
if how == "fail":
    say(type="diagnostic", diagnostic={"severity": "error", "summary": f"in {Path.cwd()}/main.tf", "detail": "password = Winter2024"})
    sys.exit(1)
