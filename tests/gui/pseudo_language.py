"""A made-up language 40 % longer than English, as long as German or Finnish get, to see whether all still fits."""

import math
import re
from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any, cast

from firingorder_gui.texts import ENGLISH, Texts

#: Words that get longer; what is in braces stays, and so do key caps of one letter.
WORD = re.compile(r"\{[^}]*\}|[^\W\d_]{2,}")
LONGER = 0.4


def lengthen(text: str) -> str:
    """Make each word longer by 40 %, keeping its capitals and the placeholders.

    Examples
    --------
    >>> lengthen("Lift the {side} leg")
    'Liftöö theöö {side} legöö'
    """

    def grow(match: re.Match[str]) -> str:
        word = match[0]
        if word.startswith("{"):
            return word
        more = ("Ö" if word.isupper() else "ö") * math.ceil(LONGER * len(word))
        return word + more

    return WORD.sub(grow, text)


def lengthen_all(record: Any) -> Any:
    """Lengthen every text of nested records."""
    if isinstance(record, str):
        return lengthen(record)
    if isinstance(record, Mapping):
        return {key: lengthen_all(value) for key, value in cast(Mapping[Any, object], record).items()}
    if isinstance(record, tuple):
        return tuple(lengthen_all(value) for value in cast(tuple[object, ...], record))
    if is_dataclass(record) and not isinstance(record, type):
        changed = {field.name: lengthen_all(getattr(record, field.name)) for field in fields(record)}
        return replace(record, **changed)
    return record


def pseudo() -> Texts:
    """Make the long language; figures and units stay English."""
    longer: Texts = lengthen_all(ENGLISH)
    reasons = replace(longer.words.reasons, units=ENGLISH.words.reasons.units)
    return replace(longer, language="en", words=replace(longer.words, reasons=reasons))
