"""The import rules of pyproject.toml hold, and each of them notices when it is broken."""

import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.architecture.tree import ROOT, SOURCES

CANARIES = {
    "independent-services": ("intake/domain/canary.py", "import routing"),
    "packages": ("contracts/canary.py", "import backbone"),
    "layers": ("routing/domain/canary.py", "import routing.application"),
    "nats-in-backbone": ("gateway/adapters/canary.py", "import nats"),
    "web-at-the-edge": ("accountability/application/canary.py", "import fastapi"),
}
"""Contract → a file and the import in it that the contract must refuse."""

FURTHER_CANARIES = [
    ("packages", "backbone/canary.py", "import contracts"),
    ("packages", "backbone/canary.py", "import intake"),
    ("packages", "intake/canary.py", "import chuishao"),
    ("layers", "intake/surprising_module.py", ""),
    ("layers", "intake/application/canary.py", "import intake.adapters"),
    ("layers", "gateway/adapters/canary.py", "import gateway.projections"),
    ("web-at-the-edge", "gateway/projections/canary.py", "import strawberry"),
    ("web-at-the-edge", "backbone/canary.py", "import fastapi"),
    ("nats-in-backbone", "chuishao/canary.py", "import nats"),
]


def rules() -> dict[str, str]:
    """Contract id → its name, from pyproject.toml."""
    configuration = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return {rule["id"]: rule["name"] for rule in configuration["tool"]["importlinter"]["contracts"]}


def lint(tree: Path, rule: str) -> subprocess.CompletedProcess[str]:
    """Check one rule on a tree of packages."""
    return subprocess.run(
        [
            *(Path(sys.executable).with_name("lint-imports"), "--no-logo", "--no-cache"),
            *("--config", ROOT / "pyproject.toml", "--contract", rule),
        ],
        cwd=tree,
        env={**os.environ, "PYTHONPATH": str(tree), "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def pristine(tmp_path_factory: pytest.TempPathFactory) -> Path:
    tree = tmp_path_factory.mktemp("tree")
    for package, folder in SOURCES.items():
        shutil.copytree(folder / package, tree / package, ignore=shutil.ignore_patterns("__pycache__"))
    return tree


@pytest.mark.parametrize("rule", sorted(rules()))
def test_holds(pristine: Path, rule: str) -> None:
    answer = lint(pristine, rule)
    assert answer.returncode == 0, answer.stdout


def test_has_a_canary_for_every_rule() -> None:
    assert set(CANARIES) == set(rules())


@pytest.mark.parametrize(
    ("rule", "file", "line"),
    [*((rule, file, line) for rule, (file, line) in CANARIES.items()), *FURTHER_CANARIES],
)
def test_refuses_a_planted_violation(pristine: Path, rule: str, file: str, line: str) -> None:
    canary = pristine / file
    made = [folder for folder in (canary.parent,) if not folder.exists()]
    for folder in made:
        folder.mkdir()
        (folder / "__init__.py").touch()
    canary.write_text(f'"""A violation."""\n\n{line}\n', encoding="utf-8")
    try:
        answer = lint(pristine, rule)
    finally:
        canary.unlink()
        for folder in made:
            shutil.rmtree(folder)
    assert answer.returncode == 1, answer.stdout
    assert f"{rules()[rule]} BROKEN" in answer.stdout
    assert canary.stem in answer.stdout
