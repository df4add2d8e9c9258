"""How well texts find their class: the product's untrained match beside two floors and trained matches.

Run by ``python tests/bench/bench_matching.py [LABELLED.xlsx] [TAXONOMY.csv]``. Trained ones are measured on
five stratified folds. scikit-learn is measured too where it happens to be installed; the product needs none.
"""

import csv
import sys
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import openpyxl

from chuishao.county import County
from routing.domain.responsibility_list import Item
from routing.domain.suggestion import Index, index, suggest

DATA = Path(__file__).parents[3] / "shared" / "data"
FOLDS = 5
Texts = Sequence[tuple[str, str]]
"""(text, class)."""
Ranked = Callable[[str], Sequence[str]]
"""Text → classes, best first."""


def labelled(path: Path) -> Texts:
    """Title and text of each row with its first-level class."""
    rows = openpyxl.load_workbook(path, read_only=True).worksheets[0].iter_rows(values_only=True)
    names = [str(name) for name in next(rows)]
    title, text, label = (names.index(name) for name in ("留言主题", "留言详情", "一级分类"))
    return [(f"{row[title]}\n{row[text]}", str(row[label])) for row in rows if row[label]]


def taxonomy(path: Path) -> Mapping[str, tuple[str, ...]]:
    """First-level class → the names of its second and third level."""
    found: dict[str, dict[str, None]] = {}
    with path.open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            found.setdefault(row["一级分类"], {}).update({row["二级分类"]: None, row["三级分类"]: None})
    return {name: tuple(words) for name, words in found.items()}


def item(code: str, title: str, words: Sequence[str] = (), summary: str = "") -> Item:
    """An entry to be found by its words."""
    return Item(code, title, "primary", "county", "", "", keywords=tuple(words), summary=summary)


def by_index(prepared: Index, classes: Mapping[str, str]) -> Ranked:
    """The classes of the items the product suggests."""
    return lambda text: list(dict.fromkeys(classes[each.item.code] for each in suggest(prepared, text).found))


def by_plain_words(names: Mapping[str, Sequence[str]]) -> Ranked:
    """The floor of all lexical matches: the class most of whose names stand in the text."""

    def ranked(text: str) -> Sequence[str]:
        counts = Counter({name: sum(word in text for word in words) for name, words in names.items()})
        return [name for name, count in counts.most_common(3) if count]

    return ranked


def responsibility_list() -> Ranked:
    """The suggestion as it is, over the demo county's list."""
    listed = County().responsibility_list["item"]
    items = [item(each["code"], each["title"], each["keywords"], each["summary"]) for each in listed]
    return by_index(index(items), {each["code"]: each["taxonomy"][0] for each in listed})


def folds(texts: Texts) -> list[tuple[Texts, Texts]]:
    """(training, test) pairs; every class is dealt out over all folds in the order of the file."""
    dealt: Counter[str] = Counter()
    place = []
    for _, label in texts:
        place.append(dealt[label] % FOLDS)
        dealt[label] += 1
    pairs = list(zip(texts, place, strict=True))
    return [
        ([each for each, at in pairs if at != fold], [each for each, at in pairs if at == fold])
        for fold in range(FOLDS)
    ]


def trained_match(training: Texts) -> Ranked:
    """The product's own scorer with the training texts of a class as its one entry."""
    names = dict.fromkeys(label for _, label in training)
    entries = [item(name, name, [text for text, label in training if label == name]) for name in names]
    return by_index(index(entries), {name: name for name in names})


def scikit(training: Texts) -> Ranked:
    """TF-IDF of pairs of characters and a linear support vector machine."""
    vectors = import_module("sklearn.feature_extraction.text").TfidfVectorizer(
        analyzer="char", ngram_range=(1, 2), sublinear_tf=True
    )
    machine = import_module("sklearn.svm").LinearSVC(random_state=0)
    texts, labels = zip(*training, strict=True)
    machine.fit(vectors.fit_transform(texts), labels)

    def ranked(text: str) -> Sequence[str]:
        scores: Any = machine.decision_function(vectors.transform([text]))[0]
        return [str(machine.classes_[n]) for n in scores.argsort()[::-1][:3]]

    return ranked


def majority(training: Texts) -> Ranked:
    """Always the largest class."""
    largest = [name for name, _ in Counter(label for _, label in training).most_common(3)]
    return lambda _text: largest


def crossed(texts: Texts, train: Callable[[Texts], Ranked]) -> list[tuple[str, Sequence[str]]]:
    """(class, classes found) of every text by a match that has not seen it."""
    found = []
    for training, test in folds(texts):
        ranked = train(training)
        found += [(label, ranked(text)) for text, label in test]
    return found


def main() -> None:
    """Measure, and print the table of docs/matching.md."""
    given = [Path(each) for each in sys.argv[1:]]
    texts = labelled(given[0] if given else DATA / "labelled.xlsx")
    names = taxonomy(given[1] if len(given) > 1 else DATA / "taxonomy.csv")
    entries = index([item(name, name, words) for name, words in names.items()])
    untrained: Mapping[str, Ranked] = {
        "plain words": by_plain_words(names),
        "product, list": responsibility_list(),
        "product, classes": by_index(entries, {name: name for name in names}),
    }
    found = {"majority": crossed(texts, majority)}
    found |= {name: [(label, ranked(text)) for text, label in texts] for name, ranked in untrained.items()}
    found["product, trained"] = crossed(texts, trained_match)
    if find_spec("sklearn"):
        found["scikit-learn"] = crossed(texts, scikit)
    sys.stdout.write(f"| class | texts | {' | '.join(found)} |" + "\n")
    sys.stdout.write(f"|---|{'---:|' * (len(found) + 1)}" + "\n")
    for name, count in Counter(label for _, label in texts).most_common():
        hits = [sum(label == name and best[:1] == [name] for label, best in each) for each in found.values()]
        sys.stdout.write(f"| {name} | {count} | {' | '.join(f'{hit / count:.2f}' for hit in hits)} |" + "\n")
    for title, most in (("**all, first**", 1), ("all, among three", 3)):
        rates = [sum(label in best[:most] for label, best in each) / len(texts) for each in found.values()]
        sys.stdout.write(f"| {title} | {len(texts)} | {' | '.join(f'{rate:.2f}' for rate in rates)} |" + "\n")


if __name__ == "__main__":
    main()
