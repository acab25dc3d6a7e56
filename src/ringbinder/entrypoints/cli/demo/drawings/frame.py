"""The sheet around the drawing: frame, fold marks, strip of notes, scale bar, north arrow."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from ringbinder.entrypoints.cli.demo.drawings.pen import (
    BLACK,
    BLUE,
    DARK,
    GREEN,
    GREY,
    OCHRE,
    PALE,
    RED,
    Box,
    Colour,
    Pen,
    Type,
)

if TYPE_CHECKING:
    from ringbinder.entrypoints.cli.demo.drawings.dice import Dice
    from ringbinder.entrypoints.cli.demo.drawings.sheet import DrawingSheet

PAGE = Box(0, 0, 420, 297)
FRAME = Box(20, 10, 390, 277)
FIELD = Box(20, 96, 390, 191)
STRIP = Box(20, 10, 210, 86)

_HEAD = Type(2.5, bold=True)
_NOTE = Type(2.15, colour=DARK)

Sample = tuple[str, str, Colour]

_LEGENDS: dict[str, tuple[Sample, ...]] = {
    "plan.A": (
        ("wall", "Bärande vägg, betong", GREY),
        ("thin", "Innervägg, gips på stålregel", BLACK),
        ("window", "Fönster, se fönsterförteckning", BLACK),
        ("door", "Dörr, se dörrförteckning", BLACK),
        ("cloud", "Ändring enligt gällande revidering", RED),
    ),
    "plan.K": (
        ("block", "Pelare VKR / prefabricerad betong", BLACK),
        ("wall", "Bärande betongvägg C30/37", GREY),
        ("dash", "Balk i underliggande plan", BLUE),
        ("arrow", "Bjälklagets bärriktning", BLACK),
        ("cloud", "Ändring enligt gällande revidering", RED),
    ),
    "plan.V": (
        ("pipe", "Tilluft", BLUE),
        ("pipe", "Frånluft", OCHRE),
        ("square", "Tilluftsdon med flöde l/s", BLUE),
        ("round", "Frånluftsdon med flöde l/s", OCHRE),
        ("cloud", "Ändring enligt gällande revidering", RED),
    ),
    "plan.E": (
        ("square", "Armatur, infälld LED", GREEN),
        ("round", "Uttag, 2-vägs jordat", BLACK),
        ("pipe", "Kanalisation, kabelstege 300", OCHRE),
        ("dash", "Gruppledning", GREEN),
        ("cloud", "Ändring enligt gällande revidering", RED),
    ),
    "section": (
        ("wall", "Betong", GREY),
        ("hatch", "Mark, återfyllning", OCHRE),
        ("thin", "Innervägg, dörr i vy", GREY),
        ("level", "Plushöjd i RH 2000", BLACK),
        ("cloud", "Ändring enligt gällande revidering", RED),
    ),
    "facade": (
        ("hatch", "Fasadmaterial, se materialbeskrivning", GREY),
        ("window", "Aluminiumklätt träfönster", BLACK),
        ("level", "Plushöjd i RH 2000", BLACK),
        ("line", "Blivande marknivå", BLACK),
        ("cloud", "Ändring enligt gällande revidering", RED),
    ),
    "detail": (
        ("wall", "Betong", GREY),
        ("hatch", "Tegel", RED),
        ("wave", "Isolering", OCHRE),
        ("line", "Tätskikt, ångspärr", BLACK),
        ("cloud", "Ändring enligt gällande revidering", RED),
    ),
    "diagram.V": (
        ("pipe", "Tilluft", BLUE),
        ("pipe", "Frånluft, avluft", OCHRE),
        ("round", "Givare (GT temperatur, GP tryck)", BLACK),
        ("dash", "Signal till DUC", GREY),
        ("cloud", "Ändring enligt gällande revidering", RED),
    ),
    "diagram.E": (
        ("line", "Huvudledning", BLACK),
        ("pipe", "Samlingsskena", OCHRE),
        ("square", "Central", BLACK),
        ("dash", "Gräns för entreprenad", GREY),
        ("cloud", "Ändring enligt gällande revidering", RED),
    ),
    "situation": (
        ("wall", "Ny byggnad", GREY),
        ("dash", "Fastighetsgräns", RED),
        ("thin", "Höjdkurva, ekvidistans 0,5 m", GREY),
        ("round", "Träd, befintligt och nytt", GREEN),
        ("cloud", "Ändring enligt gällande revidering", RED),
    ),
}

_NOTES: dict[str, tuple[str, ...]] = {
    "plan": (
        "Mått i millimeter, plushöjder i meter.",
        "Alla mått kontrolleras på plats före tillverkning.",
        "Dörrar 10x21 om ej annat anges.",
        "Brandceller enligt brandskyddsdokumentation.",
        "Håltagning samordnas med K, V och E.",
    ),
    "section": (
        "Mått i millimeter, plushöjder i meter (RH 2000).",
        "Rumshöjd avser färdigt golv till undertak.",
        "Grundläggning enligt ritningar K-20.",
        "Yttertak enligt detaljritningar.",
    ),
    "facade": (
        "Kulörer enligt NCS och fasadbeskrivning.",
        "Fönster och dörrar enligt uppställningsritning.",
        "Plåtarbeten i förzinkad, lackerad plåt.",
        "Skyltar ingår ej i entreprenaden.",
    ),
    "detail": (
        "Mått i millimeter.",
        "Utförs enligt AMA Hus 21 och Säker Vatten.",
        "Skarvar tejpas, genomföringar tätas med manschett.",
        "Fuktkvot i trä högst 16 % vid inbyggnad.",
    ),
    "diagram": (
        "Principschema, visar ej läge i byggnaden.",
        "Märkning enligt fastighetsägarens anvisning.",
        "Samordnas med styr- och övervakningssystem.",
        "Funktion enligt driftkort.",
    ),
    "situation": (
        "Koordinatsystem SWEREF 99 18 00.",
        "Höjdsystem RH 2000.",
        "Befintliga ledningar beställs via Ledningskollen.",
        "Träd att bevara skyddas under byggtiden.",
    ),
}


def draw_frame(pen: Pen) -> None:
    """Draw the frame, the marks where the sheet is folded to A4, and the centre marks."""
    pen.ink(0.7)
    pen.rect(FRAME)
    pen.ink(0.18)
    folds = (125.0, 230.0, 315.0)
    pen.lines([(x, 0, x, 4) for x in folds] + [(x, 293, x, 297) for x in folds])
    pen.ink(0.5)
    pen.lines([(210, 5, 210, 10), (210, 287, 210, 292), (10, 148.5, 20, 148.5)])
    pen.line(410, 148.5, 415, 148.5)
    pen.text(410, 4.6, "A3  297 x 420", Type(1.8, "r", colour=GREY))


def draw_strip(pen: Pen, sheet: DrawingSheet, dice: Dice) -> None:
    """Fill the strip at the lower left."""
    pen.ink(0.25)
    pen.line(STRIP.x, STRIP.top, STRIP.right, STRIP.top)
    pen.lines([(x, STRIP.y, x, STRIP.top) for x in (92.0, 162.0)])
    _legend(pen, sheet)
    _notes(pen, sheet)
    _key_plan(pen)
    if sheet.kind not in {"detail", "diagram"}:
        north_arrow(pen, 219, 74, dice.one((-28, -14, 12, 26)))
    _scale_bar(pen, sheet.scale)


def _legend(pen: Pen, sheet: DrawingSheet) -> None:
    pen.text(25, 88, "FÖRKLARINGAR", _HEAD)
    key = f"{sheet.kind}.{sheet.discipline}"
    fallback = {"plan": "plan.A", "diagram": "diagram.V"}.get(sheet.kind, sheet.kind)
    for row, (sample, words, colour) in enumerate(_LEGENDS.get(key) or _LEGENDS[fallback]):
        y = 77 - row * 9.5
        _sample(pen, sample, Box(25, y, 14, 5), colour)
        pen.fit(Box(43, y + 1.6, 46, 5), words, _NOTE)


def _sample(pen: Pen, sample: str, box: Box, colour: Colour) -> None:
    pen.ink(0.3, colour)
    middle = box.cy
    if sample in {"wall", "block"}:
        inner = Box(box.x, box.y + 0.8, box.w, 3.4) if sample == "wall" else box
        side = Box(box.cx - 2, box.y + 0.5, 4, 4) if sample == "block" else inner
        pen.ink(0.3)
        pen.rect(side, PALE if sample == "wall" else colour)
    elif sample == "hatch":
        pen.rect(box)
        pen.hatch(box, 1.6)
    elif sample == "wave":
        wave(pen, box)
    elif sample == "pipe":
        pen.ink(1.0, colour)
        pen.line(box.x, middle, box.right, middle)
    elif sample == "square":
        pen.rect(Box(box.cx - 2.2, middle - 2.2, 4.4, 4.4))
        pen.line(box.cx - 2.2, middle - 2.2, box.cx + 2.2, middle + 2.2)
        pen.line(box.cx - 2.2, middle + 2.2, box.cx + 2.2, middle - 2.2)
    elif sample == "round":
        pen.circle(box.cx, middle, 2.2)
        pen.line(box.cx - 2.2, middle, box.cx + 2.2, middle)
    else:
        _line_sample(pen, sample, box, colour)


def _line_sample(pen: Pen, sample: str, box: Box, colour: Colour) -> None:
    middle = box.cy
    if sample == "dash":
        pen.ink(0.4, colour, (2.5, 1.2))
        pen.line(box.x, middle, box.right, middle)
    elif sample == "thin":
        pen.lines([(box.x, middle + d, box.right, middle + d) for d in (-0.6, 0.6)])
    elif sample == "window":
        pen.rect(Box(box.x, middle - 1.4, box.w, 2.8))
        pen.lines([(box.x, middle + d, box.right, middle + d) for d in (-0.3, 0.3)])
    elif sample == "door":
        pen.line(box.cx - 2.5, box.y, box.cx - 2.5, box.top)
        pen.arc(box.cx - 2.5, box.y, 5, 0, 90)
        pen.line(box.x, box.y, box.cx - 2.5, box.y)
        pen.line(box.cx + 2.5, box.y, box.right, box.y)
    elif sample == "level":
        level_mark(pen, box.cx, box.y + 0.5, "")
    elif sample == "arrow":
        pen.line(box.x, middle, box.right, middle)
        pen.chain([(box.x + 2, middle + 1), (box.x, middle), (box.x + 2, middle - 1)])
        pen.chain([(box.right - 2, middle + 1), (box.right, middle), (box.right - 2, middle - 1)])
    elif sample == "cloud":
        cloud(pen, Box(box.x + 1, box.y + 0.8, box.w - 2, box.h - 1.6), 1.3)
    else:
        pen.ink(0.6, colour)
        pen.line(box.x, middle, box.right, middle)


def _notes(pen: Pen, sheet: DrawingSheet) -> None:
    pen.text(96, 88, "ANMÄRKNINGAR", _HEAD)
    for row, words in enumerate(_NOTES[sheet.kind], start=1):
        y = 80.6 - (row - 1) * 6
        pen.text(96, y, f"{row}.", _NOTE)
        pen.fit(Box(100, y, 60, 4), words, _NOTE)
    pen.text(96, 45, "HÄNVISNINGAR", _HEAD)
    references = (
        ("Plan- och sektionsritningar", "A-40.1, A-40.2"),
        ("Fasader", "A-40.3"),
        ("Konstruktion", "K-20.1"),
        ("VVS", "V-50, V-57"),
        ("El och tele", "E-61, E-63"),
    )
    for row, (words, numbers) in enumerate(references):
        y = 38 - row * 5.2
        pen.text(96, y, words, _NOTE)
        pen.text(158, y, numbers, Type(2.15, "r", colour=DARK))
        pen.ink(0.1, PALE)
        pen.line(96, y - 1.5, 158, y - 1.5)


def _key_plan(pen: Pen) -> None:
    pen.text(166, 88, "ORIENTERINGSFIGUR", _HEAD)
    houses = (Box(168, 60, 26, 9), Box(168, 42, 9, 16), Box(185, 42, 18, 9))
    chosen = houses[0]
    pen.ink(0.2, GREY)
    for name, house in zip("ABC", houses, strict=True):
        pen.rect(house, PALE if house == chosen else None)
        pen.text(house.cx, house.cy - 1, f"Hus {name}", Type(2.0, "m", bold=house == chosen))
    pen.ink(0.3, RED, (3, 1, 0.6, 1))
    pen.shape([(165.5, 38), (206, 39.5), (207, 71.5), (165.5, 73)])


def north_arrow(pen: Pen, x: float, y: float, turn: int) -> None:
    """Draw a north arrow; turn in degrees."""
    with pen.kept():
        pen.canvas.translate(x, y)
        pen.canvas.rotate(turn)
        pen.ink(0.25)
        pen.circle(0, 0, 6)
        pen.shape([(0, 8.4), (-2.6, -5.2), (0, -3.2)], BLACK)
        pen.shape([(0, 8.4), (2.6, -5.2), (0, -3.2)])
        pen.text(0, 9.4, "N", Type(3.4, "m", bold=True))


_LENGTHS = (50, 20, 10, 5, 2, 1, 0.5, 0.2, 0.1)
_LONGEST = 51.0


def _scale_bar(pen: Pen, scale: str) -> None:
    pen.text(166, 30, f"SKALA {scale} (A3)" if ":" in scale else "EJ SKALENLIG", _HEAD)
    if ":" not in scale:
        return
    share = int(scale.split(":")[1])
    metres = next(m for m in _LENGTHS if m * 1000 / share <= _LONGEST)
    step = metres * 1000 / share / 5
    pen.ink(0.25)
    for part in range(5):
        pen.rect(Box(168 + part * step, 20, step, 2.2), BLACK if part % 2 == 0 else None)
    small = Type(2.0, "m")
    for part in range(6):
        words = f"{metres * part / 5:g}".replace(".", ",")
        pen.text(168 + part * step, 23.6, words, small)
    pen.text(168 + 5 * step + 3.4, 20.2, "m", Type(2.2))


def level_mark(pen: Pen, x: float, y: float, words: str) -> None:
    """Draw a level mark with its point at x, y."""
    pen.shape([(x, y), (x - 1.6, y + 2.6), (x + 1.6, y + 2.6)])
    if words:
        pen.line(x - 1.6, y + 2.6, x + 12, y + 2.6)
        pen.text(x + 2.4, y + 3.3, words, Type(2.2))


def wave(pen: Pen, box: Box) -> None:
    """Fill a box with the curls of insulation, along its longer side."""
    lying = box.w >= box.h
    length, depth = (box.w, box.h) if lying else (box.h, box.w)
    count = max(2, round(length / (depth * 0.34)))
    step = length / count
    path = pen.canvas.beginPath()
    for i in range(count):
        near, far = (0.0, depth) if i % 2 == 0 else (depth, 0.0)
        start, middle = i * step, (i + 0.5) * step
        places = [(start, near), (middle, near), (middle, far), (start + step, far)]
        spots = [(box.x + a, box.y + b) if lying else (box.x + b, box.y + a) for a, b in places]
        if i == 0:
            path.moveTo(*spots[0])
        path.curveTo(*(round(n, 2) for spot in spots[1:] for n in spot))
    pen.canvas.drawPath(path, stroke=1, fill=0)


def bubble(pen: Pen, x: float, y: float, words: str) -> None:
    """Draw the bubble of a grid line."""
    pen.ink(0.3)
    pen.circle(x, y, 3.6)
    pen.text(x, y - 1.25, words, Type(3.5, "m", bold=True))


def cloud(pen: Pen, box: Box, size: float = 3.0) -> None:
    """Draw a revision cloud around a box."""
    across, up = max(2, round(box.w / size / 1.6)), max(2, round(box.h / size / 1.6))
    stops = [(box.x + box.w * i / across, box.y) for i in range(across)]
    stops += [(box.right, box.y + box.h * i / up) for i in range(up)]
    stops += [(box.right - box.w * i / across, box.top) for i in range(across)]
    stops += [(box.x, box.top - box.h * i / up) for i in range(up)]
    path = pen.canvas.beginPath()
    path.moveTo(round(stops[0][0], 2), round(stops[0][1], 2))
    for (x1, y1), (x2, y2) in zip(stops, [*stops[1:], stops[0]], strict=True):
        dx, dy = x2 - x1, y2 - y1
        length = math.hypot(dx, dy)
        out_x, out_y = dy / length * size * 0.62, -dx / length * size * 0.62
        numbers = (x1 + out_x, y1 + out_y, x2 + out_x, y2 + out_y, x2, y2)
        path.curveTo(*(round(number, 2) for number in numbers))
    pen.canvas.drawPath(path, stroke=1, fill=0)
