"""`make story`: plays the week on a system of its own and tells what it exercised and what is missing."""

import asyncio
import shutil
import sys
import tempfile
import time
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tests.story.exercised import Exercised, missing
from tests.story.outcomes import tally
from tests.story.verdict import Verdict, judge
from tests.story.week import TALES, county


def main() -> int:
    """0 if every case ended as its tale says and every transition has happened."""
    console = Console(width=110)
    folder = Path(tempfile.mkdtemp(prefix="chuishao-story-"))
    folder.chmod(0o755)  # PostgreSQL's unprivileged user has to pass
    began = time.monotonic()

    def tell(words: str) -> None:
        console.print(f"{time.monotonic() - began:6.1f} s  {words}", highlight=False)

    try:
        with county(folder) as launcher:
            tell("the county is open")
            verdict = asyncio.run(judge(launcher, tell))
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    console.print(_table(verdict))
    complaints = _complaints(verdict)
    for complaint in complaints:
        console.print(complaint, style="red", markup=False, highlight=False)
    kinds = ", ".join(f"{number} {kind.lower()}" for kind, number in sorted(tally(verdict.cases).items()))
    tell(f"{len(TALES)} cases in {verdict.rounds} rounds: {kinds}; {len(complaints)} complaints")
    return 1 if complaints else 0


def _table(verdict: Verdict) -> Table:
    table = Table("number", "transition", "times", "for example", title="transitions exercised")
    codes = {case["caseId"]: code for code, case in verdict.cases.items()}
    for each in verdict.exercised:
        table.add_row(each.transition.number, each.transition.step, str(each.times), _example(each, codes))
    return table


def _example(found: Exercised, codes: dict[str, str]) -> str:
    """The tale of a stream, which ends in its case id; clocks and units are nobody's tale."""
    return next((code for case_id, code in codes.items() if found.example.endswith(case_id)), "")


def _complaints(verdict: Verdict) -> list[str]:
    lost = [code for code, case in verdict.cases.items() if case != verdict.rebuilt.get(code)]
    dear = [tale for tale in TALES if tale.calls is not None and verdict.calls[tale.code] > tale.calls]
    return [
        *(f"{code}: {'; '.join(wrong)}" for code, wrong in verdict.differences.items()),
        *(f"{code}: {'; '.join(wrong)}" for code, wrong in verdict.unexplained.items()),
        *verdict.miscounted,
        *verdict.unseen,
        *(f"never happened: {step}" for step in missing(verdict.exercised)),
        *(f"{tale.code} took {verdict.calls[tale.code]} calls" for tale in dear),
        *(f"{code} is shown otherwise after a rebuild" for code in lost),
        *([f"the rebuild holds {verdict.held} cases"] if verdict.held else []),
        *(["a log does not agree with its hash chain"] if not verdict.intact else []),
    ]


if __name__ == "__main__":
    sys.exit(main())
