"""个人信息: what is forgotten."""

from typing import ClassVar

from contracts.events.published import Published


class PersonalDataErased(Published):
    """The keys of a person or case were destroyed; readers forget the plaintext."""

    NAME: ClassVar[str] = "intake.personal-data.personal-data-erased.v1"
    key_ids: tuple[str, ...]
