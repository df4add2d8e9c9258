"""`chuishao token`: a development identity for one role and unit."""

import time

import pytest

from backbone.identity import Unauthenticated, Verifier
from chuishao.identities import ISSUER
from chuishao.tokens import token
from chuishao.words import CommandFailedError
from tests.system.launched import Launched


async def test_names_a_person_every_service_believes(launched: Launched) -> None:
    printed = launched.run(
        "token", "--as", "township_leader@410923102", "--name", "王甲乙", "--sub", "leader-1"
    )
    actor = await Verifier(launched.system.identities.jwks, ISSUER).verify(printed.stdout.strip())
    assert (actor.subject, actor.name) == ("leader-1", "王甲乙")
    assert (actor.role, actor.unit) == ("township_leader", "410923102")


async def test_lasts_as_long_as_was_asked(launched: Launched) -> None:
    printed = launched.run("token", "--as", "auditor@county-leadership", "--ttl", "45m").stdout.strip()
    jwks = launched.system.identities.jwks
    assert (
        await Verifier(jwks, ISSUER, clock=lambda: time.time() + 44 * 60).verify(printed)
    ).role == "auditor"
    with pytest.raises(Unauthenticated, match="token-expired"):
        await Verifier(jwks, ISSUER, clock=lambda: time.time() + 46 * 60).verify(printed)


@pytest.mark.parametrize(
    ("who", "ttl", "slug"),
    [
        ("mayor@410923102", "1h", "token-role-unknown"),
        ("service@intake", "1h", "token-role-unknown"),
        ("auditor", "1h", "token-form"),
        ("auditor@County Leadership", "1h", "token-form"),
        ("auditor@county-leadership", "0", "token-lifetime-invalid"),
        ("auditor@county-leadership", "31d", "token-lifetime-invalid"),
        ("auditor@county-leadership", "soon", "token-lifetime-invalid"),
    ],
)
def test_is_refused_for_what_nobody_is(who: str, ttl: str, slug: str) -> None:
    with pytest.raises(CommandFailedError) as refused:
        token(who, ttl=ttl)
    assert refused.value.slug == slug


def test_a_refusal_is_one_line(launched: Launched) -> None:
    answer = launched.run("token", "--as", "mayor@410923102")
    assert (answer.returncode, answer.stdout, answer.stderr.count("\n")) == (1, "", 1)
    assert "there is no role mayor" in answer.stderr
