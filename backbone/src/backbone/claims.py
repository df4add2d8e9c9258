"""Who a token is about: our own tokens say so, a provider's claims are read through a mapping file."""

import re
import tomllib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

MAX_CLAIM_CHARS: Final = 200
MAX_GROUPS: Final = 1_000
"""The most values of the claim that holds groups; more are refused rather than searched."""
MAX_OPERATIONS: Final = 200
_PLACE: Final = "{unit}"


@dataclass(frozen=True, slots=True)
class Claimed:
    """What a token says of its subject; ``operations`` None means whatever the role may do."""

    subject: str
    name: str = field(repr=False)
    role: str
    unit: str
    operations: frozenset[str] | None = None


class ClaimsRefused(Exception):
    """The token is genuine, but its claims name nobody here; ``params`` never repeat a person's data."""

    def __init__(self, slug: str, **params: object) -> None:
        super().__init__(slug)
        self.slug = slug
        self.params: Mapping[str, object] = params


class MappingError(Exception):
    """A mapping file that cannot be read or says nothing; shown to the operator at start."""


def own_claims(claims: Mapping[str, Any]) -> Claimed:
    """Our own tokens: ``sub``, ``name``, ``role``, ``unit`` and, for a machine, ``operations``."""
    subject, name, role, unit = (_text(claims.get(each, "")) for each in ("sub", "name", "role", "unit"))
    if not subject or not role:
        raise ClaimsRefused("token-invalid")
    return Claimed(subject, name, role, unit, _operations(claims.get("operations")))


@dataclass(frozen=True, slots=True)
class ClaimMapping:
    """Which claims name a person, and which of a provider's groups is which role in which unit.

    ``groups`` are tried as written; ``{unit}`` in one stands for the unit's name at the provider. ``units``
    gives the code for such a name, or for the value of the unit's claim; a name it lacks is a code already.
    """

    groups: Mapping[str, str]
    units: Mapping[str, str] = field(default_factory=dict)
    subject_claim: str = "sub"
    name_claim: str = "name"
    groups_claim: str = "groups"
    unit_claim: str = ""
    _patterns: Sequence[tuple[re.Pattern[str], str]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        patterns = [(_pattern(group), role) for group, role in self.groups.items()]
        object.__setattr__(self, "_patterns", patterns)

    @classmethod
    def load(cls, path: Path, roles: Collection[str]) -> "ClaimMapping":
        """From a TOML file with ``[claims]``, ``[groups]``, ``[units]``; every role must be one of ``roles``.

        Raises ``MappingError`` with one sentence for the operator.
        """
        try:
            content = tomllib.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise MappingError(f"{path} cannot be read: {error}") from error
        unknown = content.keys() - {"claims", "groups", "units"}
        names = {"subject", "name", "groups", "unit"}
        tables = {each: content.get(each, {}) for each in ("claims", "groups", "units")}
        for table in tables.values():
            if not isinstance(table, dict) or not all(isinstance(value, str) for value in table.values()):
                raise MappingError(f"{path}: [claims], [groups] and [units] map texts to texts")
        unknown |= tables["claims"].keys() - names
        if unknown:
            raise MappingError(f"{path} says {', '.join(sorted(unknown))}, which means nothing here")
        if not tables["groups"]:
            raise MappingError(f"{path} maps no group to a role, so nobody could sign in")
        if wrong := sorted(set(tables["groups"].values()) - set(roles)):
            raise MappingError(f"{path}: there is no role {', '.join(wrong)}")
        claims = {f"{name}_claim": value for name, value in tables["claims"].items()}
        return cls(tables["groups"], tables["units"], **claims)

    def read(self, claims: Mapping[str, Any]) -> Claimed:
        """The person; raises ``ClaimsRefused`` unless the claims give exactly one role, and a unit for it."""
        subject = _text(_at(claims, self.subject_claim))
        if not subject:
            raise ClaimsRefused("token-invalid")
        found = {(role, unit) for group in self._groups_of(claims) for role, unit in self._meanings(group)}
        roles = sorted({role for role, _ in found})
        if not roles:
            raise ClaimsRefused("role-unmapped")
        if len(roles) > 1:
            raise ClaimsRefused("role-ambiguous", roles=", ".join(roles))
        units = {unit for _, unit in found if unit}
        if not units and self.unit_claim:
            units = {_text(_at(claims, self.unit_claim) or "")} - {""}
        if len(units) != 1:
            raise ClaimsRefused("unit-unmapped", role=roles[0])
        (unit,) = units
        name = _text(_at(claims, self.name_claim) or "")
        return Claimed(subject, name, roles[0], self.units.get(unit, unit))

    def _groups_of(self, claims: Mapping[str, Any]) -> Sequence[str]:
        value = _at(claims, self.groups_claim) or []
        groups = [value] if isinstance(value, str) else value
        if not isinstance(groups, list) or len(groups) > MAX_GROUPS:
            raise ClaimsRefused("token-invalid")
        return [each for each in groups if isinstance(each, str) and len(each) <= MAX_CLAIM_CHARS]

    def _meanings(self, group: str) -> list[tuple[str, str]]:
        matches = [(pattern.fullmatch(group), role) for pattern, role in self._patterns]
        return [(role, match.groupdict().get("unit", "")) for match, role in matches if match is not None]


def _pattern(group: str) -> re.Pattern[str]:
    before, place, after = group.partition(_PLACE)
    return re.compile(re.escape(before) + ("(?P<unit>[^/]{1,100})" if place else "") + re.escape(after))


def _at(claims: Mapping[str, Any], name: str) -> Any:
    """A claim by its name; a name with dots leads into objects unless a claim is called just so."""
    if name in claims:
        return claims[name]
    value: Any = claims
    for part in name.split("."):
        value = value.get(part) if isinstance(value, Mapping) else None
    return value


def _text(value: object) -> str:
    if not isinstance(value, str) or len(value) > MAX_CLAIM_CHARS or not value.isprintable():
        raise ClaimsRefused("token-invalid")
    return value


def _operations(value: object) -> frozenset[str] | None:
    if value is None:
        return None
    if not isinstance(value, list) or len(value) > MAX_OPERATIONS:
        raise ClaimsRefused("token-invalid")
    return frozenset(_text(each) for each in value)
