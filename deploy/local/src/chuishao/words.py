"""What the command line says: Chinese first, English second, from the catalogue of messages."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from contracts.catalogue import sentence


@dataclass(frozen=True, slots=True)
class Saying:
    """A sentence of the catalogue that fills a place in another one, in that one's language."""

    slug: str
    params: Mapping[str, object] = field(default_factory=dict)

    def told(self, language: str) -> str:
        """The sentence in ``zh`` or ``en``."""
        return sentence(
            self.slug, language, {name: _told(each, language) for name, each in self.params.items()}
        )

    def __str__(self) -> str:
        return f"{self.told('zh')} · {self.told('en')}"


def words(slug: str, **params: object) -> str:
    """The sentence of a slug in both languages, on one line."""
    return str(Saying(slug, params))


def _told(value: object, language: str) -> object:
    if isinstance(value, CommandFailedError):
        value = value.saying
    return value.told(language) if isinstance(value, Saying) else value


class CommandFailedError(Exception):
    """A command cannot do what it was asked for; shown as one line."""

    exit_code = 1

    def __init__(self, slug: str, **params: object) -> None:
        self.saying = Saying(slug, params)
        super().__init__(str(self.saying))
        self.slug = slug


class InputRefusedError(CommandFailedError):
    """What was given cannot be worked on, and nothing was begun."""

    exit_code = 2
