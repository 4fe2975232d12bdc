"""The one style of all figures: colours that the colour-blind tell apart, light background."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

PAPER, INK, FAINT, RULE = "#fcfcfa", "#22262b", "#6d737a", "#d9dce0"
BLUE, GREEN, AMBER, RED, PLUM = (
    "#0072b2", "#00805e", "#e69f00", "#c8500a", "#a8558a",
)  # fmt: skip
SMALL, NORMAL, LARGE = 8.0, 9.0, 15.0
DPI = 150

_RC: Any = {
    "font.family": "DejaVu Sans",
    "svg.hashsalt": "driftyard",
    "svg.fonttype": "path",
    "text.parse_math": False,  # a name of the user's is no formula
}


@contextmanager
def styled() -> Iterator[None]:
    """Draw in the one style, whatever the user's own settings are."""
    import matplotlib as mpl

    with mpl.rc_context(), warnings.catch_warnings():
        mpl.rcdefaults()
        mpl.rcParams.update(_RC)
        # A user's name may hold signs that the font lacks; they become boxes, not warnings.
        warnings.filterwarnings("ignore", message="Glyph .* missing from", category=UserWarning)
        yield


def save(figure: Figure, folder: Path, name: str) -> None:
    """Write PNG and SVG without date or version: the same figure gives the same bytes."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.backends.backend_svg import FigureCanvasSVG

    folder.mkdir(parents=True, exist_ok=True)
    FigureCanvasAgg(figure)
    figure.savefig(folder / f"{name}.png", dpi=DPI, metadata={"Software": None})
    FigureCanvasSVG(figure)
    figure.savefig(folder / f"{name}.svg", metadata={"Date": None, "Creator": None})


def say(where: Axes | Figure, x: float, y: float, words: str, **how: Any) -> Any:
    """Write words in the one style."""
    settings: dict[str, Any] = {"color": INK, "fontsize": NORMAL, **how}
    return where.text(x, y, words, **settings)


def width_pt(words: str, size: float = NORMAL) -> float:
    """Return how wide words are, in points."""
    from matplotlib.font_manager import FontProperties
    from matplotlib.textpath import text_to_path

    if not words:
        return 0.0
    font = FontProperties(family="DejaVu Sans", size=size)
    wide, _, _ = text_to_path.get_text_width_height_descent(words, font, ismath=False)
    return float(wide)


def fitted(words: str, limit_pt: float, size: float = NORMAL) -> str:
    """Return words shortened to fit a width."""
    while len(words) > 2 and width_pt(words, size) > limit_pt:
        words = words[:-2].rstrip() + "…"
    return words


def bare(axes: Axes) -> None:
    """Take frame and ticks away."""
    for side in axes.spines.values():
        side.set_visible(False)
    axes.tick_params(length=0, labelleft=False, labelbottom=False)
    axes.set_facecolor(PAPER)
    axes.set_yticks([])
