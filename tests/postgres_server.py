"""A real PostgreSQL server for the tests: in a folder of its own, on a socket file alone, gone with the test run."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg
from sqlalchemy import URL

#: Where Debian puts the server's programs; newest first.
FOLDERS = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: float(path.parent.name), reverse=True)
USER = "firingorder"
#: Until it answers and until it has ended, seconds: 0.3 and 0.2 on an idle machine.
WAIT_S = 30.0
#: Data of a test need not outlive a power cut.
SETTINGS = {"listen_addresses": "", "fsync": "off", "full_page_writes": "off", "shared_buffers": "16MB"}


def find_programs() -> Path | None:
    """Find the folder of initdb and postgres; None where there is no server on this machine."""
    found = shutil.which("postgres")
    return Path(found).parent if found else next((each for each in FOLDERS if (each / "postgres").exists()), None)


def find_user() -> str | None:
    """Name the user the server runs as: root may not run one."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return next(name for name in ("postgres", "nobody") if name in names)


@contextmanager
def running_server() -> Generator[URL]:
    """Start a server; give the address of its first database; end it by its process, whatever comes."""
    programs, user = find_programs(), find_user()
    assert programs is not None
    folder = Path(tempfile.mkdtemp(prefix="firingorder-pg-"))
    server: subprocess.Popen[bytes] | None = None
    try:
        if user is not None:
            shutil.chown(folder, user)
        data = folder / "data"
        make = [
            str(programs / "initdb"),
            "-D",
            str(data),
            "-U",
            USER,
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--locale=C",
            "--no-sync",
        ]
        subprocess.run(make, check=True, capture_output=True, user=user, cwd=folder, timeout=WAIT_S)
        settings = [word for name, value in SETTINGS.items() for word in ("-c", f"{name}={value}")]
        start = [str(programs / "postgres"), "-D", str(data), "-k", str(folder), *settings]
        with (folder / "log").open("wb") as log:
            server = subprocess.Popen(start, stdout=log, stderr=log, user=user, cwd=folder)
        url = URL.create("postgresql+psycopg", USER, database="postgres", query={"host": str(folder)})
        wait_for(url, folder / "log")
        yield url
    finally:
        if server is not None:
            end(server)
        shutil.rmtree(folder, ignore_errors=True)


def wait_for(url: URL, log: Path) -> None:
    """Wait until the server answers."""
    deadline = time.monotonic() + WAIT_S
    while True:
        try:
            connect(url).close()
            return
        except psycopg.OperationalError:
            assert time.monotonic() < deadline, log.read_text(encoding="utf-8", errors="replace")
            time.sleep(0.05)


def end(server: "subprocess.Popen[bytes]") -> None:
    """End the server at once, without writing its data out; kill it where that takes too long."""
    server.send_signal(signal.SIGQUIT)
    with suppress(subprocess.TimeoutExpired):
        server.wait(WAIT_S)
        return
    server.kill()
    server.wait()


def connect(url: URL) -> "psycopg.Connection[tuple[object, ...]]":
    """Connect to a database, each statement by itself."""
    return psycopg.connect(
        host=str(url.query["host"]), user=url.username or "", dbname=url.database or "", autocommit=True
    )


def make_schema(url: URL, name: str) -> URL:
    """Make an empty schema on the server, which takes a hundredth of what a database takes, and return its address."""
    with connect(url) as connection:
        connection.execute(f'CREATE SCHEMA "{name}"'.encode())
    return url.update_query_dict({"options": f"-csearch_path={name}"})
