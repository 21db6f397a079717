"""Bring a database to the tables of this version when it is opened; one of a later version is refused.

The steps are alembic's, in `migrations/versions`. Alembic is loaded only where there is something to do. Of two
programs that open one database at once, one upgrades it and the other waits.
"""

from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, text

from ..messages import Message, MessageCode
from .engine import writing
from .errors import HistoryError, NewerDatabase

#: The newest step; a test holds it to the scripts.
HEAD = "0002"
FOLDER = Path(__file__).parent / "migrations"
#: Number of the lock under which a PostgreSQL database is upgraded: any, if always the same ("FOrd" in ASCII).
LOCK = 0x464F7264


def upgrade(engine: Engine, target: str = HEAD) -> None:
    """Make the tables, or bring them up to date.

    Raises
    ------
    NewerDatabase
        The database was made by a later version.
    """
    with engine.connect() as connection:
        if find_revision(connection) == target:
            return
    with writing(engine).begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": LOCK})
        found = find_revision(connection)
        if found != target:
            _run(connection, found, target)


def find_revision(connection: Connection) -> str | None:
    """Return the step a database is at; None of an empty one."""
    tables = inspect(connection).get_table_names()
    if "alembic_version" not in tables:
        if tables:
            raise HistoryError(f"the database holds other tables ({tables[0]}) and no history; choose an empty one")
        return None
    return str(connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one())


def _run(connection: Connection, found: str | None, target: str) -> None:
    """Run the steps on an open transaction."""
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if found is not None and found not in known:
        raise NewerDatabase(Message(MessageCode.HISTORY_NEWER, {"layout": found, "known": HEAD}))
    command.upgrade(config, target)
