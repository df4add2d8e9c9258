"""A provider's claims become one role in one unit, or nobody."""

from pathlib import Path
from typing import Any

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey

from backbone.claims import Claimed, ClaimMapping, ClaimsRefused, MappingError
from backbone.identity import Actor, NotMapped, SigningKey, Unauthenticated, Verifier
from tests.backbone.edge import CLERK, ISSUER, Identities

ROLES = {"township_clerk", "township_leader", "auditor"}
MAPPING = ClaimMapping(
    {"/{unit}/经办": "township_clerk", "/{unit}/领导": "township_leader", "审计": "auditor"},
    {"元村镇": "410923102"},
    unit_claim="department",
)


def refusal(claims: dict[str, Any], mapping: ClaimMapping = MAPPING) -> ClaimsRefused:
    with pytest.raises(ClaimsRefused) as refused:
        mapping.read({"sub": "p1", **claims})
    return refused.value


def written(folder: Path, text: str) -> Path:
    path = folder / "claims.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_group_gives_the_role_and_names_the_unit() -> None:
    claims = {"sub": "p1", "name": "王小明", "groups": ["打球", "/元村镇/经办"]}

    assert MAPPING.read(claims) == Claimed("p1", "王小明", "township_clerk", "410923102")


def test_a_unit_without_an_entry_is_a_code_already() -> None:
    assert MAPPING.read({"sub": "p1", "groups": "/410923104/领导"}).unit == "410923104"


def test_the_unit_may_come_from_a_claim_of_its_own() -> None:
    assert MAPPING.read({"sub": "p1", "groups": ["审计"], "department": "元村镇"}).unit == "410923102"


def test_claims_may_lie_in_objects() -> None:
    mapping = ClaimMapping({"clerk": "township_clerk"}, groups_claim="realm.roles", unit_claim="org")

    read = mapping.read({"sub": "p1", "realm": {"roles": ["clerk"]}, "org": "410923102"})

    assert (read.role, read.unit) == ("township_clerk", "410923102")


def test_whoever_has_no_mapped_group_is_refused() -> None:
    assert refusal({"groups": ["打球"]}).slug == "role-unmapped"
    assert refusal({}).slug == "role-unmapped"


def test_nobody_is_two_roles_at_once() -> None:
    refused = refusal({"groups": ["/元村镇/经办", "/元村镇/领导"]})

    assert (refused.slug, refused.params["roles"]) == ("role-ambiguous", "township_clerk, township_leader")


def test_a_role_needs_one_unit() -> None:
    assert refusal({"groups": ["审计"]}).slug == "unit-unmapped"
    assert refusal({"groups": ["/元村镇/经办", "/410923104/经办"]}).slug == "unit-unmapped"


@pytest.mark.parametrize("groups", [7, {"a": 1}, ["x"] * 1_001])
def test_groups_in_a_strange_form_are_refused(groups: object) -> None:
    assert refusal({"groups": groups}).slug == "token-invalid"


def test_a_subject_is_needed() -> None:
    assert refusal({"sub": "", "groups": ["/元村镇/经办"]}).slug == "token-invalid"


def test_a_group_is_no_pattern_but_for_the_unit() -> None:
    mapping = ClaimMapping({"a.c/{unit}": "auditor"})

    assert refusal({"groups": ["abc/x"]}, mapping).slug == "role-unmapped"
    assert refusal({"groups": ["a.c/x/y"]}, mapping).slug == "role-unmapped"


