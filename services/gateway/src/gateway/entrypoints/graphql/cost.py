"""What a query would cost before anything of it is done: levels, aliases, values, rows, repeated values."""

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLSchema,
    InlineFragmentNode,
    IntValueNode,
    OperationDefinitionNode,
    SelectionSetNode,
    VariableNode,
    get_named_type,
    get_nullable_type,
    is_abstract_type,
    is_list_type,
)

from gateway.application.limits import Limits
from gateway.entrypoints.graphql.repeats import Repeats, TooManyRepeats
from gateway.projections.case_queries import LARGEST_PAGE, PAGE

KEPT: Final = 256
"""Documents whose weight is remembered."""
_DIGITS: Final = 12
_PAGED: Final = ("first", "last")
_ROWS: Final = frozenset({"edges", "nodes"})
_INTROSPECTION: Final = frozenset({"__schema", "__type"})

Composite = GraphQLObjectType | GraphQLInterfaceType


class TooMuch(Exception):
    """A query beyond a limit: the slug says which, ``params`` how much was asked and how much may be."""

    def __init__(self, slug: str, **params: object) -> None:
        super().__init__(slug)
        self.slug = slug
        self.params: Mapping[str, object] = params


@dataclass(frozen=True, slots=True)
class Weight:
    """Values a selection asks for, and the levels below it."""

    values: int = 0
    depth: int = 0


class Scale:
    """Weighs the operations of one document; a fragment is weighed once, however often it is spread."""

    def __init__(
        self, schema: GraphQLSchema, document: DocumentNode, variables: Mapping[str, Any], limits: Limits
    ) -> None:
        self._schema, self._limits, self._given = schema, limits, variables
        self._fragments = {
            each.name.value: each for each in document.definitions if isinstance(each, FragmentDefinitionNode)
        }
        self._operations = [
            each for each in document.definitions if isinstance(each, OperationDefinitionNode)
        ]
        self._weighed: dict[tuple[str, int], Weight] = {}
        self._open: set[str] = set()
        self._defaults: dict[str, int] = {}
        self.aliases = 0
        self.introspects = False
        self.sizes: set[str] = set()
        """Variables that give the size of a page: with them alone does the weight of a document change."""

    def check(self) -> None:
        """Raise ``TooMuch`` for the first limit that an operation breaks."""
        for operation in self._operations:
            root = self._schema.get_root_type(operation.operation)
            if root is None:
                continue
            self._defaults = {
                each.variable.name.value: _number(each.default_value)
                for each in operation.variable_definitions or ()
                if isinstance(each.default_value, IntValueNode)
            }
            weight = self._selection(operation.selection_set, root, 0, rows=PAGE)
            if self.aliases > self._limits.aliases:
                raise TooMuch("too-many-aliases", asked=self.aliases, most=self._limits.aliases)
            if weight.values > self._limits.cost:
                raise TooMuch("query-too-costly", asked=weight.values, most=self._limits.cost)
            repeats = Repeats(self._fragments, most=self._limits.repeats, steps=self._limits.tokens * 10)
            try:
                repeats.check(operation.selection_set)
            except TooManyRepeats:
                raise TooMuch("too-many-repeats", most=self._limits.repeats) from None

    def _selection(self, chosen: SelectionSetNode, parent: Composite, level: int, *, rows: int) -> Weight:
        if level > self._limits.depth:
            raise TooMuch("query-too-deep", asked=level, most=self._limits.depth)
        everywhere, depth = 0, 0
        alternatives: dict[str, int] = {}
        for node in chosen.selections:
            if isinstance(node, FieldNode):
                weight, condition = self._field(node, parent, level, rows), parent.name
            elif isinstance(node, FragmentSpreadNode):
                weight, condition = self._spread(node, parent, level, rows)
            else:
                assert isinstance(node, InlineFragmentNode)
                condition = node.type_condition.name.value if node.type_condition else parent.name
                inner = self._composite(condition, parent)
                weight = self._selection(node.selection_set, inner, level, rows=rows)
            depth = max(depth, weight.depth)
            # What a value is not cannot be asked of it: of the kinds of a case only the dearest counts.
            if condition != parent.name and not self._abstract(condition):
                alternatives[condition] = alternatives.get(condition, 0) + weight.values
            else:
                everywhere += weight.values
        return Weight(everywhere + max(alternatives.values(), default=0), depth)

    def _spread(
        self, node: FragmentSpreadNode, parent: Composite, level: int, rows: int
    ) -> tuple[Weight, str]:
        name = node.name.value
        fragment = self._fragments.get(name)
        if fragment is None or name in self._open:
            return Weight(), parent.name  # validation refuses both
        condition = fragment.type_condition.name.value
        known = self._weighed.get((name, rows))
        if known is not None and level + known.depth <= self._limits.depth:
            return known, condition
        self._open.add(name)
        weight = self._selection(fragment.selection_set, self._composite(condition, parent), level, rows=rows)
        self._open.discard(name)
        self._weighed[(name, rows)] = weight
        return weight, condition

    def _field(self, node: FieldNode, parent: Composite, level: int, rows: int) -> Weight:
        name = node.name.value
        self.aliases += node.alias is not None
        if name in _INTROSPECTION:
            self.introspects = True
            return Weight(1, 1)
        field = parent.fields.get(name)
        if field is None or node.selection_set is None:
            return Weight(1, 1)
        inner = get_named_type(field.type)
        if not isinstance(inner, GraphQLObjectType | GraphQLInterfaceType):
            return Weight(1, 1)
        paged = any(each in field.args for each in _PAGED)
        asked = self._rows(node) if paged else rows
        below = self._selection(node.selection_set, inner, level + 1, rows=asked)
        times = self._times(field.type, parent, name, asked, paged=paged)
        return Weight(times * below.values, below.depth + 1)

    def _times(self, kind: GraphQLOutputType, parent: Composite, name: str, rows: int, *, paged: bool) -> int:
        if not is_list_type(get_nullable_type(kind)):
            return 1
        if paged or (name in _ROWS and parent.name.endswith("Connection")):
            return rows
        return PAGE if parent is self._schema.query_type else self._limits.listed

    def _rows(self, node: FieldNode) -> int:
        given = {each.name.value: each.value for each in node.arguments or ()}
        for name in _PAGED:
            value = given.get(name)
            asked: object = None
            if isinstance(value, IntValueNode):
                asked = _number(value)
            elif isinstance(value, VariableNode):
                variable = value.name.value
                self.sizes.add(variable)
                asked = self._given.get(variable, self._defaults.get(variable))
            if isinstance(asked, int):
                if asked > LARGEST_PAGE:
                    raise TooMuch("page-too-large", asked=asked, most=LARGEST_PAGE)
                return max(asked, 1)  # what is asked of no rows has to be read and compared all the same
        return PAGE

    def _composite(self, name: str, otherwise: Composite) -> Composite:
        found = self._schema.get_type(name)
        return found if isinstance(found, GraphQLObjectType | GraphQLInterfaceType) else otherwise

    def _abstract(self, name: str) -> bool:
        found = self._schema.get_type(name)
        return found is not None and is_abstract_type(found)


