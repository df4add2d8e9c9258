"""The services whose facts stop clocks, as the lag guard asks them."""

from backbone.eventstore import Head
from backbone.reactor import Reactor
from backbone.subscription import OwnerLog


class FollowedSource:
    """One followed service: its log is asked directly, what is consumed here the reactor knows."""

    def __init__(self, name: str, owner_log: OwnerLog, reactor: Reactor) -> None:
        self._name, self._log, self._reactor = name, owner_log, reactor

    async def head(self) -> Head:
        """Its published head and its clock; raises ``OwnerUnavailable``."""
        return await self._log.head()

    async def reached(self, seq: int, timeout: float) -> bool:
        """Whether its facts up to ``seq`` were consumed within the timeout (seconds)."""
        return await self._reactor.reached(self._name, seq, timeout)

    async def parked(self, case_id: str) -> bool:
        """Whether a fact of this case waits unconsumed."""
        return await self._reactor.has_parked(case_id)
