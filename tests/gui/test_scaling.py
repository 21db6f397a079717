"""Nothing is cut or overlaps: in English, German and a language 40 % longer, at 100, 150 and 200 %, large and small."""

import json
import os
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from tests.gui.scaled_pages import look_at_comparison, look_at_offer
from tests.gui.scaled_window import TEXTS, look, plain

from firingorder_gui.style import scale_of
from firingorder_gui.texts import Texts
from firingorder_gui.window import LiveWindow

SMALL, LARGE = (1280, 720), (1920, 1080)
FACTORS = (1.5, 2.0)
NOTHING: dict[str, list[str]] = {"cut": [], "outside": [], "over": []}


@cache
def scaled() -> dict[float, dict[str, dict[str, Any]]]:
    """Look at the small windows in processes whose desktops are scaled: once, and both at a time, by factor."""
    command = [sys.executable, str(Path(__file__).with_name("scaled_window.py")), *map(str, SMALL)]
    plain_environment = {**os.environ, "QT_SCALE_FACTOR_ROUNDING_POLICY": "PassThrough"}
    running = {
        factor: subprocess.Popen(
            command, stdout=subprocess.PIPE, text=True, env={**plain_environment, "QT_SCALE_FACTOR": str(factor)}
        )
        for factor in FACTORS
    }
    said = {factor: process.communicate(timeout=240)[0] for factor, process in running.items()}
    assert [process.returncode for process in running.values()] == [0, 0]
    return {factor: json.loads(text) for factor, text in said.items()}


def check_nothing_is_lost(told: dict[str, Any], texts: Texts) -> None:
    """Check that all texts fit; only a row of the table may end in an ellipsis, whose name says it in full."""
    row = texts.row_not_scored.partition("{")[0]
    assert [text for text in told["cut"] if not text.startswith(row)] == []
    assert told["outside"] == []
    assert told["over"] == []


@pytest.mark.parametrize("size", [SMALL, LARGE], ids=["1280x720", "1920x1080"])
@pytest.mark.parametrize("name", sorted(TEXTS))
def test_nothing_is_cut(qapp: object, name: str, size: tuple[int, int]) -> None:
    told = look(TEXTS[name], *size)
    check_nothing_is_lost(told, TEXTS[name])


@pytest.mark.xdist_group("scaled")
@pytest.mark.parametrize("factor", FACTORS)
@pytest.mark.parametrize("name", sorted(TEXTS))
def test_nothing_is_cut_on_a_scaled_desktop(name: str, factor: float) -> None:
    told = scaled()[factor][name]["test"]
    assert told["ratio"] == factor
    assert told["picture"] == [SMALL[0] * factor, SMALL[1] * factor]
    check_nothing_is_lost(told, TEXTS[name])
    # A column of the sweep is one pixel of the screen, not of the design, and nearly each has ink after ten seconds.
    assert told["columns"] == round(told["sweep_px"] * factor)
    assert told["pitch_px"] == pytest.approx(1 / factor)
    assert told["inked"] > 0.9


@pytest.mark.xdist_group("scaled")
@pytest.mark.parametrize("factor", FACTORS)
@pytest.mark.parametrize("name", sorted(TEXTS))
def test_two_visits_the_offer_and_the_history_fit_on_a_scaled_desktop(name: str, factor: float) -> None:
    told = scaled()[factor][name]
    for window in ("comparison", "offer"):
        assert told[window] == NOTHING, window
    assert told["history"] == NOTHING | {"unnamed": []}


@pytest.mark.parametrize("size", [(960, 540), (1024, 768), LARGE], ids=str)
@pytest.mark.parametrize("name", sorted(TEXTS))
def test_two_visits_fit_at_every_size(qapp: object, name: str, size: tuple[int, int]) -> None:
    assert plain(look_at_comparison(TEXTS[name], *size)) == NOTHING


@pytest.mark.parametrize("size", [(480, 800), (640, 480), (960, 540), LARGE], ids=str)
@pytest.mark.parametrize("name", sorted(TEXTS))
def test_the_offer_fits_at_every_size(qapp: object, name: str, size: tuple[int, int]) -> None:
    assert plain(look_at_offer(TEXTS[name], *size)) == NOTHING


@pytest.mark.parametrize("size", [(960, 540), SMALL, LARGE, (3840, 2160)], ids=str)
def test_type_scales_with_the_window(window: LiveWindow, size: tuple[int, int]) -> None:
    window.resize(*size)
    scale = size[1] / 1080
    assert scale_of(*size) == pytest.approx(scale)
    assert window.look.scale == pytest.approx(scale)
    for part in (window.card, window.order, window.table, window.top, window.bottom):
        assert part.look is window.look
    # The verdict keeps its share of the height, so that it keeps its reading distance.
    assert window.look.font(104).pixelSize() == pytest.approx(104 * scale, abs=0.5)
    assert window.card.height() == pytest.approx(292 * scale, abs=1)
