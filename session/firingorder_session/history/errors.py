"""Why a history cannot do what it is asked: each text is one line that says what to do."""

from ..errors import SessionError


class HistoryError(SessionError):
    """The history refuses, or its database cannot be used."""


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


class UnknownSubject(HistoryError):
    """No subject has the code."""


class NewerDatabase(HistoryError):
    """The database was made by a later version of the program."""
