"""Starts the gateway with the settings of its environment."""

from backbone.web import run
from gateway.entrypoints.service import opened
from gateway.settings import Settings

if __name__ == "__main__":
    settings = Settings()
    run(lambda: opened(settings), settings.host, settings.port, trusted_proxies=settings.trusted_proxies)
