"""文字相似: how much two texts say the same, by the pairs of characters they share; people decide."""

import re
from typing import Final

_RUN: Final = re.compile(r"[\u3400-\u9fff]+|[a-z0-9]+")


def pairs(text: str) -> frozenset[str]:
    """Every two neighbouring characters within a word or a stretch of Chinese."""
    return frozenset(
        run[n : n + 2] for run in _RUN.findall(text.lower()) for n in range(max(len(run) - 1, 1))
    )


def likeness(one: frozenset[str], other: frozenset[str]) -> float:
    """Shared pairs as a share of all (Dice): 1 for the same words, 0 where nothing is shared."""
    if not one or not other:
        return 0.0
    return 2 * len(one & other) / (len(one) + len(other))


def shared_words(text: str, other: frozenset[str]) -> tuple[str, ...]:
    """The stretches of a text, two characters or more, whose pairs the other text has too; longest first."""
    words: dict[str, None] = {}
    for run in _RUN.findall(text.lower()):
        start = 0
        for n in range(1, len(run) + 1):
            if n == len(run) or run[n - 1 : n + 1] not in other:
                if n - start > 1:
                    words[run[start:n]] = None
                start = n
    return tuple(sorted(words, key=len, reverse=True))
