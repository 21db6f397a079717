"""What the EMG channels of a test are called, whether its two muscles are among them, and how a user names them."""

from collections import Counter
from collections.abc import Sequence

from firingorder_signal.blocks import UNKNOWN_PART, StreamInfo, StreamKind

from ..messages import Message, MessageCode, Placed

#: What to write as an example, in the order of the channels.
EXAMPLE = ("gluteus_maximus/right", "hamstring_lateral/right")
#: Kinds whose settings say nothing of sites: the sensor itself does.
TOLD_BY_SENSOR = ("", "ble")


def name_channels(streams: Sequence[StreamInfo]) -> list[Placed]:
    """Name every EMG channel shortly: by its label where no other has it, else with its sensor; and its site, if known.

    The name is how `--hamstring` and `--glute` find it again.
    """
    emg = [stream for stream in streams if stream.kind is StreamKind.EMG]
    labels = Counter(label for stream in emg for label in stream.labels)
    names: list[Placed] = []
    for stream in emg:
        for channel, site in enumerate(stream.sites):
            label = stream.labels[channel] if channel < len(stream.labels) else ""
            name = label if labels[label] == 1 else name_in_full(stream, channel)
            names.append(Placed(name, None if site.part == UNKNOWN_PART else site))
    return names


def name_in_full(stream: StreamInfo, channel: int) -> str:
    """Name a channel by its sensor and its label, or its number where it has none."""
    label = stream.labels[channel] if channel < len(stream.labels) else ""
    return f"{stream.stream_id.rpartition('/')[0]} {label or channel + 1}"


def explain_unnamed(streams: Sequence[StreamInfo], kinds: Sequence[str] = ()) -> Message | None:
    """Say which channels there are, that a muscle is not among them, and what to type; None if both are.

    Parameters
    ----------
    kinds
        Kinds of the devices that bring them; empty for OML/1.
    """
    sites = [site for stream in streams if stream.kind is StreamKind.EMG for site in stream.sites]
    has_hamstring, has_glute = any(site.is_hamstring for site in sites), any(site.is_glute for site in sites)
    if has_hamstring and has_glute:
        return None
    names = tuple(name_channels(streams))
    if not names:
        return Message(MessageCode.NO_EMG)
    code = MessageCode.UNNAMED_GLUTE if has_hamstring else MessageCode.UNNAMED_HAMSTRING
    code = code if has_hamstring or has_glute else MessageCode.UNNAMED_BOTH
    channels = Message(MessageCode.ONE_CHANNEL if len(names) == 1 else MessageCode.CHANNELS, {"names": names})
    settable = [kind for kind in dict.fromkeys(kinds) if kind not in TOLD_BY_SENSOR]
    how = tuple(_how_to(kind, streams) for kind in settable) or (
        Message(MessageCode.NAME_IN_FILE, {"command": f"firingorder analyze FILE {_options(names)}"}),
    )
    return Message(code, {"channels": channels, "how": how})


def _options(channels: Sequence[Placed]) -> str:
    """Write the options that name the two muscles, with the one that is known and a NAME to fill in for what is not.

    No channel stands for an example: a line is copied as it is, and the order of another muscle would be told.
    """
    hamstring = next((each.name for each in channels if each.site is not None and each.site.is_hamstring), "NAME")
    glute = next((each.name for each in channels if each.site is not None and each.site.is_glute), "NAME")
    return f"--hamstring {_quoted(hamstring)} --glute {_quoted(glute)}"


def _quoted(name: str) -> str:
    """Put a name with a space into double quotes, which the shells of Windows know, too."""
    return f'"{name}"' if " " in name else name


def _how_to(kind: str, streams: Sequence[StreamInfo]) -> Message:
    """Say what to add to the address of a kind of device."""
    emg = [stream for stream in streams if stream.kind is StreamKind.EMG]
    own = [stream for stream in emg if stream.product.partition(" ")[0] == kind] or emg
    if kind == "umyo":
        units = [stream.clock_id.removeprefix("umyo-") for stream in own]
        sites = ",".join(f"{unit}:{site}" for unit, site in zip(units, EXAMPLE, strict=False))
        return Message(MessageCode.NAME_UNITS, {"example": f"{kind}:...?sites={sites}"})
    n_channels = max(stream.n_channels for stream in own)
    sites = ",".join(EXAMPLE[:n_channels])
    return Message(MessageCode.NAME_CHANNELS, {"example": f"{kind}:...?sites={sites}"})
