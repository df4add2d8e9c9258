"""Run by alembic: migrates over the connection it is given, one migrator at a time."""

from alembic import context
from sqlalchemy import text

connection = context.config.attributes["connection"]
schema = context.config.attributes["schema"]

connection.execute(
    text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))"), {"name": f"migrate {schema}"}
)
context.configure(connection=connection, version_table="migration", version_table_schema=schema)
with context.begin_transaction():
    context.run_migrations()
