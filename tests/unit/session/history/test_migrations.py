"""Databases of other versions, broken ones, and other people's."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from alembic import op
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import URL, Column, inspect, text

from firingorder_session.history.engine import VARIABLE, choose_url, default_path, make_engine, writing
from firingorder_session.history.errors import HistoryError, NewerDatabase
from firingorder_session.history.migrate import FOLDER, HEAD, upgrade
from firingorder_session.history.models import Base
from firingorder_session.history.store import History

FIXTURE = Path(__file__).resolve().parents[4] / "fixtures" / "five-lifts.fo"
#: What a program of the first version had filed.
OLD_ROWS = (
    "INSERT INTO subjects (id, code, added) VALUES (1, 'K7Q2', '2026-03-02T10:00:00+01:00')",
    "INSERT INTO visits (id, subject_id, day, feels_glute, notes) VALUES (1, 1, '2026-03-02', 6, 'cramp')",
    "INSERT INTO recordings (id, visit_id, identity, name, path, created, origin, host, checksum) VALUES "
    "(1, 1, 'fo:1', 'visit.fo', '/data/visit.fo', '2026-03-02T10:00:00+01:00', 'live', 'room-1', '')",
    "INSERT INTO results (id, recording_id, side, protocol, pool_key, verdict, quality, n_lifts, n_valid, lag_s, "
    "share_reference, software_version, settings_hash, filed, document) VALUES "
    "(1, 1, 'right', 'prone_hip_extension', 'prone_hip_extension/cue-none-0/knee-straight/right', 'hamstring_first', "
    "'good', 6, 6, 0.08, '', '0.1.0', 'ab', '2026-03-02T10:05:00+01:00', '{}')",
)


def test_models_and_migrations_agree(history: History) -> None:
    with history.reading() as session:
        context = MigrationContext.configure(session.connection(), opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_the_head_is_the_newest_script() -> None:
    assert ScriptDirectory(str(FOLDER)).get_heads() == [HEAD]


def test_an_old_database_is_upgraded_with_its_data(url: URL) -> None:
    engine = make_engine(url)
    upgrade(engine, "0001")
    assert "training_entries" not in inspect(engine).get_table_names()
    with writing(engine).begin() as connection:
        for row in OLD_ROWS:
            connection.execute(text(row))
    engine.dispose()
    with History.open(url) as history:
        (only,) = history.sets("K7Q2")
        assert (only.lag_s, only.verdict) == (0.08, "hamstring_first")
        assert history.ratings("K7Q2")[0].feels_glute == 6
        with history.reading() as session:
            assert "training_entries" in inspect(session.connection()).get_table_names()


def test_a_database_of_a_later_version_is_refused_and_left_alone(url: URL) -> None:
    with History.open(url) as history, history.changing() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(NewerDatabase, match=r"later version of FiringOrder \(layout 9999; .* update FiringOrder$"):
        History.open(url)
    engine = make_engine(url)
    with engine.connect() as connection:
        assert connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one() == "9999"
    engine.dispose()


def test_somebody_elses_database_is_not_touched(url: URL) -> None:
    engine = make_engine(url)
    with writing(engine).begin() as connection:
        connection.execute(text("CREATE TABLE invoices (id INTEGER PRIMARY KEY)"))
    with pytest.raises(HistoryError, match="holds other tables \\(invoices\\)"):
        History.open(url)
    assert inspect(engine).get_table_names() == ["invoices"]
    engine.dispose()


def test_a_recording_that_is_taken_for_the_history_stays_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "visit.fo"
    shutil.copyfile(FIXTURE, path)
    with pytest.raises(HistoryError, match="other tables"):
        History.open(URL.create("sqlite", database=str(path)))
    assert path.read_bytes() == FIXTURE.read_bytes()


def test_a_history_is_read_while_it_is_written(tmp_path: Path) -> None:
    url = URL.create("sqlite", database=str(tmp_path / "history.sqlite"))
    with History.open(url) as one, History.open(url) as other, one.changing():
        assert other.subjects() == ()


def test_an_upgrade_that_breaks_off_leaves_nothing_behind(url: URL, monkeypatch: pytest.MonkeyPatch) -> None:
    engine, make_table = make_engine(url), op.create_table

    def make_less(name: str, *columns: Column[Any]) -> None:
        if name == "training_entries":
            raise HistoryError("broke off")
        make_table(name, *columns)

    with monkeypatch.context() as patch:
        patch.setattr("alembic.op.create_table", make_less)
        with pytest.raises(HistoryError, match="broke off"):
            upgrade(engine)
    assert inspect(engine).get_table_names() == []
    upgrade(engine)
    assert "subjects" in inspect(engine).get_table_names()
    engine.dispose()


def test_what_is_no_database_is_one_line(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("shopping list\n" * 100)
    with pytest.raises(
        HistoryError, match=r"^the history at sqlite:.*notes.txt cannot be used: file is not a database$"
    ):
        History.open(URL.create("sqlite", database=str(path)))
    assert path.read_text().startswith("shopping")


def test_a_server_that_is_not_there_is_one_line_without_the_password(tmp_path: Path) -> None:
    url = choose_url({VARIABLE: f"postgresql://me:secret@/clinic?host={tmp_path}"})
    with pytest.raises(HistoryError, match="cannot be used: .* failed: No such file") as refused:
        History.open(url)
    assert "secret" not in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_driver_that_is_not_installed_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(
        HistoryError, match=r"psycopg of PostgreSQL is not installed; pip install 'firingorder\[postgres\]'"
    ):
        make_engine(choose_url({VARIABLE: "postgresql://me@host/clinic"}))


@pytest.mark.parametrize("address", ["mysql://me@host/clinic", "sqlite://", "nonsense://x", "://"])
def test_an_address_that_cannot_be_meant_is_refused(address: str) -> None:
    with pytest.raises(HistoryError):
        make_engine(choose_url({VARIABLE: address}))


def test_the_environment_names_the_database() -> None:
    assert choose_url({}).database == str(default_path())
    assert choose_url({VARIABLE: "/clinic/history.sqlite"}).database == "/clinic/history.sqlite"
    assert choose_url({VARIABLE: "postgres://me@host/clinic"}).drivername == "postgresql+psycopg"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has other permissions")
def test_the_file_is_for_nobody_else(tmp_path: Path) -> None:
    path = tmp_path / "data" / "history.sqlite"
    History.open(URL.create("sqlite", database=str(path))).close()
    assert (path.stat().st_mode & 0o777, path.parent.stat().st_mode & 0o777) == (0o600, 0o700)


def test_a_folder_that_cannot_be_made_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file")
    with pytest.raises(HistoryError, match=f"cannot be kept in .*; {VARIABLE} names another file"):
        History.open(URL.create("sqlite", database=str(tmp_path / "data" / "history.sqlite")))


def test_importing_the_history_opens_nothing(tmp_path: Path) -> None:
    code = (
        "import socket, sqlite3\n"
        "def refuse(*a, **k): raise RuntimeError('opened')\n"
        "socket.socket.__init__ = refuse; sqlite3.connect = refuse\n"
        "import firingorder_session.history.store, firingorder_session.history.deletion"
    )
    subprocess.run([sys.executable, "-c", code], check=True, env={**os.environ, "HOME": str(tmp_path)})
    assert list(tmp_path.iterdir()) == []
