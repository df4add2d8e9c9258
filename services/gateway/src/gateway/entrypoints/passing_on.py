"""Passing on what a deciding service refuses, in its own words."""

from collections.abc import Awaitable
from typing import TypeVar

from backbone.web import Refusal
from gateway.application.commands import CommandRefused, ServiceUnreachable

T = TypeVar("T")


async def answered(asked: Awaitable[T]) -> T:
    """What a service answers; its refusal, or that it does not answer, as ``Refusal``."""
    try:
        return await asked
    except CommandRefused as refused:
        code = str(refused.problem.get("code", "invalid-request"))
        raise Refusal(code, refused.status, **(refused.problem.get("params") or {})) from None
    except ServiceUnreachable as away:
        raise Refusal(away.slug, 503, **away.params) from None
