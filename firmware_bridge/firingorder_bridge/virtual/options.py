"""From command-line options to parameters: what is not given stays the patient's."""

import argparse
from dataclasses import replace

from firingorder_signal.blocks import Side, Site

from ..frames import SampleFormat
from .faults import Fault, FaultKind
from .identity import SensorParams, default_sensors, other_sensors
from .patient import draw_patient
from .settings import EmgModel, InterferenceParams, MuscleParams, RiseShape, SetParams
from .tasks import TASKS
from .world import OTHER_LEG_SEED


def params_from(args: argparse.Namespace) -> SetParams:
    """Draw the patient of `--seed` and put the given options in his place; raise ValueError for impossible ones."""
    if args.task not in TASKS:
        raise ValueError(f"task {args.task!r}; known are {', '.join(TASKS)}")
    if args.lifts < 1:
        raise ValueError(f"{args.lifts} lifts; at least 1")
    if args.rest_s <= 0 or args.noise_uv <= 0:
        raise ValueError("--rest-s and --noise-uv must be positive")
    interference = InterferenceParams(
        args.mains, args.mains_hz, args.ecg, args.artefact, args.crosstalk, tonic=args.tonic
    )
    patient = draw_patient(args.seed, replace(SetParams(), task=TASKS[args.task]))
    return replace(
        patient,
        hamstring=_muscle(patient.hamstring, args, "hamstring"),
        glute=_muscle(patient.glute, args, "glute"),
        interference=interference,
        imu=replace(patient.imu, soft_tissue=args.soft_tissue),
        n_lifts=args.lifts,
        quiet_s=args.quiet_s,
        rest_s=args.rest_s,
        lag_s=patient.lag_s if args.lag_ms is None else args.lag_ms / 1000,
        lag_sd_s=patient.lag_sd_s if args.lag_sd_ms is None else args.lag_sd_ms / 1000,
    )


def other_leg_from(args: argparse.Namespace) -> SetParams | None:
    """Draw the other leg of the patient where it wears sensors too: no leg is like the other."""
    if args.side != "both":
        return None
    return params_from(argparse.Namespace(**{**vars(args), "side": "left", "seed": args.seed + OTHER_LEG_SEED}))


def _muscle(muscle: MuscleParams, args: argparse.Namespace, name: str) -> MuscleParams:
    options = vars(args)
    snr_db, rise_ms = options[f"{name}_snr_db"], options[f"{name}_rise_ms"]
    if rise_ms is not None and rise_ms <= 0:
        raise ValueError(f"--{name}-rise-ms {rise_ms:g}; it must be positive")
    return replace(
        muscle,
        site=Site(muscle.site.part, Side.LEFT if args.side == "left" else Side.RIGHT),
        snr_db=None if options[f"{name}_silent"] else muscle.snr_db if snr_db is None else snr_db,
        rise_s=muscle.rise_s if rise_ms is None else rise_ms / 1000,
        rise_shape=RiseShape(args.rise_shape) if args.rise_shape else muscle.rise_shape,
        model=EmgModel(args.model),
        noise_uv=args.noise_uv,
    )


def sensors_from(args: argparse.Namespace) -> tuple[SensorParams, ...]:
    """Make the two usual sensors, or those of both legs, with the asked sample format and range."""
    sample_format = SampleFormat.I24 if args.format == "i24" else SampleFormat.I16
    worn = Side.RIGHT if args.side == "both" else Side(args.side)
    sensors = default_sensors(args.seed, sample_format, worn)
    sensors += other_sensors(args.seed, sample_format) if args.side == "both" else ()
    return tuple(replace(sensor, full_scale_uv=args.full_scale_uv) for sensor in sensors)


def faults_from(args: argparse.Namespace) -> tuple[Fault, ...]:
    """Read `--fault`; raise ValueError for one that cannot be, or that is meant for nobody."""
    faults = tuple(Fault.parse(text) for text in args.fault)
    names = {"a", "b", "hamstring", "glute"} | ({"c", "d"} if args.side == "both" else set[str]())
    for fault in faults:
        if fault.kind is not FaultKind.SWAP and fault.target is not None and fault.target not in names:
            raise ValueError(f"fault for {fault.target!r}; expected one of {', '.join(sorted(names))}")
    return faults
