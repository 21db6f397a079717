"""The report of every kind of recording: what its pages say, and that PDF and HTML say it by themselves."""

import json
import re
import shutil
import subprocess
from dataclasses import replace
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import pytest
from tests.languages import misfilled, unasked, untold, walk
from tests.report_recordings import CREATED, RECORDINGS, one_side

import firingorder_session.report
from firingorder_session.judging.analysis import analyze
from firingorder_session.judging.quantities import Quantity
from firingorder_session.report.content import Page
from firingorder_session.report.html_page import render_html
from firingorder_session.report.languages import ENGLISH, LANGUAGES
from firingorder_session.report.make import Reported, ReportRefused, analyze_for_report, write_methods, write_report
from firingorder_session.report.page import make_page
from firingorder_session.report.palette import INK, MUSCLES
from firingorder_session.report.pdf_page import render_pdf
from firingorder_session.report.texts_de import GERMAN
from firingorder_session.report.trend import Trend, TrendPoint, TrendSeries
from firingorder_signal.blocks import Side
from firingorder_signal.results import Verdict

#: Strings that are the same in both languages.
SAME = frozenset(
    {
        "FiringOrder",
        "PSIS",
        "Multifidus",
        "Test",
        "Person",
        "Sensor",
        "Rate",
        "Filter",
        "Software",
        "Amplitude",
        "{step} µV",
        "± {level} µV",
        "{slope} ± {half} %/s",
        "{what}: {fix}",
        "{lag} ({citation})",
        "{source} ({tag})",
        "{uid}, {product}",
        "{segment} {side}, {rate} Hz ({sensor})",
        "{percent} % {start} – {end}, {orientation}",
        "{side}: {change}",
        "–",
    }
)
needs_poppler = pytest.mark.skipif(shutil.which("pdftotext") is None, reason="poppler-utils is not installed")


@cache
def reported(name: str) -> Reported:
    """Analyze a kind of recording, once for all tests."""
    return analyze_for_report(RECORDINGS[name]())


@cache
def page(name: str, language: str = "en") -> Page:
    return make_page(reported(name).facts, LANGUAGES[language])


@cache
def pdf(name: str, language: str = "en") -> bytes:
    return render_pdf(page(name, language), CREATED)


def run(tool: str, data: bytes, path: Path, *options: str) -> str:
    """Read a PDF with one of poppler's tools."""
    file = path / "report.pdf"
    file.write_bytes(data)
    command = [tool, *options, str(file), *(["-"] if tool == "pdftotext" else [])]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


WORDS = {
    "one_side": "Hamstring first",
    "two_sides": "Hamstring first",
    "not_judged": "Not judged",
    "silent_glute": "Glute not detected",
    "passive_range": "Largest hip range",
    "active_range": "Largest hip range",
    "many_lifts": "Hamstring first",
    "unnamed": "Nothing was judged",
    "static_set": "2 of 5 holds",
    "static_two_sides": "4 of 5 holds",
    "static_no_reference": "1 of 5 holds",
}


@pytest.mark.parametrize("name", RECORDINGS)
def test_every_side_says_its_word_first(name: str) -> None:
    assert {side.word for side in page(name).sides} == {WORDS[name]}


@needs_poppler
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", RECORDINGS)
def test_a_pdf_has_two_pages_and_its_verdict_in_letters(name: str, language: str, tmp_path: Path) -> None:
    text = run("pdftotext", pdf(name, language), tmp_path, "-layout")
    first, second, rest = text.split("\f")
    assert rest == ""
    told = page(name, language)
    for side in told.sides:
        assert side.word in first
        assert side.figure in first
        assert side.interval in first
    assert " ".join(told.intended_use.split()) in " ".join(first.split())
    assert told.methods.title in second


@needs_poppler
def test_a_pdf_holds_its_typeface_and_no_other(tmp_path: Path) -> None:
    lines = run("pdffonts", pdf("two_sides", "de"), tmp_path).splitlines()[2:]
    assert lines
    assert all("Inter" in line.split()[0] for line in lines)
    assert all(line.split()[-5] == "yes" for line in lines)  # column "emb"


@needs_poppler
def test_the_words_inside_drawings_can_be_searched(tmp_path: Path) -> None:
    text = run("pdftotext", pdf("one_side"), tmp_path)
    assert "leg moves" in text
    assert "together" in text


def test_a_pdf_is_the_same_to_the_byte() -> None:
    assert render_pdf(page("one_side"), CREATED) == pdf("one_side")


