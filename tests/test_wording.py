"""No text a user can see judges a person; the intended-use text alone may say what the product does not do."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from firingorder_session.intended_use import INTENDED_USE, INTENDED_USE_DE

ROOT = Path(__file__).resolve().parents[1]
FORBIDDEN = re.compile(
    r"abnormal|inhibit|dysfunction|\bweak|injury risk|diagnos|treatment"
    # German: ill, defective, restrained, weak, risk of injury, treatment, finding, disorder.
    r"|anormal|krankhaft|patholog|gehemmt|hemmung|dysfunktion|fehlfunktion|schwäche|schwach|verletzungsrisiko"
    r"|verletzungsgefahr|behandl|befund|funktionsstörung|fehlhaltung|auffällig",
    re.IGNORECASE,
)
SOURCES = sorted(
    path for root in ("signal", "firmware_bridge", "session", "gui", "app") for path in (ROOT / root).rglob("*.py")
)
#: What a report is laid out with, and says if it says anything by itself.
TEMPLATES = sorted(path for ending in ("j2", "typ") for path in (ROOT / "session").rglob(f"*.{ending}"))
TESTS_AS_DATA = sorted(
    path for kind in ("tests", "plans") for path in (ROOT / "session").rglob(f"{kind}_as_data/*.toml")
)


def visible_strings(source: str) -> Iterator[str]:
    """Yield every string constant of a module that is not a docstring."""
    tree = ast.parse(source)
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
            yield node.value


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem)
def test_no_visible_string_judges(path: Path) -> None:
    texts = set(visible_strings(path.read_text(encoding="utf-8"))) - {INTENDED_USE, INTENDED_USE_DE}
    assert [text for text in texts if FORBIDDEN.search(text)] == []


@pytest.mark.parametrize("path", TESTS_AS_DATA, ids=lambda path: path.stem)
def test_no_test_as_data_judges(path: Path) -> None:
    assert FORBIDDEN.findall(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_no_template_judges(path: Path) -> None:
    assert FORBIDDEN.findall(path.read_text(encoding="utf-8")) == []


def test_there_are_templates() -> None:
    assert {path.name for path in TEMPLATES} == {"report.html.j2", "report.typ"}


@pytest.mark.parametrize("text", ["your glute is weak", "Ihr Gesäßmuskel ist gehemmt", "eine Schwäche", "Diagnose"])
def test_the_check_can_fail(text: str) -> None:
    assert [each for each in visible_strings(f"x = {text!r}") if FORBIDDEN.search(each)]


def test_the_readme_carries_the_intended_use() -> None:
    readme = re.sub(r"[\s>]+", " ", (ROOT / "README.md").read_text(encoding="utf-8"))
    assert INTENDED_USE in readme


def test_the_readme_judges_nobody() -> None:
    readme = re.sub(r"[\s>]+", " ", (ROOT / "README.md").read_text(encoding="utf-8"))
    assert FORBIDDEN.findall(readme.replace(INTENDED_USE, "")) == []
