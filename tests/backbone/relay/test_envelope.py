"""An envelope is the same bytes for the same row, and gives a consumer what the owner has stored."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from uuid import UUID

import pytest

from backbone.eventstore import PublishedEvent
from backbone.outbox import BadEnvelope, Delivered, envelope, envelopes, read_envelope, read_envelopes

EPOCH, ID = UUID(int=1), UUID(int=2)
NOON = datetime(2026, 3, 2, 4, 0, 0, 120, tzinfo=UTC)
ROW = PublishedEvent(
    seq=17,
    id=ID,
    type="intake.whistle.whistle-signed.v1",
    case_id="case-1",
    data='{"case_id":"case-1","text":"元村镇","amount":1.50}',
    meta='{"actor":"leader-1","after":{"routing":4},"causation":"c","correlation":"d","role":"township_leader",'
    '"traceparent":"00-1-2-01","unit":"410923102"}',
    occurred_at=datetime(2020, 5, 1, 8, 0, tzinfo=timezone(timedelta(hours=8))),
    recorded_at=NOON,
)
FACT = Delivered(
    service="intake",
    epoch=EPOCH,
    seq=17,
    id=ID,
    type="intake.whistle.whistle-signed.v1",
    case_id="case-1",
    recorded_at=NOON,
    occurred_at=datetime(2020, 5, 1, tzinfo=UTC),
    after={"routing": 4},
    actor="leader-1",
    unit="410923102",
    data={"case_id": "case-1", "text": "元村镇", "amount": 1.5},
    traceparent="00-1-2-01",
    causation="c",
    correlation="d",
)
LIVE = replace(ROW, occurred_at=None, meta='{"actor":"a","after":{},"role":"r","unit":"u"}')


def test_an_envelope_is_a_cloud_event() -> None:
    value = json.loads(envelope("intake", EPOCH, ROW))

    assert list(value)[:8] == [
        *("specversion", "id", "source", "type", "subject", "time", "datacontenttype", "seq"),
    ]
    assert value["source"] == f"/chuishao/intake/{EPOCH}"
    assert value["time"] == "2026-03-02T04:00:00.000120Z"
    assert value["occurredat"] == "2020-05-01T00:00:00.000000Z"


def test_the_data_travels_as_it_is_stored() -> None:
    assert ROW.data.encode() in envelope("intake", EPOCH, ROW)


def test_a_consumer_gets_what_the_owner_has_stored() -> None:
    assert read_envelope(envelope("intake", EPOCH, ROW)) == FACT
    assert FACT.effective_at == FACT.occurred_at


def test_a_live_fact_is_of_the_time_it_was_recorded() -> None:
    fact = read_envelope(envelope("intake", EPOCH, LIVE))

    assert (fact.occurred_at, fact.effective_at) == (None, NOON)
    assert (fact.traceparent, fact.causation, fact.correlation) == (None, None, None)
    assert fact.after == {}


def test_a_page_is_read_in_its_order() -> None:
    rows = [replace(LIVE, seq=seq) for seq in (3, 4, 5)]

    assert [fact.seq for fact in read_envelopes(envelopes("intake", EPOCH, rows))] == [3, 4, 5]
    assert read_envelopes(envelopes("intake", EPOCH, [])) == []


def test_attributes_of_a_later_version_are_ignored() -> None:
    value = json.loads(envelope("intake", EPOCH, ROW))

    assert read_envelope(json.dumps(value | {"partition": 3}).encode()) == FACT


@pytest.mark.parametrize(
    ("attribute", "value"),
    [
        ("specversion", "2.0"),
        ("source", "/elsewhere/intake/1"),
        ("source", "/chuishao/intake/no-uuid"),
        ("source", None),
        ("id", "no-uuid"),
        ("seq", "many"),
        ("time", "yesterday"),
        ("after", ["routing"]),
        ("data", "text"),
    ],
)
def test_what_is_no_envelope_of_ours_is_refused(attribute: str, value: object) -> None:
    body = json.dumps(json.loads(envelope("intake", EPOCH, ROW)) | {attribute: value}).encode()

    with pytest.raises(BadEnvelope):
        read_envelope(body)
    with pytest.raises(BadEnvelope):
        read_envelopes(b"[" + body + b"]")


@pytest.mark.parametrize("body", [b"", b"[]", b"7", b"{}", b"\xff"])
def test_what_is_no_object_is_refused(body: bytes) -> None:
    with pytest.raises(BadEnvelope):
        read_envelope(body)
