"""Every code the edge answers with has a Chinese and an English sentence in the catalogue."""

import re
from pathlib import Path

import backbone
from backbone.web import problems
from contracts.catalogue import catalogue, sentence

SOURCES = Path(backbone.__file__).parent
EDGE = [SOURCES / "identity.py", SOURCES / "sealing.py", *sorted((SOURCES / "web").glob("*.py"))]
RAISED = re.compile(
    r"""(?:Refusal\(|Unauthenticated\(|Fault\(\d+,\s|slug\s=\s|\d{3}:\s|else\s)"([a-z]+(?:-[a-z]+)+)\""""
)


def codes() -> set[str]:
    return {code for file in EDGE for code in RAISED.findall(file.read_text("utf-8"))}


def test_are_found_in_the_sources() -> None:
    assert codes() >= {
        "token-missing",
        "keys-unavailable",
        "request-too-large",
        "method-not-allowed",
        "internal-error",
        "idempotency-key-reused",
    }


def test_are_complete() -> None:
    wanted = codes() | set(problems.STATUSES)

    assert {code for code in wanted if not {"zh", "en"} <= catalogue().get(code, {}).keys()} == set()


def test_name_their_parameters() -> None:
    assert "7" in sentence("concurrent-change", "zh", {"version": 7})
    assert "100000" in sentence("text-too-long", "en", {"limit": 100000})
