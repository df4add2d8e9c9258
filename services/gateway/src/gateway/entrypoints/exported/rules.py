"""Policies, case rules and the working calendar as tables; the service that keeps them is asked each time."""

from collections.abc import Mapping
from typing import Any, Final

import orjson

from backbone.sheets import Row, Value
from gateway.entrypoints.exported.listed import Asking, Listed, Rows, Wanted, day, moment

SERVICE: Final = "accountability"


class Policies(Wanted):
    """Of a clock, of a township (empty: of the whole county), in force or not."""

    clock: str | None = None
    scope: str | None = None
    in_force: bool | None = None


async def _policies(asking: Asking, wanted: Policies) -> Rows:
    found = await asking.read(SERVICE, "/policies", clock=wanted.clock)
    yield [
        _policy(asking, each)
        for each in found
        if wanted.scope in (None, each["scope"]) and wanted.in_force in (None, each["in_force"])
    ]


def _policy(asking: Asking, it: Mapping[str, Any]) -> Row:
    amount = "amount_en" if asking.language == "en" else "amount_zh"
    return [
        asking.clock(it["clock"]),
        it["version"],
        asking.unit(it["scope"]),
        asking.word("policy-state", it["state"]),
        asking.yes(it["in_force"]),
        day(it["effective_from"]),
        day(it["effective_to"]),
        *_source(it),
        asking.say(f"occasion-{it['start']}"),
        asking.say(f"occasion-{it['stop']}"),
        asking.word("ending", it["ending"]),
        "\n".join(f"{asking.word('profile', each['profile'])}: {each[amount]}" for each in it["limits"]),
        *(_document(it[name]) for name in ("reminders", "ladder", "hours", "quiet")),
        *_decided(it),
    ]


async def _case_rules(asking: Asking, _: Wanted) -> Rows:
    yield [
        [
            it["number"],
            asking.word("policy-state", it["state"]),
            asking.yes(it["in_force"]),
            day(it["effective_from"]),
            day(it["effective_to"]),
            *_source(it),
            *(_rule(asking, name, it["rules"][name]) for name in _RULES),
            *_decided(it),
        ]
        for it in await asking.read(SERVICE, "/case-rules")
    ]


def _rule(asking: Asking, name: str, value: Any) -> Value:
    match name:
        case "exemption_grounds":
            return asking.words("exemption-ground", value)
        case "parking_grounds":
            return "\n".join(_ground(asking, each) for each in value)
        case "spot_check":
            return asking.say("export-spot-check-terms", value)
    plain: Value = value
    return plain


def _ground(asking: Asking, it: Mapping[str, Any]) -> str:
    days = asking.say("export-by-policy") if it["most_days"] is None else it["most_days"]
    told = {
        "ground": asking.word("parking-ground", it["ground"]),
        "days": days,
        "office": it["office_decides"],
    }
    return asking.say("export-parking-terms", told)


async def _calendar(asking: Asking, _: Wanted) -> Rows:
    told = await asking.read(SERVICE, "/calendar")
    for year in told["years"]:
        yield [
            [
                year["year"],
                year["version"],
                asking.word("calendar-day", kind),
                day(first),
                day(last),
                name,
                year["source"],
            ]
            for kind, first, last, name in (
                *(("holiday", each["first"], each["last"], each["name"]) for each in year["holidays"]),
                *(("make-up", each, each, "") for each in year["make_up_days"]),
                *((each["kind"], each["day"], each["day"], each["note"]) for each in year["special_days"]),
            )
        ]


def _source(it: Mapping[str, Any]) -> Row:
    return [it["source"], it["source_number"], day(it["source_issued"])]


def _decided(it: Mapping[str, Any]) -> Row:
    return [
        it["proposed_by"],
        moment(it["proposed_at"]),
        it["decided_by"],
        moment(it["decided_at"]),
        it["reason"],
    ]


def _document(value: Any) -> str:
    """Terms that have a form of their own, as the policy's file writes them."""
    return orjson.dumps(value).decode() if value else ""


_RULES: Final = (
    *("representatives", "days_to_raise_again", "cycles_that_escalate", "transfers_that_escalate"),
    *("reconsideration_days", "most_extensions", "office_decides_extensions", "extension_per_cent"),
    *("exemption_grounds", "spot_check", "reply_days", "parking_grounds", "duplicate_days"),
    "duplicate_likeness",
)
_SOURCE: Final = ("source-document", "source-number", "source-issued")
_DECIDED: Final = ("proposed-by", "proposed-at", "decided-by-whom", "decided", "reason")
_STANDS: Final = ("policy-state", "in-force", "effective-from", "effective-to")
_DIRECTORY: Final = ("read-directory",)
LISTS: Final[tuple[Listed[Any], ...]] = (
    Listed(
        name="policies",
        query="policies",
        operations=_DIRECTORY,
        wanted=Policies,
        columns=(
            *("clock", "policy-version", "scope", *_STANDS, *_SOURCE, "starts", "stops", "ending"),
            *("limits", "reminders", "ladder", "hours", "quiet", *_DECIDED),
        ),
        rows=_policies,
    ),
    Listed(
        name="case-rules",
        query="caseRules",
        operations=_DIRECTORY,
        wanted=Wanted,
        columns=(
            *("version", *_STANDS, *_SOURCE),
            *(f"rule-{name.replace('_', '-')}" for name in _RULES),
            *_DECIDED,
        ),
        rows=_case_rules,
    ),
    Listed(
        name="calendar",
        query="calendar",
        operations=_DIRECTORY,
        wanted=Wanted,
        columns=("year", "version", "calendar-day", "first-day", "last-day", "day-name", "source-document"),
        rows=_calendar,
    ),
)
