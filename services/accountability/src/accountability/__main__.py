"""Starts accountability with the settings of its environment."""

from accountability.entrypoints.service import opened
from accountability.settings import Settings
from backbone.web import run

if __name__ == "__main__":
    settings = Settings()
    run(lambda: opened(settings), settings.host, settings.port)
