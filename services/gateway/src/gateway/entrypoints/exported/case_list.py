"""案件清单 as a table: the filters and orders of the page, the docket of a unit being those of the unit."""

from typing import Any, Final

from pydantic import AwareDatetime, Field

from gateway.entrypoints.exported.listed import Asking, Listed, Rows, Wanted
from gateway.entrypoints.graphql.enums import CaseState, CaseType, ClockFilter, WhistleKind
from gateway.entrypoints.graphql.inputs import (
    CaseFilterInput,
    CaseOrderField,
    CaseOrderInput,
    OrderDirection,
)
from gateway.projections.case_lists import CaseOrder, count_cases
from gateway.projections.case_queries import CaseFilter
from gateway.projections.case_rows import COLUMNS, case_rows


class WantedCases(Wanted):
    """The filter of the case list, and its order."""

    types: list[CaseType] = Field(default_factory=list)
    states: list[CaseState] = Field(default_factory=list)
    unit: str | None = None
    clock_state: ClockFilter | None = None
    emergency: bool | None = None
    kinds: list[WhistleKind] = Field(default_factory=list)
    created_since: AwareDatetime | None = None
    created_before: AwareDatetime | None = None
    number: str | None = None
    text: str | None = None
    order_by: CaseOrderField = CaseOrderField.UPDATED
    direction: OrderDirection = OrderDirection.DESC

    def filter(self) -> CaseFilter:
        """In the words of the case view."""
        own = {name: getattr(self, name) for name in WantedCases.model_fields}
        del own["order_by"], own["direction"]
        return CaseFilterInput(**own).wanted()

    def order(self) -> CaseOrder:
        """In the words of the case view."""
        return CaseOrderInput(by=self.order_by, direction=self.direction).wanted()


async def _cases(asking: Asking, wanted: WantedCases) -> Rows:
    pages = case_rows(
        asking.parts.view, asking.viewer, wanted.filter(), asking.language, asking.names, wanted.order()
    )
    async for rows in pages:
        yield rows


async def _count(asking: Asking, wanted: WantedCases) -> int:
    async with asking.parts.view.connect() as connection:
        return await count_cases(connection, asking.viewer, wanted.filter())


LISTS: Final[tuple[Listed[Any], ...]] = (
    Listed(
        name="cases",
        query="cases",
        operations=("read-cases",),
        wanted=WantedCases,
        columns=COLUMNS,
        rows=_cases,
        count=_count,
    ),
)
