"""What stands for AWS: moto's server, which we start and stop, or an emulator that runs on this machine already. Never AWS itself."""

from __future__ import annotations

import contextlib
import http.client
import ipaddress
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from reviewgen.errors import InputError
from reviewgen.model.evidence import Tool
from reviewgen.records import dataclass

EXTRA = "reviewgen[verify]"
_START_SECONDS = 60.0
_ATTEMPTS = 3


@dataclass(frozen=True, slots=True)
class Emulator:
    """An emulator that answers: its address, and what it is."""

    url: str
    tool: Tool


def given(url: str) -> Emulator:
    """Return the emulator at an address on this machine.

    Raises:
        InputError: The address is not one of this machine, or nothing answers there.
    """
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise InputError(f"no address of an emulator: {url}", hint="give it as http://127.0.0.1:4566")
    if not _is_here(parts.hostname):
        raise InputError(
            f"an emulator must run on this machine, not on {parts.hostname}", hint="give an address such as http://127.0.0.1:4566"
        )
    return Emulator(url.rstrip("/"), _asked(url.rstrip("/")))


def _is_here(host: str) -> bool:
    """Whether a host is this machine whatever a name server says."""
    if host == "localhost":
        return True
    with contextlib.suppress(ValueError):
        return ipaddress.ip_address(host).is_loopback
    return False


def _asked(url: str) -> Tool:
    """Return what answers at an address: LocalStack and moto tell, of others only that they answer is known."""
    try:
        status, body = _get(url, "/_localstack/health")
        if status == 200:
            with contextlib.suppress(ValueError, AttributeError):
                return Tool("LocalStack", str(json.loads(body).get("version", "")))
        status, body = _get(url, "/moto-api/")
        return Tool("moto") if status == 200 and b"moto" in body.lower() else Tool("the emulator at the given endpoint")
    except (OSError, http.client.HTTPException):
        raise InputError(f"nothing answers at {url}", hint="start the emulator first") from None


def _get(url: str, path: str) -> tuple[int, bytes]:
    parts = urlsplit(url)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = kind(parts.hostname or "", parts.port, timeout=5)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read(1_000_000)
    finally:
        connection.close()


def available() -> bool:
    """Whether moto's server is installed beside us."""
    from importlib.util import find_spec

    try:
        return find_spec("moto.server") is not None and find_spec("flask") is not None and find_spec("flask_cors") is not None
    except ModuleNotFoundError:
        return False


@contextlib.contextmanager
def started(folder: Path) -> Iterator[Emulator]:
    """Give a moto server on a free port of the loopback interface, stopped at the end with all that it started.

    Args:
        folder: Where it runs; it writes nothing there.

    Raises:
        InputError: It does not start.
    """
    from importlib.metadata import version

    for _ in range(_ATTEMPTS):  # somebody else may take the port in between
        port = _free_port()
        process = _start(port, folder)
        try:
            if _answers(process, port):
                yield Emulator(f"http://127.0.0.1:{port}", Tool("moto", version("moto")))
                return
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
    raise InputError("moto's server does not start", hint=f"try python -m moto.server; it comes with {EXTRA}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _start(port: int, folder: Path) -> subprocess.Popen[bytes]:
    environment = {"HOME": str(folder), "PATH": os.defpath, "AWS_EC2_METADATA_DISABLED": "true", "AWS_ACCESS_KEY_ID": "testing"}
    # AWS's own policies exist in every account; moto has them on request only.
    environment |= {"AWS_SECRET_ACCESS_KEY": "testing", "MOTO_IAM_LOAD_MANAGED_POLICIES": "true"}
    environment |= {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    return subprocess.Popen(
        [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)],
        cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip


def _answers(process: subprocess.Popen[bytes], port: int) -> bool:
    """Wait until the server answers; False when it ends instead, or takes too long."""
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        with contextlib.suppress(OSError, http.client.HTTPException):
            status, _ = _get(f"http://127.0.0.1:{port}", "/moto-api/")
            return status == 200 and process.poll() is None
        time.sleep(0.1)
    return False


def reset(emulator: Emulator) -> None:
    """Let moto forget what it holds, so that no tree meets another one's resources."""
    parts = urlsplit(emulator.url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=30)
    with contextlib.suppress(OSError, http.client.HTTPException), contextlib.closing(connection):
        connection.request("POST", "/moto-api/reset")
        connection.getresponse().read()
