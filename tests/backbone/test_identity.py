"""Bearer tokens: who is let in, who is not, and what the keys behind them may say."""

import time
from pathlib import Path

import httpx
import orjson
import pytest
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey

from backbone.identity import (
    Actor,
    IdentityUnavailable,
    ServiceTokens,
    SigningKey,
    Unauthenticated,
    Verifier,
    write_jwks,
)
from tests.backbone.edge import CLERK, ISSUER, Identities


@pytest.fixture
def identities(tmp_path: Path) -> Identities:
    return Identities(tmp_path)


async def refused(verifier: Verifier, token: str) -> str:
    with pytest.raises(Unauthenticated) as refusal:
        await verifier.verify(token)
    return refusal.value.slug


class ProviderOverHttp:
    """Serves a key set and counts how often it is fetched; may be down."""

    def __init__(self, *keys: SigningKey) -> None:
        self.keys, self.fetched, self.down = list(keys), 0, False
        self.client = httpx.AsyncClient(transport=httpx.MockTransport(self.answer))

    def answer(self, _request: httpx.Request) -> httpx.Response:
        self.fetched += 1
        if self.down:
            return httpx.Response(503)
        return httpx.Response(200, json={"keys": [key.public() for key in self.keys]})

    def verifier(self, ttl: float = 300.0, pause: float = 5.0) -> Verifier:
        return Verifier("https://identity.test/jwks", ISSUER, client=self.client, ttl=ttl, pause=pause)


async def test_a_good_token_names_its_actor(identities: Identities) -> None:
    actor = await identities.verifier().verify(identities.token(CLERK))

    assert actor == CLERK


async def test_an_actor_does_not_show_its_name_when_printed() -> None:
    assert CLERK.name not in repr(CLERK)


async def test_a_missing_token_is_said_to_be_missing(identities: Identities) -> None:
    assert await refused(identities.verifier(), "") == "token-missing"


async def test_an_old_token_is_expired(identities: Identities) -> None:
    old = identities.token(CLERK, lifetime=60, now=time.time() - 120)

    assert await refused(identities.verifier(), old) == "token-expired"


async def test_a_token_just_past_its_end_counts_within_the_leeway(identities: Identities) -> None:
    token = identities.token(CLERK, lifetime=60, now=time.time() - 62)

    assert await identities.verifier().verify(token) == CLERK


async def test_a_token_expires_although_it_was_good_before(identities: Identities) -> None:
    now = [1_700_000_000.0]
    verifier = Verifier(identities.jwks, ISSUER, clock=lambda: now[0])
    token = identities.token(CLERK, lifetime=60, now=now[0])
    assert await verifier.verify(token) == CLERK

    now[0] += 66

    assert await refused(verifier, token) == "token-expired"


@pytest.mark.parametrize(
    "token", ["x", "a.b.c", "eyJhbGciOiJub25lIn0.e30.", "é", "x" * 9_000], ids=lambda each: each[:12]
)
async def test_nonsense_is_invalid(identities: Identities, token: str) -> None:
    assert await refused(identities.verifier(), token) == "token-invalid"


async def test_a_changed_token_is_invalid(identities: Identities) -> None:
    header, claims, signature = identities.token(CLERK).split(".")
    other = identities.token(Actor("clerk-2", "", "county_leader", "")).split(".")[1]

    assert await refused(identities.verifier(), f"{header}.{other}.{signature}") == "token-invalid"
    assert await identities.verifier().verify(f"{header}.{claims}.{signature}") == CLERK


async def test_another_issuer_is_invalid(identities: Identities) -> None:
    token = identities.person_key.sign(CLERK, issuer="https://elsewhere.test", lifetime=60)

    assert await refused(identities.verifier(), token) == "token-invalid"


async def test_another_audience_is_invalid(identities: Identities) -> None:
    token = identities.person_key.sign(CLERK, issuer=ISSUER, lifetime=60, audience="another-system")

    assert await refused(identities.verifier(), token) == "token-invalid"


async def test_a_strangers_key_is_invalid(identities: Identities) -> None:
    token = SigningKey.generate().sign(CLERK, issuer=ISSUER, lifetime=60)

    assert await refused(identities.verifier(), token) == "token-invalid"


@pytest.mark.parametrize(
    "actor",
    [Actor("", "n", "resident", ""), Actor("s", "n", "", ""), Actor("s\n", "n", "resident", "")],
    ids=["no subject", "no role", "control character"],
)
async def test_incomplete_claims_are_invalid(identities: Identities, actor: Actor) -> None:
    assert await refused(identities.verifier(), identities.token(actor)) == "token-invalid"


async def test_a_public_key_cannot_be_used_as_a_shared_secret(identities: Identities) -> None:
    public = identities.person_key.public()
    secret = OctKey.import_key(orjson.dumps(public))
    claims = {"iss": ISSUER, "aud": "chuishao", "sub": "s", "role": "county_leader", "exp": 9_999_999_999}
    token = jwt.encode({"alg": "HS256", "kid": public["kid"]}, claims, secret)

    assert await refused(identities.verifier(), token) == "token-invalid"


