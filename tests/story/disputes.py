"""The disputes and task-down reviews of the week."""

from typing import Any, Final

from tests.story.acts import disputed, files_dispute, ruling
from tests.story.people import (
    DESK,
    DITCH,
    ESTABLISHMENT,
    FIELDS,
    HANZHANG,
    HOUSES,
    LAND,
    LEADER,
    POWER,
    ROADS,
    STREETS,
    SUPERVISOR,
    WATER,
    YUANCUN,
    head,
)
from tests.story.tale import Act, Await, CaseOf, Find, Mark, Step, Tale, ends, on, refused
from tests.system.county import Person


def said(verb: str, by: Person = ESTABLISHMENT, **words: Any) -> Act:
    """An act of a dispute or review that says no more than its words."""
    return Act(by, verb, words)


def rules(lead: str, *assists: str, higher: bool = False, **more: Any) -> Act:
    """裁定."""
    return said("ruleOnDuty", ruling=ruling(lead, *assists, **more), byHigherLevel=higher)


def agrees(lead: str, *assists: str) -> Act:
    """商定, at a meeting."""
    return said("agreeOnDuty", ruling=ruling(lead, *assists))


def settles(lead: str, way: str, item: str = "") -> Act:
    """简易办理, one record."""
    words = {"dispute": disputed(ROADS), "ruling": ruling(lead, item=item), "way": way}
    return Act(DESK, "settleDispute", words)


def asks_again(unit: str) -> Act:
    """申请复议."""
    return said("requestReconsideration", head(unit), grounds="新的依据")


def general(unit: str, owner: str = "") -> Act:
    """A dispute about a duty without a whistle, by the department itself."""
    return files_dispute(unit, head(unit), owner=owner)


ACCEPTS, NEGOTIATES, COORDINATES = said("acceptDispute"), said("openNegotiation"), said("openCoordination")
ROUNDS: tuple[Step, ...] = (
    ACCEPTS,
    NEGOTIATES,
    said("giveStatement", head(ROADS), words="养护不含占用管理"),
    said("giveStatement", head(STREETS), words="桥下属公路用地"),
    COORDINATES,
    said("recordHearing", metOn="2026-04-27", units=[ROADS, STREETS], minutes="双方到场,意见不一"),
)

DISPUTES: Final = (
    Tale(
        "D01", "协商、协调、会审后裁定,改派生效",
        (
            Await("W31 reported"), files_dispute(ROADS, head(ROADS), whistle="W31", owner=STREETS), *ROUNDS,
            rules(STREETS, precedent=True), Mark("D01 executed"),
        ),
        ends("EXECUTED", kept="C2"),
    ),
    Tale(
        "D02", "派单无人认领而生的争议",
        (
            Await("W19 disputed"), Find(ESTABLISHMENT, "DISPUTE", {"whistleId": CaseOf("W19")}), ACCEPTS,
            COORDINATES, rules(WATER, STREETS), Mark("D02 executed"),
        ),
        ends("EXECUTED", kept="C2"),
    ),
    Tale(
        "D03", "哨单已销,裁定只成先例,复议维持",
        (
            Await("W32 reported"), files_dispute(ROADS, head(ROADS), whistle="W32", owner=STREETS), ACCEPTS,
            Await("W32 closed"), rules(STREETS), asks_again(STREETS),
            said("decideReconsideration", reason="维持"),
        ),
        ends("EXECUTED", kept="C2"),
    ),
    Tale(
        "D04", "电话商定,一次登记",
        (settles(STREETS, "TELEPHONE"),),
        ends("EXECUTED", kept="C2"),
    ),
    Tale(
        "D05", "清单已有规定,一次登记",
        (settles(WATER, "LISTED", DITCH),),
        ends("EXECUTED", kept="C2"),
    ),
    Tale(
        "D06", "复议改变裁定",
        (
            general(FIELDS, WATER), ACCEPTS, rules(WATER), asks_again(WATER),
            said("decideReconsideration", reason="依据有误", revised=ruling(FIELDS, WATER)),
        ),
        ends("EXECUTED", kept="C2"),
    ),
    Tale(
        "D07", "不属权责争议,不予受理",
        (general(HOUSES, LAND), said("notAcceptDispute", reason="是工作配合问题")),
        ends("NOT_ACCEPTED", kept="C2"),
    ),
    Tale(
        "D08", "供电不由县里裁定,报请上级裁定",
        (
            general(WATER, POWER), ACCEPTS, refused(rules(POWER), "not-the-countys-to-rule"),
            said("referDisputeUp", to="市委编办", reason="供电公司不属县管"), rules(POWER, higher=True),
        ),
        ends("EXECUTED", kept="C2 C2"),
    ),
    Tale(
        "D09", "三个工作日未定,自动报请上级",
        (on(0, 10), general(LAND, HOUSES), ACCEPTS, on(9, 9)),
        ends("REFERRED_UP", late="C2", overdue="C2"),
    ),
    Tale(
        "D10", "会上商定",
        (general(LAND, FIELDS), ACCEPTS, agrees(FIELDS, LAND)),
        ends("EXECUTED", kept="C2"),
    ),
    Tale(
        "D11", "来信引出的争议",
        (
            Await("L10 answered"), files_dispute(STREETS, DESK, owner=HOUSES, letter="L10"),
            Mark("L10 disputed"), ACCEPTS, NEGOTIATES, agrees(HOUSES),
        ),
        ends("EXECUTED", kept="C2"),
    ),
    Tale(
        "D12", "镇街提出,协调中超期后上级裁定",
        (
            on(0, 10), files_dispute(WATER, LEADER, owner=FIELDS), ACCEPTS, COORDINATES, on(9, 9),
            refused(rules(FIELDS), "referred-to-the-higher-level"), rules(FIELDS, higher=True),
        ),
        ends("EXECUTED", late="C2", kept="C2"), HANZHANG,
    ),
)  # fmt: skip


