"""Exports the published language into ``contracts/``: event schemas, GraphQL SDL, OpenAPI documents,
AsyncAPI."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer

import contracts
from chuishao.openapi_files import applications, openapi
from contracts.events import REGISTER
from contracts.freeze import freeze, write_or_compare
from gateway.entrypoints.graphql.schema import build_schema

FOLDER = Path(contracts.__file__).parent


def asyncapi() -> str:
    """AsyncAPI 3 of every published event: one channel per service, one message per event."""
    messages = {
        name: {"name": name, "payload": {"$ref": f"schemas/{name}.json"}} for name in sorted(REGISTER)
    }
    channels: dict[str, Any] = {}
    for name in sorted(REGISTER):
        service = name.split(".")[0]
        if service not in channels:
            channels[service] = _channel(service)
        channel = channels[service]
        channel["messages"][name] = {"$ref": f"#/components/messages/{name}"}
    document = {
        "asyncapi": "3.0.0",
        "info": {"title": "Chuishao published events", "version": "1"},
        "channels": channels,
        "operations": {
            f"publish-{service}": {"action": "send", "channel": {"$ref": f"#/channels/{service}"}}
            for service in channels
        },
        "components": {"messages": messages},
    }
    return json.dumps(document, ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def _channel(service: str) -> dict[str, Any]:
    return {
        "address": "ev." + service + ".{aggregate}.{case}",
        "description": "JetStream; CloudEvents 1.0 in JSON. The stream sequence is the published seq.",
        "parameters": {"aggregate": {}, "case": {"description": "case id"}},
        "messages": {},
    }


def export(*, check: bool) -> list[str]:
    """Write every exported file, or with ``check`` name those that are out of date."""
    complaints = freeze(FOLDER, check=check)
    wanted = {
        FOLDER / "schema.graphql": build_schema(production=False).as_str() + "\n",
        FOLDER / "asyncapi.json": asyncapi(),
        **{FOLDER / "openapi" / f"{name}.json": openapi(app) for name, app in applications().items()},
    }
    return complaints + write_or_compare(wanted, check=check)


def main(check: Annotated[bool, typer.Option(help="compare only")] = False) -> None:
    """Export the contracts, or check that they are fresh."""
    complaints = export(check=check)
    for complaint in complaints:
        typer.echo(complaint, err=True)
    if complaints:
        raise typer.Exit(1)


if __name__ == "__main__":
    typer.run(main)
