"""Counted things as rows for people: what lies behind a figure, in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from accountability.application.figure_facts import Counted, Member
from accountability.domain.figures import Measure
from accountability.domain.figures.measures import CLOCKS
from accountability.domain.moments import local
from backbone.sheets import Row
from contracts.catalogue import catalogue, sentence

COLUMNS: Final = (
    *("measure", "unit", "kind", "at", "original-due", "done-at", "outcome", "breached", "ended"),
    *("excluded", "case-id", "item"),
)
_OUTCOMES: Final = {
    **dict.fromkeys(CLOCKS, "clock-outcome"),
    Measure.ISSUE: "issue-result",
    Measure.RATING: "rating",
}
"""The closed list of a measure's outcomes; the rest are in one of their own."""


@dataclass(frozen=True, slots=True)
class ItemWords:
    """Counted things in the words of a reader."""

    members: Mapping[str, Member]
    language: str = "zh"

    def say(self, slug: str) -> str:
        """A sentence."""
        return sentence(slug, self.language)

    def columns(self) -> list[str]:
        """The heads."""
        return [self.say(f"column-{name}") for name in COLUMNS]

    def row(self, counted: Counted) -> Row:
        """One counted thing."""
        it = counted.item
        member = self.members.get(it.unit)
        clock = it.measure in CLOCKS
        return [
            self.say(f"clock-{it.measure.value.lower()}" if clock else f"measure-{it.measure.value}"),
            member.short_name if member is not None else self._named(("unit",), it.unit),
            self._named(("kind",), it.kind),
            _wall(counted.at),
            _wall(counted.original_due),
            _wall(counted.done_at),
            self._named((_OUTCOMES.get(it.measure, "counted"),), it.outcome),
            self.say("column-yes" if it.breached else "column-no") if clock else "",
            self._named(("excluded", "counted"), it.ended),
            self._named(("excluded",), it.excluded),
            counted.case_id,
            counted.key,
        ]

    def rows(self, page: Sequence[Counted]) -> list[Row]:
        """A page of them."""
        return [self.row(each) for each in page]

    def _named(self, groups: Sequence[str], value: str | None) -> str:
        """The words for a value, where the catalogue has some."""
        for group in groups if value else ():
            for slug in (f"{group}-{value}", f"{group}-{str(value).replace('_', '-')}"):
                if slug in catalogue():
                    return self.say(slug)
        return value or ""


def _wall(moment: datetime | None) -> datetime | None:
    """A moment on the clocks of Asia/Shanghai, to the second."""
    return local(moment).replace(microsecond=0, tzinfo=None) if moment is not None else None