def test_a_recording_made_between_two_seconds_is_dated_with_the_second() -> None:
    assert render_pdf(page("one_side"), CREATED.replace(":00+", ":00.446+")) == pdf("one_side")


class Outside(HTMLParser):
    """Collects what an HTML file would fetch, and its letters."""

    def __init__(self) -> None:
        super().__init__()
        self.fetched: list[str] = []
        self.tags: list[str] = []
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what a tag would fetch."""
        self.tags.append(tag)
        for name, value in attrs:
            if name in ("src", "href", "xlink:href", "data", "srcset", "action") or "url(" in (value or ""):
                self.fetched.append(f"{tag} {name}={value}")

    def handle_data(self, data: str) -> None:
        """Note what a reader sees."""
        self.text.append(data)


@pytest.mark.parametrize("name", RECORDINGS)
def test_html_fetches_nothing(name: str) -> None:
    text = render_html(page(name))
    parser = Outside()
    parser.feed(text)
    assert parser.fetched == []
    assert not {"script", "link", "img", "iframe", "object", "embed"} & set(parser.tags)
    urls = re.findall(r"url\(([^)]{0,30})", text)
    assert urls
    assert all(url.startswith("data:font/woff2;base64,") for url in urls)
    assert "@import" not in text
    assert set(re.findall(r"https?://[^\s\"'<)]*", text)) <= {"http://www.w3.org/2000/svg"}
    assert WORDS[name] in "".join(parser.text)


def test_html_has_a_drawing_for_each_of_the_page() -> None:
    drawn = page("two_sides")
    assert drawn.strip is not None
    assert render_html(drawn).count("<svg") == 1 + len(drawn.pictures) == 3


def test_html_writes_a_persons_words_as_words() -> None:
    sides = (replace(page("one_side").sides[0], word="<script>alert(1)</script>"),)
    assert "<script>" not in render_html(replace(page("one_side"), sides=sides))


def test_a_report_costs_the_analysis_nothing_of_its_result() -> None:
    assert reported("one_side").analysis == analyze(RECORDINGS["one_side"]())


def test_a_verdict_is_told_with_its_interval() -> None:
    (result,) = reported("one_side").analysis.sets
    (side,) = page("one_side").sides
    assert result.lag_s is not None
    assert result.ci90_s is not None
    assert side.figure == f"+{round(1000 * result.lag_s)} ms"
    assert side.interval == f"90 % interval +{round(1000 * result.ci90_s[0])} to +{round(1000 * result.ci90_s[1])} ms"


def test_left_stands_beside_right() -> None:
    told = page("two_sides")
    assert [side.side for side in told.sides] == ["Left", "Right"]
    assert "apart" in told.remarks[0]
    assert len(told.pictures) == len(told.tables) == 2


def test_a_colour_names_the_first_muscle_and_nothing_else() -> None:
    colours = {side.colour for name in RECORDINGS for side in page(name).sides}
    assert colours == {MUSCLES["hamstring_lateral"], INK}


def test_the_picture_is_of_the_lift_nearest_to_the_median() -> None:
    facts = reported("one_side").facts
    (result,) = reported("one_side").analysis.sets
    lags = {lift.number: lift.lag.lag_s for lift in result.lifts if lift.lag and lift.lag.lag_s is not None}
    assert result.lag_s is not None
    nearest = min(lags, key=lambda number: abs(lags[number] - (result.lag_s or 0.0)))
    assert facts.pictures[Side.RIGHT].lift.number == nearest
    assert all(lane.high_uv.max() > 20.0 for lane in facts.pictures[Side.RIGHT].lanes.values())


def test_a_lift_that_does_not_count_says_why_and_shows_no_onset() -> None:
    (result,) = reported("not_judged").analysis.sets
    out = [lift for lift in result.lifts if lift.verdict is Verdict.NOT_JUDGED]
    assert out
    rows = {row[0]: row for row in page("not_judged").tables[0].rows}
    assert all(rows[str(lift.number)][1].startswith("not counted: ") for lift in out)
    assert all(rows[str(lift.number)][2:5] == ("", "", "") for lift in out)


def test_lifts_that_have_no_room_are_counted() -> None:
    (table,) = page("many_lifts").tables
    assert (len(table.rows), table.total) == (12, 24)
    assert re.search(r"and 1\d more: all are in the output", render_html(page("many_lifts")))


def test_a_passive_range_names_who_lifted() -> None:
    (side,) = page("passive_range").sides
    assert side.figure.endswith("°")
    assert "examiner" in side.interval
    assert page("passive_range").strip is None


def test_channels_that_nobody_named_are_listed() -> None:
    (side,) = page("unnamed").sides
    assert "A1, A2" in side.note
    assert page("unnamed").pictures == ()


def test_a_static_set_shows_effort_in_percent_of_the_own_maximum() -> None:
    (side,) = page("static_set").sides
    assert side.figure == "50 %"
    assert side.note == "percent of the own maximum"
    (table,) = page("static_set").tables
    assert [row[0] for row in table.rows] == ["1", "2", "3, cut short"]
    assert page("static_no_reference").sides[0].note.startswith("percent of the strongest moment")


def test_samples_lost_are_told_of_their_electrode() -> None:
    recording = one_side()
    stream = recording.arrays[0]
    stream.values[1000:3000] = float("nan")
    quality = make_page(analyze_for_report(recording).facts, ENGLISH).quality
    assert quality is not None
    lost = {row[0]: row[3] for row in quality.rows}
    share = 100.0 * 2000 / len(stream.values)
    assert lost == {"Lateral hamstring, right": f"{share:.1f} %", "Gluteus maximus, right": "0.0 %"}


def series(kind: Quantity, values: list[float], detectable: float | None) -> TrendSeries:
    points = tuple(TrendPoint(f"2026-0{n}-01", value) for n, value in enumerate(values, start=1))
    return TrendSeries(kind, Side.RIGHT, points, detectable)


def test_a_trend_says_whether_its_change_is_beyond_chance() -> None:
    trend = Trend((series(Quantity.LAG, [0.15, 0.05], 0.06), series(Quantity.PAIN, [3.0, 2.0], None)))
    told = make_page(replace(reported("one_side").facts, trend=trend), ENGLISH)
    assert [figure.caption for figure in told.trend] == [
        "Right: −100 ms, more than the 60 ms that chance shows",
        "Right: −1",
    ]
    within = Trend((series(Quantity.LAG, [0.15, 0.12], 0.06),))
    told = make_page(replace(reported("one_side").facts, trend=within), ENGLISH)
    assert told.trend[0].caption == "Right: −30 ms, within the 60 ms that chance shows"
    assert page("one_side").trend == ()


@needs_poppler
def test_two_sides_with_their_trend_are_still_one_page(tmp_path: Path) -> None:
    trend = Trend((series(Quantity.LAG, [0.15, 0.05, 0.08], 0.06), series(Quantity.FEELS_GLUTE, [3.0, 5.0], None)))
    told = make_page(replace(reported("two_sides").facts, trend=trend), GERMAN)
    assert run("pdftotext", render_pdf(told, CREATED), tmp_path).count("\f") == 2


def test_every_text_is_asked_for() -> None:
    assert unasked(ENGLISH, Path(firingorder_session.report.__file__).parent) == []


def test_every_text_has_german() -> None:
    without = replace(ENGLISH, words=GERMAN.words, numbers=GERMAN.numbers, language="")
    assert untold(without, GERMAN, SAME | {text for _, text in walk(GERMAN.words)} | {GERMAN.numbers.minus, ","}) == []
    assert misfilled(without, GERMAN) == []


def test_german_pages_say_german_words() -> None:
    told = page("one_side", "de")
    assert told.sides[0].word == "Beinbeuger zuerst"
    assert told.title == "Hüftstreckung in Bauchlage"
    assert "0,122 µV" in render_html(told)


def test_a_report_is_written_by_its_ending(tmp_path: Path) -> None:
    facts = reported("one_side").facts
    write_report(facts, tmp_path / "a.pdf")
    write_report(facts, tmp_path / "a.HTML", "de")
    write_methods(facts, tmp_path / "methods.json")
    assert (tmp_path / "a.pdf").read_bytes().startswith(b"%PDF-")
    assert 'lang="de"' in (tmp_path / "a.HTML").read_text(encoding="utf-8")
    assert json.loads((tmp_path / "methods.json").read_text(encoding="utf-8"))["schema"] == 1
    for path in (tmp_path / "a.doc", tmp_path / "none" / "a.pdf", tmp_path):
        with pytest.raises(ReportRefused, match="cannot write the report"):
            write_report(facts, path)
    with pytest.raises(ReportRefused, match="must end in .json"):
        write_methods(facts, tmp_path / "methods.txt")
