"""Filing and finding again, on SQLite and on a real PostgreSQL server."""

import os
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import URL
from tests.unit.session.history.made import PATH, make_analysis, make_holds, make_set

from firingorder_session.history.errors import CodeRefused, HistoryError, UnknownSubject
from firingorder_session.history.records import Rating
from firingorder_session.history.store import History
from firingorder_signal.blocks import Side
from firingorder_signal.effort import ReferenceSource

DAY = date(2026, 3, 2)


def test_a_filed_set_is_found_again(history: History) -> None:
    analysis = make_analysis(make_set(0.08), make_set(0.1, Side.LEFT))
    filed = history.file(analysis, "k7q2", PATH, checksum="sha256:ab")
    assert (filed.code, filed.day, filed.checksum) == ("K7Q2", DAY, "sha256:ab")
    assert history.recordings("K7Q2") == (filed,)
    left, right = history.sets("K7Q2")
    assert (left.side, right.side) == (Side.LEFT, Side.RIGHT)
    assert (right.lag_s, right.ci90_s, right.null_lag_s) == (0.08, (0.06, 0.1), 0.012)
    assert (right.p_hamstring_first, right.snr_db, right.quality) == (0.9, 16.0, "good")
    assert (right.verdict, right.n_valid, right.active_range_deg, right.tilt_deg) == ("hamstring_first", 3, 11.0, 4.0)
    assert (right.day, right.path, right.pool_key) == (DAY, PATH, analysis.pool_keys[0])
    assert (right.software_version, right.settings_hash) == ("0.1.0", "0123456789abcdef")
    whole = history.results("K7Q2")[1].document
    assert whole["recording"] == analysis.identity
    assert [each["side"] for each in whole["sets"]] == ["right"]
    assert len(whole["sets"][0]["lifts"]) == 3


def test_the_list_counts_visits_and_recordings(history: History) -> None:
    history.add_subject("K7Q2")
    history.file(make_analysis(make_set(0.08)), "M4T9", PATH)
    history.file(make_analysis(make_set(0.08), number=2), "M4T9", PATH)
    history.file(make_analysis(make_set(0.08), number=3, day="2026-03-09"), "M4T9", PATH)
    told = [(each.code, each.n_visits, each.n_recordings, each.last_day) for each in history.subjects()]
    assert told == [("K7Q2", 0, 0, None), ("M4T9", 2, 3, date(2026, 3, 9))]


def test_the_same_recording_filed_twice_is_one_entry_with_the_newest_result(history: History) -> None:
    history.file(make_analysis(make_set(0.08), make_set(0.1, Side.LEFT)), "K7Q2", PATH)
    history.file(make_analysis(make_set(0.07)), "K7Q2", Path("/elsewhere/visit.fo"), day=date(2026, 3, 3))
    (only,) = history.sets("K7Q2")
    assert (only.lag_s, only.path, only.day) == (0.07, Path("/elsewhere/visit.fo"), date(2026, 3, 3))
    assert history.subjects()[0].n_visits == 1  # the day it was filed under by mistake is gone


def test_a_recording_is_of_one_person(history: History) -> None:
    history.file(make_analysis(make_set(0.08)), "K7Q2", PATH)
    with pytest.raises(HistoryError, match="is filed under K7Q2 already"):
        history.file(make_analysis(make_set(0.08)), "M4T9", PATH)
    with pytest.raises(HistoryError, match="says that it is of M4T9"):
        history.file(make_analysis(make_set(0.08), subject="m4t9", number=2), "K7Q2", PATH)
    assert [each.code for each in history.subjects()] == ["K7Q2"]
    assert history.find_owner(f"fo:{1:032x}") == "K7Q2"
    assert history.find_owner("fo:?") is None


def test_a_name_in_a_recording_gives_way_to_a_code(history: History) -> None:
    assert history.file(make_analysis(make_set(0.08), subject="Anna"), "K7Q2", PATH).code == "K7Q2"


def test_a_recording_without_a_date_is_asked_for_one(history: History) -> None:
    with pytest.raises(HistoryError, match="add --day"):
        history.file(make_analysis(make_set(0.08), day=""), "K7Q2", PATH)
    assert history.file(make_analysis(make_set(0.08), day=""), "K7Q2", PATH, day=DAY).day == DAY


