"""Opening the database: SQLite in the user's data folder by default, PostgreSQL by one URL in `FIRINGORDER_DATABASE`.

A writer takes its turn before it reads (`BEGIN IMMEDIATE`), so that two writers wait for one another instead of one of
them failing. What is deleted is overwritten. Nothing is opened on import.
"""

import os
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

from ..messages import Message, MessageCode
from .errors import HistoryError, HistoryRefused

#: Environment variable that names the database: a SQLAlchemy URL, or the path of a SQLite file.
VARIABLE = "FIRINGORDER_DATABASE"
#: How long a writer waits for another one, ms: a set is filed in 20 ms; ten seconds are two hundred of them waiting.
BUSY_MS = 10_000
#: A server that does not answer in this time is not there, seconds (J; PostgreSQL would wait for two minutes).
CONNECT_S = 10
DRIVERS = {"postgresql": "postgresql+psycopg", "postgres": "postgresql+psycopg"}


def default_path() -> Path:
    """Say where the history is kept unless the environment names another place."""
    from platformdirs import user_data_path

    return user_data_path("firingorder", appauthor=False) / "history.sqlite"


def choose_url(environment: Mapping[str, str] = os.environ) -> URL:
    """Return the database that is meant; raise HistoryError where it is no URL."""
    text = environment.get(VARIABLE, "").strip()
    if not text or "://" not in text:
        return URL.create("sqlite", database=str(Path(text).expanduser().absolute() if text else default_path()))
    try:
        url = make_url(text)
        return url.set(drivername=DRIVERS.get(url.drivername, url.drivername))
    except (ArgumentError, ValueError) as error:
        expected = "postgresql://user@host/database, or the path of a file"
        raise HistoryError(f"{VARIABLE} is no address of a database: expected {expected}") from error


def make_engine(url: URL) -> Engine:
    """Make the engine; nothing is opened yet."""
    kind = url.get_backend_name()
    try:
        if kind == "sqlite":
            return _make_sqlite(url)
        if kind == "postgresql":
            # A connection that the server has closed overnight is noticed before it is used.
            return create_engine(url, pool_pre_ping=True, connect_args={"connect_timeout": CONNECT_S})
    except NoSuchModuleError as error:
        raise HistoryError(f"{url.drivername} is unknown; expected postgresql:// or a SQLite file") from error
    except ModuleNotFoundError as error:
        how = "pip install 'firingorder[postgres]'"
        raise HistoryError(f"the driver {error.name} of PostgreSQL is not installed; {how}") from error
    raise HistoryError(f"the history is kept in SQLite or PostgreSQL; {kind} is neither")


def _make_sqlite(url: URL) -> Engine:
    """Make an engine of a file; it and its folder are made too, for nobody but whoever runs this."""
    path = Path(url.database or "")
    if not url.database or url.database == ":memory:":
        raise HistoryError(f"{VARIABLE}: the history is a file; name one, such as sqlite:////home/me/history.sqlite")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    except OSError as error:
        facts = {"path": str(path), "system": (error.strerror or str(error)).lower(), "variable": VARIABLE}
        raise HistoryRefused(Message(MessageCode.HISTORY_NOT_KEPT, facts)) from error
    engine = create_engine(url, connect_args={"timeout": BUSY_MS / 1000.0})

    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return engine


def _prepare(connection: Any, record: object) -> None:
    """Set a new connection up."""
    connection.isolation_level = None  # transactions are begun below, as SQLAlchemy means them
    for pragma in (f"busy_timeout = {BUSY_MS}", "foreign_keys = ON", "secure_delete = ON"):
        connection.execute(f"PRAGMA {pragma}")
    if connection.execute("PRAGMA page_count").fetchone() == (0,):
        # Readers need not wait for a writer. It stays in the file, so that a new one is told once, and a file that is
        # no history, such as a recording that was named by mistake, is not written to at all.
        connection.execute("PRAGMA journal_mode = WAL")


def _begin(connection: Connection) -> None:
    """Begin a transaction, as a writer's or a reader's."""
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def writing(engine: Engine) -> Engine:
    """Return the engine for transactions that write."""
    return engine.execution_options(writes=True)


@contextmanager
def telling_trouble(url: URL) -> Generator[None]:
    """Say in one line, without any password, what the database's driver has to say."""
    try:
        yield
    except UnicodeEncodeError as error:
        what = repr(error.object)
        raise HistoryRefused(Message(MessageCode.NO_TEXT, {"what": what})) from error
    except DBAPIError as error:
        where = url.render_as_string(hide_password=True)
        said = " ".join(str(error.orig or error).split())
        raise HistoryRefused(Message(MessageCode.HISTORY_UNUSABLE, {"where": where, "system": said})) from error
