"""事项推荐: the items of the responsibility list that a sentence most likely speaks of; people decide.

Nearest by the pairs of characters (bigrams) both have, rare pairs counting more, the item's title counting
double beside its keywords and summary. Most Chinese words are two characters, so no dictionary is needed.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import log, sqrt
from typing import Final

from routing.domain.responsibility_list import Item

SHOWN: Final = 3
PRESELECT_MARGIN: Final = 0.2
"""How far ahead of the second, as a share of its own score, the first must be to be chosen beforehand."""
PRESELECT_PAIRS: Final = 2
"""One shared pair of characters may be any common word; fewer than this choose nothing beforehand."""
ALIKE: Final = 0.4
"""What an item must score beside the best one to be found at all: common pairs would find everything."""
_TITLE, _REST = 2.0, 1.0
_RUN: Final = re.compile(r"[\u3400-\u9fff]+|[a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Suggestion:
    """An item with the words it shares with the text.

    ``confidence`` is its share of the scores of all items shown: it compares them, it is no probability.
    """

    item: Item
    confidence: float
    matched: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Suggestions:
    """The best items, best first; ``preselected`` is the first's code where it leads by enough ``margin``."""

    found: tuple[Suggestion, ...]
    margin: float
    preselected: str | None


@dataclass(frozen=True, slots=True)
class Index:
    """The items of one version, prepared for many texts."""

    items: tuple[Item, ...]
    weights: tuple[Mapping[str, float], ...]
    """For each item: the share each of its pairs adds to its score."""


def index(items: Iterable[Item]) -> Index:
    """Prepare items for suggesting."""
    prepared = tuple(items)
    pairs = [_item_pairs(item) for item in prepared]
    holders = Counter(pair for each in pairs for pair in each)
    rarity = {pair: log(1 + len(prepared) / count) for pair, count in holders.items()}
    weights: list[Mapping[str, float]] = []
    for each in pairs:
        raw = {pair: weight * rarity[pair] for pair, weight in each.items()}
        # Without this a long entry would win by length alone.
        length = sqrt(sum(raw.values())) or 1.0
        weights.append({pair: value / length for pair, value in raw.items()})
    return Index(prepared, tuple(weights))


def suggest(index: Index, text: str) -> Suggestions:
    """The items nearest to a text, at most ``SHOWN``; none if nothing is shared."""
    said = dict.fromkeys(_pairs(text))
    scores = _scores(index, said)
    best = sorted((n for n, score in enumerate(scores) if score > 0), key=lambda n: (-scores[n], n))[:SHOWN]
    if not best:
        return Suggestions((), 0.0, None)
    shown = sum(scores[n] for n in best)
    found = tuple(
        Suggestion(index.items[n], round(scores[n] / shown, 4), _shared_words(text, index.weights[n]))
        for n in best
    )
    second = scores[best[1]] if len(best) > 1 else 0.0
    margin = (scores[best[0]] - second) / scores[best[0]]
    shared = sum(pair in index.weights[best[0]] for pair in said)
    clear = margin >= PRESELECT_MARGIN and shared >= PRESELECT_PAIRS
    return Suggestions(found, round(margin, 4), found[0].item.code if clear else None)


def search(index: Index, text: str) -> tuple[Item, ...]:
    """The items that words speak of, best first: those that hold them as written before those alike."""
    words = text.lower().split()
    held = [all(word in _said(item) for word in words) for item in index.items]
    scores = _scores(index, dict.fromkeys(_pairs(text)))
    least = max(scores, default=0.0) * ALIKE
    found = [n for n, score in enumerate(scores) if held[n] or (score > 0 and score >= least)]
    return tuple(index.items[n] for n in sorted(found, key=lambda n: (not held[n], -scores[n], n)))


def _scores(index: Index, said: Iterable[str]) -> list[float]:
    pairs = tuple(said)
    return [sum(weight[pair] for pair in pairs if pair in weight) for weight in index.weights]


def _said(item: Item) -> str:
    return "\n".join((item.code, item.title, *item.keywords, item.summary)).lower()


def _item_pairs(item: Item) -> dict[str, float]:
    pairs = {pair: _REST for said in (*item.keywords, item.summary) for pair in _pairs(said)}
    return pairs | dict.fromkeys(_pairs(item.title), _TITLE)


def _pairs(text: str) -> list[str]:
    return [run[n : n + 2] for run in _RUN.findall(text.lower()) for n in range(len(run) - 1)]


def _shared_words(text: str, weights: Mapping[str, float]) -> tuple[str, ...]:
    """The stretches of the text whose pairs the item has, longest first."""
    words: dict[str, None] = {}
    for run in _RUN.findall(text.lower()):
        start = 0
        for n in range(1, len(run) + 1):
            if n == len(run) or run[n - 1 : n + 1] not in weights:
                if n - start > 1:
                    words[run[start:n]] = None
                start = n
    return tuple(sorted(words, key=len, reverse=True))
