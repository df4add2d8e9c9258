"""Who sets up where notices go, what proves a channel, and where nothing may ever lead."""

from collections.abc import AsyncIterator, Sequence
from typing import Any

import pytest

from gateway.adapters.outward_addresses import Addresses, networks_of
from gateway.application.outward import AddressRefused
from gateway.domain.channels import role_of_unit, urgent
from tests.component.gateway.board import ADMINISTRATOR, CLERK, LEADER, LIAISON, WATER, Board
from tests.component.gateway.outside import WATER_LEADER, Outside, outside

LIST = "{ channels { channelId name address personal lastResult verifiedAt pausedAt unitCode } }"


@pytest.fixture
async def out(board: Board) -> AsyncIterator[Outside]:
    async with outside(board) as made:
        yield made


async def refused(out: Outside, query: str, actor: Any = WATER_LEADER, **variables: Any) -> str:
    """The code of a refusal."""
    return str((await out.board.refusal(query, actor, variables))["code"])


async def refused_to_make(out: Outside, actor: Any = WATER_LEADER, **changes: Any) -> str:
    """Why a channel is not made."""
    wanted = {"kind": "WEBHOOK", "name": "平台", "address": out.hook.url()} | changes
    query = "mutation($channel: ChannelInput!) { createChannel(channel: $channel) { secret } }"
    return await refused(out, query, actor, channel=wanted)


async def test_only_a_code_that_came_through_it_opens_a_channel(out: Outside) -> None:
    channel = (await out.made())["channel"]["channelId"]
    await out.board.ask(f'mutation {{ testChannel(channelId: "{channel}") {{ result }} }}', WATER_LEADER)
    wrong = "000000" if out.code() != "000000" else "111111"
    confirm = 'mutation {{ confirmChannel(channelId: "{}", code: "{}") {{ result }} }}'

    for _ in range(4):
        assert await refused(out, confirm.format(channel, wrong)) == "channel-code-wrong"
    assert (await out.confirm(channel, out.code()))["confirmChannel"]["channel"]["verifiedAt"]


async def test_five_wrong_codes_end_it_and_so_does_half_an_hour(out: Outside) -> None:
    channel = (await out.made())["channel"]["channelId"]
    test = f'mutation {{ testChannel(channelId: "{channel}") {{ result }} }}'
    await out.board.ask(test, WATER_LEADER)
    assert await refused(out, test) == "channel-tested-just-now"
    wrong = "000000" if out.code() != "000000" else "111111"
    confirm = 'mutation {{ confirmChannel(channelId: "{}", code: "{}") {{ result }} }}'
    for _ in range(5):
        await refused(out, confirm.format(channel, wrong))
    assert await refused(out, confirm.format(channel, out.code())) == "channel-code-wrong"

    await out.later(minutes=2)
    await out.board.ask(test, WATER_LEADER)
    await out.later(minutes=31)
    assert await refused(out, confirm.format(channel, out.code())) == "channel-code-wrong"


async def test_a_channel_that_was_not_proved_cannot_be_resumed(out: Outside) -> None:
    channel = (await out.made())["channel"]["channelId"]

    assert await refused(out, f'mutation {{ resumeChannel(channelId: "{channel}") {{ result }} }}') == (
        "channel-not-verified"
    )


async def test_a_test_that_fails_says_so(out: Outside) -> None:
    channel = (await out.made())["channel"]["channelId"]
    out.hook.status = 500

    told = await out.board.ask(
        f'mutation {{ testChannel(channelId: "{channel}") {{ result channel {{ lastResult }} }} }}',
        WATER_LEADER,
    )

    assert told["testChannel"] == {"result": "http-500", "channel": {"lastResult": "http-500"}}


async def test_addresses_and_secrets_are_ciphertext_and_shown_only_in_part(out: Outside) -> None:
    made = await out.made(address=out.hook.url("/hook?access_token=verysecret"), name="平台群")

    (listed,) = (await out.board.ask(LIST, WATER_LEADER))["channels"]
    rows = str(await out.rows("SELECT * FROM channel"))

    assert listed["address"] == "127.0.0.1"
    assert made["secret"]
    for hidden in ("verysecret", made["secret"], "平台群"):
        assert hidden not in rows


async def test_the_unit_and_the_administrator_manage_and_nobody_else_sees_it(out: Outside) -> None:
    channel, _ = await out.open()

    assert len((await out.board.ask(LIST, ADMINISTRATOR))["channels"]) == 1
    assert (await out.board.ask(LIST, LEADER))["channels"] == []
    assert (await out.board.ask(LIST, LIAISON))["channels"] == []
    for actor in (LEADER, LIAISON):
        for verb in ("pauseChannel", "removeChannel", "testChannel", "resumeChannel"):
            query = f'mutation {{ {verb}(channelId: "{channel}") {{ result }} }}'
            assert await refused(out, query, actor) == "unknown-channel"
        assert await refused(out, f'{{ deliveries(channel: "{channel}") {{ kind }} }}', actor) == (
            "unknown-channel"
        )
    resend = f'mutation {{ resendDelivery(deliveryId: "{channel}") {{ result }} }}'
    assert await refused(out, resend) == "unknown-delivery"
    assert await refused(out, 'mutation { pauseChannel(channelId: "no-id") { result } }') == "unknown-channel"


async def test_a_leader_makes_channels_of_the_own_unit_alone(out: Outside) -> None:
    assert await refused_to_make(out, unit="transport") == "not-permitted"
    assert await refused_to_make(out, LIAISON) == "not-permitted"
    assert await refused_to_make(out, ADMINISTRATOR, unit="atlantis") == "unknown-unit"
    assert (await out.made(ADMINISTRATOR, unit=WATER))["channel"]["unitCode"] == WATER


