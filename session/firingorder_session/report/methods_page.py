"""The methods page: `methods.json` in sentences, and nothing that is not in it."""

from collections.abc import Iterator, Sequence

from firingorder_signal.blocks import Side, SyncClass
from firingorder_signal.exercise import Exercise

from .. import figures
from .content import MethodsPage, Row, Section, Table
from .methods import Json
from .texts import ReportTexts

#: Channels and motion sensors that have a row or a place of their own; the others are in `methods.json`.
MOST_CHANNELS = 12


def methods_page(methods: Json, texts: ReportTexts) -> MethodsPage:
    """Put the methods into words."""
    words = texts.methods
    return MethodsPage(
        words.title,
        words.lead,
        (
            Section(words.test, tuple(test_rows(methods, texts))),
            Section(words.electrodes, tuple(hardware_rows(methods, texts)), electrode_table(methods, texts)),
            Section(words.signal, tuple(signal_rows(methods, texts))),
            Section(words.judgement, tuple(judgement_rows(methods, texts))),
            Section(words.unrecorded_title, note=unrecorded_words(methods, texts)),
        ),
    )


def test_rows(methods: Json, texts: ReportTexts) -> Iterator[Row]:
    """Say what was asked for."""
    words, test = texts.methods, methods["protocol"]
    hold = test["hold"]
    what = words.lifts if hold is None else words.holds.format(work=number(hold["work_s"], texts))
    yield Row(
        words.task,
        words.test_value.format(
            title=test["titles"].get(texts.language, test["titles"]["en"]),
            posture=words.postures.get(test["posture"], test["posture"]),
            knee=words.knees.get(test["knee"], test["knee"]),
            wanted=test["repetitions_asked_for"],
            what=what,
        ),
    )
    cue = test["cues"].get(texts.language, test["cues"]["en"])
    muscle = test["muscle_named_by_the_cue"]
    yield Row(words.cue, words.cue_value.format(cue=cue, muscle=words.muscle_cues.get(muscle, muscle)))
    between = hold["rest_s"] if hold else test["rest_between_s"]
    rest = words.rest_value.format(before=number(test["rest_before_s"], texts), between=number(between, texts))
    if test["fore_period_s"]:
        low, high = (number(each, texts) for each in test["fore_period_s"])
        rest += words.fore_period.format(low=low, high=high)
    yield Row(words.rest, rest)


def electrode_table(methods: Json, texts: ReportTexts) -> Table | None:
    """List the electrodes: where they go and what brings their signal."""
    words, electrodes = texts.methods, methods["electrodes"]
    if not electrodes:
        return None
    head = (words.column_muscle, words.column_place, words.column_sensor, words.column_rate, words.column_resolution)
    rows = tuple(electrode_row(each, texts) for each in electrodes[:MOST_CHANNELS])
    return Table("", head, "lllrr", rows, len(electrodes), texts.more_rows, (0.0, 1.0, 0.0, 0.0, 0.0))


def electrode_row(electrode: Json, texts: ReportTexts) -> tuple[str, ...]:
    """Write one electrode."""
    words, sensor = texts.methods, electrode["sensor"]
    side = texts.sides[Side(electrode["side"])].lower() if electrode["side"] else ""
    name = ", ".join(part for part in (texts.parts[electrode["muscle"]], side) if part)
    if not electrode["site"] and electrode["channel"]:
        name = f"{name} “{electrode['channel']}”"
    step, bits = electrode["resolution_uv"], electrode["resolution_bits"]
    resolution = words.not_recorded
    if step is not None:
        line = words.resolution if bits is None else words.bits
        span = texts.numbers.write((electrode["range_uv"] or 0.0) / 1000.0, 1)
        resolution = line.format(step=significant(step, texts), bits=bits, range=span)
    return (
        name,
        place_words(electrode["site"], texts),
        sensor_words(sensor, texts),
        f"{number(electrode['rate_hz'], texts)} Hz",
        resolution,
    )


def place_words(site: Json | None, texts: ReportTexts) -> str:
    """Say where a pair goes: its percentage along a line, where its source gives one."""
    words = texts.methods
    if site is None:
        return words.no_place
    ends = {
        "start": words.landmarks[site["from"]],
        "end": words.landmarks[site["to"]],
        "orientation": words.orientations[site["orientation"]],
    }
    if site["percent"] is None:
        return words.place_by_offset.format(**ends)
    return words.place.format(percent=figures.integer(site["percent"]), **ends)


def sensor_words(sensor: Json, texts: ReportTexts) -> str:
    """Name a sensor by its id and its kind, which holds its firmware."""
    product = sensor["product"] or texts.methods.not_recorded
    return texts.methods.sensor.format(uid=shorten(sensor["uid"]), product=product)


