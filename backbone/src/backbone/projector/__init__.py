"""Read models: applied in the transaction that moves their position, rebuilt beside the live version."""

from backbone.projector.application import Applied, Apply
from backbone.projector.projector import Progress, Projector
from backbone.projector.versions import RebuildRunning, slots, slots_ddl

__all__ = ["Applied", "Apply", "Progress", "Projector", "RebuildRunning", "slots", "slots_ddl"]
