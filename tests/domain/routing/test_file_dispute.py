"""权责争议 A4: filing a dispute."""

from dataclasses import replace

from routing.domain.dispute.facts import DisputeFiled
from tests.domain.routing.dispute_stories import (
    ESTABLISHMENT,
    NOT_MINE,
    REPORTED,
    SILENT,
    a_filed_dispute,
    a_ruled_dispute,
    no_dispute_yet,
)
from tests.domain.routing.stories import CASE, FARMING, TRANSPORT, WATER, YUANCUN

OFFICE = "burden-reduction-office"
FILED = DisputeFiled(
    disputed_department=WATER,
    filed_by=WATER,
    filer="department",
    legal_basis="《农业法》第十九条",
    matter="sealed matter",
    whistle=CASE,
    assignment_id="assignment-of-water",
    township=YUANCUN,
    proposed_owner=FARMING,
)


def test_files_what_a_department_disowns_after_reporting_in() -> None:
    story = no_dispute_yet.when(NOT_MINE).then(FILED)
    assert story.state.parties == (WATER, FARMING, YUANCUN)


def test_wants_the_department_to_report_in_first() -> None:
    no_dispute_yet.when(replace(NOT_MINE, standing=SILENT)).then_refused("report-in-before-disputing")


def test_lets_township_and_office_file_before_the_department_has_reported_in() -> None:
    by_township = replace(NOT_MINE, filed_by=YUANCUN, filer="township", standing=SILENT)
    no_dispute_yet.when(by_township).then(replace(FILED, filed_by=YUANCUN, filer="township"))
    by_office = replace(NOT_MINE, filed_by=ESTABLISHMENT, filer="office", standing=SILENT)
    no_dispute_yet.when(by_office).then(replace(FILED, filed_by=ESTABLISHMENT, filer="office"))


def test_changes_nothing_when_delivered_twice() -> None:
    a_filed_dispute.when(NOT_MINE).then_nothing()
    a_ruled_dispute.when(NOT_MINE).then_nothing()


def test_leads_others_to_the_dispute_there_is() -> None:
    by_township = replace(NOT_MINE, filed_by=YUANCUN, filer="township")
    a_filed_dispute.when(by_township).then_refused("already-in-dispute")


def test_hides_the_whistle_from_units_without_a_part() -> None:
    for stranger in (
        replace(NOT_MINE, filed_by=TRANSPORT),
        replace(NOT_MINE, filed_by=TRANSPORT, disputed_department=TRANSPORT, standing=None),
        replace(NOT_MINE, standing=replace(REPORTED, assignment_id=None)),
        replace(NOT_MINE, filed_by="410923104", filer="township"),
        replace(NOT_MINE, standing=None),
    ):
        no_dispute_yet.when(stranger).then_refused("unknown-case")


def test_wants_a_department_of_the_whistle() -> None:
    nobody = replace(REPORTED, assignment_id=None)
    by_office = replace(NOT_MINE, filed_by=ESTABLISHMENT, filer="office", standing=nobody)
    no_dispute_yet.when(by_office).then_refused("disputed-department-has-no-part")


def test_is_too_late_once_the_whistle_is_closed() -> None:
    closed = replace(REPORTED, ongoing=False)
    no_dispute_yet.when(replace(NOT_MINE, standing=closed)).then_refused("dispatch-closed")


def test_may_be_about_a_duty_without_a_whistle() -> None:
    general = replace(NOT_MINE, whistle=None, standing=None)
    no_dispute_yet.when(general).then(replace(FILED, whistle=None, assignment_id=None, township=None))
    by_township = replace(general, filed_by=YUANCUN, filer="township")
    filed = replace(FILED, filed_by=YUANCUN, filer="township", whistle=None, assignment_id=None)
    no_dispute_yet.when(by_township).then(filed)
    others = replace(general, filed_by=TRANSPORT)
    no_dispute_yet.when(others).then_refused("dispute-your-own-duty")


def test_needs_registered_units_a_basis_and_its_matter() -> None:
    unknown = replace(NOT_MINE, proposed_owner="no-such-bureau")
    no_dispute_yet.when(unknown).then_refused("unknown-department", unit="no-such-bureau")
    circular = replace(NOT_MINE, proposed_owner=WATER)
    no_dispute_yet.when(circular).then_refused("propose-another-owner")
    no_dispute_yet.when(replace(NOT_MINE, legal_basis="")).then_refused("dispute-needs-a-legal-basis")
    no_dispute_yet.when(replace(NOT_MINE, matter="")).then_refused("dispute-needs-its-matter")


def test_cites_the_issues_without_an_owner_and_hears_all_who_have_them() -> None:
    found_none = replace(
        NOT_MINE,
        filed_by=OFFICE,
        filer="office",
        standing=SILENT,
        proposed_owner=None,
        issue_ids=("ditch", "road"),
        named=(WATER, TRANSPORT),
    )
    filed = replace(
        FILED,
        filed_by=OFFICE,
        filer="office",
        proposed_owner=None,
        issue_ids=("ditch", "road"),
        named=(WATER, TRANSPORT),
    )
    story = no_dispute_yet.when(found_none).then(filed)
    assert story.state.parties == (WATER, TRANSPORT, OFFICE, YUANCUN)
    story.when(found_none).then_nothing()
