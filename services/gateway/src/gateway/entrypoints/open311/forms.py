"""The form of a report as Open311 clients send it: urlencoded UTF-8, empty fields like none."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Final, Self
from urllib.parse import parse_qsl

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from backbone.web import Refusal

MEDIA_TYPE: Final = "application/x-www-form-urlencoded"
MOST_BYTES: Final = 65_536
"""Of a form: 4,000 characters of Chinese are 36,000."""
_MOST_FIELDS: Final = 200
_ATTRIBUTE: Final = re.compile(r"attribute\[([A-Za-z0-9_.:-]{1,64})\](\[\])?")
_STATE: Final = "open311_form"

Line = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)]
Name = Annotated[str, StringConstraints(strip_whitespace=True, max_length=90)]


@dataclass(frozen=True, slots=True)
class Form:
    """The fields of a form with their values; ``urlencoded`` is False for a body of another kind."""

    fields: Mapping[str, Sequence[str]]
    urlencoded: bool = True

    def one(self, name: str) -> str | None:
        """The first value of a field."""
        return next(iter(self.fields.get(name, ())), None)

    def words(self) -> Mapping[str, Sequence[str]]:
        """Everything but the key."""
        return {name: values for name, values in self.fields.items() if name != "api_key"}


async def form_of(request: Request) -> Form:
    """The form a request brings, read once; raises ``Refusal`` for one that is no UTF-8."""
    known: Form | None = getattr(request.state, _STATE, None)
    if known is None:
        known = await _read(request)
        setattr(request.state, _STATE, known)
    return known


async def _read(request: Request) -> Form:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if request.method != "POST" or kind != MEDIA_TYPE:
        return Form({}, urlencoded=False)
    try:
        pairs = parse_qsl(
            (await request.body()).decode("utf-8"),
            keep_blank_values=True,
            encoding="utf-8",
            errors="strict",
            max_num_fields=_MOST_FIELDS,
        )
    except ValueError:
        raise Refusal("form-unreadable", 400) from None
    fields: dict[str, list[str]] = {}
    for name, value in pairs:
        if value.strip():
            fields.setdefault(name, []).append(value.strip())
    return Form(fields)


class ServiceRequestForm(BaseModel):
    """A report: a service, a place, and what there is to say; ``attribute[code]`` as the service defines."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    service_code: Line = Field(description="As the list of services tells it")
    description: Annotated[str, StringConstraints(max_length=4_000)] | None = None
    address_string: Line | None = Field(default=None, description="With the township and the village in it")
    address_id: Line | None = Field(default=None, description="Official code of a township or village")
    lat: Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False)] | None = None
    long: Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)] | None = None
    first_name: Name | None = None
    last_name: Name | None = None
    phone: Annotated[str, StringConstraints(max_length=40)] | None = None
    email: (
        Annotated[str, StringConstraints(max_length=254, pattern=r"^[^@\s]{1,64}@[^@\s]{1,190}$")] | None
    ) = None
    media_url: Annotated[str, StringConstraints(max_length=1_000, pattern=r"^https?://\S+$")] | None = None
    jurisdiction_id: Line | None = None
    api_key: Annotated[str, StringConstraints(max_length=200)] | None = None

    @classmethod
    def of(cls, form: Form) -> Self:
        """The form's own fields; raises ``RequestValidationError``, or ``Refusal`` without a service."""
        if form.one("service_code") is None:
            raise Refusal("service-code-missing", 400)
        try:
            return cls.model_validate({name: values[0] for name, values in form.fields.items()})
        except ValidationError as problem:
            raise RequestValidationError(problem.errors()) from None


def attributes_of(form: Form) -> Mapping[str, Sequence[str]]:
    """What was said to the attributes, by code."""
    return {match[1]: values for name, values in form.fields.items() if (match := _ATTRIBUTE.fullmatch(name))}


def documented() -> dict[str, Any]:
    """The body in the OpenAPI document: the fields with their limits."""
    return {"required": True, "content": {MEDIA_TYPE: {"schema": ServiceRequestForm.model_json_schema()}}}
