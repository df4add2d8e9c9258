"""The acts of a whistle, small enough that a case is a line or few of them."""

from typing import Any

from tests.story.people import CLERK, DESK, LEADER, ROADS, SUPERVISOR, duty_officer, head, liaison
from tests.story.tale import Act, CaseOf, IssueOf, VillageHere
from tests.system.county import Person

BASIS = "权责清单(演示)"


def matter(
    text: str, *issues: str, to: tuple[str, ...] = (ROADS,), kind: str = "PUBLIC_APPEAL"
) -> dict[str, Any]:
    """What a whistle says; an issue is its item's code, ``-`` for none."""
    return {
        "kind": kind,
        "ground": "CROSS_DEPARTMENT",
        "village": VillageHere(),
        "text": text,
        "issues": [
            {"text": f"{text}·{number}", "itemCode": None if item == "-" else item}
            for number, item in enumerate(issues, start=1)
        ],
        "departments": list(to),
    }


def drafts(whistle: dict[str, Any], by: Person = CLERK) -> Act:
    """W1."""
    return Act(by, "draftWhistle", {"whistle": whistle})


def revises(whistle: dict[str, Any], by: Person = CLERK) -> Act:
    """W1, other words."""
    return Act(by, "reviseDraft", {"whistle": whistle})


def discards(by: Person = CLERK) -> Act:
    """W1, thrown away."""
    return Act(by, "discardWhistle")


def raises(whistle: dict[str, Any], by: Person = CLERK) -> Act:
    """W1 and W2; by the leader W3 too."""
    return Act(by, "raiseWhistle", {"whistle": whistle})


def submits(by: Person = CLERK) -> Act:
    """W2."""
    return Act(by, "submitWhistle")


def sends_back(reason: str, by: Person = LEADER) -> Act:
    """W2'."""
    return Act(by, "sendBackWhistle", {"reason": reason})


def signs(by: Person = LEADER, *, now: bool = False) -> Act:
    """W3."""
    return Act(by, "signWhistle", {"dispatch": "NOW"} if now else {})


def confirms(*, owner_found: bool = True, complex_reason: str = "") -> Act:
    """W4."""
    words: dict[str, Any] = {"legalBasis": BASIS, "ownerFound": owner_found}
    return Act(DESK, "confirmDispatch", words | ({"complexReason": complex_reason} if complex_reason else {}))


def corrects(lead: str, *assists: str) -> Act:
    """W4, other departments."""
    words = {"lead": lead, "assists": [{"unit": each} for each in assists], "legalBasis": BASIS}
    return Act(DESK, "correctDispatch", words)


def does_not_accept(code: str = "OWN_DUTY") -> Act:
    """W4'."""
    return Act(DESK, "notAcceptWhistle", {"reasonCode": code, "legalBasis": BASIS})


def appeals(reason: str = "跨乡镇,本镇无权处理", by: Person = LEADER) -> Act:
    """W4', the township disagrees."""
    return Act(by, "appealWhistle", {"reason": reason})


def decides_appeal(granted: bool) -> Act:
    """W4', the office decides."""
    return Act(SUPERVISOR, "decideAppeal", {"granted": granted, "reason": "经复核"})


def arrival(unit: str, mode: str = "ON_SITE") -> dict[str, Any]:
    """What a department says when it reports in."""
    return {"handler": f"演示·{unit}经手人", "phone": "0393-0009999", "mode": mode}


def reports_in(unit: str = ROADS, by: Person | None = None, **words: Any) -> Act:
    """A1."""
    return Act(by or liaison(unit), "reportIn", arrival(unit, **words))


def duty_officer_reports_in(unit: str = ROADS) -> Act:
    """A1, at night."""
    return reports_in(unit, duty_officer(unit))


def gives_feedback(unit: str = ROADS, content: str = "已到现场,正在处理") -> Act:
    """A7."""
    return Act(liaison(unit), "giveFeedback", {"content": content})


