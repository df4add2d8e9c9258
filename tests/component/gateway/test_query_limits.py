"""Attacks by query: each is refused before anything is read, with code, Chinese sentence and limit."""

from pathlib import Path
from typing import Any

import pytest

from gateway.adapters.registered import RegisteredOperations
from gateway.application.limits import Limits
from gateway.entrypoints.graphql.bounds import digest
from gateway.entrypoints.graphql.schema import build_schema
from tests.component.gateway.board import CASE, DISPATCHER, Board


async def refused(board: Board, query: str, **variables: Any) -> dict[str, Any]:
    """The only error, for which the database was not asked at all."""
    board.statements.clear()
    found = await board.refusal(query, DISPATCHER, variables)
    assert board.statements == []
    assert any("一" <= each <= "鿿" for each in found["message"]), found["message"]
    return found


def limited(board: Board, **changes: Any) -> None:
    """Let the board's schema have other limits."""
    board.schema = build_schema(production=True, limits=Limits(**changes))


async def test_a_query_that_is_too_deep(board: Board) -> None:
    limited(board, depth=3)

    found = await refused(board, "{ cases(first: 1) { edges { node { clocks { kind } } } } }")

    assert (found["code"], found["params"]) == ("query-too-deep", {"asked": 4, "most": 3})
    assert "3" in found["message"]


async def test_depth_hidden_in_fragments(board: Board) -> None:
    limited(board, depth=3)

    found = await refused(
        board,
        "{ cases(first: 1) { ...a } } fragment a on CaseConnection { edges { ...b } }"
        " fragment b on CaseEdge { node { ... on Case { clocks { kind } } } }",
    )

    assert found["code"] == "query-too-deep"


async def test_nesting_beyond_what_a_parser_bears(board: Board) -> None:
    found = await refused(board, "{" + "a{" * 900 + "b" + "}" * 901)

    assert found["code"] in ("query-too-deep", "too-many-tokens")


async def test_too_many_aliases(board: Board) -> None:
    found = await refused(board, "{" + " ".join(f"a{n}: me {{ role }}" for n in range(31)) + "}")

    assert (found["code"], found["params"]) == ("too-many-aliases", {"asked": 31, "most": 30})


async def test_too_many_tokens(board: Board) -> None:
    found = await refused(board, "{ me {" + " role" * 2_000 + "} }")

    assert (found["code"], found["params"]) == ("too-many-tokens", {"most": 2_000})


async def test_a_page_multiplies_what_is_below_it(board: Board) -> None:
    found = await refused(
        board,
        "{ cases(first: 100) { edges { node { caseId clocks { kind state due end: unit"
        "{ code name } } timeline { title type } } } } }",
    )

    assert (found["code"], found["params"]) == ("query-too-costly", {"asked": 2_200, "most": 1_000})


async def test_the_size_of_a_page_may_hide_in_a_variable_or_its_default(board: Board) -> None:
    fields = "caseId number title state createdAt updatedAt closedAt text type settling number"
    rows = f"{{ edges {{ node {{ {fields} }} }} }}"

    given = await refused(board, f"query($n: Int) {{ cases(first: $n) {rows} }}", n=100)
    default = await refused(board, f"query($n: Int = 100) {{ cases(first: $n) {rows} }}")

    assert given["code"] == default["code"] == "query-too-costly"


async def test_a_document_that_was_good_once_is_weighed_again_for_a_larger_page(board: Board) -> None:
    query = """query($n: Int = 100) { cases(first: $n) { edges { node {
      caseId number title state createdAt updatedAt closedAt text type settling number } } } }"""
    for size in (10, 10, None):
        assert (await board.ask(query, variables={"n": size}))["cases"]["edges"] == []
    assert (await refused(board, query))["code"] == "query-too-costly"

    assert (await refused(board, query, n=100))["code"] == "query-too-costly"
    assert (await refused(board, query, n=1_000))["code"] == "page-too-large"


async def test_fragments_spread_into_each_other_are_weighed_as_often_as_they_stand(board: Board) -> None:
    bomb = " ".join(f"fragment f{n} on Case {{ ...f{n + 1} ...f{n + 1} }}" for n in range(30))

    found = await refused(
        board, "{ cases(first: 1) { edges { node { ...f0 } } } } " + bomb + " fragment f30 on Case { caseId }"
    )

    assert found["code"] == "query-too-costly"
    assert found["params"]["asked"] == 2**30


async def test_fragments_that_hold_themselves_are_refused(board: Board) -> None:
    found = await board.errors(
        "{ cases(first: 1) { edges { node { ...a } } } }"
        " fragment a on Case { ...b } fragment b on Case { ...a }"
    )

    assert {each["code"] for each in found} == {"invalid-request"}


async def test_a_page_that_is_too_large(board: Board) -> None:
    found = await refused(board, "{ notices(first: 1000000) { kind } }")

    assert (found["code"], found["params"]) == ("page-too-large", {"asked": 1_000_000, "most": 100})