def hardware_rows(methods: Json, texts: ReportTexts) -> Iterator[Row]:
    """Say how electrodes are to be placed, and which motion sensors were worn."""
    words, asked = texts.methods, methods["placement_asked_for"]
    sites = [each["site"] for each in methods["electrodes"] if each["site"]]
    sources = sorted({words.source.format(source=s["source"], tag=words.tags[s["wording"]]) for s in sites})
    if sources:
        yield Row(
            words.placement,
            words.place_note.format(
                distance=asked["inter_electrode_distance_mm"],
                size=asked["electrode_size_along_fibres_mm"],
                sources="; ".join(sources),
            ),
        )
    motion = [
        words.motion_sensor.format(
            segment=texts.segments[each["segment"]],
            side="" if each["side"] == "middle" else texts.sides[Side(each["side"])].lower(),
            rate=number(each["rate_hz"], texts),
            sensor=shorten(each["sensor"]["uid"]),
        ).replace(" ,", ",")
        for each in methods["motion_sensors"][:MOST_CHANNELS]
    ]
    yield Row(words.motion_sensors, "; ".join(motion) or words.none)


def signal_rows(methods: Json, texts: ReportTexts) -> Iterator[Row]:
    """Say how the signal was filtered, onsets and movement found, and clocks brought together."""
    words, processing = texts.methods, methods["processing"]
    filters = [
        words.filter_value.format(
            low=number(band["low_hz"], texts),
            high=number(band["high_hz"], texts),
            rate=number(band["rate_hz"], texts),
            high_order=band["order_high_pass"],
            low_order=band["order_low_pass"],
            delay=texts.numbers.write(1000.0 * band["group_delay_s"], 2),
        )
        for band in processing["band_pass"]
    ]
    yield Row(words.filters, ". ".join([*(sentence(each) for each in filters), words.filter_rest]))
    yield Row(words.onset, onset_words(methods["onset"], texts))
    yield Row(words.movement, movement_words(methods["movement"], texts))
    yield Row(words.clocks, clock_words(methods, texts))
    yield Row(words.normalisation, normalisation_words(methods["normalisation"], texts))


def onset_words(onset: Json, texts: ReportTexts) -> str:
    """Say how an onset is found, and which rule stands beside it."""
    words, params, reference = texts.methods, onset["params"], onset["reference_params"]
    own = words.onset_value.format(
        method=onset["method"],
        count=len(onset["shapes_of_rise"]),
        before=milliseconds(params["before_s"]),
        after=milliseconds(params["after_s"]),
    )
    beside = words.reference_onset.format(
        method=onset["reference_method"],
        low_pass=number(reference["low_pass_hz"], texts),
        sd=number(reference["n_sd"], texts),
        hold=milliseconds(reference["hold_s"]),
    )
    return f"{sentence(own)}. {beside}"


def movement_words(movement: Json, texts: ReportTexts) -> str:
    """Say how lifts and their start are found."""
    words = texts.methods
    if movement["lifts_found_by"] != "motion sensors":
        return sentence(words.movement_none)
    return sentence(
        words.movement_value.format(
            tau=number(movement["accelerometer_time_constant_s"], texts),
            grid=number(movement["grid_hz"], texts),
            before=milliseconds(movement["search_before_s"]),
            after=milliseconds(movement["search_after_s"]),
        )
    )


def clock_words(methods: Json, texts: ReportTexts) -> str:
    """Say how each side's sensors share a clock, and which delays were taken out."""
    words = texts.methods
    told = [pair_words(pair, texts) for pair in methods["synchronisation"]]
    sensors = [each["sensor"] for each in (*methods["electrodes"], *methods["motion_sensors"])]
    delays = sorted({round(1000.0 * sensor["delay_removed_s"], 2) for sensor in sensors})
    if delays:
        told.append(words.delay.format(delays=", ".join(number(each, texts) for each in delays)))
    return ". ".join(told) or words.not_recorded


def pair_words(pair: Json, texts: ReportTexts) -> str:
    """Say how one side's two sensors share a clock."""
    words = texts.methods
    side = texts.sides.get(_side(pair["side"]), pair["side"])
    if pair["class"] is None:
        return words.clocks_unknown.format(side=side)
    how = texts.words.sync.classes[SyncClass(pair["class"])]
    if pair["uncertainty_s"] is None:
        return words.clocks_one.format(side=side, letter=pair["class"], words=how)
    uncertainty = texts.numbers.write(1000.0 * pair["uncertainty_s"], 1)
    return words.clocks_value.format(side=side, letter=pair["class"], words=how, uncertainty=uncertainty)


