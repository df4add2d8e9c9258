"""Starts intake with the settings of its environment."""

from backbone.web import run
from intake.entrypoints.service import opened
from intake.settings import Settings

if __name__ == "__main__":
    settings = Settings()
    run(lambda: opened(settings), settings.host, settings.port)
