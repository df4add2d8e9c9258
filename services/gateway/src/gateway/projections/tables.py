"""Tables of the case view, in a schema ``view`` that stands for the version read or rebuilt."""

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Index,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB, TSVECTOR

metadata = MetaData(schema="view")


def _moment(name: str) -> Column[object]:
    return Column(name, DateTime(timezone=True))


cases = Table(
    "cases",
    metadata,
    Column("case_id", Text, primary_key=True),
    Column("type", Text, nullable=False),
    Column("number", Text),
    Column("state", Text, nullable=False),
    Column("township", Text),
    Column("village", Text),
    Column("kind", Text),
    Column("ground", Text),
    Column("channel", Text),
    Column("anonymous", Boolean),
    Column("external_number", Text),
    Column("recorded", Boolean, nullable=False, server_default=text("false")),
    Column("emergency", Boolean, nullable=False, server_default=text("false")),
    Column("complex", Boolean, nullable=False, server_default=text("false")),
    Column("provisional", Boolean, nullable=False, server_default=text("false")),
    Column("cycle", Integer, nullable=False, server_default=text("1")),
    Column("title", Text),
    Column("text", Text, nullable=False, server_default=text("''")),
    Column("answer", Text),
    Column("raised_by", Text),
    Column("raised_by_key", Text),
    Column("signed_by", Text),
    Column("signed_by_key", Text),
    Column("proposed_departments", ARRAY(Text), nullable=False, server_default=text("'{}'")),
    Column("origin_id", Text),
    Column("enterprise_id", Text),
    Column("whistle_id", Text),
    Column("merged_into", Text),
    Column("dispute_id", Text),
    Column("rating", Text),
    Column("comment", Text),
    Column("source", Text),
    Column("grid", Text),
    Column("leader", Text),
    Column("item", Text),
    Column("suggested", ARRAY(Text), nullable=False, server_default=text("'{}'")),
    Column("phone", Text),
    Column("email", Text),
    Column("routed_to", Text),
    Column("dispatch_reason", Text),
    Column("appraised", Boolean),
    Column("escalated", Text),
    Column("parties", ARRAY(Text), nullable=False, server_default=text("'{}'")),
    Column("details", JSONB, nullable=False, server_default=text("'{}'")),
    Column("settling_for", ARRAY(Text), nullable=False, server_default=text("'{}'")),
    _moment("dispatch_at"),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("updated_at", DateTime(timezone=True), nullable=False),
    _moment("closed_at"),
    Index("cases_by_update", "updated_at", "case_id"),
    Index("cases_by_state", "state", "updated_at", "case_id"),
    Index("cases_by_township", "township", "updated_at", "case_id"),
    Index("cases_by_whistle", "whistle_id"),
    Index("cases_by_number", "number"),
    Index("cases_by_number_or_none", text("coalesce(number, '')"), "case_id"),
    Index("cases_by_creation", "created_at", "case_id"),
    Index(
        "cases_by_external_number", "external_number", postgresql_where=text("external_number IS NOT NULL")
    ),
    Index("cases_by_writer", "raised_by_key", postgresql_where=text("raised_by_key IS NOT NULL")),
    Index("cases_by_party", "parties", postgresql_using="gin", postgresql_where=text("parties <> '{}'")),
    Index("cases_by_facet", "type", "township", "state", "kind", "case_id"),
)

issues = Table(
    "issues",
    metadata,
    Column("case_id", Text, nullable=False),
    Column("issue_id", Text, nullable=False),
    Column("ordinal", Integer, nullable=False),
    Column("text", Text, nullable=False),
    Column("item_code", Text),
    Column("result", Text),
    Column("result_details", Text),
    Column("verdict", Text),
    Column("judged_by", Text),
    PrimaryKeyConstraint("case_id", "issue_id"),
)

