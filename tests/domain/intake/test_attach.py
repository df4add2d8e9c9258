"""附件: added, removed, and what a file may be called."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backbone.testing import Scenario, walk
from intake.application.attachments_publishing import ATTACHMENT
from intake.domain.attachment import (
    ENDINGS,
    LONGEST_NAME,
    AddAttachment,
    AttachmentAdded,
    AttachmentRemoved,
    Attachments,
    Command,
    Event,
    File,
    RemoveAttachment,
    check_content,
    clean_name,
)
from intake.domain.refusals import Refused
from tests.domain.intake.stories import WATER, YUANCUN

PHOTO = File("photo", "sealed name", "image/jpeg", 1_000, "aa")
PLAN = File("plan", "sealed name", "application/pdf", 2_000, "bb")
ADD = AddAttachment(PHOTO, "clerk", YUANCUN, 2)
TAKE_BACK = RemoveAttachment("photo", "clerk", YUANCUN, office=False, acted=False, reason="")
BY_OFFICE = RemoveAttachment("photo", "supervisor", "office", office=True, acted=True, reason="sealed reason")
ADDED = AttachmentAdded(PHOTO, "clerk", YUANCUN)

nothing_yet: Scenario[Command, Event, Attachments] = Scenario.of(ATTACHMENT)
a_photo = nothing_yet.given(ADDED)


def test_is_kept_with_who_added_it() -> None:
    nothing_yet.when(ADD).then(ADDED)


def test_is_kept_once_however_often_the_same_content_comes() -> None:
    a_photo.when(replace(ADD, file=replace(PHOTO, attachment="again"))).then_nothing()


def test_is_refused_beyond_the_most_a_case_may_have() -> None:
    full = a_photo.given(AttachmentAdded(PLAN, "liaison", WATER))
    full.when(replace(ADD, file=File("third", "sealed", "image/png", 1, "cc"))).then_refused(
        "too-many-attachments"
    )


def test_makes_room_when_one_is_removed() -> None:
    full = a_photo.given(AttachmentAdded(PLAN, "liaison", WATER))
    third = File("third", "sealed", "image/png", 1, "cc")
    room = full.given(AttachmentRemoved("photo", "clerk", YUANCUN, ""))
    room.when(replace(ADD, file=third)).then(AttachmentAdded(third, "clerk", YUANCUN))


def test_is_taken_back_by_who_added_it() -> None:
    a_photo.when(TAKE_BACK).then(AttachmentRemoved("photo", "clerk", YUANCUN, ""))


def test_is_not_taken_back_once_the_case_has_gone_on() -> None:
    a_photo.when(replace(TAKE_BACK, acted=True)).then_refused("attachment-is-relied-on")


def test_is_not_taken_back_by_somebody_else() -> None:
    a_photo.when(replace(TAKE_BACK, by="colleague")).then_refused("attachment-of-another")


def test_is_removed_by_the_office_with_a_reason() -> None:
    a_photo.when(BY_OFFICE).then(AttachmentRemoved("photo", "supervisor", "office", "sealed reason"))
    a_photo.when(replace(BY_OFFICE, reason="")).then_refused("removing-an-attachment-needs-a-reason")


def test_is_removed_once() -> None:
    gone = a_photo.given(AttachmentRemoved("photo", "clerk", YUANCUN, ""))
    gone.when(TAKE_BACK).then_nothing()
    gone.when(BY_OFFICE).then_nothing()


def test_is_unknown_when_it_was_never_added() -> None:
    nothing_yet.when(TAKE_BACK).then_refused("unknown-attachment")


@pytest.mark.parametrize(
    ("declared", "found", "size", "slug"),
    [
        ("image/png", "image/png", 0, "attachment-is-empty"),
        ("image/png", "image/png", 3 * 1_048_576, "attachment-too-large"),
        ("text/html", None, 10, "attachment-type-not-allowed"),
        ("application/zip", "application/zip", 10, "attachment-type-not-allowed"),
        ("image/jpeg", "image/png", 10, "attachment-type-differs"),
    ],
)
def test_is_refused_for_what_it_is(declared: str, found: str | None, size: int, slug: str) -> None:
    with pytest.raises(Refused) as refused:
        check_content(declared, found, size, 2 * 1_048_576)
    assert refused.value.slug == slug


@pytest.mark.parametrize("media_type", ENDINGS)
def test_is_taken_when_it_is_what_it_says(media_type: str) -> None:
    assert check_content(media_type, media_type, 10, 10) == media_type


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("现场.JPG", "现场.JPG"),
        ("现场", "现场.jpg"),
        ("../../etc/passwd", "passwd.jpg"),
        ("C:\\照片\\一.jpeg", "一.jpeg"),
        ("页.html", "页.html.jpg"),
        ("照片\u202egpj.exe", "照片gpj.exe.jpg"),
        ("a\r\nSet-Cookie: x=1.jpg", "aSet-Cookie x=1.jpg"),
        (" .. ", "附件.jpg"),
        ("", "附件.jpg"),
        (".jpg", "jpg.jpg"),
    ],
)
def test_has_a_name_that_can_do_no_harm(given: str, kept: str) -> None:
    assert clean_name(given, "image/jpeg") == kept


@given(st.text(max_size=400), st.sampled_from(sorted(ENDINGS)))
def test_has_a_short_name_that_ends_as_its_type_whatever_was_given(name: str, media_type: str) -> None:
    kept = clean_name(name, media_type)
    assert kept.lower().endswith(ENDINGS[media_type])
    assert 4 < len(kept) <= LONGEST_NAME
    assert not set(kept) & set('/\\\r\n\0"')


commands = st.one_of(
    st.builds(
        AddAttachment,
        st.sampled_from([PHOTO, PLAN]),
        st.sampled_from(["clerk", "liaison"]),
        st.just(YUANCUN),
        st.integers(1, 2),
    ),
    st.builds(
        RemoveAttachment,
        st.sampled_from(["photo", "plan"]),
        st.sampled_from(["clerk", "liaison"]),
        st.just(YUANCUN),
        st.booleans(),
        st.booleans(),
        st.sampled_from(["", "sealed reason"]),
    ),
)


@settings(max_examples=100, deadline=None)
@given(st.lists(commands, max_size=12))
def test_any_commands_replay_and_repeating_adds_nothing(given: list[Command]) -> None:
    walk(ATTACHMENT, given)
