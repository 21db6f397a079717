"""Every text of the window has German, with the same placeholders; figures follow the language; the system's is found.

A record that a new part of the window brings is named here until `texts_de.py` has its German.
"""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from tests.gui.synthetic import KIT_4, FakeHandle, Plan, SyntheticTest
from tests.languages import misfilled, unasked, untold, walk

import firingorder_gui
from firingorder_gui.answer import answer_content
from firingorder_gui.cards import state_card
from firingorder_gui.languages import LANGUAGES, system_language, texts_of
from firingorder_gui.lift_lists import order_content, rows, set_line, set_motion
from firingorder_gui.model import ViewModel
from firingorder_gui.sensors import sensors_content
from firingorder_gui.status import health_line, top_content
from firingorder_gui.texts import ENGLISH
from firingorder_gui.texts_de import GERMAN
from firingorder_gui.window import LiveWindow
from firingorder_session.events.live_events import DataHealth
from firingorder_session.protocols.catalogue import find_protocol, protocol_names
from firingorder_signal.blocks import SyncClass

#: Strings that are the same in both languages: names, units, signs, and what only arranges placeholders.
SAME = frozenset(
    {
        "FiringOrder",
        "TFL",
        "N",
        "P",
        "{orientation} · {tag}",
        "+  ·  −",
        "{level} µV",
        "{level} dB",
        "{angle}°",
        "{name}: {fix}",
        "{what}, {side}",
        "{slope} ± {half} %/s",
        "{start} Hz",
        "{slope} ± {half}",
        "{value} s",
        "AMPLITUDE, %/s",
        "{first}, {second}",
        "{muscle}: {moved} ms",
        "{name}  ·  {created}",
        "↑ ↓ ← →",
        "0",
        "{value}°",
        "{value}",
        "{name}: {value}",
        "{code}  ·  {visits}",
        "E",
        "H",
        "L",
        "F5",
        "{name} {side}",
        "{name} ({site})",
        "{name}: {note}",
        "Sensor {link}",
        "±{level} µV",
        "±{level} mV",
        "EMG {streams}",
        "{verdict}",
        "{lag} ({citation})",
        "M",
        "T",
        "A",
        "S",
        "?  ·  F1",
        ".",
        "-",
        "−",
        "{} ms",
    }
)


def test_every_text_has_german() -> None:
    units = frozenset(pattern for pattern, _, _ in ENGLISH.words.reasons.units.values())
    assert untold(replace(ENGLISH, language=""), GERMAN, SAME | units) == []


def test_german_is_filled_in_with_the_same_words() -> None:
    assert misfilled(ENGLISH, GERMAN) == []


def test_nothing_is_hidden_in_a_default_of_the_german_record() -> None:
    assert len(list(walk(GERMAN))) == len(list(walk(ENGLISH)))


def test_every_text_is_asked_for() -> None:
    assert unasked(ENGLISH, Path(firingorder_gui.__file__).parent) == []


def test_a_missing_text_is_found() -> None:
    assert untold(ENGLISH.guide, replace(GERMAN.guide, rest="Rest")) == ["rest: 'Rest'"]
    assert misfilled(ENGLISH.guide, replace(GERMAN.guide, hold_left="noch {n} s")) != []


@pytest.mark.parametrize("name", protocol_names())
def test_every_test_has_a_german_title_and_german_cues(name: str) -> None:
    protocol = find_protocol(name)
    assert protocol.titles.get("de")
    english, german = protocol.cues["en"], protocol.cues["de"]
    assert german.both
    assert bool(english.left) == bool(german.left)
    assert bool(english.right) == bool(german.right)


@pytest.mark.parametrize(
    ("variables", "language"),
    [
        ({"LANG": "de_DE.UTF-8"}, "de"),
        ({"LANG": "en_GB.UTF-8", "LC_ALL": "de_CH.UTF-8"}, "de"),
        ({"LANGUAGE": "de:en", "LANG": "en_US.UTF-8"}, "de"),
        ({"LANG": "C.UTF-8"}, "en"),
        ({"LC_ALL": "POSIX"}, "en"),
        ({"LANG": "German_Germany.1252"}, "de"),
    ],
)
def test_the_systems_language_is_found(variables: dict[str, str], language: str) -> None:
    assert system_language(variables) == language


def test_a_language_that_is_not_spoken_is_english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANGUAGE", "fr")
    assert texts_of(None) is ENGLISH
    assert texts_of("de") is GERMAN
    assert set(LANGUAGES) == {"en", "de"}


def german_model(until_s: float) -> ViewModel:
    """Follow the made-up test in German."""
    model = ViewModel(GERMAN)
    model.feed(SyntheticTest(Plan(KIT_4, n_lifts=6)).until(until_s))
    return model


#: Words that would betray English.
ENGLISH_WORD = re.compile(r"\b(the|of|lift|leg|is|and|not|before|class|clocks|lost|sensors)\b", re.IGNORECASE)


@pytest.mark.parametrize("until_s", [0.5, 3.0, 12.0, 16.0, 25.0, 200.0])
def test_the_window_says_nothing_in_english(until_s: float) -> None:
    model = german_model(until_s)
    told = [state_card(model).spoken, order_content(model).spoken, answer_content(model).spoken]
    told += [sensors_content(model).spoken, *(chip.spoken for chip in top_content(model).chips)]
    told += [row.spoken for row in rows(model)] + [row.motion for row in rows(model)]
    told += [top_content(model).counter, set_line(model), set_motion(model), health_line(model)]
    assert [text for text in told if ENGLISH_WORD.search(text)] == []


def test_german_figures_have_a_comma() -> None:
    model = german_model(3.0)
    model.feed([DataHealth(3.0, 0, 0, 0, 1.25, clock_uncertainty_s=0.0012, sync=SyncClass.VERIFIED)])
    line = health_line(model)
    assert "Uhren ± 1,2 ms (Klasse C, durch Klopfen abgeglichen)" in line
    assert "1,2 s im Rückstand" in line


def test_a_german_window_has_german_names(qapp: object) -> None:
    window = LiveWindow(FakeHandle(), texts=GERMAN)
    assert window.table.accessibleName() == "Wiederholungen"
    assert window.help.accessibleName() == "Tasten und Pedal"
    window.deleteLater()
