"""The OpenAPI document of each service, made from its routes without opening anything."""

import json
from collections.abc import Mapping
from typing import Any, Final, Protocol

from starlette.middleware import Middleware

from accountability.entrypoints.application import application as accountability
from accountability.entrypoints.application import figure_routers
from gateway.entrypoints.application import application as gateway
from gateway.entrypoints.door import Door
from gateway.entrypoints.letting_in import LettingIn
from gateway.settings import Settings
from intake.entrypoints.http import application as intake
from routing.entrypoints.http import application as routing

SECRET: Final = b"no request is hashed with this key"


class Documented(Protocol):
    """An application that tells its routes."""

    def openapi(self) -> dict[str, Any]:
        """The OpenAPI document."""
        ...


class Unopened:
    """Stands for any part of a service that is not running: routes are made from it, and none is called."""

    def __getattr__(self, _name: str) -> "Unopened":
        return self


def applications() -> Mapping[str, Documented]:
    """Every service with all its routes, by name."""
    no: Any = Unopened()
    door = Middleware(Door, callers=no, place=no, box=no)
    return {
        "accountability": accountability(no, figure_routers(no, no, no, no, no), no, SECRET),
        "gateway": gateway(Settings.model_construct(), no, LettingIn(no, door, no, no, no), no, no, SECRET),
        "intake": intake(no, no, SECRET),
        "routing": routing(no, no, SECRET),
    }


def openapi(app: Documented) -> str:
    """The document as it is kept in ``contracts``."""
    return json.dumps(app.openapi(), ensure_ascii=False, indent=2, sort_keys=True) + "\n"
