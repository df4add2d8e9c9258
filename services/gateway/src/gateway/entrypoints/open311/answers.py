"""What Open311 answers: its objects, and each of them as JSON or XML."""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Final, Literal
from xml.etree import ElementTree

import orjson
from pydantic import BaseModel
from starlette.responses import Response

Format = Literal["json", "xml"]
MEDIA_TYPES: Final = {"json": "application/json", "xml": "text/xml"}
_ITEMS: Final = {
    "attributes": "attribute",
    "endpoints": "endpoint",
    "errors": "error",
    "formats": "format",
    "service_requests": "request",
    "services": "service",
    "values": "value",
}
"""What the members of each list are called in XML, where JSON has only an array."""
_NO_XML: Final = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that no XML document may hold."""


class Endpoint(BaseModel):
    """Where the API is, and in which formats."""

    specification: str = "http://wiki.open311.org/GeoReport_v2"
    url: str
    changeset: str
    type: Literal["production", "test"]
    formats: list[str] = list(MEDIA_TYPES.values())


class Discovery(BaseModel):
    """Where to begin; ``changeset`` grows whenever the services change."""

    changeset: str
    contact: str
    key_service: str
    endpoints: list[Endpoint]


class Service(BaseModel):
    """One admitted item (准入事项)."""

    service_code: str
    service_name: str
    description: str
    metadata: bool = True
    type: Literal["realtime", "batch", "blackbox"] = "realtime"
    keywords: str
    group: str


class Value(BaseModel):
    """One choice of an attribute."""

    key: str
    name: str


class Attribute(BaseModel):
    """One more thing a report may say, or words for whoever reports (``variable`` false)."""

    variable: bool
    code: str
    datatype: Literal["string", "number", "datetime", "text", "singlevaluelist", "multivaluelist"]
    required: bool = False
    datatype_description: str | None = None
    order: int
    description: str
    values: list[Value] = []


class ServiceDefinition(BaseModel):
    """What a report of a service may say beyond what all say."""

    service_code: str
    attributes: list[Attribute]


class Filed(BaseModel):
    """A report was taken; ``service_request_id`` is its number."""

    service_request_id: str
    service_notice: str
    account_id: str | None = None


class ServiceRequest(BaseModel):
    """What may be told of a grid report; ``description`` only to who filed it."""

    service_request_id: str
    status: Literal["open", "closed"]
    status_notes: str
    service_name: str | None
    service_code: str | None
    description: str | None
    agency_responsible: str
    service_notice: str | None = None
    requested_datetime: datetime
    updated_datetime: datetime
    expected_datetime: datetime | None = None
    address: str
    address_id: str
    zipcode: str | None = None
    lat: float | None = None
    long: float | None = None
    media_url: str | None = None


class Error(BaseModel):
    """One thing that is wrong: our stable code, and a sentence."""

    code: str
    description: str


def answer(
    root: str, content: BaseModel | Sequence[BaseModel], format: Format, status: int = 200
) -> Response:
    """An object or list under the name that XML gives it, in UTF-8."""
    plain = (
        content.model_dump(mode="json")
        if isinstance(content, BaseModel)
        else [each.model_dump(mode="json") for each in content]
    )
    body = orjson.dumps(plain) if format == "json" else _xml(root, plain)
    return Response(body, status, media_type=f"{MEDIA_TYPES[format]}; charset=utf-8")


def _xml(root: str, plain: object) -> bytes:
    element = ElementTree.Element(root)
    _fill(element, plain)
    written: bytes = ElementTree.tostring(element, encoding="UTF-8", xml_declaration=True)
    return written


def _fill(element: ElementTree.Element, plain: object) -> None:
    match plain:
        case dict():
            for name, value in plain.items():
                _fill(ElementTree.SubElement(element, name), value)
        case list():
            for value in plain:
                _fill(ElementTree.SubElement(element, _ITEMS[element.tag]), value)
        case bool():
            element.text = str(plain).lower()
        case None:
            return
        case _:
            element.text = _NO_XML.sub("\ufffd", str(plain))
