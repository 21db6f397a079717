"""Pictures of the window: an SVG is true vectors, and read back it looks like the PNG."""

import xml.etree.ElementTree as ElementTree
from collections import Counter
from pathlib import Path

import numpy as np
from tests.gui.pictures import draw, image_pixels
from tests.gui.synthetic import KIT_4, FakeHandle, Plan, SyntheticTest

from firingorder_gui.picture import choose_picture_paths, draw_svg, save_picture
from firingorder_gui.qt import QtCore, QtGui, untyped
from firingorder_gui.window import LiveWindow
from firingorder_signal.blocks import FloatArray

#: Antialiasing of outlines against glyphs, and of polylines against the line batch: mean difference of a pixel, 0..255.
MOST_DIFFERENCE = 4.0


def fill(window: LiveWindow, handle: FakeHandle) -> None:
    test = SyntheticTest(Plan(KIT_4, n_lifts=3))
    for second in range(1, 18):
        handle.waiting = test.until(second)
        window.tick()


def read_back(svg: bytes, size: QtCore.QSize) -> FloatArray:
    """Draw an SVG with Qt's reader, which shares nothing with its writer but the format."""
    image = QtGui.QImage(size, QtGui.QImage.Format.Format_RGB32)
    image.fill(0)
    painter = QtGui.QPainter(image)
    untyped("pyqtgraph.Qt").QtSvg.QSvgRenderer(QtCore.QByteArray(svg)).render(painter)
    painter.end()
    return image_pixels(image)


def test_the_svg_is_vectors_alone(window: LiveWindow, handle: FakeHandle) -> None:
    fill(window, handle)
    root = ElementTree.fromstring(draw_svg(window, window.rect()))
    kinds = Counter(element.tag.rsplit("}", 1)[-1] for element in root.iter())
    assert kinds["image"] == 0
    assert kinds["text"] == 0  # letters are outlines: no reader has the font
    assert kinds["path"] > 100
    assert kinds["polyline"] > 1000
    assert root.get("viewBox") == "0 0 1920 1080"


def test_the_svg_looks_like_the_window(window: LiveWindow, handle: FakeHandle) -> None:
    fill(window, handle)
    drawn = read_back(draw_svg(window, window.rect()), window.size())
    assert float(np.mean(np.abs(drawn - draw(window)))) < MOST_DIFFERENCE


def test_a_part_of_the_window_is_a_picture_of_its_own(window: LiveWindow, handle: FakeHandle) -> None:
    fill(window, handle)
    area = window.card.geometry()
    drawn = read_back(draw_svg(window, area), area.size())
    whole = draw(window)
    part = whole[area.top() : area.top() + area.height(), area.left() : area.left() + area.width()]
    assert float(np.mean(np.abs(drawn - part))) < MOST_DIFFERENCE


def test_a_picture_is_of_the_kind_its_name_says(window: LiveWindow, tmp_path: Path) -> None:
    assert save_picture(window, tmp_path / "a.svg")
    assert save_picture(window, tmp_path / "a.png")
    assert (tmp_path / "a.svg").read_bytes().startswith(b"<?xml")
    assert (tmp_path / "a.png").read_bytes().startswith(b"\x89PNG")


def test_a_folder_that_is_not_there_is_a_picture_that_failed(window: LiveWindow, tmp_path: Path) -> None:
    assert not save_picture(window, tmp_path / "none" / "a.svg")


def test_no_picture_is_overwritten(tmp_path: Path) -> None:
    (tmp_path / "visit-1.png").touch()
    assert [path.name for path in choose_picture_paths(tmp_path, "visit")] == ["visit-2.svg", "visit-2.png"]
