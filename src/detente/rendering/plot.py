"""Pictures as SVG, drawn by Altair and vl-convert (the optional `plot` libraries)."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

from detente.errors import DetenteError
from detente.reading.answers import TiesAnswer
from detente.rendering.labels import COLUMNS
from detente.rendering.labels import label

__all__ = ["draw_ties"]


def draw_ties(answer: TiesAnswer, path: Path, language: str) -> None:
    """Write the ties by year to an SVG file, stacked by kind; patterns of grey tell the kinds apart in print."""
    try:
        altair, vl_convert = import_module("altair"), import_module("vl_convert")
    except ImportError:
        remedy = "Install them with: pip install 'detente[plot]'"
        raise DetenteError("Drawing needs the plotting libraries.", remedy) from None
    rows = [
        {
            "year": str(y.on),
            "kind": COLUMNS[kind].get(language),
            "count": len(getattr(y, kind)),
            "order": order,
        }
        for y in answer.years
        for order, kind in enumerate(("instruments", "forums", "exchanges"))
    ]
    names = [COLUMNS[kind].get(language) for kind in ("instruments", "forums", "exchanges")]
    title = f"{label('ties', language)}: {' - '.join(answer.between)} ({answer.stamp})"
    chart = (
        altair.Chart(altair.Data(values=rows), width=720, height=280, title=altair.Title(title, fontSize=11))
        .mark_area()
        .encode(
            x=altair.X("year:T", title=None),
            y=altair.Y("count:Q", stack=True, title=label("ties", language)),
            color=altair.Color(
                "kind:N",
                title=None,
                scale=altair.Scale(domain=names, range=["#1f3d5a", "#7a93a8", "#cdbf9c"]),
            ),
            order=altair.Order("order:Q"),
        )
    )
    path.write_text(str(vl_convert.vegalite_to_svg(chart.to_json())), encoding="utf-8")
