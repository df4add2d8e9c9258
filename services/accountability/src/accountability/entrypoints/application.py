"""The HTTP application of accountability, made from its parts whether they are opened yet or not."""

from collections.abc import Mapping, Sequence
from typing import Final

from fastapi import APIRouter, FastAPI
from opentelemetry.trace import TracerProvider

from accountability.application.figure_terms import FigureTermsRecord
from accountability.application.figures import Figures
from accountability.application.freezing import Freezing
from accountability.application.spot_checks import Checks
from accountability.bootstrap import Accountability
from accountability.entrypoints.case_rules_http import case_rules_router
from accountability.entrypoints.checks_http import checks_router
from accountability.entrypoints.figure_operations import figure_operations_router
from accountability.entrypoints.figure_terms_http import figure_terms_router
from accountability.entrypoints.figures_http import figures_router
from accountability.entrypoints.http import clocks_router
from accountability.entrypoints.policies_http import policies_router
from accountability.entrypoints.rules_http import calendar_router
from accountability.entrypoints.supervision_routes import matters_router, supervised_router
from accountability.entrypoints.time_routes import extension_router, parking_router
from backbone.identity import Verifier
from backbone.projector import Projector
from backbone.web import Work, service_app
from contracts.catalogue import sentence
from contracts.permissions import may
from contracts.rules import rule_told

SERVICE = "accountability"
STATUSES: Final[Mapping[str, int]] = {"unknown-check": 404, "unknown-matter": 404}
"""Refusals of what is not there for whoever asks."""


def application(
    parts: Accountability,
    figures: Sequence[APIRouter],
    verifier: Verifier,
    secret: bytes,
    *,
    tasks: Mapping[str, Work] | None = None,
    tracer_provider: TracerProvider | None = None,
) -> FastAPI:
    """The service; ``figures`` come from ``figure_routers``, ``secret`` keys the hashes of requests."""
    return service_app(
        SERVICE,
        store=parts.store,
        verifier=verifier,
        sentence=sentence,
        rule=rule_told,
        secret=secret,
        statuses=STATUSES,
        routers=[
            clocks_router(parts.readings),
            calendar_router(parts.calendars),
            policies_router(parts.policies),
            case_rules_router(parts.case_rules, parts.rules_trial),
            parking_router(parts.parkings),
            extension_router(parts.extensions),
            matters_router(parts.supervisions),
            supervised_router(parts.supervisions),
            *figures,
        ],
        tasks=tasks,
        reads_log=lambda actor: may(actor, "read-events"),
        tracer_provider=tracer_provider,
        title="时限 accountability",
    )


def figure_routers(
    figures: Figures,
    freezing: Freezing,
    terms: FigureTermsRecord,
    projector: Projector,
    checks: Checks,
) -> tuple[APIRouter, ...]:
    """The routes of the figures and their terms, of rebuilding what they are counted from, of checking it."""
    return (
        figure_terms_router(terms),
        figures_router(figures, freezing),
        figure_operations_router(projector),
        checks_router(checks),
    )
