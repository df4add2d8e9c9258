"""Finding an anonymous letter by the number on its receipt; what it says is not read here."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from gateway.projections.tables import cases


async def anonymous_letter(connection: AsyncConnection, number: str) -> str | None:
    """Its case id; None if there is no such letter, or one that names its writer."""
    statement = select(cases.c.case_id).where(
        cases.c.type == "letter", cases.c.anonymous, cases.c.number == number
    )
    found: str | None = (await connection.execute(statement)).scalar()
    return found
