"""地点: the township and village that a report from elsewhere belongs to, as far as its words tell.

Nothing here knows coordinates: the county keeps codes and names of its villages, and no map.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

_BODY: Final = re.compile(r"(村民委员会|居民委员会|社区居委会|村委会|居委会|委员会|社区)$")
"""What a village is called on paper beyond its name."""
_SHORTEST: Final = 2
"""Characters of a name that may stand for a village."""


@dataclass(frozen=True, slots=True)
class Village:
    """A village (村、社区) by code and official name."""

    code: str
    name: str

    @property
    def called(self) -> str:
        """The name people use: 元村 for 元村村委会."""
        return _BODY.sub("", self.name)


@dataclass(frozen=True, slots=True)
class Township:
    """A township as it is named in addresses, with its villages."""

    code: str
    name: str
    villages: Sequence[Village]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a report goes; ``guessed`` from words rather than named by a code."""

    township: Township
    village: Village | None
    guessed: bool = False


class Unplaced(Exception):
    """Where it is cannot be told."""

    status = 400

    def __init__(self, slug: str, **params: object) -> None:
        super().__init__(slug)
        self.slug = slug
        self.params: Mapping[str, object] = params


def place_by_code(code: str, townships: Iterable[Township]) -> Place:
    """The township or village of a code; raises ``Unplaced``."""
    for township in townships:
        if township.code == code:
            return Place(township, None)
        for village in township.villages:
            if village.code == code:
                return Place(township, village)
    raise Unplaced("unknown-address-id")


def place_by_words(words: str, townships: Sequence[Township]) -> Place:
    """What an address names: one township, and in it one village if it names just one.

    Where no township is named a village counts only as a part of its own, between the county or nothing and
    村 or 社区: 大楼 is a village, 县政府大楼 is not, and 司马村 is no 马村.
    Raises ``Unplaced`` for none and for several townships.
    """
    text = " ".join(unicodedata.normalize("NFKC", words).split())
    named = [each for each in townships if each.name in text]
    for each in named:
        text = text.replace(each.name, " ")
    found = list(_villages(text, named or townships, bare=bool(named)))
    reached = {township.code: township for township, _ in found} or {each.code: each for each in named}
    if len(named) > 1 or len(reached) > 1:
        both = named if len(named) > 1 else list(reached.values())
        raise Unplaced("place-ambiguous", townships="、".join(each.name for each in both))
    if not reached:
        raise Unplaced("place-unknown")
    (township,) = reached.values()
    villages = {village.code: village for _, village in found}
    (village,) = villages.values() if len(villages) == 1 else (None,)
    return Place(township, village, guessed=True)


def _villages(text: str, townships: Iterable[Township], *, bare: bool) -> Iterator[tuple[Township, Village]]:
    """The villages a text names; a name inside a longer one is none."""
    found = [
        (match.start(), match.end(), township, village)
        for township in townships
        for village in township.villages
        if len(village.called) >= _SHORTEST
        for match in re.finditer(_pattern(village, bare=bare), text)
    ]
    for start, end, township, village in found:
        if not any(a <= start and end <= b and b - a > end - start for a, b, _, _ in found):
            yield township, village


def _pattern(village: Village, *, bare: bool) -> str:
    called = re.escape(village.called)
    if bare:
        return called
    behind = "" if village.called.endswith("村") else "(?:村|社区|居委会)"
    return rf"(?:^|(?<=[县市\s,、;])){called}{behind}"