def test_a_recording_of_nothing_is_refused(history: History) -> None:
    with pytest.raises(HistoryError, match="holds nothing to file"):
        history.file(replace(make_analysis(), unnamed="Name the muscles."), "K7Q2", PATH)


def test_a_set_that_was_not_judged_is_kept_with_its_reason(history: History) -> None:
    history.file(make_analysis(make_set(None)), "K7Q2", PATH)
    (only,) = history.sets("K7Q2")
    assert (only.verdict, only.lag_s, only.quality) == ("not_judged", None, "no lift was found")


def test_of_holds_share_and_fatigue_are_kept_for_the_side_that_was_measured(history: History) -> None:
    history.file(make_holds(0.4, -0.5), "K7Q2", PATH)
    (only,) = history.sets("K7Q2")
    assert (only.side, only.glute_share, only.share_reference) == (Side.RIGHT, 0.6, "reference_lift")
    assert (only.hold_fatigue_percent_s, only.quality) == (-0.5, "good")


def test_no_share_is_kept_without_a_measured_reference(history: History) -> None:
    history.file(make_holds(0.4, -0.5, ReferenceSource.STRONGEST), "K7Q2", PATH)
    (only,) = history.sets("K7Q2")
    assert (only.glute_share, only.share_reference, only.hold_fatigue_percent_s) == (None, "", -0.5)


def test_ratings_are_kept_by_the_day_and_added_to(history: History) -> None:
    history.add_subject("K7Q2")
    history.rate("k7q2", Rating(DAY, feels_glute=6))
    assert history.rate("K7Q2", Rating(DAY, pain=1, notes="cramp")) == Rating(DAY, 6, 1, "cramp")
    history.rate("K7Q2", Rating(date(2026, 3, 1), feels_glute=0))
    assert history.ratings("K7Q2") == (Rating(date(2026, 3, 1), 0), Rating(DAY, 6, 1, "cramp"))


@pytest.mark.parametrize(
    "rating", [Rating(DAY, 11), Rating(DAY, -1), Rating(DAY, pain=11), Rating(DAY, notes="1.2.1985")]
)
def test_a_rating_off_its_scale_is_refused(history: History, rating: Rating) -> None:
    history.add_subject("K7Q2")
    with pytest.raises(HistoryError):
        history.rate("K7Q2", rating)
    assert history.ratings("K7Q2") == ()


def test_codes_are_checked_drawn_and_taken_once(history: History) -> None:
    assert history.add_subject("k7q2") == "K7Q2"
    assert len(history.add_subject()) == 6
    with pytest.raises(HistoryError, match="there is a subject K7Q2 already"):
        history.add_subject("K7Q2")
    for refused in (lambda: history.add_subject("Anna"), lambda: history.file(make_analysis(), "JD1985", PATH)):
        with pytest.raises(CodeRefused):
            refused()
    with pytest.raises(UnknownSubject, match="no subject has the code 'X9Y9'"):
        history.sets("X9Y9")


@pytest.mark.parametrize("code", ["\udcff", "K7Q2\udcfc"])
def test_a_code_that_is_no_text_is_one_line(history: History, code: str) -> None:
    with pytest.raises(HistoryError, match="no text"):
        history.sets(code)


def test_a_file_whose_name_is_no_text_is_one_line(history: History) -> None:
    with pytest.raises(HistoryError, match="no text"):
        history.file(make_analysis(make_set(0.08)), "K7Q2", Path(os.fsdecode(b"/data/visit-\xfc.fo")))
    assert history.subjects() == ()


def test_a_recording_can_be_taken_out_again(history: History) -> None:
    history.file(make_analysis(make_set(0.08)), "K7Q2", PATH)
    history.add_subject("M4T9")
    with pytest.raises(HistoryError, match="is not filed under M4T9"):
        history.forget_recording("M4T9", f"fo:{1:032x}")
    history.forget_recording("K7Q2", f"fo:{1:032x}")
    assert history.sets("K7Q2") == ()
    assert history.subjects()[0].n_visits == 0


def test_another_program_sees_what_was_filed(history: History, url: URL) -> None:
    history.file(make_analysis(make_set(0.08)), "K7Q2", PATH)
    with History.open() as other:  # by the environment
        assert other.url == url
        assert other.sets("K7Q2") == history.sets("K7Q2")
