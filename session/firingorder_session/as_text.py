"""Names of files as text: a disk may hold any bytes as a name, a report, a table or a database only text."""


def as_text(name: str) -> str:
    r"""Return a name as any program can hold it; what of it is no text, as escapes.

    Examples
    --------
    >>> print(as_text("visit-\udcfc.fo"))
    visit-\udcfc.fo
    """
    return name.encode(errors="backslashreplace").decode()
