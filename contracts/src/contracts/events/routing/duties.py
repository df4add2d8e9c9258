"""单位与权责清单: who there is, and whose duty is what."""

from typing import ClassVar, Literal

from pydantic import BaseModel, ConfigDict

from contracts.events.published import Published


class Village(BaseModel):
    """A village or residents' committee by its official 12-digit code."""

    model_config = ConfigDict(frozen=True)

    code: str
    name: str


class UnitRegistered(Published):
    """A unit exists (or its entry was changed). ``case_id`` is uuid5 of the unit code."""

    NAME: ClassVar[str] = "routing.unit.unit-registered.v1"
    code: str
    name: str
    short_name: str
    unit_class: Literal["township", "department", "vertical", "utility", "office"]
    tier: str
    duty_desk_phone: str | None = None
    ruled_by_county: bool = True
    villages: tuple[Village, ...] = ()


class ResponsibilityItem(BaseModel):
    """One line of the 权责清单."""

    model_config = ConfigDict(frozen=True)

    code: str
    title: str
    kind: Literal["primary", "supporting", "withdrawn_upward"]
    """基本履职, 配合履职, 上级收回."""
    level: Literal["township", "county", "city"]
    lead: str
    assists: tuple[str, ...] = ()
    legal_basis: str
    summary: str = ""
    keywords: tuple[str, ...] = ()
    taxonomy: tuple[str, ...] = ()
    """一级/二级/三级分类."""
    complex: bool = False
    devolved: bool = False
    devolved_with: tuple[str, ...] = ()


class ResponsibilityListPublished(Published):
    """A version of the list is in force from a day on. ``case_id`` is the list's id."""

    NAME: ClassVar[str] = "routing.responsibility-list.responsibility-list-published.v1"
    version: int
    effective_from: str
    source_document: str
    items: tuple[ResponsibilityItem, ...]
