"""What the commands say: every sentence they name is in the catalogue, in both languages."""

import re
from pathlib import Path

import chuishao
from chuishao.words import CommandFailedError, Saying, words
from contracts.catalogue import catalogue

SOURCES = Path(chuishao.__file__).parent
NAMED = re.compile(
    r'\b(?:words|sentence|CommandFailedError|InputRefusedError|UnreadableTime)\(\s*"([a-z0-9-]+)"'
)
REASON = re.compile(r'(?:RejectedRow\.of|reject)\([^)"]*"([a-z-]+)"')
REUSED = re.compile(r'\breused: (?:str|ClassVar(?:\[str\])?) = "([a-z-]+)"')


def test_every_sentence_is_in_the_catalogue() -> None:
    named = {
        slug
        for source in SOURCES.glob("*.py")
        for pattern in (NAMED, REASON, REUSED)
        for slug in pattern.findall(source.read_text(encoding="utf-8"))
    }
    assert {"import-no-xlsx", "launcher-not-running", "number-reused", "no-time"} <= named
    assert sorted(named - set(catalogue())) == []
    for slug in named:
        assert catalogue()[slug]["zh"]
        assert catalogue()[slug]["en"].isascii()


def test_a_reason_is_told_in_the_language_of_its_sentence() -> None:
    late = Saying("answer-before-question")
    told = words("import-row-rejected", line=3, reason=late)
    assert told == f"第 3 行未导入：{late.told('zh')} · row 3 was not imported: {late.told('en')}"
    failed = CommandFailedError("import-interrupted", count=2, reason=CommandFailedError("import-done"))
    assert str(failed).count("·") == 1
