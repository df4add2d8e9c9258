"""How often a query says the same value: validation compares what is said again pair by pair."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    SelectionSetNode,
)


class TooManyRepeats(Exception):
    """A value is said more often than may be, or fragments unfold without end."""


@dataclass(slots=True)
class _Said:
    """A value of the answer: how often the query says it, and the values within."""

    times: int = 0
    within: "dict[str, _Said]" = field(default_factory=dict)


class Repeats:
    """Counts how often each value of an answer is said, wherever in the document that stands.

    Of ``n`` times a validator makes ``n²/2`` pairs, and of each pair it compares everything below. The count
    takes no more steps than ``most`` for each value, and ``steps`` at all.
    """

    def __init__(self, fragments: Mapping[str, FragmentDefinitionNode], *, most: int, steps: int) -> None:
        self._fragments, self._most, self._steps = fragments, most, steps

    def check(self, chosen: SelectionSetNode) -> None:
        """Raise ``TooManyRepeats`` for an operation's selection."""
        self._count(chosen, {}, frozenset())

    def _count(self, chosen: SelectionSetNode, said: dict[str, _Said], unfolding: frozenset[str]) -> None:
        for node in chosen.selections:
            self._steps -= 1
            if self._steps < 0:
                raise TooManyRepeats
            if isinstance(node, FieldNode):
                value = said.setdefault((node.alias or node.name).value, _Said())
                value.times += 1
                if value.times > self._most:
                    raise TooManyRepeats
                if node.selection_set is not None:
                    self._count(node.selection_set, value.within, unfolding)
            elif isinstance(node, FragmentSpreadNode):
                name = node.name.value
                fragment = self._fragments.get(name)
                if fragment is not None and name not in unfolding:  # validation refuses the others
                    self._count(fragment.selection_set, said, unfolding | {name})
            else:
                assert isinstance(node, InlineFragmentNode)
                self._count(node.selection_set, said, unfolding)
