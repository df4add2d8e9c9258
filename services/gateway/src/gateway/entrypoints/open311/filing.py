"""From the form of a report to the command of intake: placed, named, and with nothing left out in silence."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from backbone.identity import Actor
from backbone.web import Refusal
from contracts.catalogue import sentence
from contracts.permissions import RESIDENT
from gateway.domain.places import Place, Township, Unplaced, place_by_code, place_by_words
from gateway.entrypoints.open311.forms import ServiceRequestForm

VILLAGE: Final = "village"
"""The attribute that names the village by its code."""
_MOST_SAID: Final = 2_000
"""Characters of all other attributes together."""


def place_of(
    form: ServiceRequestForm, attributes: Mapping[str, Sequence[str]], townships: Sequence[Township]
) -> Place:
    """Where a report goes: by a code if there is one, else by the words; raises ``Unplaced``."""
    codes = [*attributes.get(VILLAGE, ()), *([form.address_id] if form.address_id else [])]
    places = [place_by_code(code, townships) for code in codes]
    if places:
        # A village is more exact than its township, and two villages are a contradiction.
        exact = max(places, key=lambda place: place.village is not None)
        if any(not _holds(each, exact) for each in places):
            raise Unplaced("places-disagree")
        return exact
    if form.address_string:
        return place_by_words(form.address_string, townships)
    raise Unplaced("place-missing" if form.lat is None or form.long is None else "place-by-coordinates-only")


def _holds(wide: Place, exact: Place) -> bool:
    return wide.township.code == exact.township.code and wide.village in (None, exact.village)


def command_of(
    form: ServiceRequestForm,
    attributes: Mapping[str, Sequence[str]],
    title: str,
    place: Place,
    actor: Actor,
) -> dict[str, Any]:
    """The body of ``file-grid-report``; raises ``Refusal`` where a township's key reports for another."""
    if actor.role != RESIDENT and actor.unit != place.township.code:
        raise Refusal("place-of-another-township", 400, township=place.township.name)
    body = {
        "source": "resident",
        "title": title,
        "text": _text(form, attributes, title, place),
        "township": place.township.code,
        "village": place.village.code if place.village else None,
        "item": form.service_code,
        "reporter": _reporter(form),
        "phone": form.phone,
        "email": form.email,
    }
    return {name: value for name, value in body.items() if value is not None}


def address_of(place: Place) -> str:
    """The names of a place, the widest first, as Chinese addresses are written."""
    return place.township.name + (place.village.name if place.village else "")


def _text(form: ServiceRequestForm, attributes: Mapping[str, Sequence[str]], title: str, place: Place) -> str:
    """What was said, and below it all that the report has no field for."""
    lines = [form.description or title]
    if form.address_string:
        lines.append(sentence("open311-address", "zh", {"address": form.address_string}))
    if form.lat is not None and form.long is not None:
        lines.append(sentence("open311-coordinates", "zh", {"lat": form.lat, "long": form.long}))
    if place.guessed:
        lines.append(sentence("open311-place-guessed", "zh", {"place": address_of(place)}))
    if form.media_url:
        lines.append(sentence("open311-media", "zh", {"url": form.media_url}))
    others = [f"{code}:{'、'.join(said)}" for code, said in attributes.items() if code != VILLAGE]
    if sum(map(len, others)) > _MOST_SAID:
        raise Refusal("attributes-too-long", 400, limit=_MOST_SAID)
    return "\n".join([*lines, *others])


def _reporter(form: ServiceRequestForm) -> str | None:
    """The name as it is written; whoever leaves only a telephone or an address is somebody all the same,
    so that what they left lies under a key of their own."""
    first, last = form.first_name or "", form.last_name or ""
    name = f"{first} {last}" if (first + last).isascii() else last + first
    if name.strip():
        return name.strip()
    return sentence("open311-unnamed", "zh") if form.phone or form.email else None
