"""`make transitions` writes the document; with ``--check`` it only says whether it is up to date."""

import sys

from tests.domain.transitions.document import FILE, document
from tests.domain.transitions.document import SUBJECTS as SUBJECTS
from tests.domain.transitions.explore import untried


def main() -> int:
    """0 if every command is tried and the document is, or now is, what the domain does."""
    missing = untried(SUBJECTS)
    for each in missing:
        print(each, file=sys.stderr)  # noqa: T201
    if missing:
        return 1
    written = document()
    if "--check" not in sys.argv[1:]:
        FILE.write_text(written, encoding="utf-8")
        return 0
    if FILE.exists() and FILE.read_text(encoding="utf-8") == written:
        return 0
    print(f"{FILE.name} is not what the domain does: make transitions", file=sys.stderr)  # noqa: T201
    return 1


if __name__ == "__main__":
    sys.exit(main())
