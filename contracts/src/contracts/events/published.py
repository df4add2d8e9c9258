"""What every published event has in common, and the register of all of them."""

from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict

REGISTER: dict[str, type["Published"]] = {}
"""Wire name → model, for every published event."""


class Published(BaseModel):
    """A fact other services may rely on; frozen once released, unknown fields are ignored by readers."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    NAME: ClassVar[str] = ""
    """``service.aggregate.past-tense-fact.vN``."""

    case_id: str
    """The whistle, letter or other case this belongs to, a UUID as text."""

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: Any) -> None:
        super().__pydantic_init_subclass__(**kwargs)
        if cls.NAME:
            if cls.NAME in REGISTER:
                raise ValueError(f"two published events are called {cls.NAME}")
            REGISTER[cls.NAME] = cls
