"""The bodies of supervision, exemptions and spot checks: limits in characters, unknown fields refused."""

from typing import Annotated

from pydantic import AwareDatetime, Field, StringConstraints

from accountability.application.spot_checks import LARGEST_SEED
from accountability.domain.exemption import Ground
from accountability.domain.spot_check.checking import Way
from accountability.domain.supervision.facts import Color
from accountability.entrypoints.time_bodies import Body, Line, Words

Code = Annotated[str, StringConstraints(pattern=r"^[0-9a-z-]{1,60}$")]
Seed = Annotated[int, Field(ge=0, le=LARGEST_SEED)]


class Said(Body):
    """A sentence or a few."""

    words: Words = ""


class Supervise(Body):
    """W14 督办: of a breach where a clock is named, else of what the unit does in the case."""

    unit: Code
    color: Color
    reason: Words
    clock_id: Annotated[str | None, Field(pattern=r"^[0-9a-f-]{36}$")] = None


class Hint(Body):
    """W14 蓝色提示: of a breach where a clock is named, else of what the unit does in the case."""

    unit: Code
    reason: Words
    clock_id: Annotated[str | None, Field(pattern=r"^[0-9a-f-]{36}$")] = None


class Hearing(Body):
    """W14 听取陈述: when, who, what."""

    at: AwareDatetime
    speaker: Line
    words: Words


class Claim(Body):
    """申请容错."""

    ground: Ground
    evidence: Words


class Decision(Body):
    """决定容错."""

    granted: bool
    reason: Words


class Instruction(Body):
    """批示; without units it goes to all that are concerned."""

    to: Annotated[tuple[Code, ...], Field(max_length=50)] = ()
    words: Words


class Release(Body):
    """倒查材料发布: the case as it is shown, as JSON text."""

    document: Annotated[str, StringConstraints(min_length=2, max_length=100_000)]
    reason: Words


class Draw(Body):
    """抽样; without a seed one is made."""

    seed: Seed | None = None


class Assign(Body):
    """指派核查人, by subject."""

    checker: Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)]
    unit: Code


class Found(Body):
    """抽查结果: who was asked, and what was found."""

    way: Way
    asked: Line
    passed: bool
    finding: Words = ""
