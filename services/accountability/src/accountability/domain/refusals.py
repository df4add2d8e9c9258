"""拒绝: a command that breaks a rule is refused with a stable slug; the sentences stand in the catalogue."""


class Refused(Exception):
    """The rules refuse a command; ``slug`` names the rule, ``params`` fill the sentence."""

    def __init__(self, slug: str, **params: object) -> None:
        super().__init__(slug)
        self.slug = slug
        self.params = params


def require(condition: bool, slug: str, **params: object) -> None:
    """Refuse with ``slug`` unless the condition holds."""
    if not condition:
        raise Refused(slug, **params)
