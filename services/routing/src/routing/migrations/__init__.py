"""The database objects of routing, brought up to date by the owner of the schemas."""

from pathlib import Path

from backbone.migration import upgrade

SCHEMA = "routing"
ROLE = "chuishao_routing"


async def migrate(database_url: str, *, schema: str = SCHEMA, role: str = ROLE) -> None:
    """Bring the schema up to date; see ``backbone.migration.upgrade``."""
    await upgrade(database_url, Path(__file__).parent / "versions", schema=schema, role=role)
