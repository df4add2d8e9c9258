"""`chuishao up` as a person runs it: a process with its own data folder and port."""

import json
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Self

from chuishao.data_folder import DataFolder
from chuishao.processes import free_port
from chuishao.system import System

CHUISHAO = Path(sys.executable).with_name("chuishao")
READY_SECONDS = 300.0


class Launched:
    """A launcher process; everything it prints is kept in `said`."""

    def __init__(
        self,
        data: Path,
        *,
        port: int | None = None,
        demo: bool = False,
        variables: Mapping[str, str] | None = None,
    ) -> None:
        self.data = DataFolder(data)
        self.port = port or free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.said = ""
        self._demo = demo
        self._variables = dict(variables or {})
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def environment(self) -> dict[str, str]:
        """What the launcher and every other command on its data folder are started with."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("CHUISHAO_")}
        return kept | {"CHUISHAO_DATA": str(self.data.path), "PORT": str(self.port)} | self._variables

    @property
    def process(self) -> subprocess.Popen[bytes]:
        assert self._process is not None, "not started"
        return self._process

    @property
    def system(self) -> System:
        """Addresses, tokens and settings of what runs."""
        state = self.data.running_state()
        assert state is not None, "not running"
        return System.from_state(self.data, state)

    def start(self) -> Self:
        """Start without waiting."""
        command = [CHUISHAO, "up", *(() if self._demo else ("--no-demo",))]
        self._process = subprocess.Popen(
            command,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        return self

    def wait_until(self, line: str, seconds: float = READY_SECONDS) -> str:
        """Read on until it says something that holds `line`; answers all of that line."""
        assert self.process.stdout is not None
        deadline = time.monotonic() + seconds
        seen = len(self.said)
        while True:
            told = [each for each in self.said[seen:].split("\n")[:-1] if line in each]
            if told:
                return told[0]
            left = deadline - time.monotonic()
            assert left > 0, f"{line!r} not said within {seconds} s, but:\n{self.said}{self.logs()}"
            if select.select([self.process.stdout], [], [], left)[0]:
                said = os.read(self.process.stdout.fileno(), 65_536)
                assert said, f"ended with {self.process.wait()} before {line!r}:\n{self.said}{self.logs()}"
                self.said += said.decode()

    def ready(self) -> Self:
        """Start and wait until it says that everything is ready."""
        self.start().wait_until(f"ready {self.url}")
        return self

    def stop(self, signum: signal.Signals = signal.SIGTERM) -> int:
        """Ask it to stop; answers its exit code."""
        self.process.send_signal(signum)
        return self.end()

    def end(self) -> int:
        """Wait for its end and read what it still says."""
        self.said += self.process.communicate(timeout=60)[0].decode()
        return self.process.returncode

    def kill(self) -> None:
        """`kill -9` of the launcher alone; its children are left to the kernel."""
        self.process.kill()
        self.end()

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Another command on the same data folder."""
        return subprocess.run(
            [CHUISHAO, *arguments], env=self.environment, capture_output=True, text=True, check=False
        )

    def status(self) -> dict[str, Any]:
        """What `chuishao status --json` answers."""
        answer: dict[str, Any] = json.loads(self.run("status", "--json").stdout)
        return answer

    def logs(self) -> str:
        """The last words of every part."""
        return "".join(
            f"\n== {log.name}\n{log.read_text(encoding='utf-8', errors='replace')[-1500:]}"
            for log in sorted(self.data.logs.glob("*.log"))
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._process is None:
            return
        if self._process.poll() is None:
            self.stop()
        if self._process.stdout is not None:
            self._process.stdout.close()
