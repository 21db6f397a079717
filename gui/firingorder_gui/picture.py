"""Pictures of a window, or of a part of it: PNG as it is on the screen, SVG as true vectors with text as outlines.

Text is drawn as outlines (`painting.draw_text`), because the window's typeface, with its weights, is on no other
machine. Nothing of the person is in a picture but what is on the screen.
"""

from collections.abc import Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from .qt import GraphicsView, QtCore, QtGui, QtWidgets, untyped
from .texts_review import ReviewTexts

SVG = ".svg"


def save_picture(widget: QtWidgets.QWidget, path: Path, part: QtCore.QRect | None = None) -> bool:
    """Write a picture of a widget, or of a part of it, by the ending of its name; return whether that worked."""
    area = widget.rect() if part is None else part
    if path.suffix.lower() != SVG:
        return widget.grab(area).save(str(path))
    try:
        path.write_bytes(draw_svg(widget, area))
    except OSError:
        return False
    return True


def draw_svg(widget: QtWidgets.QWidget, area: QtCore.QRect) -> bytes:
    """Draw a part of a widget as an SVG."""
    # Imported when a picture is made: the window starts without it. Version 1.1 knows clipping, Tiny 1.2 does not.
    generator_class = untyped("pyqtgraph.Qt").QtSvg.QSvgGenerator
    data = QtCore.QBuffer()
    data.open(QtCore.QIODevice.OpenModeFlag.WriteOnly)
    generator = generator_class(generator_class.SvgVersion.Svg11)
    generator.setOutputDevice(data)
    generator.setSize(area.size())
    generator.setViewBox(QtCore.QRect(QtCore.QPoint(0, 0), area.size()))
    generator.setResolution(96)  # CSS pixels, so that the size in millimetres agrees with the view box
    generator.setTitle(widget.window().windowTitle())
    generator.setDescription(widget.accessibleDescription() or widget.accessibleName())
    with uncached_grounds(widget):
        painter = QtGui.QPainter(generator)
        try:
            widget.render(painter, QtCore.QPoint(0, 0), QtGui.QRegion(area))
        finally:
            painter.end()
    return bytes(data.data().data())


@contextmanager
def uncached_grounds(widget: QtWidgets.QWidget) -> Generator[None]:
    """Let graphics views draw their ground as a colour, not from the picture of it that they keep."""
    views = widget.findChildren(GraphicsView)
    before = [view.cacheMode() for view in views]
    for view in views:
        view.setCacheMode(QtWidgets.QGraphicsView.CacheModeFlag.CacheNone)
    try:
        yield
    finally:
        for view, mode in zip(views, before, strict=True):
            view.setCacheMode(mode)


def choose_picture_paths(folder: Path, stem: str) -> tuple[Path, Path]:
    """Name a new picture's SVG and PNG, beside those that are there already."""
    number = 1
    while any((folder / f"{stem}-{number}{ending}").exists() for ending in (SVG, ".png")):
        number += 1
    return folder / f"{stem}-{number}{SVG}", folder / f"{stem}-{number}.png"


@dataclass(frozen=True)
class Saved:
    """What to say of a picture, and its files."""

    words: str
    paths: tuple[Path, ...]


def save_both(
    widget: QtWidgets.QWidget, folder: Path, stem: str, texts: ReviewTexts, part: QtCore.QRect | None = None
) -> Saved:
    """Save a widget, or a part of it, as SVG and PNG under a new name."""
    paths = choose_picture_paths(folder, stem)
    with suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
    saved = [save_picture(widget, path, part) for path in paths]
    words = (texts.picture_saved if all(saved) else texts.picture_failed).format(path=paths[0])
    return Saved(words, tuple(path for path, there in zip(paths, saved, strict=True) if there))


def pictures_folder() -> Path:
    """Say where pictures of a running test go: beside its recordings, in the documents of whoever runs it."""
    place = QtCore.QStandardPaths.StandardLocation.DocumentsLocation
    return Path(QtCore.QStandardPaths.writableLocation(place)) / "FiringOrder"
