"""个人信息删除: keys are destroyed and every reader is told."""

from backbone.testing import Scenario
from intake.application.publishing import ERASURE
from intake.domain.personal_data import ErasePersonalData, PersonalDataErased

KEYS = ("person/writer-1", "case/1")
nothing_erased = Scenario.of(ERASURE)


def test_names_the_keys_that_are_gone() -> None:
    nothing_erased.when(ErasePersonalData(KEYS)).then(PersonalDataErased(KEYS))


def test_changes_nothing_when_delivered_twice() -> None:
    nothing_erased.given(PersonalDataErased(KEYS)).when(ErasePersonalData(KEYS)).then_nothing()


def test_needs_something_to_erase() -> None:
    nothing_erased.when(ErasePersonalData(())).then_refused("nothing-to-erase")
