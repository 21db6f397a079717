"""`firingorder training`, and that nothing it says clears anybody for anything."""

import json
import re
from pathlib import Path

import pytest

from firingorder.cli import main
from firingorder_session.history.engine import VARIABLE
from firingorder_session.history.store import History
from firingorder_session.training.plan_file import DEFAULT, load_plan, plan_names
from firingorder_session.training.week import NO_CLEARANCE

ROOT = Path(__file__).resolve().parents[3]
Said = pytest.CaptureFixture[str]
DAY = ["--day", "2026-03-02"]
#: Words that would let somebody sprint.
CLEARING = re.compile(
    r"\bclear(ed|ance|s)?\b|\bready to\b|\bsafe to\b|\ballowed\b|\bmay sprint\b|\bfit to\b", re.IGNORECASE
)


@pytest.fixture(autouse=True)
def subject(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Make a history with one subject."""
    monkeypatch.setenv(VARIABLE, str(tmp_path / "history.sqlite"))
    with History.open() as history:
        history.add_subject("K7Q2")


def test_plans_are_listed_and_printed(capsys: Said) -> None:
    assert main(["training"]) == 0
    assert capsys.readouterr().out.startswith("glutes_then_sprint  7 weeks")
    assert main(["training", "plan", DEFAULT]) == 0
    assert capsys.readouterr().out == load_plan(DEFAULT).text


def test_a_week_shows_what_is_planned_and_done(capsys: Said) -> None:
    assert main(["training", "start", "k7q2", "--usual-sprint-m", "1200", *DAY]) == 0
    done = ["--sets", "5", "--hold-s", "25", "--effort", "3", "--pain", "1", *DAY]
    assert main(["training", "done", "K7Q2", "static_glute_set", *done]) == 0
    capsys.readouterr()
    assert main(["training", "K7Q2", *DAY]) == 0
    out = capsys.readouterr().out
    assert out.startswith("K7Q2 · Glutes first, then sprinting · week 1 of 7, activate · 2026-03-02 to 2026-03-08")
    assert re.search(r"- +static_glute_set +5 days, 5 sets of 20 to 30 s, 40 to 60 s rest +1 of 5 +5 of 25", out)
    assert re.search(r"2026-03-02 +static_glute_set +5 sets, 25 s +3 +1", out)
    assert NO_CLEARANCE.split(".")[0] in out
    assert main(["training", "week", "K7Q2", "5", *DAY]) == 0
    assert "sprinting: 50 % of the usual volume (600 m); 0 m entered (0 %)" in capsys.readouterr().out


def test_json_has_the_week(capsys: Said) -> None:
    main(["training", "start", "K7Q2", *DAY])
    main(["training", "done", "K7Q2", "sprint", "--distance-m", "100", "--track", "left", *DAY])
    capsys.readouterr()
    assert main(["training", "K7Q2", "--json", *DAY]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["code"], told["week"], told["aim"], told["sprint"]["done_m"]) == ("K7Q2", 1, "activate", 100.0)
    assert told["entries"][0]["track"] == "left"
    assert told["items"][0]["exercise"]["kind"] == "static"
    assert told["words"] == NO_CLEARANCE
    assert main(["training", "log", "K7Q2", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["entries"] == told["entries"]


def test_an_entry_is_taken_back(capsys: Said) -> None:
    main(["training", "start", "K7Q2", *DAY])
    main(["training", "done", "K7Q2", "sprint", "--distance-m", "100", *DAY])
    assert main(["training", "undo", "K7Q2", "1"]) == 0
    capsys.readouterr()
    assert main(["training", "log", "K7Q2"]) == 0
    assert capsys.readouterr().out == "nothing was entered\n"


@pytest.mark.parametrize(
    "words",
    [
        ["done", "K7Q2"],
        ["week", "K7Q2", "five"],
        ["undo", "K7Q2"],
        ["K7Q2", "sprint"],
        ["done", "K7Q2", "clam", "--side", "up"],
    ],
)
def test_wrong_arguments_are_exit_code_two(words: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["training", *words])
    assert ended.value.code == 2


def test_no_plan_is_one_line(capsys: Said) -> None:
    assert main(["training", "K7Q2", *DAY]) == 1
    assert capsys.readouterr().err.count("\n") == 1


def test_nothing_clears_anybody() -> None:
    sources = [*(ROOT / "session/firingorder_session/training").glob("*.py"), *(ROOT / "app").rglob("*training*.py")]
    texts = [path.read_text(encoding="utf-8") for path in sources] + [load_plan(name).text for name in plan_names()]
    assert len(sources) >= 8
    assert [found[0] for text in texts for found in CLEARING.finditer(text)] == []
    assert CLEARING.search("you are cleared to sprint")
