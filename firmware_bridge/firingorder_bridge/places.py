"""Where a sensor that describes itself sits, where the user knows better than its maker: put into its descriptors."""

from dataclasses import dataclass, replace

from .messages import Descriptor, Kind, Quantity


@dataclass(frozen=True)
class Places:
    """Site codes to use instead of those that a sensor sends.

    Attributes
    ----------
    sites
        Of its EMG channels, in order; those that are not named keep their own.
    segment
        Of its inertial unit; None keeps its own.
    """

    sites: tuple[int, ...] = ()
    segment: int | None = None

    def cover(self, kind: int) -> bool:
        """Tell whether streams of this kind are concerned."""
        return bool(self.sites) if kind == Kind.EMG else kind == Kind.IMU and self.segment is not None

    def put(self, descriptor: Descriptor) -> Descriptor:
        """Return the descriptor with these sites; raise ValueError where they are more than its channels."""
        channels = list(descriptor.channels)
        if descriptor.kind == Kind.IMU and self.segment is not None:
            channels = [replace(channel, site=self.segment) for channel in channels]
        elif descriptor.kind == Kind.EMG:
            electrodes = [number for number, each in enumerate(channels) if each.quantity == Quantity.VOLT]
            if len(self.sites) > len(electrodes):
                raise ValueError(f"sites names {len(self.sites)} channels; the sensor has {len(electrodes)}")
            for number, site in zip(electrodes, self.sites, strict=False):
                channels[number] = replace(channels[number], site=site)
        return replace(descriptor, channels=tuple(channels))
