"""The methods: from the recording and the constants that judge, so that they cannot say what the code does not do."""

import json
from dataclasses import replace

import pytest
from tests.report_recordings import RECORDINGS, STEP_UV, one_side, static_set

from firingorder_session.judging.analysis import analyze, choose_protocol
from firingorder_session.report import methods as methods_module
from firingorder_session.report.languages import ENGLISH
from firingorder_session.report.lift_pictures import LiftPictures
from firingorder_session.report.make import analyze_for_report
from firingorder_session.report.methods import Json, describe_methods
from firingorder_session.report.methods_page import methods_page
from firingorder_session.setting_up.electrode_sites import INTER_ELECTRODE_MM
from firingorder_signal.filters import ORDER, BandDesign
from firingorder_signal.hodges_bui import HodgesBuiParams
from firingorder_signal.levels import SHAPES
from firingorder_signal.onset import OnsetParams
from firingorder_signal.results import Correction
from firingorder_signal.rules import JudgementRules


@pytest.fixture(scope="module")
def told() -> Json:
    return analyze_for_report(one_side()).facts.methods


def words(methods: Json) -> str:
    """Return all sentences of the page."""
    page = methods_page(methods, ENGLISH)
    rows = [row.text for section in page.sections for row in section.rows]
    tables = [" ".join(row) for section in page.sections if section.table for row in section.table.rows]
    return " ".join([*rows, *tables, *(section.note for section in page.sections)])


def test_they_are_plain_json(told: Json) -> None:
    assert json.loads(json.dumps(told)) == told


def test_filters_are_those_in_force(told: Json) -> None:
    (band,) = told["processing"]["band_pass"]
    design = BandDesign(2000.0)
    assert (band["low_hz"], band["high_hz"], band["order_high_pass"]) == (20.0, 450.0, ORDER)
    assert len(design.sos) == ORDER  # half of the sections are of the high-pass, two orders each
    assert band["group_delay_s"] == pytest.approx(design.delay_s, abs=1e-6)
    assert "20–450 Hz at 2000 Hz: Butterworth, high-pass of order 4 and low-pass of order 4, causal" in words(told)


def test_the_onset_is_told_from_its_own_parameters(told: Json) -> None:
    own, reference = OnsetParams(), HodgesBuiParams()
    assert told["onset"]["params"]["before_s"] == own.before_s
    assert f"under {len(SHAPES)} shapes of rise, from {1000 * own.before_s:.0f} ms before" in words(told)
    assert f"mean + {reference.n_sd:g} SD of rest for {1000 * reference.hold_s:.0f} ms" in words(told)


def test_another_rule_is_another_sentence() -> None:
    recording = one_side()
    protocol = replace(choose_protocol(recording, None), rules=replace(JudgementRules(), snr_min_db=11.5, lifts_min=4))
    seen = LiftPictures()
    analysis = analyze(recording, protocol=protocol, watch=seen.take)
    changed = describe_methods(recording, analysis, protocol, seen.channels)
    assert "signal 11.5 dB above rest" in words(changed)
    assert "over at least 4 lifts" in words(changed)
    assert changed["judgement"]["settings_hash"] != analyze_for_report(recording).analysis.settings_hash


def test_the_order_of_the_filter_is_the_codes_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(methods_module, "ORDER", 6)
    changed = analyze_for_report(one_side()).facts.methods
    assert "high-pass of order 6" in words(changed)


def test_electrodes_say_where_they_go_and_what_brings_them(told: Json) -> None:
    hamstring, glute = told["electrodes"]
    assert (glute["muscle"], glute["side"]) == ("gluteus_maximus", "right")
    assert glute["site"]["percent"] == 50.0
    assert hamstring["resolution_uv"] == pytest.approx(STEP_UV, rel=1e-6)
    assert hamstring["resolution_bits"] == 16
    assert "50 % ischial tuberosity – lateral epicondyle of the tibia, along the line" in words(told)
    assert "0.122 µV, 16 bit over ± 4.0 mV" in words(told)
    assert f"{INTER_ELECTRODE_MM} mm from centre to centre" in words(told)
    assert "wording from memory" in words(told)


def test_what_nobody_recorded_is_listed(told: Json) -> None:
    assert {"hardware.inter_electrode_distance_mm", "hardware.skin_preparation"} <= set(told["not_recorded"])
    note = methods_page(told, ENGLISH).sections[-1].note
    assert "inter-electrode distance" in note
    assert "skin preparation" in note
    assert "subject" not in {path.rpartition(".")[2] for path in told["not_recorded"]}


def test_every_path_that_is_not_recorded_has_a_word() -> None:
    for name in ("one_side", "unnamed", "static_set"):
        methods = analyze_for_report(RECORDINGS[name]()).facts.methods
        keys = {path.rpartition(".")[2].partition("[")[0] for path in methods["not_recorded"]}
        assert keys - set(ENGLISH.methods.unrecorded) == set()


def test_clocks_are_told_with_their_class_and_uncertainty(told: Json) -> None:
    (pair,) = told["synchronisation"]
    assert (pair["class"], pair["uncertainty_s"]) == ("B", 0.0)
    assert "Right: class B, synchronised by hardware, uncertainty 0.0 ms" in words(told)


def test_references_are_the_persons_own() -> None:
    methods = analyze_for_report(static_set()).facts.methods
    assert [each["kind"] for each in methods["normalisation"]["references"]] == ["maximum", "maximum"]
    assert "maximum, RMS over 200 ms, 190 µV, 3 trials" in words(methods)


def test_onsets_put_by_hand_are_told_with_who_did() -> None:
    recording = one_side()
    reported = analyze_for_report(recording)
    (result,) = reported.analysis.sets
    lift = result.lifts[0]
    site, onset = next(iter(lift.onsets.items()))
    moved = replace(onset, corrected=Correction(1.0, 0.01, "AB", "2026-03-02T10:00:00+01:00"), found=onset)
    lifts = (replace(lift, onsets={**lift.onsets, site: moved}), *result.lifts[1:])
    analysis = replace(reported.analysis, sets=(replace(result, lifts=lifts),))
    methods = describe_methods(recording, analysis, reported.facts.protocol, {})
    assert "Onsets moved: 1 (AB), claimed precision ± 10 ms" in words(methods)
    assert json.loads(json.dumps(methods))["corrections_by_hand"][0]["by"] == "AB"