async def test_an_rsa_key_of_an_identity_provider_is_accepted(tmp_path: Path) -> None:
    key = RSAKey.generate_key(2048, auto_kid=True)
    jwks = tmp_path / "jwks.json"
    jwks.write_bytes(orjson.dumps({"keys": [key.as_dict(private=False)]}))
    claims = {"iss": ISSUER, "aud": ["chuishao"], "sub": "s", "role": "auditor", "exp": 9_999_999_999}
    token = jwt.encode({"alg": "RS256", "kid": key.kid}, claims, key)

    assert await Verifier(jwks, ISSUER).verify(token) == Actor("s", "", "auditor", "")


async def test_a_services_token_names_the_service(identities: Identities) -> None:
    actor = await identities.verifier().verify(identities.service("routing").token())

    assert (actor.subject, actor.role, actor.unit) == ("service:routing", "service", "routing")


async def test_a_services_key_cannot_speak_for_a_person(identities: Identities) -> None:
    token = identities.service_key.sign(CLERK, issuer=ISSUER, lifetime=60)

    assert await refused(identities.verifier(), token) == "token-invalid"


async def test_a_services_token_is_used_again_until_it_is_nearly_over(identities: Identities) -> None:
    now = [1_700_000_000.0]
    tokens = ServiceTokens(identities.service_key, ISSUER, "routing", lifetime=300, clock=lambda: now[0])
    first = tokens.token()

    now[0] += 239
    assert tokens.token() == first
    now[0] += 2
    assert tokens.token() != first


async def test_a_signing_key_survives_its_file_which_only_its_owner_reads(tmp_path: Path) -> None:
    key = SigningKey.generate(["service"])
    key.save(tmp_path / "key.json")

    assert SigningKey.load(tmp_path / "key.json") == key
    assert (tmp_path / "key.json").stat().st_mode & 0o777 == 0o600
    assert "d" not in key.public()


async def test_a_file_without_a_private_key_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "key.json"
    file.write_bytes(orjson.dumps(SigningKey.generate().public()))

    with pytest.raises(ValueError, match="no Ed25519 private key"):
        SigningKey.load(file)


async def test_a_new_key_is_found_when_a_token_names_it(identities: Identities) -> None:
    verifier = identities.verifier()
    await verifier.verify(identities.token(CLERK))
    new = SigningKey.generate()
    write_jwks(identities.jwks, [new])

    assert await verifier.verify(new.sign(CLERK, issuer=ISSUER, lifetime=60)) == CLERK


async def test_unknown_keys_do_not_make_us_ask_the_provider_each_time() -> None:
    provider = ProviderOverHttp(SigningKey.generate())
    verifier = provider.verifier(pause=60.0)
    stranger = SigningKey.generate().sign(CLERK, issuer=ISSUER, lifetime=60)

    for _ in range(20):
        assert await refused(verifier, stranger) == "token-invalid"

    assert provider.fetched == 1


async def test_a_provider_that_goes_down_locks_nobody_out() -> None:
    key = SigningKey.generate()
    provider = ProviderOverHttp(key)
    verifier = provider.verifier(ttl=0.0, pause=0.0)
    token = key.sign(CLERK, issuer=ISSUER, lifetime=60)
    await verifier.verify(token)

    provider.down = True

    assert await verifier.verify(token) == CLERK
    assert provider.fetched > 1


async def test_a_provider_that_was_never_reached_makes_identity_unavailable() -> None:
    provider = ProviderOverHttp(SigningKey.generate())
    provider.down = True

    with pytest.raises(IdentityUnavailable) as refusal:
        await provider.verifier().verify("any.good.token")

    assert (refusal.value.slug, refusal.value.status) == ("identity-unavailable", 503)


async def test_a_key_withdrawn_by_the_provider_is_not_good_any_more() -> None:
    key = SigningKey.generate()
    provider = ProviderOverHttp(key)
    verifier = provider.verifier(ttl=0.0, pause=0.0)
    token = key.sign(CLERK, issuer=ISSUER, lifetime=60)
    await verifier.verify(token)

    provider.keys = [SigningKey.generate()]

    assert await refused(verifier, token) == "token-invalid"


async def test_a_key_set_without_end_is_not_read() -> None:
    provider = httpx.MockTransport(lambda _request: httpx.Response(200, content=b" " * 300_000))
    async with httpx.AsyncClient(transport=provider) as client:
        verifier = Verifier("https://identity.test/jwks", ISSUER, client=client)

        with pytest.raises(IdentityUnavailable):
            await verifier.verify("any.good.token")


async def test_keys_of_several_places_are_good_together(tmp_path: Path) -> None:
    people, services = SigningKey.generate(), SigningKey.generate(["service"])
    write_jwks(tmp_path / "people.json", [people])
    write_jwks(tmp_path / "services.json", [services])
    places = [tmp_path / "people.json", tmp_path / "services.json"]

    for jwks in (places, ",".join(map(str, places))):
        verifier = Verifier(jwks, ISSUER)
        assert await verifier.verify(people.sign(CLERK, issuer=ISSUER, lifetime=60)) == CLERK
        assert (await verifier.verify(ServiceTokens(services, ISSUER, "intake").token())).role == "service"