assignments = Table(
    "assignments",
    metadata,
    Column("assignment_id", Text, primary_key=True),
    Column("case_id", Text, nullable=False),
    Column("unit", Text, nullable=False),
    Column("part", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("provisional", Boolean, nullable=False),
    Column("cycle", Integer, nullable=False),
    Column("issue_ids", ARRAY(Text), nullable=False),
    Column("mode", Text),
    Column("handler", Text),
    Column("phone", Text),
    Column("handler_key", Text),
    Column("first_step", Text),
    Column("sentence", Text),
    Column("rating", Text),
    Column("return_basis", Text),
    Column("proposed_owner", Text),
    _moment("return_requested_at"),
    _moment("return_decided_at"),
    Column("issued_at", DateTime(timezone=True), nullable=False),
    _moment("reported_in_at"),
    _moment("first_feedback_at"),
    _moment("concluded_at"),
    _moment("left_at"),
    Index("assignments_by_case", "case_id"),
    Index("assignments_by_unit", "unit", "case_id", "state"),
)

clocks = Table(
    "clocks",
    metadata,
    Column("clock_id", Text, primary_key=True),
    Column("case_id", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("unit", Text, nullable=False),
    Column("assignment_id", Text),
    Column("cycle", Integer, nullable=False),
    Column("state", Text, nullable=False),
    Column("outcome", Text),
    Column("provisional", Boolean, nullable=False),
    Column("started_at", DateTime(timezone=True), nullable=False),
    Column("original_due", DateTime(timezone=True), nullable=False),
    Column("due", DateTime(timezone=True), nullable=False),
    Column("earliest", DateTime(timezone=True), nullable=False),
    Column("latest", DateTime(timezone=True), nullable=False),
    Column("policy_version", Text, nullable=False),
    Column("calendar_version", Text, nullable=False),
    _moment("paused_at"),
    _moment("ended_at"),
    _moment("breached_at"),
    Column("waiting_for", ARRAY(Text), nullable=False, server_default=text("'{}'")),
    _moment("breach_told_at"),
    Index("clocks_by_case", "case_id"),
    Index("clocks_breach_told", "breach_told_at", postgresql_where=text("breach_told_at IS NOT NULL")),
    Index(
        "clocks_running_by_due", "due", postgresql_where=text("state IN ('running', 'overdue_unconfirmed')")
    ),
    Index(
        "clocks_counted",
        *("case_id", "state", "due", "provisional", "breached_at"),
        postgresql_where=text(
            "state IN ('running', 'overdue_unconfirmed') OR state = 'paused' OR breached_at IS NOT NULL"
        ),
    ),
    Index("clocks_breached", "breached_at", postgresql_where=text("breached_at IS NOT NULL")),
)

entries = Table(
    "entries",
    metadata,
    Column("service", Text, nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("case_id", Text, nullable=False),
    Column("type", Text, nullable=False),
    Column("unit", Text),
    Column("text", Text),
    Column("params", JSONB, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("recorded_at", DateTime(timezone=True), nullable=False),
    PrimaryKeyConstraint("service", "seq"),
    Index("entries_by_case", "case_id", "at"),
)

adoptions = Table(
    "adoptions",
    metadata,
    Column("parent_id", Text, nullable=False),
    Column("child_id", Text, nullable=False),
    Column("township", Text, nullable=False),
    Column("place", Integer, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    _moment("judged_at"),
    Column("comment", Text),
    Column("ratings", JSONB, nullable=False, server_default=text("'[]'")),
    PrimaryKeyConstraint("parent_id", "child_id"),
    Index("adoptions_by_child", "child_id"),
    Index("adoptions_by_township", "township", "parent_id"),
)
"""Whistles that go on in others, and what their townships say of their issues there."""

countersignings = Table(
    "countersignings",
    metadata,
    Column("case_id", Text, nullable=False),
    Column("round", Integer, nullable=False),
    Column("unit", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("proposal", Text, nullable=False),
    Column("asked", ARRAY(Text), nullable=False),
    Column("asked_at", DateTime(timezone=True), nullable=False),
    PrimaryKeyConstraint("case_id", "round"),
)

countersignatures = Table(
    "countersignatures",
    metadata,
    Column("case_id", Text, nullable=False),
    Column("round", Integer, nullable=False),
    Column("unit", Text, nullable=False),
    Column("agrees", Boolean, nullable=False),
    Column("words", Text),
    Column("at", DateTime(timezone=True), nullable=False),
    PrimaryKeyConstraint("case_id", "round", "unit"),
)

releases = Table(
    "releases",
    metadata,
    Column("case_id", Text, nullable=False),
    Column("unit", Text, nullable=False),
    Column("words", Text, nullable=False),
    Column("report", Text),
    _moment("handed_over_at"),
    _moment("reported_at"),
    PrimaryKeyConstraint("case_id", "unit"),
    Index("releases_by_unit", "unit", "case_id"),
)
"""What the office lets a unit see of a letter, and what the unit reported."""

changed = Table(
    "changed",
    metadata,
    Column("case_id", Text, primary_key=True),
    Column("shown_at", DateTime(timezone=True), nullable=False),
    Index("changed_by_moment", "shown_at"),
)
"""When a case changed last in this view, by the real clock."""

words = Table(
    "words",
    metadata,
    Column("case_id", Text, nullable=False),
    Column("audience", Text, nullable=False),
    Column("words", Text, nullable=False),
    Column("pairs", TSVECTOR, nullable=False),
    PrimaryKeyConstraint("case_id", "audience"),
    Index("words_by_pair", "pairs", postgresql_using="gin"),
)
"""What is searched: beside the cases, so that a change of state leaves the large index alone."""

case_keys = Table(
    "case_keys",
    metadata,
    Column("case_id", Text, nullable=False),
    Column("key_id", Text, nullable=False),
    PrimaryKeyConstraint("key_id", "case_id"),
)

notices = Table(
    "notices",
    metadata,
    Column("notice_id", Text, primary_key=True),
    Column("unit", Text, nullable=False),
    Column("case_id", Text, nullable=False),
    Column("clock_id", Text),
    Column("kind", Text, nullable=False),
    Column("params", JSONB, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Index("notices_by_unit", "unit", "at", "notice_id"),
)

units = Table(
    "units",
    metadata,
    Column("code", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("short_name", Text, nullable=False),
    Column("unit_class", Text, nullable=False),
    Column("tier", Text, nullable=False),
    Column("duty_desk_phone", Text),
    Column("ruled_by_county", Boolean, nullable=False),
    Column("villages", JSONB, nullable=False),
    Column("ended_on", Date),
    Column("heirs", ARRAY(Text), nullable=False, server_default=text("'{}'")),
)
"""``heirs``: who stands in the place of a merged unit, and whoever stands in that one's place by now."""

unit_names = Table(
    "unit_names",
    metadata,
    Column("code", Text, nullable=False),
    Column("effective_from", Date, nullable=False),
    Column("name", Text, nullable=False),
    Column("short_name", Text, nullable=False),
    PrimaryKeyConstraint("code", "effective_from"),
)

responsibility_items = Table(
    "responsibility_items",
    metadata,
    Column("code", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("effective_from", Text, nullable=False),
    Column("source_document", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("level", Text, nullable=False),
    Column("lead", Text, nullable=False),
    Column("assists", ARRAY(Text), nullable=False),
    Column("legal_basis", Text, nullable=False),
    Column("summary", Text, nullable=False),
    Column("complex", Boolean, nullable=False),
    Column("devolved", Boolean, nullable=False),
    Column("devolved_with", ARRAY(Text), nullable=False),
    Column("taxonomy", ARRAY(Text), nullable=False),
    PrimaryKeyConstraint("version", "code"),
)
