"""The HTTP edge of a service: application, callers, problems, the published log, and how it is run."""

from backbone.web.app import MAX_BODY_BYTES, OPEN_PATHS, Check, RouteAccess, route_accesses, service_app
from backbone.web.callers import (
    REFUSAL,
    Accepted,
    Call,
    CurrentActor,
    CurrentCall,
    IdempotencyKey,
    ServiceActor,
    accepted,
    command_context,
    current_actor,
    current_call,
    idempotency_key,
    service_actor,
)
from backbone.web.problems import Invalid, Problem, Refusal, Sentence, fault_of, problem_response
from backbone.web.serve import AddressInUse, listen, run, serve
from backbone.web.supervisor import Supervisor, Work

__all__ = [
    "MAX_BODY_BYTES",
    "OPEN_PATHS",
    "REFUSAL",
    "Accepted",
    "AddressInUse",
    "Call",
    "Check",
    "CurrentActor",
    "CurrentCall",
    "IdempotencyKey",
    "Invalid",
    "Problem",
    "Refusal",
    "RouteAccess",
    "Sentence",
    "ServiceActor",
    "Supervisor",
    "Work",
    "accepted",
    "command_context",
    "current_actor",
    "current_call",
    "fault_of",
    "idempotency_key",
    "listen",
    "problem_response",
    "route_accesses",
    "run",
    "serve",
    "service_actor",
    "service_app",
]
