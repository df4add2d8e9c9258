"""An OpenID provider that is not ours (npm `oidc-provider`), run on loopback with Node."""

import fcntl
import hashlib
import json
import os
import select
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import httpx
import pytest

HERE: Final = Path(__file__).parent
NODE_MAJOR: Final = 20
CLIENT_SECRET: Final = "a secret of the test"
_FILES: Final = ("package.json", "package-lock.json", ".npmrc", "provider.mjs")


class IndependentProvider:
    """A running provider; ``issuer`` is where it is."""

    def __init__(self, issuer: str) -> None:
        self.issuer = issuer
        self.discovery_url = f"{issuer}/.well-known/openid-configuration"
        self.jwks = f"{issuer}/jwks"

    def rotate(self) -> str:
        """Sign with a new key from now on, and publish the old one still; the new key's id."""
        return httpx.post(f"{self.issuer}/rotate", trust_env=False).text

    def tell(self, address: str, *, session: bool) -> None:
        """Tell an address of logouts from now on, naming the session as well as the person or not."""
        place = f"{self.issuer}/tell?session={int(session)}"
        httpx.post(place, content=address, trust_env=False).raise_for_status()

    def retire(self) -> None:
        """Publish no key but the newest."""
        httpx.post(f"{self.issuer}/retire", trust_env=False).raise_for_status()


def installed() -> Path:
    """The folder with the provider and what it needs, installed once for each lock file.

    Skips the test, saying why, where there is no Node or nowhere to install from.
    """
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        pytest.skip("Node and npm are not installed")
    version = subprocess.run([node, "--version"], capture_output=True, text=True, check=True).stdout.strip()
    if int(version.removeprefix("v").split(".")[0]) < NODE_MAJOR:
        pytest.skip(f"Node is {version}, at least v{NODE_MAJOR} is needed")
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "chuishao"
    content = b"".join((HERE / name).read_bytes() for name in _FILES)
    folder = cache / f"oidc-provider-{hashlib.sha256(content).hexdigest()[:16]}"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "done").exists():
            for name in _FILES:
                shutil.copyfile(HERE / name, folder / name)
            done = subprocess.run(
                [npm, "ci", "--no-audit", "--no-fund", "--loglevel=error"],
                cwd=folder,
                capture_output=True,
                text=True,
                check=False,
            )
            if done.returncode:
                pytest.skip(f"npm ci did not succeed: {done.stderr.strip()[-300:]}")
            (folder / "done").touch()
    return folder


@contextmanager
def running(origin: str) -> Iterator[IndependentProvider]:
    """The provider with the gateway at ``origin`` as its client, until the end of the block."""
    folder = installed()
    process = subprocess.Popen(
        ["node", "provider.mjs", json.dumps({"origin": origin})],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    assert process.stdout is not None
    try:
        said = b""
        while not any(line.startswith(b"http://") for line in said.split(b"\n")[:-1]):
            assert select.select([process.stdout], [], [], 30)[0], f"not ready within 30 s: {said.decode()}"
            chunk = os.read(process.stdout.fileno(), 65_536)
            assert chunk, f"ended: {said.decode()}"
            said += chunk
        (issuer,) = (line.decode() for line in said.split(b"\n") if line.startswith(b"http://"))
        yield IndependentProvider(issuer)
    finally:
        process.terminate()
        process.wait(timeout=10)
        process.stdout.close()