def proposes(unit: str, item: str = "", *cites: str) -> Act:
    """提请审核; both questions answered."""
    words: dict[str, Any] = {
        "measure": "入户登记灌溉设施",
        "townships": [YUANCUN, HANZHANG],
        "resources": "两名驻村技术员,经费三万元",
        "capacity": "不超出现有工作",
    }
    words |= {"itemCode": item} if item else {}
    words |= {"cites": [CaseOf(each) for each in cites]} if cites else {}
    return Act(head(unit), "proposeTaskDown", words)


def decides(decision: str, attached: bool, beyond: bool, **words: str) -> Act:
    """审核结论."""
    answers = {"decision": decision, "resourcesAttached": attached, "beyondCapacity": beyond}
    return Act(SUPERVISOR, "decideTaskDown", answers | words)


STARTS = said("startReview", SUPERVISOR)
HEARS = said(
    "recordTaskHearing", SUPERVISOR, metOn="2026-04-27", representatives=24, units=[YUANCUN], minutes="可行"
)

REVIEWS: Final = (
    Tale(
        "R01", "通过、下发、后评估、被引用",
        (
            proposes(FIELDS), STARTS, HEARS, decides("APPROVED", True, False),
            said("issueTask", head(FIELDS), document="南农〔2026〕8号"),
            said("evaluateTask", SUPERVISOR, evaluation="KEPT", words="运行正常"), Mark("R01 evaluated"),
            Await("R02 proposed"), said("citeReview", SUPERVISOR, citedBy=CaseOf("R02")),
        ),
        ends("EVALUATED", kept="C12"),
    ),
    Tale(
        "R02", "附条件通过,镇街评估后调整",
        (
            proposes(WATER), Mark("R02 proposed"), STARTS,
            decides("APPROVED_WITH_CONDITIONS", False, False, conditions="经费到位后实施"),
            said("issueTask", head(WATER), document="南水〔2026〕3号"),
            Act(LEADER, "evaluateTask", {"evaluation": "ADJUSTED", "words": "改为按季登记"}),
        ),
        ends("EVALUATED", kept="C12"),
    ),
    Tale(
        "R03", "超出基层能力,不通过",
        (
            proposes(HOUSES), STARTS, decides("REFUSED", False, True, reason="无专业力量"),
            refused(said("issueTask", head(HOUSES), document="南建〔2026〕1号"), "not-let-through"),
        ),
        ends("REFUSED", kept="C12"),
    ),
    Tale(
        "R04", "部门自己的职责,自动不通过",
        (proposes(ROADS, "NL-JT-003"),),
        ends("REFUSED", kept="C12"),
    ),
    Tale(
        "R05", "沉默不是同意,逾期未定",
        (
            on(0, 10), proposes(STREETS), STARTS, on(15, 9),
            refused(said("issueTask", head(STREETS), document="南城〔2026〕2号"), "not-let-through"),
        ),
        ends("UNDER_REVIEW", overdue="C12"),
    ),
    Tale(
        "R06", "引用前案再提,逾期后才通过",
        (
            on(0, 10), Await("R01 evaluated"), proposes(FIELDS, "", "R01"), STARTS, on(15, 9),
            decides("APPROVED", True, False),
        ),
        ends("APPROVED", late="C12"),
    ),
)  # fmt: skip
