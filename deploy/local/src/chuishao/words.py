"""What the command line says: Chinese first, English second, from the catalogue of messages."""

from contracts.catalogue import sentence


def words(slug: str, **params: object) -> str:
    """The sentence of a slug in both languages, on one line."""
    return f"{sentence(slug, 'zh', params)} · {sentence(slug, 'en', params)}"


class CommandFailedError(Exception):
    """A command cannot do what it was asked for; shown as one line."""

    exit_code = 1

    def __init__(self, slug: str, **params: object) -> None:
        super().__init__(words(slug, **params))
        self.slug = slug


class InputRefusedError(CommandFailedError):
    """What was given cannot be worked on, and nothing was begun."""

    exit_code = 2