def _number(node: IntValueNode) -> int:
    # Python refuses to read a number of thousands of digits; no page is that long either.
    return int(node.value[:_DIGITS])


class Weighings:
    """Remembers which documents were found good: consoles ask the same things all day."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._sizes: OrderedDict[str, tuple[str, ...]] = OrderedDict()
        self._good: OrderedDict[tuple[str, tuple[int | str, ...]], bool] = OrderedDict()

    def introspects(
        self, schema: GraphQLSchema, document: DocumentNode, text: str, variables: Mapping[str, Any]
    ) -> bool:
        """Whether a document within the limits asks for the schema itself; raises ``TooMuch``."""
        sizes = self._sizes.get(text)
        if sizes is not None:
            known = self._good.get((text, _values(sizes, variables)))
            if known is not None:
                return known
        scale = Scale(schema, document, variables, self._limits)
        scale.check()
        sizes = tuple(sorted(scale.sizes))
        self._sizes[text] = sizes
        self._good[(text, _values(sizes, variables))] = scale.introspects
        for kept in (self._sizes, self._good):
            if len(kept) > KEPT:
                kept.popitem(last=False)
        return scale.introspects


def _values(names: tuple[str, ...], variables: Mapping[str, Any]) -> tuple[int | str, ...]:
    # A variable that is not given has its default, one that is given as null has none.
    given = (variables.get(name, "default") for name in names)
    return tuple(each if isinstance(each, int) or each == "default" else "none" for each in given)