def concludes(unit: str = ROADS, *results: str, sentence: str = "已办结") -> Act:
    """A5 or W6; a result per issue, in their order, if not all are solved."""
    words: dict[str, Any] = {"sentence": sentence}
    if results:
        words["results"] = [
            {"issueId": IssueOf(number), "result": result, "details": "已向镇街和群众说明"}
            for number, result in enumerate(results, start=1)
        ]
    return Act(liaison(unit), "conclude", words)


def reports_in_and_concludes(unit: str = ROADS) -> Act:
    """A1 with A5 or W6."""
    return Act(liaison(unit), "reportInAndConclude", {**arrival(unit), "sentence": "接哨前已办好"})


def closes(*verdicts: str, rating: tuple[str, str] | None = None, by: Person = CLERK) -> Act:
    """W7; a verdict per issue, if not as the lead reported; a rating of one department, if not satisfied."""
    words: dict[str, Any] = {}
    if verdicts:
        words["verdicts"] = [
            {"issueId": IssueOf(number), "verdict": verdict}
            for number, verdict in enumerate(verdicts, start=1)
        ]
    if rating:
        words["ratings"] = [{"unit": rating[0], "rating": rating[1]}]
    return Act(by, "closeOut", words)


def reworks(reason: str = "回访仍有问题", by: Person = LEADER) -> Act:
    """W8."""
    return Act(by, "reworkWhistle", {"reason": reason})


def raises_again(reason: str = "问题反弹", by: Person = LEADER) -> Act:
    """W9."""
    return Act(by, "raiseAgain", {"reason": reason})


def withdraws(*, ask: bool = False, by: Person = LEADER) -> Act:
    """W12."""
    return Act(by, "withdrawWhistle", {"reason": "村里已自行解决", "askConsent": ask})


def consents() -> Act:
    """W12, the office agrees."""
    return Act(DESK, "consentToWithdrawal")


def refuses_consent() -> Act:
    """W12, the office does not."""
    return Act(DESK, "refuseWithdrawal", {"reason": "办理未完"})


def asks_to_return(unit: str, to: str) -> Act:
    """A2."""
    return Act(head(unit), "requestReturn", {"legalBasis": "三定规定", "proposedOwner": to})


def accepts_return(unit: str, to: str | None = None, *, error: bool = False) -> Act:
    """A3."""
    words: dict[str, Any] = {"unit": unit, "legalBasis": BASIS, "dispatchError": error}
    return Act(DESK, "acceptReturn", words | ({"to": to} if to else {}))


def refuses_return(unit: str) -> Act:
    """A3, it stays."""
    return Act(DESK, "refuseReturn", {"unit": unit, "reason": "清单已明确"})


def releases(unit: str, by: Person = DESK) -> Act:
    """A6."""
    return Act(by, "releaseAssignment", {"unit": unit, "reason": "不再需要"})


def files_dispute(unit: str, by: Person, *, whistle: str = "", owner: str = "", letter: str = "") -> Act:
    """A4, or a dispute without a whistle; it is the tale's own case."""
    return Act(by, "fileDispute", {"dispute": disputed(unit, whistle, owner, letter)})


def disputed(unit: str, whistle: str = "", owner: str = "", letter: str = "") -> dict[str, Any]:
    """What a dispute says; ``whistle`` and ``letter`` are codes of tales."""
    words: dict[str, Any] = {"department": unit, "legalBasis": "三定规定", "matter": "该事项不属本单位职责"}
    if whistle:
        words["whistleId"] = CaseOf(whistle)
    if owner:
        words["proposedOwner"] = owner
    if letter:
        words["letterId"] = CaseOf(letter)
    return words


def ruling(lead: str, *assists: str, item: str = "", precedent: bool = False) -> dict[str, Any]:
    """What a ruling or an agreement says."""
    words: dict[str, Any] = {"duty": "牵头处置", "lead": lead, "legalBasis": "南编办裁定依据(演示)"}
    words["assists"] = [{"unit": each, "duty": "配合处置"} for each in assists]
    words["precedent"] = precedent
    return words | ({"itemCode": item} if item else {})
