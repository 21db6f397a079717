"""The shape of the house: the standard library wins, imports run downwards, nothing heavy loads for --help."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SOURCE_ROOTS = ("signal", "firmware_bridge", "session", "gui", "app")


def run_python(code: str) -> str:
    """Run code in a fresh interpreter at the repository's root and return what it prints."""
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    return done.stdout.strip()


@pytest.mark.parametrize("root", SOURCE_ROOTS)
def test_source_root_is_not_a_package(root: str) -> None:
    assert not (ROOT / root / "__init__.py").exists()


@pytest.mark.parametrize("root", SOURCE_ROOTS)
def test_source_root_holds_one_package(root: str) -> None:
    assert len(list((ROOT / root).glob("*/__init__.py"))) == 1


def test_import_signal_is_the_standard_librarys() -> None:
    path = Path(run_python("import signal; print(signal.__file__)"))
    assert ROOT not in path.parents


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import sys\n"
        "from firingorder.cli import main\n"
        "try:\n    main(['--help'])\nexcept SystemExit: pass\n"
        "print('LOADED', [m for m in ('numpy', 'scipy', 'PySide6', 'serial', 'tqdm') if m in sys.modules])"
    )
    assert run_python(code).endswith("LOADED []")


def test_importing_the_package_loads_nothing_heavy() -> None:
    assert (
        run_python("import sys, firingorder; print('scipy' in sys.modules, 'PySide6' in sys.modules)") == "False False"
    )


def test_no_import_opens_a_socket() -> None:
    code = (
        "import socket\n"
        "def refuse(*a, **k): raise RuntimeError('a socket was opened')\n"
        "socket.socket.__init__ = refuse\n"
        "import firingorder, firingorder.cli, firingorder_session, firingorder_bridge, firingorder_signal\n"
        "print('closed')"
    )
    assert run_python(code) == "closed"


def test_runtime_code_does_not_import_the_virtual_wearable() -> None:
    users = [
        path.relative_to(ROOT)
        for root in SOURCE_ROOTS
        for path in (ROOT / root).rglob("*.py")
        if "virtual" not in path.parts and "firingorder_bridge.virtual" in path.read_text(encoding="utf-8")
    ]
    assert users == [Path("app/firingorder/commands/sensor.py")]


@pytest.mark.parametrize(
    "module",
    ["firingorder_gui.review_app", "firingorder_session.judging.review", "firingorder_session.running.live_test"],
)
def test_a_window_is_open_before_the_mathematics_is_loaded(module: str) -> None:
    assert run_python(f"import sys, {module}; print('scipy.signal' in sys.modules)") == "False"
