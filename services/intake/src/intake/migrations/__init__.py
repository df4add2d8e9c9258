"""The database objects of intake, brought up to date by the owner of the schemas."""

from pathlib import Path

from backbone.migration import upgrade

SCHEMA = "intake"
ROLE = "chuishao_intake"


async def migrate(database_url: str, *, schema: str = SCHEMA, role: str = ROLE) -> None:
    """Bring the schema up to date; see ``backbone.migration.upgrade``.

    The owner may create schemas in the database: the keys of personal data lie in ``<schema>_keys``.
    """
    await upgrade(database_url, Path(__file__).parent / "versions", schema=schema, role=role)
