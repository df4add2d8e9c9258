"""不予受理: a command refused, named by a slug that the edge turns into a sentence."""


class Refused(Exception):
    """The domain says no. ``slug`` is stable, ``params`` fill the sentence; nothing was stored."""

    def __init__(self, slug: str, **params: str | int) -> None:
        super().__init__(slug)
        self.slug = slug
        self.params = params


def require(holds: bool, slug: str, **params: str | int) -> None:
    """Refuse with ``slug`` unless the condition holds."""
    if not holds:
        raise Refused(slug, **params)
