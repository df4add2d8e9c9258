"""Starts routing with the settings of its environment."""

from backbone.web import run
from routing.entrypoints.service import opened
from routing.settings import Settings

if __name__ == "__main__":
    settings = Settings()
    run(lambda: opened(settings), settings.host, settings.port)
