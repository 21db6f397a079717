"""The languages of reports."""

from collections.abc import Mapping

from .texts import ReportTexts
from .texts_de import GERMAN

ENGLISH = ReportTexts()
LANGUAGES: Mapping[str, ReportTexts] = {texts.language: texts for texts in (ENGLISH, GERMAN)}


def texts_of(language: str) -> ReportTexts:
    """Return a language's words; English where it is not spoken here."""
    return LANGUAGES.get(language, ENGLISH)
