"""The folder that holds everything one local system keeps: data, secrets, keys, logs and its present
state."""

import contextlib
import fcntl
import json
import os
import secrets
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from chuishao.identities import new_secret
from chuishao.processes import process_born_at
from chuishao.wheels import reachable_by_others, unprivileged_user
from chuishao.words import CommandFailedError

_LOGS_KEPT_BYTES = 20_000_000


class DataFolder:
    """`.data/`, or what CHUISHAO_DATA names. Nothing is created before `create` is called."""

    def __init__(self, path: Path) -> None:
        self.path = path.absolute()

    @classmethod
    def here(cls) -> "DataFolder":
        """The folder this command works on."""
        return cls(Path(os.environ.get("CHUISHAO_DATA") or ".data"))

    @property
    def logs(self) -> Path:
        return self.path / "logs"

    @property
    def nats(self) -> Path:
        return self.path / "nats"

    def create(self) -> None:
        """Make the folder with its parts, closed to others but for what PostgreSQL's user must pass."""
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            self.path.chmod(0o700 if unprivileged_user() is None else 0o711)
            for part in (self.logs, self.nats):
                part.mkdir(mode=0o700, exist_ok=True)
        except OSError as error:
            raise CommandFailedError(
                "launcher-folder-unusable", folder=self.path, reason=error.strerror
            ) from error

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the folder for one launcher; `CommandFailedError` if another one holds it.

        The kernel lets go of the lock however the holder dies.
        """
        with (self.path / "lock").open("a") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise CommandFailedError("launcher-already-running", folder=self.path) from None
            yield

    def log(self, name: str) -> Path:
        """The log file of a process; a long one is set aside once."""
        log = self.logs / f"{name}.log"
        if log.exists() and log.stat().st_size > _LOGS_KEPT_BYTES:
            log.replace(log.with_suffix(".log.1"))
        return log

    def postgres(self) -> Path:
        """Where PostgreSQL's files are: in the folder, or, when root runs us below a folder that is closed to
        others, under /var/lib/chuishao; `postgres.location` then says where."""
        location = self.path / "postgres.location"
        if location.exists():
            return Path(location.read_text(encoding="utf-8").strip())
        inside = self.path / "postgres"
        if unprivileged_user() is None or inside.exists() or reachable_by_others(inside):
            return inside
        outside = Path("/var/lib/chuishao") / f"postgres-{secrets.token_hex(6)}"
        outside.mkdir(mode=0o755, parents=True)
        _write(location, str(outside))
        return outside

    def secret(self, name: str) -> str:
        """A secret that is made once and kept: base64url of 32 bytes, with its padding."""
        path = self.path / "secrets.json"
        known: dict[str, str] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
        if name not in known:
            known[name] = new_secret()
            _write(path, json.dumps(known, indent=2))
        return known[name]

    def read_state(self) -> dict[str, Any] | None:
        """What the launcher last wrote, None when there is nothing or only half of it."""
        try:
            state = json.loads((self.path / "run.json").read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None
        return state if isinstance(state, dict) else None

    def write_state(self, state: Mapping[str, Any]) -> None:
        _write(self.path / "run.json", json.dumps(state, indent=2, ensure_ascii=False))

    def forget_state(self) -> None:
        (self.path / "run.json").unlink(missing_ok=True)

    def running_state(self) -> dict[str, Any] | None:
        """The state of a launcher that is alive and has come to its services, None when there is none."""
        state = self.read_state()
        if state is None or "urls" not in state or process_born_at(state["pid"]) != state["born"]:
            return None
        return state


def _write(path: Path, text: str) -> None:
    """Replace a file in one step, readable by its owner only."""
    draft = path.with_name(f"{path.name}.new")
    draft.unlink(missing_ok=True)
    with os.fdopen(
        os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8"
    ) as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
