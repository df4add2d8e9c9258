"""Who may do what, written by hand from who does what in 基层吹哨、部门报到 and not read from the code.

Every query, mutation, subscription, route and export stands in exactly one rule. ``of_case`` says that what
is asked for belongs to a case: there somebody of another unit is answered as if it did not exist.
"""

from dataclasses import dataclass

CLERK, LEADER = "township_clerk", "township_leader"
LIAISON, DUTY, HEAD = "department_liaison", "duty_officer", "department_leader"
DESK, SUPERVISOR, EDITOR = "office_dispatcher", "office_supervisor", "establishment_office"
COUNTY, DISCIPLINE, AUDITOR, ADMINISTRATOR = "county_leader", "discipline", "auditor", "administrator"
RESIDENT, GRID, SERVICE = "resident", "grid_worker", "service"

TOWNSHIP = (CLERK, LEADER)
RESPONDERS = (LIAISON, DUTY)
OFFICE = (DESK, SUPERVISOR)
PEOPLE = (
    *(RESIDENT, GRID, *TOWNSHIP, *RESPONDERS, HEAD, *OFFICE),
    *(EDITOR, COUNTY, DISCIPLINE, AUDITOR, ADMINISTRATOR),
)
EVERYBODY = (*PEOPLE, SERVICE)
CASEWORK = (*TOWNSHIP, *RESPONDERS, HEAD, *OFFICE, EDITOR, COUNTY)
OF_A_UNIT = (RESIDENT, GRID, *TOWNSHIP, *RESPONDERS, HEAD)
"""Roles whose own unit decides what there is for them."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One sentence of who may do what, with everything it is about."""

    says: str
    roles: tuple[str, ...]
    graphql: str = ""
    routes: str = ""
    of_case: bool = False


