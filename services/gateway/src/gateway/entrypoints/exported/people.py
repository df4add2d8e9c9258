"""Who has signed in as a table: for administrator and auditor everybody, for the others their colleagues."""

from typing import Any, Final

from sqlalchemy import RowMapping

from backbone.sheets import Row
from backbone.web import Refusal
from gateway.entrypoints.exported.listed import Asking, Listed, Rows, Wanted, moment
from gateway.entrypoints.graphql.enums import Role
from gateway.entrypoints.graphql.people import Person
from gateway.projections.case_queries import LARGEST_PAGE
from gateway.projections.people import Asked, people_of, person_cursor


class WantedPeople(Wanted):
    """People of a unit, with a role, whose name or subject holds a text."""

    unit: str | None = None
    role: Role | None = None
    text: str | None = None


async def _people(asking: Asking, wanted: WantedPeople) -> Rows:
    people, after = asking.parts.people, None
    if people is None:
        raise Refusal("service-unavailable", 503)
    asked = Asked(wanted.unit, wanted.role.value if wanted.role else None)
    words = (wanted.text or "").strip().casefold()
    while True:
        async with asking.parts.view.connect() as connection:
            rows = await people_of(connection, asking.viewer, asked, people.idle, after, LARGEST_PAGE)
        names = await people.names([row["name_sealed"] for row in rows])
        yield [
            _person(asking, row, row["name"] or name)
            for row, name in zip(rows, names, strict=True)
            if words in (row["name"] or name).casefold() or words in row["subject"].casefold()
        ]
        if len(rows) < LARGEST_PAGE:
            return
        after = person_cursor(rows[-1])


def _person(asking: Asking, row: RowMapping, name: str) -> Row:
    shown = Person.of(row, name, asking.viewer)
    return [
        shown.subject,
        shown.name,
        asking.word("role", shown.role.value),
        asking.unit(shown.unit_code),
        asking.yes(shown.machine_client),
        moment(shown.first_sign_in_at),
        moment(shown.last_sign_in_at),
        shown.open_sessions,
    ]


LISTS: Final[tuple[Listed[Any], ...]] = (
    Listed(
        name="people",
        query="people",
        operations=("read-people",),
        wanted=WantedPeople,
        columns=(
            *("person", "person-name", "role", "unit", "machine-client", "first-sign-in"),
            *("last-sign-in", "open-sessions"),
        ),
        rows=_people,
    ),
)
