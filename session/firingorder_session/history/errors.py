"""Why a history cannot do what it is asked: each text is one line that says what to do."""

from ..errors import SessionError, ToldError


class HistoryError(SessionError):
    """The history refuses, or its database cannot be used."""


class HistoryRefused(HistoryError, ToldError):
    """A refusal that a window can meet, and says in its own language."""


class CodeRefused(HistoryError):
    """A code may tell who a person is.

    Attributes
    ----------
    fresh
        One that may be taken instead.
    """

    def __init__(self, text: str, fresh: str) -> None:
        super().__init__(f"{text}; take a random code, such as {fresh}")
        self.fresh = fresh


class UnknownSubject(HistoryRefused):
    """No subject has the code."""


class NewerDatabase(HistoryRefused):
    """The database was made by a later version of the program."""
