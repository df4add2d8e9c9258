"""All routes of Open311 as one router."""

from fastapi import APIRouter
from starlette.responses import Response

from gateway.entrypoints.open311.errors import RESPONSES
from gateway.entrypoints.open311.forms import MOST_BYTES
from gateway.entrypoints.open311.parts import Open311
from gateway.entrypoints.open311.requests import REQUESTS, requests_router
from gateway.entrypoints.open311.services import services_router

BODIES = {f"{REQUESTS}.json": MOST_BYTES, f"{REQUESTS}.xml": MOST_BYTES}
"""Path → the largest body."""


def open311_router(parts: Open311) -> APIRouter:
    """The routes."""
    router = APIRouter(tags=["open311"], responses=RESPONSES, default_response_class=Response)
    for each in (services_router(parts), requests_router(parts)):
        router.include_router(each)
    return router
