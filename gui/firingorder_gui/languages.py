"""Which languages the window speaks, and which of them this computer is set to. No Qt.

The order is gettext's: LANGUAGE, LC_ALL, LC_MESSAGES, LANG; where none is set (Windows, macOS from the Finder), the
system's own. C and POSIX are English.
"""

import locale
import os
from collections.abc import Mapping

from .texts import ENGLISH, Texts
from .texts_de import GERMAN

LANGUAGES: Mapping[str, Texts] = {texts.language: texts for texts in (ENGLISH, GERMAN)}
VARIABLES = ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")


def texts_of(language: str | None) -> Texts:
    """Return a language's texts; None = the system's language, English where that is not spoken here."""
    return LANGUAGES[language] if language else LANGUAGES.get(system_language(os.environ), ENGLISH)


def system_language(variables: Mapping[str, str]) -> str:
    """Return the first two letters of the language that a computer is set to.

    Examples
    --------
    >>> system_language({"LANG": "de_AT.UTF-8"}), system_language({"LANGUAGE": "fr:de"}), system_language({"LANG": "C"})
    ('de', 'fr', 'en')
    """
    told = next((variables[name] for name in VARIABLES if variables.get(name)), None)
    if told is None:
        told = locale.getlocale()[0] or "en"
    name = told.partition(":")[0].partition(".")[0].lower()
    if name in ("c", "posix"):
        return "en"
    return "de" if name.startswith("german") else name[:2]  # Windows says German_Germany
