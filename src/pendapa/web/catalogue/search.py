"""Search that forgives: everyday words, old spellings, typing mistakes. Pure functions over plain records.

A query is cut into words, rewritten by words.toml and stripped of common affixes; each word then looks for
its best match in a service's name, keywords, group and product (exact, beginning, or a few letters off).
Rare words count more than common ones; a service whose name or keyword is wholly said ranks before one that
is said in part.
"""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from rapidfuzz.distance import OSA

LONGEST_QUERY = 120
ENOUGH = 0.45
"""Share of the query (0 to 1, by weight of its words) that a service must answer to be shown."""

_WEIGHTS = {"name": 1.0, "keyword": 1.0, "product": 0.7, "group": 0.5, "agency": 0.5}
_PREFIXES = (
    "meng",
    "meny",
    "mem",
    "men",
    "me",
    "peng",
    "peny",
    "pem",
    "pen",
    "per",
    "pe",
    "ber",
    "ter",
    "di",
    "ke",
)
_SUFFIXES = ("kannya", "annya", "nya", "kan", "an")
_LOST_LETTER = {"meny": "s", "peny": "s", "mem": "p", "pem": "p", "men": "t", "pen": "t"}
_SHORTEST_STEM = 4


@dataclass(frozen=True, slots=True)
class Searchable:
    """What is known of a service for search; every text in every language."""

    slug: str
    names: tuple[str, ...]
    keywords: tuple[str, ...] = ()
    products: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    agencies: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Hit:
    """A service found, with how well it fits (0 to 1)."""

    slug: str
    score: float


@dataclass(frozen=True, slots=True)
class _Words:
    stop: frozenset[str]
    spellings: dict[str, str]
    synonyms: dict[str, tuple[str, ...]]


@lru_cache(maxsize=1)
def _words() -> _Words:
    table = tomllib.loads((Path(__file__).parent / "words.toml").read_text(encoding="utf-8"))
    return _Words(
        frozenset(table["stop"]),
        table["spellings"],
        {word: tuple(same) for word, same in table["synonyms"].items()},
    )


def stem(word: str) -> str:
    """Take common Indonesian affixes off: 'perubahan' and 'mengubah' -> 'ubah', 'penelitian' -> 'teliti'."""
    for suffix in _SUFFIXES:
        if word.endswith(suffix) and len(word) - len(suffix) >= _SHORTEST_STEM:
            word = word[: -len(suffix)]
            break
    for _ in range(2):
        prefix = next((p for p in _PREFIXES if word.startswith(p)), "")
        rest = word[len(prefix) :]
        if not prefix or len(rest) < _SHORTEST_STEM:
            break
        # The prefix swallowed the first letter of a word before a vowel: men+ulis is tulis.
        word = (_LOST_LETTER.get(prefix, "") if rest[0] in "aiueo" else "") + rest
    return word


def split(text: str) -> list[str]:
    """Lower-case words in one spelling: 'KTP-el' -> ['ktp'], 'Ijin Praktek' -> ['izin', 'praktik']."""
    text = re.sub(r"\bktp[\s-]*el\b|\be[\s-]*ktp\b", "ktp", text.lower())
    text = re.sub(r"\b(spp|p)[\s-]*irt\b", "irt", text)
    spellings = _words().spellings
    return [spellings.get(word, word) for word in re.findall(r"[a-z0-9]+", text)]


def stems(text: str) -> tuple[str, ...]:
    """The stems of a text's words, without those that say nothing; all of them when nothing else is left."""
    words = split(text)
    telling = [word for word in words if word not in _words().stop]
    return tuple(dict.fromkeys(stem(word) for word in telling or words))