def normalisation_words(normalisation: Json, texts: ReportTexts) -> str:
    """Say what amplitude is told in percent of."""
    words = texts.methods
    told = [sentence(words.normalisation_order)]
    for reference in normalisation["references"]:
        part, _, side = reference["site"].partition("/")
        told.append(
            words.normalisation_value.format(
                muscle=f"{texts.parts[part]}, {texts.sides[Side(side)].lower()}",
                kind=words.reference_kinds[reference["kind"]],
                window=milliseconds(normalisation["reference_window_s"]),
                level=figures.integer(reference["rms_uv"]),
                trials=reference["n_trials"],
            )
        )
    if normalisation["effort_in_percent"] and not normalisation["references"]:
        told.append(sentence(words.normalisation_strongest))
    return ". ".join(told)


def judgement_rows(methods: Json, texts: ReportTexts) -> Iterator[Row]:
    """Say by which rules was judged, what was put by hand, and by which software."""
    words, rules = texts.methods, methods["judgement"]["rules"]
    lift = words.judgement_lift.format(
        snr=number(rules["snr_min_db"], texts),
        snr_full=number(rules["snr_full_db"], texts),
        rest=words.any_rest if rules["rest_refuse_uv"] is None else number(rules["rest_refuse_uv"], texts),
        gap=milliseconds(rules["gap_max_s"]),
        sync=milliseconds(rules["sync_max_s"]),
        rate=number(rules["rate_min_hz"], texts),
        decided=number(100.0 * rules["p_decided"], texts),
        band=milliseconds(rules["band_floor_s"]),
    )
    sets = words.judgement_set.format(fewest=rules["lifts_min"], equivalence=milliseconds(rules["equivalence_s"]))
    yield Row(words.rules, f"{sentence(lift)}. {sets}")
    movement = methods["movement"]
    if movement["lifts_found_by"] == "motion sensors":
        yield Row(words.counts, counts_words(movement, texts))
    if by_hand := by_hand_words(methods["corrections_by_hand"], texts):
        yield Row(words.by_hand, by_hand)
    identity = methods["recording"]
    yield Row(
        words.software,
        words.software_value.format(
            version=methods["software"]["version"],
            settings=methods["judgement"]["settings_hash"],
            recorded_with=identity["recorded_with"] or words.not_recorded,
            format=identity["format"] or words.not_recorded,
        ),
    )
    if methods["notes"]:
        yield Row(words.notes, "; ".join(methods["notes"]))


def counts_words(movement: Json, texts: ReportTexts) -> str:
    """Say what a lift must keep to count."""
    words = texts.methods
    told = [
        words.counts_value.format(
            exercise=texts.words.motion.exercises[Exercise(name)],
            low=number(gates["range_deg"][0], texts),
            high=number(gates["range_deg"][1], texts),
            slow=number(gates["speed_deg_s"][0], texts),
            fast=number(gates["speed_deg_s"][1], texts),
        )
        for name, gates in movement["counts"].items()
    ]
    return "; ".join([*told, words.counts_still.format(still=number(movement["still_before_s"], texts))])


def by_hand_words(corrections: Sequence[Json], texts: ReportTexts) -> str:
    """Say how many onsets a person moved; empty where none."""
    if not corrections:
        return ""
    return sentence(texts.methods.by_hand_value).format(
        count=len(corrections),
        by=", ".join(sorted({each["by"] for each in corrections})),
        within=milliseconds(max(each["within_s"] for each in corrections)),
    )


def unrecorded_words(methods: Json, texts: ReportTexts) -> str:
    """List what nobody recorded, each kind once."""
    names = texts.methods.unrecorded
    keys = [path.rpartition(".")[2].partition("[")[0] for path in methods["not_recorded"]]
    # What only an electrode's or a sensor's place in the list would tell is in `methods.json`.
    found = dict.fromkeys(names[key] for key in keys if key in names)
    return sentence(", ".join(found)) if found else texts.methods.none


def _side(value: str) -> Side:
    """Read a side; the middle for one that was not stated."""
    return Side(value) if value in (each.value for each in Side) else Side.MIDDLE


def number(value: float, texts: ReportTexts) -> str:
    """Write a figure with as many digits as it has, four at most."""
    text = f"{value:.4f}".rstrip("0").rstrip(".")
    return text.replace(".", texts.numbers.decimal).replace("-", texts.numbers.minus)


def significant(value: float, texts: ReportTexts) -> str:
    """Write a figure with three digits that count."""
    digits = max(0, 2 - int(f"{value:e}".partition("e")[2]))
    return texts.numbers.write(value, min(digits, 9))


def milliseconds(value_s: float) -> str:
    """Write seconds as milliseconds, without the unit."""
    return figures.integer(1000.0 * value_s)


def shorten(uid: str) -> str:
    """Shorten a sensor's long id to what tells it from others.

    Examples
    --------
    >>> shorten("5649525455414c41"), shorten("trigno")
    ('…414c41', 'trigno')
    """
    return uid if len(uid) <= 12 else f"…{uid[-6:]}"


def sentence(text: str) -> str:
    """Begin with a capital."""
    return text[:1].upper() + text[1:]