async def test_only_the_dearest_kind_of_case_counts(board: Board) -> None:
    limited(board, cost=4)
    query = (
        "query($id: ID!) { case(caseId: $id) { caseId"
        " ... on Whistle { kind ground emergency } ... on Letter { channel writer answer } } }"
    )

    assert await board.ask(query, variables={"id": CASE}) == {"case": None}


@pytest.mark.parametrize("query", ["{ __schema { types { name } } }", '{ __type(name: "Case") { name } }'])
async def test_production_does_not_tell_its_schema(board: Board, query: str) -> None:
    assert (await refused(board, query))["code"] == "introspection-off"


async def test_development_does(board: Board) -> None:
    board.schema = build_schema(production=False)

    told = await board.ask('{ __type(name: "Case") { name fields { name } } }')

    assert told["__type"]["name"] == "Case"


@pytest.mark.parametrize(
    "query",
    [
        "{ me { rol } }",
        '{ case(caseId: "a", secret: "芦苇荡") { caseId } }',
        "{ me { role ",
        'query ($n: Int) { cases(first: $n, filter: {states: ["芦苇荡"]}) { totalCount } }',
        "query ($id: ID!) { case(caseId: $id) { caseId } }",
    ],
)
async def test_what_is_not_understood_is_told_in_our_words_alone(board: Board, query: str) -> None:
    for production in (True, False):
        board.schema = build_schema(production=production)
        for found in await board.errors(query):
            assert (found["code"], found["message"]) == ("invalid-request", "请求内容不符合要求。")
            assert ("detail" in found) != production, "the library's words are for who writes a client"
            assert production is False or "芦苇荡" not in str(found)


async def test_nothing_but_what_is_registered_where_that_is_asked_for(board: Board) -> None:
    known = "{ me { role } }"
    registered = RegisteredOperations({digest(known): known}, only=True)
    board.schema = build_schema(production=True, registered=registered)

    assert await board.ask(known) == {"me": {"role": "office_dispatcher"}}
    assert (await refused(board, "{ me { role  } }"))["code"] == "only-registered-operations"


@pytest.mark.parametrize("content", ["[]", '{"00": "{ me { role } }"}', '{"00": 1}'])
def test_a_file_of_operations_that_is_wrong_is_noticed_at_start(tmp_path: Path, content: str) -> None:
    path = tmp_path / "operations.json"
    path.write_text(content, encoding="utf-8")

    with pytest.raises(ValueError):
        RegisteredOperations.load(path, only=False)


def test_only_registered_operations_need_a_file() -> None:
    with pytest.raises(ValueError):
        RegisteredOperations.load(None, only=True)


REPEATED = {
    "a value": "{ me { " + "role " * 21 + "} }",
    "objects": "{ " + "me { role } " * 21 + "}",
    "objects in objects": "{ me { " + "unit { code } " * 5 + "} " + "me { unit { code } } " * 17 + "}",
    "fragments": "{ me { "
    + " ".join(f"...f{n}" for n in range(21))
    + " } }"
    + " ".join(f" fragment f{n} on Me {{ role }}" for n in range(21)),
    "fragments in place": "{ me { " + "... on Me { role } " * 21 + "} }",
    "kinds": "{ cases(first: 1) { edges { node { "
    + "... on Whistle { text } ... on Letter { text } " * 11
    + "} } } }",
    "pages without rows": "{ cases(first: 0) { edges { node { ...f0 } } } } "
    + " ".join(f"fragment f{n} on Case {{ ...f{n + 1} ...f{n + 1} }}" for n in range(15))
    + " fragment f15 on Case { caseId }",
}


@pytest.mark.parametrize("query", REPEATED.values(), ids=REPEATED.keys())
async def test_what_is_said_again_and_again_is_not_compared_pair_by_pair(board: Board, query: str) -> None:
    limited(board, cost=1_000_000)

    found = await refused(board, query)

    assert (found["code"], found["params"]) == ("too-many-repeats", {"most": 20})


async def test_what_is_said_twice_is_one(board: Board) -> None:
    assert await board.ask("{ me { role } me { role ...a } } fragment a on Me { role }") == {
        "me": {"role": "office_dispatcher"}
    }


async def test_pages_without_rows_are_weighed_like_one_row(board: Board) -> None:
    limited(board, cost=3)

    found = await refused(board, "{ cases(first: 0) { edges { node { caseId number title state } } } }")

    assert (found["code"], found["params"]) == ("query-too-costly", {"asked": 4, "most": 3})


async def test_the_size_of_a_page_may_have_thousands_of_digits(board: Board) -> None:
    digits = "9" * 5_000

    given = await refused(board, f"{{ cases(first: {digits}) {{ totalCount }} }}")
    default = await refused(board, f"query($n: Int = {digits}) {{ cases(first: $n) {{ totalCount }} }}")

    assert given["code"] == default["code"] == "page-too-large"


async def test_a_guess_is_not_helped_in_production(board: Board) -> None:
    many = " ".join(f"caseqname{n}" for n in range(300))

    found = await board.errors(f"{{ {many} }}")

    assert len(found) <= 11
    assert "Did you mean" not in str(found)
    board.schema = build_schema(production=False)
    assert "Did you mean" in str(await board.errors("{ casses { totalCount } }"))