RULES = (
    Rule(
        "经办起草、补充,领导也可自己吹哨",
        TOWNSHIP,
        "draftWhistle raiseWhistle",
        """intake POST /whistles
        intake POST /whistles/drafts""",
    ),
    Rule(
        "稿件只归本镇街:改稿、提交、弃稿",
        TOWNSHIP,
        "reviseDraft submitWhistle discardWhistle",
        """intake POST /whistles/{id}/revise
        intake POST /whistles/{id}/submit
        intake POST /whistles/{id}/discard""",
        of_case=True,
    ),
    Rule(
        "领导和副职:签发、退回、返工、撤哨、申诉",
        (LEADER,),
        "signWhistle signWhistles sendBackWhistle reworkWhistle withdrawWhistle appealWhistle",
        """intake POST /whistles/{id}/sign
        intake POST /whistles/{id}/send-back
        intake POST /whistles/{id}/rework
        intake POST /whistles/{id}/withdraw
        intake POST /whistles/{id}/appeal
        routing POST /dispatches/{case}/withdraw""",
        of_case=True,
    ),
    Rule(
        "重新吹哨:镇街领导,抽查不合格时督查员",
        (LEADER, SUPERVISOR),
        "raiseAgain",
        "intake POST /whistles/{id}/raise-again",
        of_case=True,
    ),
    Rule(
        "镇街常授权销号并评价;只有镇街销号",
        TOWNSHIP,
        "closeOut closeOutAll judgeAdoptedIssues",
        """intake POST /whistles/{id}/close-out
        intake POST /whistles/{case}/judge-adopted-issues""",
        of_case=True,
    ),
    Rule(
        "联络员AB角、值班员:报到、反馈、办结",
        RESPONDERS,
        "reportIn reportInToAll giveFeedback conclude concludeAll reportInAndConclude askToCountersign",
        """routing POST /dispatches/{case}/assignments/{unit}/report-in
        routing POST /dispatches/{case}/assignments/{unit}/give-feedback
        routing POST /dispatches/{case}/assignments/{unit}/conclude
        routing POST /dispatches/{case}/assignments/{unit}/report-in-and-conclude
        routing POST /dispatches/{case}/assignments/{unit}/ask-to-countersign""",
        of_case=True,
    ),
    Rule(
        "会签:被会签的部门",
        (*RESPONDERS, HEAD),
        "countersign",
        "routing POST /dispatches/{case}/assignments/{unit}/countersign",
        of_case=True,
    ),
    Rule(
        "部门领导:退哨、申请延期、申请挂账",
        (HEAD,),
        "requestReturn applyForExtension applyForParking",
        """routing POST /dispatches/{case}/assignments/{unit}/request-return
        accountability POST /whistles/{case}/apply-for-extension
        accountability POST /whistles/{case}/apply-for-parking""",
        of_case=True,
    ),
    Rule(
        "派单员:确认、更正、合并、不予受理、退哨、同意撤哨",
        (DESK,),
        "confirmDispatch confirmDispatches correctDispatch mergeWhistles notAcceptWhistle acceptReturn"
        " refuseReturn consentToWithdrawal refuseWithdrawal",
        """routing POST /dispatches/{case}/confirm
        routing POST /dispatches/{case}/correct
        routing POST /dispatches/{case}/merge
        routing POST /dispatches/{case}/not-accept
        routing POST /dispatches/{case}/assignments/{unit}/accept-return
        routing POST /dispatches/{case}/assignments/{unit}/refuse-return
        routing POST /dispatches/{case}/consent-to-withdrawal
        routing POST /dispatches/{case}/refuse-withdrawal""",
        of_case=True,
    ),
    Rule(
        "解除协办:派单员,或镇街不再需要时",
        (*TOWNSHIP, DESK),
        "releaseAssignment",
        "routing POST /dispatches/{case}/assignments/{unit}/release",
        of_case=True,
    ),
    Rule(
        "申诉由督查员决定,不由不予受理的派单员",
        (SUPERVISOR,),
        "decideAppeal",
        "routing POST /dispatches/{case}/decide-appeal",
        of_case=True,
    ),
    Rule(
        "镇街可对挂账提出异议",
        TOWNSHIP,
        "objectToParking",
        "accountability POST /whistles/{case}/object-to-parking",
        of_case=True,
    ),
    Rule(
        "延期、挂账:督查员决定,第二次由县领导",
        (SUPERVISOR, COUNTY),
        "grantExtension refuseExtension approveParking refuseParking",
        """accountability POST /whistles/{case}/grant-extension
        accountability POST /whistles/{case}/refuse-extension
        accountability POST /whistles/{case}/approve-parking
        accountability POST /whistles/{case}/refuse-parking""",
        of_case=True,
    ),
    Rule(
        "挂账复查:部门领导和督查员",
        (HEAD, SUPERVISOR),
        "reviewParking",
        "accountability POST /whistles/{case}/review-parking",
        of_case=True,
    ),
    Rule(
        "挂账节点由部门报完成",
        (LIAISON, HEAD),
        "reachMilestone",
        "accountability POST /whistles/{case}/reach-milestone",
        of_case=True,
    ),
    Rule(
        "结束挂账:部门或督查员",
        (LIAISON, HEAD, SUPERVISOR),
        "endParking",
        "accountability POST /whistles/{case}/end-parking",
        of_case=True,
    ),
    Rule(
        "提起争议:部门、镇街、减负办,编办补录",
        (HEAD, LEADER, *OFFICE, EDITOR),
        "fileDispute",
        "routing POST /disputes",
    ),
    Rule(
        "一次记清的争议:编办,或派单员凭电话",
        (EDITOR, DESK),
        "settleDispute",
        "routing POST /disputes/settled",
    ),
    Rule(
        "争议当事方:陈述、申请复议",
        (HEAD, LEADER),
        "giveStatement requestReconsideration",
        """routing POST /disputes/{case}/statements
        routing POST /disputes/{case}/request-reconsideration""",
        of_case=True,
    ),
    Rule(
        "编办:争议的受理、协商、协调、裁定、复议",
        (EDITOR,),
        "acceptDispute notAcceptDispute openNegotiation openCoordination recordHearing agreeOnDuty ruleOnDuty"
        " referDisputeUp decideReconsideration",
        """routing POST /disputes/{case}/accept
        routing POST /disputes/{case}/not-accept
        routing POST /disputes/{case}/negotiate
        routing POST /disputes/{case}/coordinate
        routing POST /disputes/{case}/hearings
        routing POST /disputes/{case}/agree
        routing POST /disputes/{case}/rule
        routing POST /disputes/{case}/refer-up
        routing POST /disputes/{case}/decide-reconsideration""",
        of_case=True,
    ),
    Rule(
        "编办:权责清单",
        (EDITOR,),
        "",
        "routing POST /responsibility-list/versions",
    ),
    Rule("责任下派由部门领导提出", (HEAD,), "proposeTaskDown", "routing POST /task-down-reviews"),
    Rule(
        "下派经审核后由提出的部门下达",
        (HEAD,),
        "issueTask",
        "routing POST /task-down-reviews/{case}/issue",
        of_case=True,
    ),
    Rule(
        "督查员:责任下派审核",
        (SUPERVISOR,),
        "startReview recordTaskHearing decideTaskDown",
        """routing POST /task-down-reviews/{case}/start
        routing POST /task-down-reviews/{case}/hearings
        routing POST /task-down-reviews/{case}/decide""",
        of_case=True,
    ),
    Rule(
        "下派评估:督查员和承接的镇街领导",
        (SUPERVISOR, LEADER),
        "evaluateTask",
        "routing POST /task-down-reviews/{case}/evaluate",
        of_case=True,
    ),
    Rule(
        "以后的案件援引审核",
        (*OFFICE, HEAD, LEADER),
        "citeReview",
        "routing POST /task-down-reviews/{case}/cite",
        of_case=True,
    ),
    Rule(
        "写信:基层人员和居民",
        (*TOWNSHIP, RESIDENT, GRID),
        "submitLetter",
        "intake POST /letters",
    ),
    Rule(
        "评价由写信人",
        (*TOWNSHIP, RESIDENT, GRID),
        "appraiseLetter",
        "intake POST /letters/{id}/appraise",
        of_case=True,
    ),
    Rule(
        "督查员:来信",
        (SUPERVISOR,),
        "respondToLetter resolveLetter notAcceptLetter releaseLetter handOverLetter referLetterUp"
        " promoteLetter",
        """intake POST /letters/{id}/respond
        intake POST /letters/{id}/resolve
        intake POST /letters/{id}/not-accept
        intake POST /letters/{id}/release
        intake POST /letters/{id}/hand-over
        intake POST /letters/{id}/refer-up
        intake POST /letters/{id}/promote
        intake POST /letters/record""",
        of_case=True,
    ),
    Rule(
        "转办的单位回报",
        (*TOWNSHIP, *RESPONDERS, HEAD),
        "reportOnLetter",
        "intake POST /letters/{id}/report",
        of_case=True,
    ),
    Rule(
        "匿名信凭编号和查询码,由网关代问",
        (SERVICE,),
        "",
        """intake POST /letters/{id}/read-back
        intake POST /letters/{id}/read-back/appraise""",
    ),
    Rule(
        "居民、网格员、镇街上报",
        (*TOWNSHIP, RESIDENT, GRID),
        "fileGridReport",
        """intake POST /grid-reports
        gateway POST /open311/v2/requests.{format}""",
    ),
    Rule(
        "上报的公开情况:看得见上报的人,和代人上报的系统",
        (*TOWNSHIP, RESIDENT, GRID, *OFFICE, COUNTY),
        "",
        """gateway GET /open311/v2/requests.{format}
        gateway GET /open311/v2/requests/{service_request_id}.{format}""",
    ),
    Rule(
        "网格内办结、引导、回告",
        (*TOWNSHIP, GRID),
        "closeGridReport routeAwayGridReport replyToReporter",
        """intake POST /grid-reports/{id}/close
        intake POST /grid-reports/{id}/route-away
        intake POST /grid-reports/{id}/reply""",
        of_case=True,
    ),
    Rule("上报转吹哨", TOWNSHIP, "promoteGridReport", "intake POST /grid-reports/{id}/promote", of_case=True),
    Rule("网格上报的补录", (SUPERVISOR,), "", "intake POST /grid-reports/record"),
    Rule(
        "事后补录和更正时间,须经第二人",
        OFFICE,
        "recordWhistle proposeCorrection approveCorrection declineCorrection",
        """intake POST /whistles/record
        intake POST /letters/{id}/corrections
        intake POST /letters/{id}/corrections/{correction}/approve
        intake POST /letters/{id}/corrections/{correction}/decline
        routing POST /dispatches/{case}/corrections
        routing POST /dispatches/{case}/corrections/{correction}/approve
        routing POST /dispatches/{case}/corrections/{correction}/decline""",
        of_case=True,
    ),
    Rule(
        "附件由网关代人存取,那人是谁随令牌而来",
        (SERVICE,),
        "",
        """intake POST /cases/{id}/attachments
        intake POST /cases/{id}/attachments/{attachment}/remove
        intake GET /cases/{id}/attachments/{attachment}""",
    ),
    Rule(
        "企业和首席服务员",
        (*TOWNSHIP, *OFFICE),
        "registerEnterprise assignServiceOfficer relieveServiceOfficer endEnterprise",
        """intake POST /enterprises
        intake POST /enterprises/{id}/assign-officer
        intake POST /enterprises/{id}/relieve-officer
        intake POST /enterprises/{id}/end""",
    ),
    Rule(
        "企业名录给办案的人看",
        (*TOWNSHIP, *RESPONDERS, HEAD, *OFFICE, EDITOR, COUNTY),
        "enterprises",
        """gateway GET /exports/enterprises.csv
        gateway GET /exports/enterprises.xlsx""",
    ),
    Rule(
        "管理员:单位、网格、读模型,不涉案情",
        (ADMINISTRATOR,),
        "renameUnit mergeUnits endUnit",
        """routing POST /units
        routing POST /units/{unit}/rename
        routing POST /units/{unit}/merge
        routing POST /units/{unit}/end
        intake POST /grid-reports/network
        intake POST /keys/erase""",
    ),
    Rule(
        "管理员和系统:读模型的重建与停住的案件",
        (ADMINISTRATOR, SERVICE),
        "",
        """gateway POST /projections/cases/rebuild
        gateway GET /parked
        gateway POST /parked/{case_id}/replay
        accountability POST /projections/figures/rebuild""",
    ),
    Rule(
        "管理员:账号",
        (ADMINISTRATOR,),
        "",
        """gateway POST /sessions/revoke
        gateway GET /machine-clients
        gateway POST /machine-clients
        gateway POST /machine-clients/{client_id}/revoke""",
    ),
    Rule(
        "督办由督查员,减负办自己的由县领导",
        (SUPERVISOR, COUNTY),
        "supervise giveHint hearUnit issueOrder declineOrder closeOrder withdrawOrder referToDiscipline"
        " clearName decideExemption",
        """accountability POST /cases/{case}/supervise
        accountability POST /cases/{case}/give-hint
        accountability POST /matters/{matter}/hear-unit
        accountability POST /matters/{matter}/issue-order
        accountability POST /matters/{matter}/decline-order
        accountability POST /matters/{matter}/close-order
        accountability POST /matters/{matter}/withdraw-order
        accountability POST /matters/{matter}/refer-to-discipline
        accountability POST /matters/{matter}/clear-name
        accountability POST /matters/{matter}/decide-exemption""",
    ),
    Rule(
        "被督办的单位回复、申请容错,两办也会被督办",
        (HEAD, LEADER, SUPERVISOR, EDITOR),
        "replyToOrder claimExemption",
        """accountability POST /matters/{matter}/reply-to-order
        accountability POST /matters/{matter}/claim-exemption""",
    ),
    Rule("县领导批示", (COUNTY,), "instruct", "accountability POST /cases/{case}/instruct"),
    Rule(
        "督查员:抽查的抽取、交办,放出倒查",
        (SUPERVISOR,),
        "drawSpotChecks assignSpotCheck releaseTraceBack",
        """accountability GET /spot-checks/{period}/draw
        accountability POST /spot-checks/{period}/draw
        accountability POST /spot-checks/{period}/cases/{case}/assign
        accountability POST /cases/{case}/release-trace-back""",
    ),
    Rule(
        "抽查由被交办的人记录",
        CASEWORK,
        "recordSpotCheck",
        "accountability POST /spot-checks/{period}/cases/{case}/record",
    ),
    Rule(
        "抽查:减负办和县领导看全部,核查人看自己的;审计员和纪检不看案情",
        CASEWORK,
        "spotChecks",
        """gateway GET /exports/spot-checks.csv
        gateway GET /exports/spot-checks.xlsx""",
    ),
    Rule(
        "倒查:督查员、县领导,放出后纪检组织",
        (SUPERVISOR, COUNTY, DISCIPLINE),
        "traceBacks",
        """gateway GET /trace-backs/{case_id}/{number}.json
        gateway GET /trace-backs/{case_id}/{number}.pdf
        gateway GET /exports/trace-backs.csv
        gateway GET /exports/trace-backs.xlsx""",
    ),
    Rule(
        "通知渠道:办案的人各有自己的邮件,管理员也管单位的渠道",
        (*CASEWORK, ADMINISTRATOR),
        "channels createChannel pauseChannel resumeChannel removeChannel testChannel deliveries"
        " resendDelivery confirmChannel adoptChannel",
        """gateway GET /exports/channels.csv
        gateway GET /exports/channels.xlsx
        gateway GET /exports/deliveries.csv
        gateway GET /exports/deliveries.xlsx""",
    ),
    Rule("自己的日历", CASEWORK, "calendarFeed openCalendarFeed revokeCalendarFeed"),
    Rule(
        "自己存的筛选",
        tuple(each for each in PEOPLE if each != ADMINISTRATOR),
        "savedViews saveView deleteView",
        """gateway GET /exports/saved-views.csv
        gateway GET /exports/saved-views.xlsx""",
    ),
    Rule(
        "办件规则同样由管理员提出,另一名管理员批准",
        (ADMINISTRATOR,),
        "proposeCaseRules approveCaseRules declineCaseRules",
        """accountability POST /case-rules
        accountability POST /case-rules/{number}/approve
        accountability POST /case-rules/{number}/decline""",
    ),
    Rule(
        "附件:看得见案件、在办案件的人都可以附上,编办、县领导、纪检和审计只读",
        (RESIDENT, GRID, *TOWNSHIP, *RESPONDERS, HEAD, *OFFICE),
        "",
        """gateway POST /cases/{case_id}/attachments
        gateway POST /cases/{case_id}/attachments/{attachment_id}/remove""",
    ),
    Rule(
        "登录过的人:管理员和审计员看全部,其他人看本单位的同事,别处的人等于没有",
        PEOPLE,
        "people",
        """gateway GET /exports/people.csv
        gateway GET /exports/people.xlsx""",
    ),
    Rule(
        "谁被放进来过:管理员和审计员",
        (ADMINISTRATOR, AUDITOR),
        "",
        """gateway GET /identity-records
        gateway GET /exports/identity-records.csv
        gateway GET /exports/identity-records.xlsx""",
    ),
    Rule(
        "政策由管理员提出,另一名管理员批准",
        (ADMINISTRATOR,),
        "proposePolicy approvePolicy declinePolicy",
        """accountability POST /policies
        accountability POST /policies/{clock}/{number}/approve
        accountability POST /policies/{clock}/{number}/decline""",
    ),
    Rule(
        "政策试算:管理员,以及督查员、县领导、审计员",
        (ADMINISTRATOR, SUPERVISOR, COUNTY, AUDITOR),
        "policyDryRun caseRulesDryRun",
        """accountability POST /policies/dry-run
        accountability GET /policies/{clock}/{number}/dry-run
        accountability POST /case-rules/dry-run
        accountability GET /case-rules/{number}/dry-run
        accountability POST /figures/terms/dry-run""",
    ),
    Rule(
        "减负办公布工作日历",
        (SUPERVISOR,),
        "",
        """accountability GET /calendar/{year}/moves
        accountability POST /calendar/{year}
        accountability POST /calendar/{year}/preview
        accountability POST /calendar/{year}/special-days
        accountability POST /calendar/{year}/special-days/preview""",
    ),
    Rule(
        "时限的账:减负办、县领导、审计员、系统",
        (*OFFICE, COUNTY, AUDITOR, SERVICE),
        "",
        """accountability GET /clocks/{clock_id}
        accountability GET /explanations
        accountability POST /clocks/tally""",
    ),
    Rule(
        "数据:减负办、县领导、审计员、编办、被算的单位",
        (*OFFICE, COUNTY, AUDITOR, HEAD, LIAISON, LEADER, EDITOR),
        "figures",
        """accountability GET /figures
        accountability GET /figures.csv
        accountability GET /figures.xlsx
        accountability GET /figures/bulletin.xlsx
        accountability GET /figures/items
        accountability GET /figures/items.csv
        accountability GET /figures/items.xlsx
        accountability GET /figures/changes.csv
        accountability GET /figures/changes.xlsx
        accountability GET /figures/periods/{period}""",
    ),
    Rule(
        "督查员:固定期间、提出重述",
        (SUPERVISOR,),
        "freezePeriod restatePeriod decideFigureAppeal",
        """accountability POST /figures/periods/{period}/freeze
        accountability POST /figures/periods/{period}/restatements
        accountability POST /figures/appeals/decide""",
    ),
    Rule(
        "重述经第二人,或县领导",
        (SUPERVISOR, COUNTY),
        "decideRestatement",
        """accountability POST /figures/periods/{period}/restatements/{number}/approve
        accountability POST /figures/periods/{period}/restatements/{number}/decline""",
    ),
    Rule(
        "算分的条件也是政策",
        (ADMINISTRATOR,),
        "",
        """accountability POST /figures/terms
        accountability POST /figures/terms/{number}/approve""",
    ),
    Rule("被算的单位可申诉", (HEAD, LEADER), "appealFigure", "accountability POST /figures/appeals"),
    Rule(
        "案件:谁都可以问,看得见的才有;管理员不涉案情",
        tuple(each for each in PEOPLE if each != ADMINISTRATOR),
        "case cases caseFacets notices caseChanged docketChanged breaches"
        " supervisionOrders exemptions sharedResults instructions",
        """gateway GET /exports/cases.csv
        gateway GET /exports/cases.xlsx
        gateway GET /exports/notices.csv
        gateway GET /exports/notices.xlsx
        gateway GET /exports/supervision-orders.csv
        gateway GET /exports/supervision-orders.xlsx
        gateway GET /exports/exemptions.csv
        gateway GET /exports/exemptions.xlsx
        gateway GET /exports/shared-results.csv
        gateway GET /exports/shared-results.xlsx
        gateway GET /exports/instructions.csv
        gateway GET /exports/instructions.xlsx
        gateway GET /whistles/{case_id}/sheet.pdf
        gateway GET /cases/{case_id}/attachments/{attachment_id}""",
    ),
    Rule(
        "审计员:阅览记录、公布的事件",
        (AUDITOR,),
        "readLog events",
        """gateway GET /exports/read-log.csv
        gateway GET /exports/read-log.xlsx""",
    ),
    Rule(
        "审计员和系统:公布的事件,内容密封",
        (AUDITOR, SERVICE),
        "",
        """intake GET /published
        intake GET /published/head
        routing GET /published
        routing GET /published/head
        accountability GET /published
        accountability GET /published/head
        gateway GET /exports/events.csv
        gateway GET /exports/events.xlsx""",
    ),
    Rule("个人信息的钥匙只给系统", (SERVICE,), "", "intake POST /keys"),
    Rule(
        "名录、清单、规则、限制、日历、开门时间:谁都可以看",
        EVERYBODY,
        "me units suggestItems responsibilityItems responsibilityList responsibilityListDiff policies"
        " caseRules calendar limits",
        """intake GET /attachment-limits
        routing GET /responsibility-list/suggest
        routing GET /responsibility-list/search
        routing GET /responsibility-list/diff
        routing GET /responsibility-list/versions
        routing GET /responsibility-list/versions/current
        routing GET /responsibility-list/versions/{number}
        routing POST /responsibility-list/preview
        accountability GET /calendar
        accountability GET /policies
        accountability GET /case-rules
        accountability GET /figures/terms
        accountability GET /openings
        accountability GET /releases
        gateway GET /session
        gateway POST /logout
        gateway POST /graphql
        gateway GET /graphql
        gateway WEBSOCKET /graphql
        gateway GET /exports/units.csv
        gateway GET /exports/units.xlsx
        gateway GET /exports/responsibility-items.csv
        gateway GET /exports/responsibility-items.xlsx
        gateway GET /exports/responsibility-list.csv
        gateway GET /exports/responsibility-list.xlsx
        gateway GET /exports/responsibility-list-diff.csv
        gateway GET /exports/responsibility-list-diff.xlsx
        gateway GET /exports/policies.csv
        gateway GET /exports/policies.xlsx
        gateway GET /exports/case-rules.csv
        gateway GET /exports/case-rules.xlsx
        gateway GET /exports/calendar.csv
        gateway GET /exports/calendar.xlsx""",
    ),
)

