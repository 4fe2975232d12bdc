"""The one style of all figures: colours that the colour-blind tell apart, light background."""

from __future__ import annotations

import io
import re
import warnings
from bisect import bisect_right
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
HATCH = "#eceef0"
DPI = 150
COLOURS = {
    "paper": PAPER, "ink": INK, "faint": FAINT, "rule": RULE, "hatch": HATCH, "blue": BLUE,
    "green": GREEN, "amber": AMBER, "red": RED, "plum": PLUM,
}  # fmt: skip
"""The colours as pages know them, which have others for the dark."""

SERIES = (BLUE, RED, GREEN, PLUM, AMBER, INK, "#56b4e9", "#8c564b", "#7f7f00", FAINT)
"""Colours of lines that are named at their ends, in order."""

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
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.png").write_bytes(png(figure))
    (folder / f"{name}.svg").write_text(svg(figure), encoding="utf-8")


def png(figure: Figure) -> bytes:
    """Return PNG without date or version."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    FigureCanvasAgg(figure)
    out = io.BytesIO()
    figure.savefig(out, format="png", dpi=DPI, metadata={"Software": None})
    return out.getvalue()


def svg(figure: Figure) -> str:
    """Return SVG without date or version."""
    from matplotlib.backends.backend_svg import FigureCanvasSVG

    FigureCanvasSVG(figure)
    out = io.StringIO()
    figure.savefig(out, format="svg", metadata={"Date": None, "Creator": None})
    return out.getvalue()


def inline(text: str, name: str) -> str:
    """Return SVG as a page has it: its colours follow the page's, its ids begin with *name*."""
    text = text[text.index("<svg") :]
    text = re.sub(r"<metadata>.*?</metadata>", "", text, flags=re.DOTALL)
    text = re.sub(r"\n\s*", "\n", text)
    text = re.sub(r'(\bid="|href="#|url\(#)', rf"\g<1>{name}-", text)
    for word, colour in COLOURS.items():
        text = text.replace(colour, f"var(--{word})")
    return _unsized(text)


def _unsized(text: str) -> str:
    """Take width and height of the picture itself away: it takes what the page gives."""
    head, _, rest = text.partition(">")
    return re.sub(r'\s(?:width|height)="[^"]*"', "", head) + ">" + rest


def dressed(axes: Axes, title: str = "") -> None:
    """Give axes of a chart the one look: two quiet spines and a quiet grid."""
    axes.set_facecolor(PAPER)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    for side in ("left", "bottom"):
        axes.spines[side].set_color(RULE)
    axes.tick_params(colors=INK, labelsize=SMALL, length=3, color=RULE)
    axes.grid(color=RULE, linewidth=0.5, alpha=0.6)
    axes.set_axisbelow(True)
    if title:
        axes.set_title(title, loc="left", fontsize=10, color=INK, pad=8)


def spread(axes: Axes, ends: list[tuple[float, str, str]], *, room_pt: float) -> None:
    """Name lines at their right ends (value, name, colour), none over another."""
    if not ends:
        return
    low, high = axes.get_ylim()
    places = sorted(((value - low) / (high - low), name, colour) for value, name, colour in ends)
    figure = axes.get_figure()
    assert figure is not None
    step = 11.5 / (axes.get_position().height * figure.get_figheight() * 72)  # type: ignore[union-attr]
    shown: list[float] = []
    for place, _, _ in places:
        shown.append(max(place, shown[-1] + step) if shown else place)
    over = max(0.0, shown[-1] - 1.0)
    for at, (place, name, colour) in zip(shown, places, strict=True):
        axes.annotate(
            fitted(name, room_pt - 14, SMALL), (1.0, place), (1.035, at - over),
            xycoords="axes fraction", textcoords="axes fraction", fontsize=SMALL, color=colour,
            va="center", annotation_clip=False,
            arrowprops={"arrowstyle": "-", "color": colour, "linewidth": 0.5, "relpos": (0, 0.5)},
        )  # fmt: skip


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
    if width_pt(words, size) <= limit_pt:
        return words
    kept = bisect_right(
        range(1, len(words)), limit_pt, key=lambda n: width_pt(words[:n] + "…", size)
    )
    return words[: max(1, kept)].rstrip() + "…"


def bare(axes: Axes) -> None:
    """Take frame and ticks away."""
    for side in axes.spines.values():
        side.set_visible(False)
    axes.tick_params(length=0, labelleft=False, labelbottom=False)
    axes.set_facecolor(PAPER)
    axes.set_yticks([])
