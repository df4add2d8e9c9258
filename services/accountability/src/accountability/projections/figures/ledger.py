"""A batch of facts on its way into the tables: present rows read once, new versions written at its end."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Table, bindparam, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from backbone.outbox import Delivered

Row = dict[str, Any]


class Ledger:
    """The present rows that a batch touches."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection
        self._stored: dict[Table, dict[str, Row]] = {}
        self._new: dict[Table, dict[str, list[Row]]] = {}

    async def read(self, table: Table, column: str, values: Iterable[str]) -> None:
        """Read the present rows whose column has one of the values."""
        wanted = sorted(set(values))
        if not wanted:
            return
        found = await self._connection.execute(
            select(table).where(table.c[column].in_(wanted), table.c.until.is_(None))
        )
        rows = self._stored.setdefault(table, {})
        for row in found.mappings():
            rows[row["key"]] = dict(row)

    def row(self, table: Table, key: str) -> Mapping[str, Any] | None:
        """The present row of a key; None if it has none, or none was read."""
        if written := self._new.get(table, {}).get(key):
            return written[-1]
        return self._stored.get(table, {}).get(key)

    def rows(self, table: Table) -> Sequence[Mapping[str, Any]]:
        """Every present row that was read or written."""
        keys = dict.fromkeys([*self._stored.get(table, {}), *self._new.get(table, {})])
        return [found for key in keys if (found := self.row(table, key)) is not None]

    def write(self, table: Table, key: str, fact: Delivered, **values: Any) -> None:
        """A new version of a row: what the fact changes, over what it was."""
        present = dict(self.row(table, key) or {})
        changed = {**present, **values, "key": key, "seq": fact.seq, "recorded_at": fact.recorded_at}
        changed["until"] = None
        written = self._new.setdefault(table, {}).setdefault(key, [])
        if written and written[-1]["recorded_at"] == fact.recorded_at:
            written[-1] = changed  # what was valid for no moment need not be kept
            return
        if written:
            written[-1]["until"] = fact.recorded_at
        written.append(changed)

    async def flush(self) -> None:
        """Write everything: old rows end where new ones begin."""
        for table, written in self._new.items():
            ended = [
                {"k": key, "s": self._stored[table][key]["seq"], "u": rows[0]["recorded_at"]}
                for key, rows in written.items()
                if key in self._stored.get(table, {})
            ]
            if ended:
                await self._connection.execute(
                    update(table)
                    .where(table.c.key == bindparam("k"), table.c.seq == bindparam("s"))
                    .values(until=bindparam("u")),
                    ended,
                )
            await self._connection.execute(insert(table), [row for rows in written.values() for row in rows])