def test_a_file_says_all_of_it(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        '[claims]\nsubject = "uid"\ngroups = "roles"\n[groups]\n"{unit}:经办" = "township_clerk"\n'
        '[units]\n"元村镇" = "410923102"\n',
    )

    read = ClaimMapping.load(path, ROLES).read({"uid": "p7", "roles": ["元村镇:经办"]})

    assert read == Claimed("p7", "", "township_clerk", "410923102")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[groups", "cannot be read"),
        ("", "maps no group"),
        ('[groups]\nx = "mayor"', "no role mayor"),
        ('[groups]\nx = "service"', "no role service"),
        ("[groups]\nx = 1", "texts to texts"),
        ('group = "x"\n[groups]\nx = "auditor"', "group, which means nothing"),
        ('[claims]\nrole = "x"\n[groups]\nx = "auditor"', "role, which means nothing"),
    ],
)
def test_a_file_that_is_wrong_says_why(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(MappingError, match=said):
        ClaimMapping.load(written(tmp_path, text), ROLES)


def test_a_file_that_is_missing_says_so(tmp_path: Path) -> None:
    with pytest.raises(MappingError, match="cannot be read"):
        ClaimMapping.load(tmp_path / "nothing.toml", ROLES)


class Provider:
    """A provider that publishes key sets over HTTP."""

    def __init__(self, *keys: Any) -> None:
        self.keys = list(keys)
        self.client = httpx.AsyncClient(transport=httpx.MockTransport(self.answer))

    def answer(self, _request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json={"keys": [key.as_dict(private=False) for key in self.keys]})

    def verifier(self, *others: Path) -> Verifier:
        """A verifier of this provider's tokens, through the mapping."""
        return Verifier(
            [*others, "https://identity.test/jwks"], ISSUER, mapping=MAPPING, client=self.client, pause=0.0
        )

    def token(self, algorithm: str, **claims: Any) -> str:
        """A token of the newest key."""
        content = {"iss": ISSUER, "aud": "chuishao", "sub": "p1", "exp": 9_999_999_999, **claims}
        header = {"alg": algorithm, "kid": self.keys[-1].kid}
        return jwt.encode(header, content, self.keys[-1], algorithms=[algorithm])


async def test_a_providers_token_is_read_through_the_mapping() -> None:
    provider = Provider(ECKey.generate_key("P-256", auto_kid=True))
    token = provider.token("ES256", groups=["/元村镇/经办"], role="county_leader", unit="x")

    actor = await provider.verifier().verify(token)

    assert (actor.role, actor.unit) == ("township_clerk", "410923102")


async def test_somebody_unmapped_is_told_so_and_not_asked_to_sign_in_again() -> None:
    provider = Provider(RSAKey.generate_key(2048, auto_kid=True))

    with pytest.raises(NotMapped) as refused:
        await provider.verifier().verify(provider.token("RS256", groups=[]))

    assert (refused.value.slug, refused.value.status) == ("role-unmapped", 403)


async def test_our_own_tokens_need_no_mapping(tmp_path: Path) -> None:
    identities = Identities(tmp_path)
    provider = Provider(RSAKey.generate_key(2048, auto_kid=True))
    verifier = provider.verifier(identities.jwks)

    assert await verifier.verify(identities.token(CLERK)) == CLERK
    assert (await verifier.verify(identities.service().token())).role == "service"


async def test_the_old_key_counts_until_it_is_published_no_more() -> None:
    old, new = (RSAKey.generate_key(2048, auto_kid=True) for _ in range(2))
    provider = Provider(old)
    verifier = provider.verifier()
    earlier = provider.token("RS256", groups=["/元村镇/经办"])
    provider.keys = [old, new]
    later = provider.token("RS256", groups=["/元村镇/经办"])

    assert (await verifier.verify(later)).subject == (await verifier.verify(earlier)).subject

    newest = RSAKey.generate_key(2048, auto_kid=True)
    provider.keys = [new, newest]
    await verifier.verify(provider.token("RS256", groups=["/元村镇/经办"]))
    with pytest.raises(Unauthenticated, match="token-invalid"):
        await verifier.verify(earlier)


@pytest.mark.parametrize("algorithm", ["ES512", "RS512"])
async def test_an_algorithm_that_is_not_allowed_is_refused(algorithm: str) -> None:
    key = ECKey.generate_key("P-521") if algorithm == "ES512" else RSAKey.generate_key(2048)
    key.ensure_kid()
    provider = Provider(key)

    with pytest.raises(Unauthenticated, match="token-invalid"):
        await provider.verifier().verify(provider.token(algorithm, groups=["/元村镇/经办"]))


async def test_the_key_of_machines_names_no_person(tmp_path: Path) -> None:
    identities = Identities(tmp_path)
    key = SigningKey.generate(["township_clerk"], subjects="machine:")
    identities.publish(key)
    scoped = frozenset({"read-cases"})
    machine = Actor("machine:7", "统计", "township_clerk", "410923102", scoped)

    read = await identities.verifier().verify(key.sign(machine, issuer=ISSUER, lifetime=60))

    assert read.operations == scoped
    with pytest.raises(Unauthenticated, match="token-invalid"):
        await identities.verifier().verify(key.sign(CLERK, issuer=ISSUER, lifetime=60))
