"""Operations that are known by the hash of their text: a JSON file of SHA-256 (hex) → document."""

import hashlib
from collections.abc import Mapping
from pathlib import Path

import orjson


class RegisteredOperations:
    """A list of operations; with ``only`` no other is executed."""

    def __init__(self, documents: Mapping[str, str], *, only: bool = False) -> None:
        self._documents, self.only = documents, only

    @classmethod
    def load(cls, path: Path | None, *, only: bool) -> "RegisteredOperations":
        """From a file; ``ValueError`` for one that names an operation by another hash, or for none at all."""
        if path is None:
            if only:
                raise ValueError("only registered operations are to be executed, but no file registers any")
            return cls({})
        documents = orjson.loads(path.read_bytes())
        if not isinstance(documents, dict):
            raise ValueError(f"{path} is no object of hashes and documents")
        for name, document in documents.items():
            if not isinstance(document, str) or hashlib.sha256(document.encode()).hexdigest() != name:
                raise ValueError(f"{path}: {name} is not the hash of its document")
        return cls(documents, only=only)

    def knows(self, name: str) -> bool:
        """Whether an operation is registered."""
        return name in self._documents

    def document(self, name: str) -> str | None:
        """The text of an operation."""
        return self._documents.get(name)