class Index:
    """The services of one publication, ready to be searched."""

    def __init__(self, services: Iterable[Searchable]) -> None:
        self._phrases: dict[str, list[tuple[float, tuple[str, ...]]]] = {}
        seen_in: dict[str, int] = {}
        for service in services:
            phrases = [
                (_WEIGHTS[part], stems(text))
                for part, texts in (
                    ("name", service.names),
                    ("keyword", service.keywords),
                    ("product", service.products),
                    ("group", service.groups),
                    ("agency", service.agencies),
                )
                for text in texts
                if text
            ]
            self._phrases[service.slug] = phrases
            for word in {word for _, words in phrases for word in words}:
                seen_in[word] = seen_in.get(word, 0) + 1
        total = max(len(self._phrases), 1)
        self._rarity = {word: math.log(1 + total / count) for word, count in seen_in.items()}
        self._unknown = math.log(1 + total / 3)

    def search(self, query: str, limit: int = 30) -> list[Hit]:
        """Services that answer the query, best first; equal ones by slug."""
        asked = [self._readings(word) for word in _telling(split(query[:LONGEST_QUERY]))]
        if not asked:
            return []
        hits = []
        for slug, phrases in self._phrases.items():
            score = self._score(asked, phrases)
            if score >= ENOUGH:
                hits.append(Hit(slug, round(score, 4)))
        hits.sort(key=lambda hit: (-hit.score, hit.slug))
        best = hits[0].score if hits else 0.0
        # A far weaker answer beside a good one is noise.
        return [hit for hit in hits if hit.score >= best * 0.6][:limit]

    def _readings(self, word: str) -> dict[str, tuple[str, float]]:
        """Words of the index that the typed word may mean: index word -> (typed stem, likeness)."""
        ways = [(stem(word), 1.0)] + [(stem(other), 0.9) for other in _words().synonyms.get(word, ())]
        found: dict[str, tuple[str, float]] = {}
        for typed, trust in ways:
            for known in self._rarity:
                like = likeness(typed, known) * trust
                if like > found.get(known, ("", 0.0))[1]:
                    found[known] = (typed, like)
        return found

    def _score(
        self, asked: Sequence[dict[str, tuple[str, float]]], phrases: Sequence[tuple[float, tuple[str, ...]]]
    ) -> float:
        answered = total = 0.0
        for readings in asked:
            best = 0.0
            importance = self._unknown
            for weight, words in phrases:
                for word in words:
                    like = readings[word][1] * weight if word in readings else 0.0
                    if like > best:
                        best, importance = like, self._rarity[word]
            if not best and readings:
                importance = max(self._rarity[word] for word in readings)
            answered += best * importance
            total += importance
        covered = answered / total
        if covered < ENOUGH:
            return 0.0
        return 0.7 * covered + 0.3 * max(
            (self._said(asked, words) * weight for weight, words in phrases), default=0.0
        )

    def _said(self, asked: Sequence[dict[str, tuple[str, float]]], words: tuple[str, ...]) -> float:
        """How much of a phrase of the service the query says, by weight of the phrase's words."""
        whole = sum(self._rarity[word] for word in words)
        said = sum(
            self._rarity[word] * max((r[word][1] for r in asked if word in r), default=0.0) for word in words
        )
        return said / whole if whole else 0.0


def likeness(typed: str, known: str) -> float:
    """1 for the same word, less for its beginning or a few letters off, 0 for another word."""
    if typed == known:
        return 1.0
    shorter, longer = sorted((len(typed), len(known)))
    if shorter >= 3 and (known.startswith(typed) or typed.startswith(known)):
        return 0.92 if shorter >= 4 or longer <= 5 else 0.7
    allowed = 0 if shorter < 4 else 1 if shorter < 7 else 2
    if not allowed or longer - shorter > allowed:
        return 0.0
    wrong = OSA.distance(typed, known, score_cutoff=allowed)
    return 0.0 if wrong > allowed else 0.9 - 0.15 * wrong if shorter > 4 else 0.65


def _telling(words: Sequence[str]) -> list[str]:
    telling = [word for word in words if word not in _words().stop]
    return list(dict.fromkeys(telling or words))
