"""Whether the computer hangs on the mains, by what Linux says of its supplies."""

from pathlib import Path

import pytest

from firingorder import mains_power
from firingorder.mains_power import on_mains, safety_warning


def supplies(folder: Path, **files: dict[str, str]) -> None:
    """Write what the kernel would."""
    for name, words in files.items():
        (folder / name).mkdir()
        for word, value in words.items():
            (folder / name / word).write_text(value + "\n")


@pytest.mark.parametrize(("online", "expected"), [("1", True), ("0", False)])
def test_a_laptop_is_on_the_mains_while_its_adapter_is_online(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, online: str, expected: bool
) -> None:
    monkeypatch.setattr(mains_power, "SUPPLIES", tmp_path)
    supplies(tmp_path, AC={"type": "Mains", "online": online}, BAT0={"type": "Battery"})
    assert on_mains("linux") is expected


def test_a_computer_without_a_battery_of_its_own_is_on_the_mains(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mains_power, "SUPPLIES", tmp_path)
    supplies(tmp_path, mouse={"type": "Battery", "scope": "Device"})
    assert on_mains("linux") is True


def test_a_system_that_does_not_say_is_warned_of_all_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mains_power, "SUPPLIES", tmp_path / "nothing")
    assert on_mains("linux") is None
    assert "does not say" in str(safety_warning(["/dev/ttyACM0"], None))
    assert safety_warning(["/dev/ttyACM0"], False) is None
