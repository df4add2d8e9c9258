"""Queries: one case, lists of cases, units, responsibility items, notices."""

import strawberry
from strawberry import relay
from strawberry.types.nodes import SelectedField

from gateway.entrypoints.graphql.calendar import CalendarQuery
from gateway.entrypoints.graphql.case_rules import CaseRulesQuery
from gateway.entrypoints.graphql.case_types import Case, CaseConnection, CaseEdge, case_of
from gateway.entrypoints.graphql.channels import ChannelQuery
from gateway.entrypoints.graphql.context import error
from gateway.entrypoints.graphql.enterprises import EnterpriseQuery
from gateway.entrypoints.graphql.events import EventQuery
from gateway.entrypoints.graphql.facet_types import CaseFacets
from gateway.entrypoints.graphql.figures import FigureQuery
from gateway.entrypoints.graphql.inputs import CaseFilterInput, CaseOrderInput
from gateway.entrypoints.graphql.limits import LimitsQuery
from gateway.entrypoints.graphql.list_queries import ListQuery
from gateway.entrypoints.graphql.list_types import Suggestion
from gateway.entrypoints.graphql.notice_types import Notice
from gateway.entrypoints.graphql.own_views import OwnViewQuery
from gateway.entrypoints.graphql.people import PeopleQuery
from gateway.entrypoints.graphql.policies import PolicyQuery
from gateway.entrypoints.graphql.read_log import ReadLogQuery
from gateway.entrypoints.graphql.supervision_queries import SupervisionQuery
from gateway.entrypoints.graphql.unit_types import Info, Me, Unit
from gateway.projections import case_lists, case_queries, notice_queries, unit_queries
from gateway.projections.case_queries import CaseFilter
from gateway.projections.facets import facets


@strawberry.type
class Query(
    PolicyQuery,
    CaseRulesQuery,
    CalendarQuery,
    FigureQuery,
    ListQuery,
    EnterpriseQuery,
    ReadLogQuery,
    EventQuery,
    ChannelQuery,
    OwnViewQuery,
    SupervisionQuery,
    LimitsQuery,
    PeopleQuery,
):
    @strawberry.field(description="登录者")
    async def me(self, info: Info) -> Me:
        actor = info.context.actor
        return Me(subject=actor.subject, name=actor.name, role=actor.role, unit_code=actor.unit)

    @strawberry.field(description="一件案件;看不见的与不存在的没有区别")
    async def case(
        self, info: Info, case_id: strawberry.ID | None = None, number: str | None = None
    ) -> Case | None:
        context = info.context
        context.permit("read-cases")
        if (case_id is None) == (number is None):
            raise error("case-needs-id-or-number", context.language)
        row = await context.read(
            lambda connection: case_queries.find_case(
                connection, context.viewer, case_id=case_id, number=number
            )
        )
        if row is None:
            return None
        await context.shown("case", [row["case_id"]])
        return case_of(row)

    @strawberry.field(description="案件列表,默认最近变动的在前;cursor 只用于同一排序")
    async def cases(
        self,
        info: Info,
        filter: CaseFilterInput | None = None,
        order_by: CaseOrderInput | None = None,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> CaseConnection:
        context = info.context
        context.permit("read-cases")
        wanted = filter.wanted() if filter is not None else CaseFilter()
        order = order_by.wanted() if order_by is not None else None
        page = await context.read(
            lambda connection: case_lists.find_cases(
                connection, context.viewer, wanted, order, first=first, after=after, last=last, before=before
            )
        )
        await context.shown("list", [row["case_id"] for row in page.rows])
        counted = any(
            isinstance(field, SelectedField) and field.name == "totalCount"
            for selected in info.selected_fields
            for field in selected.selections
        )
        total = (
            await context.read(lambda connection: case_lists.count_cases(connection, context.viewer, wanted))
            if counted
            else 0
        )
        edges = [
            CaseEdge(cursor=cursor, node=case_of(row), searched=wanted.text)
            for row, cursor in zip(page.rows, page.cursors, strict=True)
        ]
        return CaseConnection(
            edges=edges,
            page_info=relay.PageInfo(
                has_next_page=page.has_next,
                has_previous_page=page.has_previous,
                start_cursor=page.cursors[0] if edges else None,
                end_cursor=page.cursors[-1] if edges else None,
            ),
            total_count=total,
        )

    @strawberry.field(description="符合条件的案件各有多少,供看板使用;检索词太常见时只数其中 10001 件")
    async def case_facets(self, info: Info, filter: CaseFilterInput | None = None) -> CaseFacets:
        context = info.context
        context.permit("read-cases")
        wanted = filter.wanted() if filter is not None else CaseFilter()
        return CaseFacets.of(
            await context.read(lambda connection: facets(connection, context.viewer, wanted))
        )

    @strawberry.field(description="单位名录")
    async def units(self, info: Info) -> list[Unit]:
        info.context.permit("read-directory")
        return [Unit.of(row) for row in await info.context.read(unit_queries.all_units)]

    @strawberry.field(description="按文字推荐清单事项,附匹配的词;由人决定")
    async def suggest_items(self, info: Info, text: str) -> list[Suggestion]:
        context = info.context
        context.permit("read-directory")
        found = await context.parts.services.read(
            "routing", "/responsibility-list/suggest", token=context.token, params={"text": text}
        )
        return [
            Suggestion(
                code=each["code"],
                title=each["title"],
                confidence=each["confidence"],
                matched=each["matched"],
                preselected=each["preselected"],
                lead_code=each["lead"],
                assist_codes=each["assists"],
            )
            for each in found["suggestions"]
        ]

    @strawberry.field(description="本单位的提醒,最新的在前")
    async def notices(self, info: Info, first: int = 50, after: str | None = None) -> list[Notice]:
        context = info.context
        context.permit("read-cases")
        rows = await context.read(
            lambda connection: notice_queries.notices_for(connection, context.viewer, first, after)
        )
        return [Notice.of(row) for row in rows]
