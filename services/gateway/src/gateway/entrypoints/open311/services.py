"""Where Open311 begins: discovery, the services, and what each of them asks. Open to everybody."""

from datetime import UTC, datetime
from typing import Final

from fastapi import APIRouter, Depends
from starlette.responses import Response

from backbone.web import Refusal, preferred_language
from contracts.catalogue import sentence
from gateway.entrypoints.open311 import answers
from gateway.entrypoints.open311.answers import Format, answer
from gateway.entrypoints.open311.filing import VILLAGE
from gateway.entrypoints.open311.parts import AcceptLanguage, Open311, ok
from gateway.projections import service_requests
from gateway.projections.service_requests import Network

_PUBLIC: Final = "what may be reported is public, and clients of the standard ask for it without a key"
OPEN_ROUTES: Final = {
    "/open311/discovery.{format}": _PUBLIC,
    "/open311/v2/services.{format}": _PUBLIC,
    "/open311/v2/services/{service_code}.{format}": _PUBLIC,
}
"""The routes that need no key, each with the reason."""
_CACHED: Final = {"Cache-Control": "public, max-age=300", "Vary": "Accept-Language"}


def services_router(parts: Open311) -> APIRouter:
    """The routes."""
    router = APIRouter(dependencies=[Depends(parts.jurisdiction)])

    async def network() -> Network:
        async with parts.view.connect() as connection:
            return await service_requests.network(connection)

    @router.get("/open311/discovery.{format}", responses=ok(answers.Discovery))
    async def discovery(format: Format, language: AcceptLanguage = "") -> Response:
        """Where the API is, whom to ask, and since when the services are as they are."""
        said = preferred_language(language)
        since = (await network()).published_at or datetime(1970, 1, 1, tzinfo=UTC)
        changeset = since.astimezone(UTC).isoformat(timespec="seconds")
        here = answers.Endpoint(
            url=f"{parts.public_url}/open311/v2",
            changeset=changeset,
            type="production" if parts.production else "test",
        )
        told = answers.Discovery(
            changeset=changeset,
            contact=parts.contact or sentence("open311-contact", said),
            key_service=sentence("open311-key-service", said),
            endpoints=[here],
        )
        return _cached(answer("discovery", told, format))

    @router.get("/open311/v2/services.{format}", responses=ok(list[answers.Service]))
    async def services(format: Format, language: AcceptLanguage = "") -> Response:
        """The admitted items (准入事项)."""
        said = preferred_language(language)
        found = [
            answers.Service(
                service_code=code,
                service_name=title,
                description=sentence("open311-service", said, {"title": title}),
                keywords=", ".join(title.split("、")),
                group=sentence("open311-group", said),
            )
            for code, title in (await network()).items.items()
        ]
        return _cached(answer("services", found, format))

    @router.get("/open311/v2/services/{service_code}.{format}", responses=ok(answers.ServiceDefinition))
    async def service_definition(
        service_code: str, format: Format, language: AcceptLanguage = ""
    ) -> Response:
        """The villages a report may name, and what belongs elsewhere."""
        said = preferred_language(language)
        if service_code not in (await network()).items:
            raise Refusal("unknown-service-code", 404)
        definition = answers.ServiceDefinition(
            service_code=service_code,
            attributes=[await _villages(parts, said), _elsewhere(said)],
        )
        return _cached(answer("service_definition", definition, format))

    return router


async def _villages(parts: Open311, language: str) -> answers.Attribute:
    async with parts.view.connect() as connection:
        townships = await service_requests.townships(connection, await parts.today(connection))
    return answers.Attribute(
        variable=True,
        code=VILLAGE,
        datatype="singlevaluelist",
        datatype_description=sentence("open311-village-choice", language),
        order=1,
        description=sentence("open311-village", language),
        values=[
            answers.Value(key=village.code, name=township.name + village.name)
            for township in townships
            for village in township.villages
        ],
    )


def _elsewhere(language: str) -> answers.Attribute:
    return answers.Attribute(
        variable=False,
        code="elsewhere",
        datatype="string",
        order=2,
        description=sentence("open311-elsewhere", language),
    )


def _cached(response: Response) -> Response:
    response.headers.update(_CACHED)
    return response
