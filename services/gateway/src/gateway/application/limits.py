"""How much one request and one caller may ask of the gateway; every number can be set, none is hidden."""

import math
from dataclasses import dataclass
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Positive = Annotated[int, Field(gt=0)]


@dataclass(frozen=True, slots=True)
class Rate:
    """How many requests one bucket gives: ``burst`` at once, ``per_minute`` in the long run."""

    of: str
    """Whose bucket it is: ``caller`` or ``address``."""
    per_minute: int
    burst: int

    @property
    def per_second(self) -> float:
        """What drips in."""
        return self.per_minute / 60

    @property
    def window(self) -> int:
        """Seconds after which an empty bucket is full again."""
        return math.ceil(self.burst / self.per_second)


class Limits(BaseModel):
    """The limits: requests are counted over all replicas, connections and subscriptions on each."""

    model_config = ConfigDict(frozen=True)

    depth: Positive = 12
    """Levels of fields below the operation."""
    aliases: Positive = 30
    """Fields of a query that are given another name."""
    tokens: Positive = 2_000
    """Words and signs of a query, before anything else is looked at."""
    characters: Positive = 50_000
    """Characters of a query; texts that are longer belong into variables."""
    repeats: Positive = 20
    """How often a query may say the same value of the answer."""
    cost: Positive = 1_000
    """Values (leaves) a query may ask for; rows of lists multiply what is below them."""
    listed: Positive = 3
    """Rows that are reckoned for a list of a case that is not asked for by pages."""
    body_bytes: Positive = 1_048_576
    """The largest request body."""
    upload_bytes: Positive = 64 * 1_048_576
    """The largest body with an attachment; how large a file may be is intake's to say."""
    requests_per_minute: Positive = 3_000
    """What one token, session or machine client may ask for in the long run."""
    burst: Positive = 300
    """How many requests may come at once before that rate counts."""
    anonymous_per_minute: Positive = 1_200
    """What one network address may ask for in the long run without a good token, session or key."""
    anonymous_burst: Positive = 300
    """How many such requests may come at once."""
    request_seconds: Annotated[float, Field(gt=0)] = 30.0
    """How long GraphQL works on one request."""
    connections: Positive = 10
    """Open subscription connections of one token."""
    anonymous_connections: Positive = 100
    """Connections of one network address whose caller is not known yet."""
    introduction_seconds: Annotated[float, Field(gt=0)] = 10.0
    """How long a connection may keep quiet about whose it is."""
    subscriptions: Positive = 50
    """Open subscriptions of one token, over all its connections."""
    subscriptions_per_connection: Positive = 16
    """Operations at the same time on one connection."""

    @property
    def of_caller(self) -> Rate:
        """The rate of whoever is known."""
        return Rate("caller", self.requests_per_minute, self.burst)

    @property
    def of_address(self) -> Rate:
        """The rate of whoever is not."""
        return Rate("address", self.anonymous_per_minute, self.anonymous_burst)
