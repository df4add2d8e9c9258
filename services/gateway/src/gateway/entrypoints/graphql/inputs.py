"""Inputs that several mutations take."""

import strawberry

from gateway.entrypoints.graphql.enums import Rating, Result


@strawberry.input(description="逐项判定")
class VerdictInput:
    issue_id: strawberry.ID
    verdict: Result


@strawberry.input(description="部门评价")
class RatingInput:
    unit: str
    rating: Rating
