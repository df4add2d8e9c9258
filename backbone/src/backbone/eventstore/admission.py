"""What an append must be before it reaches a log; the same for every store."""

from collections.abc import Iterator
from datetime import datetime

from backbone.eventstore.model import Append


def admit(append: Append) -> None:
    """Refuse with ``ValueError`` what no log could hold, before it can harm the group it would go with."""
    if len(append.request_hash) != 32:
        raise ValueError("a request hash has 32 bytes")
    if len({each.stream for each in append.streams}) != len(append.streams):
        raise ValueError("a command names each stream once")
    if any(each.expected < 0 for each in append.streams):
        raise ValueError("a version is not negative")
    if append.deadlines and not any(each.events for each in append.streams):
        raise ValueError("a deadline is set by an event")
    if len({(each.key, each.name) for each in append.deadlines}) != len(append.deadlines):
        raise ValueError("a command names each deadline once")
    if append.checkpoint is not None and append.checkpoint.new < append.checkpoint.old:
        raise ValueError("a consumer does not go back")
    for moment in _moments(append):
        if moment is not None and moment.utcoffset() is None:
            raise ValueError("a time has a zone")
    names = list(_names(append))
    if "" in names:
        raise ValueError("a name is not empty")
    text = "".join((*names, *_texts(append)))
    if "\x00" in text:
        raise ValueError("a text holds no NUL")
    text.encode()


def _moments(append: Append) -> Iterator[datetime | None]:
    for pair in append.streams:
        for event in pair.events:
            yield event.occurred_at
    for fact in append.published:
        yield fact.occurred_at
    for deadline in append.deadlines:
        yield deadline.at


def _names(append: Append) -> Iterator[str]:
    for pair in append.streams:
        yield pair.stream
        for event in pair.events:
            yield event.type
    for fact in append.published:
        yield fact.type
        yield fact.case_id
    for deadline in append.deadlines:
        yield deadline.key
        yield deadline.name


def _texts(append: Append) -> Iterator[str]:
    yield append.answer
    for pair in append.streams:
        for event in pair.events:
            yield event.data
    for fact in append.published:
        yield fact.data
