"""Schemes: an air handling unit, and the main lines of the electricity."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringbinder.entrypoints.cli.demo.drawings.pen import (
    BLACK,
    BLUE,
    DARK,
    GREY,
    MIST,
    OCHRE,
    PALE,
    WHITE,
    Box,
    Colour,
    Pen,
    Type,
)

if TYPE_CHECKING:
    from ringbinder.entrypoints.cli.demo.drawings.dice import Dice
    from ringbinder.entrypoints.cli.demo.drawings.sheet import DrawingSheet

_SUPPLY, _EXHAUST = 176.0, 218.0
_PART = 15.0


def draw_diagram(pen: Pen, sheet: DrawingSheet, dice: Dice) -> list[Box]:
    """Draw a scheme and return the parts that a revision may have changed."""
    if sheet.discipline == "E":
        return _electric(pen, dice)
    return _air(pen, sheet, dice)


def _air(pen: Pen, sheet: DrawingSheet, dice: Dice) -> list[Box]:
    unit = _unit(sheet, dice)
    cooling, floors = dice.yes(), dice.whole(3, 5)
    pen.text(30, 277, f"{unit}  LUFTBEHANDLINGSAGGREGAT", Type(4.2, bold=True))
    pen.text(30, 271.5, "Funktions- och flödesschema", Type(2.8, colour=DARK))
    _duct(pen, _SUPPLY, BLUE, ("Uteluft", "Tilluft"))
    _duct(pen, _EXHAUST, OCHRE, ("Avluft", "Frånluft"))
    supply = ["ST", "FILTER", "VVX", "VÄRME", *(["KYLA"] if cooling else []), "TF", "LJUD"]
    exhaust = ["ST", "FF", "VVX", "FILTER", "LJUD"]
    step = 208 / len(supply)
    places = [_part(pen, (48 + i * step, _SUPPLY), name, unit) for i, name in enumerate(supply)]
    spots = [48 + 2 * step + (i - 2) * step * 1.12 for i in range(5)]
    spots[0] = 48
    places += [
        _part(pen, (x, _EXHAUST), name, unit)
        for x, name in zip(spots, exhaust, strict=True)
        if name != "VVX"
    ]
    _exchanger(pen, 48 + 2 * step, unit, dice)
    _casing(pen, Box(40, _SUPPLY - 14, 226, _EXHAUST - _SUPPLY + 28), unit)
    _shunts(pen, supply, step, unit)
    places += _branches(pen, floors, dice)
    _sensors(pen, unit)
    _table(pen, unit, dice)
    _function(pen, unit)
    return places


def _duct(pen: Pen, y: float, colour: Colour, ends: tuple[str, str]) -> None:
    pen.ink(0.35, colour)
    pen.lines([(28, y - 4, 322, y - 4), (28, y + 4, 322, y + 4)])
    pen.ink(0.6, colour)
    heads = (
        ((33.0, 38.0), (272.0, 277.0)) if ends[0] == "Uteluft" else ((38.0, 33.0), (277.0, 272.0))
    )
    for tail, tip in heads:
        back = -1.8 if tip > tail else 1.8
        pen.line(tail - back * 0, y, tip, y)
        pen.chain([(tip + back, y + 1.2), (tip, y), (tip + back, y - 1.2)])
    pen.text(28, y + 6, ends[0], Type(2.6, bold=True, colour=colour))
    pen.text(271, y + 6, ends[1], Type(2.6, bold=True, colour=colour))


def _unit(sheet: DrawingSheet, dice: Dice) -> str:
    named = [word for word in sheet.title.replace(",", " ").split() if word.startswith("LB")]
    return named[0] if named else f"LB{dice.whole(1, 6):02d}"


_SYMBOLS = {"ST": "cross", "FILTER": "zigzag", "VÄRME": "plus", "KYLA": "minus", "LJUD": "bars"}
_TAGS = {
    "ST": "ST2",
    "FILTER": "FU0",
    "VÄRME": "VB0",
    "KYLA": "KB0",
    "TF": "TF0",
    "FF": "FF0",
    "LJUD": "LD0",
}


def _part(pen: Pen, spot: tuple[float, float], name: str, unit: str) -> Box:
    x, y = spot
    box = Box(x, y - _PART / 2, _PART, _PART)
    if name == "VVX":
        return Box(x - 1, _SUPPLY - 10, _PART + 2, _EXHAUST - _SUPPLY + 20)
    pen.ink(0.4)
    pen.rect(box, WHITE)
    pen.ink(0.25)
    symbol = _SYMBOLS.get(name, "fan")
    if symbol == "fan":
        pen.circle(box.cx, box.cy, 5.4)
        side = 1 if name == "TF" else -1
        tip = box.cx + 5.4 * side
        back = box.cx - 2.7 * side
        pen.lines([(back, box.cy + 4.6, tip, box.cy + 1), (back, box.cy - 4.6, tip, box.cy - 1)])
    elif symbol == "zigzag":
        steps = [(box.cx + (3 if i % 2 else -3), box.y + i * 1.5) for i in range(11)]
        pen.chain(steps)
    elif symbol == "bars":
        pen.lines([(box.x + 2, box.y + d, box.right - 2, box.y + d) for d in (4, 6, 9, 11)])
    else:
        pen.line(box.x, box.y, box.right, box.top)
        if symbol == "cross":
            pen.line(box.x, box.top, box.right, box.y)
        else:
            pen.text(box.x + 3.4, box.top - 5.6, "+" if symbol == "plus" else "–", Type(5, "m"))
    pen.text(
        box.cx, box.top + 4.4, f"{unit}-{_TAGS[name]}{2 if y == _EXHAUST else 1}", Type(2.0, "m")
    )
    return box.grow(0.8)


def _exchanger(pen: Pen, x: float, unit: str, dice: Dice) -> None:
    box = Box(x, _SUPPLY - 9, _PART, _EXHAUST - _SUPPLY + 18)
    pen.ink(0.4)
    pen.rect(box, MIST)
    rotor = dice.yes()
    if rotor:
        pen.lines([(box.x + i * 2.5, box.y, box.x + i * 2.5, box.top) for i in range(1, 6)])
        pen.circle(box.cx, box.cy, 3, WHITE)
        pen.text(box.cx, box.cy - 1, "M", Type(2.8, "m", bold=True))
    else:
        pen.line(box.x, box.y, box.right, box.top)
        pen.line(box.x, box.top, box.right, box.y)
    words = "Rotor" if rotor else "Korsström"
    pen.text(box.cx, box.top + 1.6, f"{unit}-VVX01 {words}", Type(2.0, "m"))


def _casing(pen: Pen, box: Box, unit: str) -> None:
    pen.ink(0.3, GREY, (6, 2))
    pen.rect(box)
    pen.text(box.right - 2, box.top + 1.4, f"Aggregat {unit}, fläktrum plan 5", Type(2.2, "r"))


def _shunts(pen: Pen, parts: list[str], step: float, unit: str) -> None:
    for name, colour, tag in (("VÄRME", OCHRE, "VS01"), ("KYLA", BLUE, "KB01")):
        if name not in parts:
            continue
        x = 48 + parts.index(name) * step
        low, high = 132.0, _SUPPLY - _PART / 2
        pen.ink(0.5, colour)
        pen.lines([(x + 2.5, low, x + 2.5, high), (x + 12.5, low, x + 12.5, high)])
        pen.line(x + 2.5, 148, x + 12.5, 148)
        pen.ink(0.35)
        pen.circle(x + 2.5, 155, 3, WHITE)
        pen.shape([(x + 0.4, 153.2), (x + 4.6, 153.2), (x + 2.5, 157.8)])
        pen.shape([(x + 10.8, 139), (x + 14.2, 139), (x + 10.8, 144), (x + 14.2, 144)], WHITE)
        pen.line(x + 12.5, 141.5, x + 16, 141.5)
        pen.circle(x + 18, 141.5, 2, WHITE)
        pen.text(x + 18, 140.7, "M", Type(2.1, "m"))
        pen.text(x - 1.6, 154.4, "P1", Type(2.1, "r"))
        pen.text(x + 21, 140.8, f"{unit}-SV{tag[-1]}", Type(2.1))
        pen.text(x + 7.5, 127.8, f"{tag} från UC", Type(2.2, "m", bold=True))


def _branches(pen: Pen, floors: int, dice: Dice) -> list[Box]:
    places: list[Box] = []
    low = 140.0
    step = 112 / (floors - 1)
    pen.ink(0.6, BLUE)
    pen.line(322, low + 6, 322, low + 118)
    pen.ink(0.6, OCHRE)
    pen.line(330, low + 12, 330, low + 124)
    pen.line(322, _EXHAUST, 330, _EXHAUST)
    for floor in range(floors):
        y = low + floor * step
        flow = dice.whole(12, 60) * 10
        for shift, colour, start, words in (
            (6, BLUE, 322.0, f"T {flow} l/s"),
            (12, OCHRE, 330.0, f"F {flow + 10} l/s"),
        ):
            pen.ink(0.5, colour)
            pen.line(start, y + shift, 376, y + shift)
            pen.rect(Box(342, y + shift - 1.8, 7, 3.6), WHITE)
            pen.line(342, y + shift - 1.8, 349, y + shift + 1.8)
            pen.text(353, y + shift + 0.8, words, Type(2.2, colour=colour))
        pen.text(379, y + 8, f"Plan {floor + 1}", Type(2.8, bold=True))
        places.append(Box(338, y + 2, 40, 14))
    return places


def _sensors(pen: Pen, unit: str) -> None:
    spots = ((284.0, _SUPPLY, "GT11"), (298.0, _SUPPLY, "GP11"), (292.0, _EXHAUST, "GT12"))
    for x, y, tag in (*spots, (306.0, _EXHAUST, "GP12")):
        pen.ink(0.25, GREY, (1.5, 1))
        pen.line(x, y - 5, x, y - 12)
        pen.ink(0.3)
        pen.circle(x, y - 16, 4.2, WHITE)
        pen.text(x, y - 16.8, tag, Type(2.2, "m", bold=True))
    pen.ink(0.25, GREY, (1.5, 1))
    pen.line(284, _SUPPLY - 20.2, 284, 140)
    pen.line(298, _SUPPLY - 20.2, 298, 140)
    pen.ink(0.4)
    pen.rect(Box(276, 128, 30, 12), PALE)
    pen.text(291, 132.6, f"DUC {unit}", Type(3.0, "m", bold=True))


def _table(pen: Pen, unit: str, dice: Dice) -> None:
    flow = dice.whole(12, 48) / 10
    rows = (
        ("Aggregat", "Luftflöde", "Tryck ext.", "SFP", "Återvinning"),
        (f"{unit} tilluft", f"{flow:.1f} m³/s".replace(".", ","), "220 Pa", "1,5", "82 %"),
        (f"{unit} frånluft", f"{flow + 0.1:.1f} m³/s".replace(".", ","), "200 Pa", "1,5", "–"),
    )
    pen.ink(0.2)
    for row, values in enumerate(rows):
        box = Box(28, 116 - row * 5.5, 150, 5.5)
        pen.rect(box, MIST if row == 0 else WHITE)
        for column, value in enumerate(values):
            pen.text(box.x + 2 + column * 30, box.y + 1.6, value, Type(2.3, bold=row == 0))


def _function(pen: Pen, unit: str) -> None:
    pen.text(190, 117, "FUNKTION", Type(2.5, bold=True))
    lines = (
        f"{unit} styrs av tidkanal i DUC, mån–fre 06–18, med forcering.",
        "Tilluftstemperatur GT11 hålls genom VVX och värmebatteri i sekvens.",
        "Kanaltryck GP11 och GP12 hålls genom varvtalsstyrning av fläktar.",
        "Brandlarm stoppar aggregatet och stänger spjäll.",
    )
    for row, words in enumerate(lines):
        pen.text(190, 112.6 - row * 4, words, Type(2.2, colour=DARK))


_FEEDERS = (
    ("AC1", "Kontor plan 1"),
    ("AC2", "Kontor plan 2"),
    ("AC3", "Bostäder plan 3"),
    ("AC4", "Bostäder plan 4"),
    ("H1", "Hiss 1"),
    ("LB01", "Luftbehandling"),
    ("VS01", "Undercentral"),
    ("KM01", "Kylmaskin"),
    ("LADD", "Laddstolpar P1"),
    ("PV", "Solceller tak"),
    ("FAST", "Fastighetscentral"),
    ("NÖD", "Nödbelysning"),
)


def _electric(pen: Pen, dice: Dice) -> list[Box]:
    count = dice.whole(8, 12)
    feeders = dice.shuffled(_FEEDERS)[:count]
    pen.text(30, 277, "A1  SERVISCENTRAL", Type(4.2, bold=True))
    pen.text(30, 271.5, "Huvudledningsschema, TN-S 400/230 V", Type(2.8, colour=DARK))
    _service(pen, dice)
    bus = 218.0
    pen.ink(1.4, OCHRE)
    pen.line(36, bus, 396, bus)
    pen.text(36, bus + 2.4, "L1 L2 L3 N PE  Cu 3x(60x10)", Type(2.2, colour=OCHRE))
    step = 356 / count
    places = [
        _feeder(pen, 38 + step * (i + 0.5), bus, feeder, dice) for i, feeder in enumerate(feeders)
    ]
    pen.ink(0.3, GREY, (6, 2))
    pen.rect(Box(32, 190, 368, 62))
    pen.text(36, 247, "Ställverksrum plan 0", Type(2.3, colour=DARK))
    return places


def _service(pen: Pen, dice: Dice) -> None:
    x = 215 + dice.between(-60, 60)
    pen.ink(0.5)
    pen.line(x, 218, x, 268)
    pen.rect(Box(x - 5, 240, 10, 8), WHITE)
    pen.text(x, 242.8, "kWh", Type(2.6, "m", bold=True))
    _breaker(pen, x, 228, f"{dice.one((400, 630, 800))} A")
    pen.shape([(x - 2, 264), (x + 2, 264), (x, 260)], BLACK)
    pen.text(x + 3, 266, f"Servis N1XE 4x{dice.one((150, 185, 240))}", Type(2.4))


def _breaker(pen: Pen, x: float, y: float, words: str) -> None:
    pen.rect(Box(x - 2.5, y, 5, 7), WHITE, edge=False)
    pen.ink(0.4)
    pen.line(x, y, x - 2.4, y + 6)
    pen.lines([(x - 1, y + 6, x + 1, y + 8), (x - 1, y + 8, x + 1, y + 6)])
    pen.text(x + 2.2, y + 2.4, words, Type(2.3))


def _feeder(pen: Pen, x: float, bus: float, feeder: tuple[str, str], dice: Dice) -> Box:
    tag, words = feeder
    low = 150.0 + 10 * dice.whole(0, 2)
    pen.ink(0.4)
    pen.line(x, bus, x, low)
    pen.circle(x, bus, 0.9, BLACK)
    _breaker(pen, x, 200, f"{dice.one((25, 32, 40, 63, 80, 125))} A")
    cable = f"EXQJ {dice.one(('5G10', '5G16', '5G25', '4x50/25', '4x95/50'))}"
    pen.text(x - 1.2, 172, cable, Type(2.2, "l", angle=90))
    box = Box(x - 11, low - 18, 22, 18)
    pen.rect(box, WHITE)
    pen.line(box.x, box.top - 8, box.right, box.top - 8)
    pen.text(x, box.top - 5.6, tag, Type(3.2, "m", bold=True))
    pen.fit(Box(box.x + 1, box.y + 5.6, box.w - 2, 3), words, Type(2.3, "m"))
    pen.text(x, box.y + 2, f"{dice.whole(6, 80)} kW", Type(2.2, "m", colour=DARK))
    groups = dice.whole(3, 6)
    for i in range(groups):
        spot = box.x + 2 + (box.w - 4) * i / (groups - 1)
        pen.ink(0.2)
        pen.line(spot, box.y, spot, box.y - 9)
        pen.line(spot - 0.9, box.y - 3.6, spot + 0.9, box.y - 5.4)
        pen.text(spot, box.y - 11.6, str(i + 1), Type(1.9, "m"))
    return box.grow(1.5)