async def test_anybody_who_works_on_cases_has_the_units_notices_by_own_mail(out: Outside) -> None:
    mine, _ = await out.open(LIAISON, kind="EMAIL", address="zhao@nanle.test", personal=True)

    (listed,) = (await out.board.ask(LIST, LIAISON))["channels"]
    assert (listed["channelId"], listed["address"], listed["personal"]) == (mine, "z***@nanle.test", True)
    assert (await out.board.ask(LIST, WATER_LEADER))["channels"] == []
    assert await refused_to_make(out, LIAISON, personal=True) == "personal-channel-is-mail"


async def test_a_removed_channel_is_gone_with_its_address(out: Outside) -> None:
    channel, _ = await out.open()

    await out.board.ask(f'mutation {{ removeChannel(channelId: "{channel}") {{ result }} }}', WATER_LEADER)

    assert (await out.board.ask(LIST, WATER_LEADER))["channels"] == []
    assert await out.rows("SELECT address_sealed, secret_sealed FROM channel") == [("", None)]


async def test_there_is_an_end_to_channels(out: Outside) -> None:
    for n in range(3):
        await out.made(LIAISON, kind="EMAIL", address=f"a{n}@nanle.test", personal=True)

    assert (
        await refused_to_make(out, LIAISON, kind="EMAIL", address="b@nanle.test", personal=True)
        == "too-many-channels"
    )


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"name": " "}, "channel-name-invalid"),
        ({"name": "长" * 41}, "channel-name-invalid"),
        ({"address": "ftp://127.0.0.1/"}, "address-needs-https"),
        ({"address": "https://user:word@example.com/"}, "address-invalid"),
        ({"address": "not a url"}, "address-invalid"),
        ({"address": "https://[::1]/"}, "address-not-permitted"),
        ({"address": "https://10.0.0.8/"}, "address-not-permitted"),
        ({"address": "https://nowhere.invalid/"}, "address-unknown"),
        ({"kind": "EMAIL", "address": "nobody"}, "address-invalid"),
        ({"kind": "EMAIL", "address": "a@b.test\r\nBcc: c@d.test"}, "address-invalid"),
    ],
)
async def test_what_leads_nowhere_or_inside_is_not_made(out: Outside, changes: Any, code: str) -> None:
    assert await refused_to_make(out, **changes) == code
    assert await out.rows("SELECT 1 FROM channel") == []


class Names:
    """A resolver with the answers of a test, one after the other."""

    def __init__(self, *answers: Sequence[str]) -> None:
        self._answers = list(answers)

    async def __call__(self, host: str, port: int) -> Sequence[str]:
        return self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "255.255.255.255",
        "::1",
        "::",
        "fe80::1",
        "fc00::1",
        "ff02::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "64:ff9b::a00:1",
        "2002:7f00:1::",
        "2001:0:4136:e378:8000:63bf:3fff:fdd2",
    ],
)
async def test_a_name_that_also_stands_for_an_address_inside_is_refused(address: str) -> None:
    addresses = Addresses(resolve=Names(["93.184.215.14", address]))

    with pytest.raises(AddressRefused) as refusal:
        await addresses.way("https://hook.test/")
    assert refusal.value.slug == "address-not-permitted"


async def test_the_address_that_was_looked_at_is_the_one_called() -> None:
    addresses = Addresses(resolve=Names(["93.184.215.14"], ["127.0.0.1"]))

    way = await addresses.way("https://hook.test:8443/x?y=1")

    assert (str(way.url), way.host, way.netloc) == (
        "https://93.184.215.14:8443/x?y=1",
        "hook.test",
        "hook.test:8443",
    )
    with pytest.raises(AddressRefused):
        await addresses.way("https://hook.test:8443/x?y=1")


@pytest.mark.parametrize(
    "url", ["http://93.184.215.14/", "https://0x7f000001/", "https://2130706433/", "https://127.1/"]
)
async def test_other_ways_to_write_it_help_nobody(url: str) -> None:
    with pytest.raises((AddressRefused, OSError)):
        await Addresses().way(url)


async def test_http_is_let_through_into_the_networks_named_and_no_further() -> None:
    addresses = Addresses(networks_of("10.0.0.0/8, fd00::/8"))

    assert (await addresses.way("http://10.1.2.3/")).host == "10.1.2.3"
    for url in ("http://93.184.215.14/", "http://127.0.0.1/", "https://192.168.1.1/"):
        with pytest.raises(AddressRefused):
            await addresses.way(url)


@pytest.mark.parametrize(
    ("kind", "params", "emergency", "expected"),
    [
        ("dispatch", {}, False, True),
        ("reminder", {}, False, True),
        ("ladder", {"rung": "BLUE"}, False, False),
        ("ladder", {"rung": "ORANGE"}, False, True),
        ("parked", {}, False, False),
        ("parked", {}, True, True),
    ],
)
def test_what_passes_quiet_hours(kind: str, params: Any, emergency: bool, expected: bool) -> None:
    assert urgent(kind, params, emergency=emergency) is expected


def test_a_units_channel_sees_what_its_leader_sees() -> None:
    assert role_of_unit("410923102", "township") == "township_leader"
    assert role_of_unit(WATER, "department") == "department_leader"
    assert role_of_unit("burden-reduction-office", "office") == "office_supervisor"


async def test_residents_have_no_channels(out: Outside) -> None:
    resident = type(CLERK)("resident-1", "演示·民", "resident", "")

    assert await refused(out, LIST, resident) == "not-permitted"
