"""What the EMG channels of a test are called, whether its two muscles are among them, and how a user names them."""

from collections import Counter
from collections.abc import Sequence

from firingorder_signal.blocks import UNKNOWN_PART, StreamInfo, StreamKind

#: What to write as an example, in the order of the channels.
EXAMPLE = ("gluteus_maximus/right", "hamstring_lateral/right")
#: Kinds whose settings say nothing of sites: the sensor itself does.
TOLD_BY_SENSOR = ("", "ble")


def name_channels(streams: Sequence[StreamInfo]) -> list[str]:
    """Name every EMG channel shortly: by its label where no other has it, else with its sensor; and its site, if known.

    What stands before the brackets is how `--hamstring` and `--glute` find it again.
    """
    emg = [stream for stream in streams if stream.kind is StreamKind.EMG]
    labels = Counter(label for stream in emg for label in stream.labels)
    names: list[str] = []
    for stream in emg:
        for channel, site in enumerate(stream.sites):
            label = stream.labels[channel] if channel < len(stream.labels) else ""
            name = label if labels[label] == 1 else name_in_full(stream, channel)
            names.append(name if site.part == UNKNOWN_PART else f"{name} ({site})")
    return names


def name_in_full(stream: StreamInfo, channel: int) -> str:
    """Name a channel by its sensor and its label, or its number where it has none."""
    label = stream.labels[channel] if channel < len(stream.labels) else ""
    return f"{stream.stream_id.rpartition('/')[0]} {label or channel + 1}"


def find_unnamed(streams: Sequence[StreamInfo]) -> str:
    """Say which of the two muscles no channel is named as; empty where both are there."""
    sites = [site for stream in streams if stream.kind is StreamKind.EMG for site in stream.sites]
    missing = [] if any(site.is_hamstring for site in sites) else ["a hamstring"]
    missing += [] if any(site.is_glute for site in sites) else ["gluteus maximus"]
    return " or as ".join(missing)


def explain_unnamed(streams: Sequence[StreamInfo], kinds: Sequence[str] = ()) -> str:
    """Say in one line which channels there are, that a muscle is not among them, and what to type; empty if both are.

    Parameters
    ----------
    kinds
        Kinds of the devices that bring them; empty for OML/1.
    """
    unnamed = find_unnamed(streams)
    if not unnamed:
        return ""
    names = name_channels(streams)
    if not names:
        return "no channel of EMG is there, so that no order can be judged"
    channels = f"the channel is {names[0]}" if len(names) == 1 else f"the channels are {', '.join(names)}"
    settable = [kind for kind in dict.fromkeys(kinds) if kind not in TOLD_BY_SENSOR]
    how = "; ".join(_how_to(kind, streams) for kind in settable) or (
        f"type: firingorder analyze FILE {_options(streams)}"
    )
    return f"{channels}; none is named as {unnamed}, so that no order can be judged. To name them, {how}"


def _options(streams: Sequence[StreamInfo]) -> str:
    """Write the options that name the two muscles, with two of the channels for an example."""
    names = [name.partition(" (")[0] for name in name_channels(streams)]
    names = [f"'{name}'" if " " in name else name for name in names]
    hamstring, glute = names[0], names[1] if len(names) > 1 else "NAME"
    return f"--hamstring {hamstring} --glute {glute}"


def _how_to(kind: str, streams: Sequence[StreamInfo]) -> str:
    """Say what to add to the address of a kind of device."""
    emg = [stream for stream in streams if stream.kind is StreamKind.EMG]
    own = [stream for stream in emg if stream.product.partition(" ")[0] == kind] or emg
    if kind == "umyo":
        units = [stream.clock_id.removeprefix("umyo-") for stream in own]
        sites = ",".join(f"{unit}:{site}" for unit, site in zip(units, EXAMPLE, strict=False))
        return f"add to the address which unit is where, such as '{kind}:...?sites={sites}'"
    n_channels = max(stream.n_channels for stream in own)
    sites = ",".join(EXAMPLE[:n_channels])
    return f"add to the address where each channel sits, in this order, such as '{kind}:...?sites={sites}'"