OPEN = {
    "GET /health/live": "tells nothing but that the process answers",
    "GET /health/ready": "tells parts, no content",
    "GET /metrics": "numbers of the process; reachable inside only",
    "GET /login": "to become somebody",
    "GET /callback": "to become somebody",
    "POST /backchannel-logout": "the logout token that the provider signed is the proof",
    "GET /calendar/{token}.ics": "the word in the address is the proof",
    "POST /letters/read-back": "the code is the proof",
    "GET /open311/discovery.{format}": "where citizens' clients begin; tells no case",
    "GET /open311/v2/services.{format}": "what may be reported is public",
    "GET /open311/v2/services/{service_code}.{format}": "names and codes of villages are public",
    "POST /letters/read-back/appraise": "the code is the proof",
}
"""What needs no token, and why; the gateway's own, and the health of every service."""


def of_graphql() -> dict[str, Rule]:
    """Rule by the name of a query, mutation or subscription."""
    return {name: rule for rule in RULES for name in rule.graphql.split()}


def of_routes(service: str) -> dict[tuple[str, str], Rule]:
    """Rule by (method, path) of a service's routes."""
    found = {}
    for rule in RULES:
        for line in filter(None, map(str.strip, rule.routes.splitlines())):
            named, method, path = line.split()
            if named == service:
                found[method, path] = rule
    return found
