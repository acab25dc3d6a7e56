"""Site plans at 1:500."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from ringbinder.entrypoints.cli.demo.drawings.pen import (
    BLACK,
    DARK,
    GREEN,
    GREY,
    MIST,
    OCHRE,
    PALE,
    RED,
    WHITE,
    Box,
    Pen,
    Point,
    Segment,
    Type,
    corners,
    round_about,
)

if TYPE_CHECKING:
    from ringbinder.entrypoints.cli.demo.drawings.dice import Dice
    from ringbinder.entrypoints.cli.demo.drawings.sheet import DrawingSheet

_FIELD = Box(20.6, 96.6, 388.8, 189.8)

_TREES = 18


def draw_situation(pen: Pen, sheet: DrawingSheet, dice: Dice) -> list[Box]:
    """Draw a site plan and return the places that a revision may have changed."""
    del sheet
    cross = dice.between(60, 84)
    with pen.clipped(corners(_FIELD)):
        _contours(pen, dice)
        _streets(pen, cross)
        _neighbours(pen, cross, dice)
        plot = Box(cross + 18, 132, 296 - cross, 132)
        _boundary(pen, plot, dice)
        parking = _parking(pen, plot, dice)
        houses = _houses(pen, plot, dice)
        _yard(pen, plot, houses, dice)
        _crosses(pen, dice)
    return [*houses[:3], parking, Box(plot.x + 4, plot.y + 4, 26, 14)]


def _contours(pen: Pen, dice: Dice) -> None:
    pen.ink(0.13, PALE)
    bend, drift = dice.between(6, 15), dice.between(-0.2, 0.2)
    for i in range(9):
        base = 96 + i * 26
        points: list[Point] = [
            (x, base + bend * math.sin(x / 58 + i * 0.5) + drift * (x - 215))
            for x in range(20, 421, 10)
        ]
        pen.chain(points)


def _streets(pen: Pen, cross: float) -> None:
    pen.ink(0.25, DARK)
    pen.rect(Box(20, 100, 390, 20), MIST, edge=False)
    pen.rect(Box(cross - 16, 96, 18, 192), MIST, edge=False)
    west, east = cross - 16, cross + 2
    lines: list[Segment] = [(20, y, west, y) for y in (100.0, 120.0)]
    lines += [(east, y, 410, y) for y in (100.0, 120.0)]
    lines += [(x, 120, x, 287) for x in (west, east)] + [(x, 96, x, 100) for x in (west, east)]
    pen.lines(lines)
    pen.ink(0.2, GREY, (6, 4))
    pen.line(20, 110, west, 110)
    pen.line(east, 110, 410, 110)
    pen.line(cross - 7, 122, cross - 7, 287)
    pen.text(250, 103, "KASTANJEGATAN", Type(4, "m", colour=DARK))
    pen.text(cross - 9.5, 212, "LINDVÄGEN", Type(3.6, "m", angle=90, colour=DARK))


def _neighbours(pen: Pen, cross: float, dice: Dice) -> None:
    pen.ink(0.25, GREY)
    west_end = cross - 21
    y, number = 130.0, 3
    while y < _FIELD.top - 16:
        height = dice.between(18, 34)
        pen.rect(Box(24 - dice.between(0, 8), y, west_end - 24, height), MIST)
        pen.text(
            (20 + west_end) / 2,
            y + height / 2 - 1,
            f"LINDEN {number}",
            Type(2.2, "m", colour=GREY),
        )
        y += height + 14
        number += 1
    for i in range(4):
        x = 330 + dice.between(4, 10)
        y = 132 + i * 40
        pen.rect(Box(x + 16, y, 40, dice.between(16, 26)), MIST)
        pen.text(x + 36, y + 6, f"KASTANJEN {i + 5}", Type(2.2, "m", colour=GREY))


def _boundary(pen: Pen, plot: Box, dice: Dice) -> None:
    skew = dice.between(-3, 3)
    points = [
        (plot.x, plot.y),
        (plot.right, plot.y + skew),
        (plot.right - 4, plot.top),
        (plot.x + skew, plot.top - 4),
    ]
    pen.ink(0.45, RED, (6, 1.5, 0.8, 1.5))
    pen.shape(points)
    pen.ink(0.3, RED)
    for x, y in points:
        pen.circle(x, y, 1.1, WHITE)
    pen.text(plot.x + 5, plot.top - 10, "KASTANJEN 4", Type(4.6, bold=True))
    pen.text(plot.x + 5, plot.top - 15, f"{plot.w * plot.h / 4:.0f} m²", Type(2.8, colour=DARK))


def _houses(pen: Pen, plot: Box, dice: Dice) -> list[Box]:
    deep = dice.between(24, 30)
    long = dice.between(118, 140)
    east = dice.yes()
    front = Box(plot.x + 34, plot.y + 14, long, deep)
    wing_x = front.right - deep if east else front.x
    wing = Box(wing_x, front.top, deep, dice.between(30, 42))
    free = Box(plot.x + (56 if east else 118), plot.top - 34, dice.between(46, 62), 20)
    houses = [front, wing, free]
    for name, box, floors in zip(("Hus A", "Hus B", "Hus C"), houses, (5, 4, 2), strict=True):
        pen.ink(0.7)
        pen.rect(box, WHITE)
        pen.ink(0.12, GREY)
        pen.hatch(box, 2.6)
        pen.rect(Box(box.cx - 11, box.cy - 4, 22, 9), WHITE, edge=False)
        pen.text(box.cx, box.cy + 1, name, Type(3.6, "m", bold=True))
        level = f"{floors} vån  FG +{dice.between(12, 16, 0.1):.2f}".replace(".", ",")
        pen.text(box.cx, box.cy - 2.8, level, Type(2.0, "m"))
    pen.ink(0.3)
    for x in (front.x + front.w * 0.3, front.x + front.w * 0.7):
        pen.shape([(x, front.y - 0.4), (x - 2, front.y - 4), (x + 2, front.y - 4)], BLACK)
    return houses


def _parking(pen: Pen, plot: Box, dice: Dice) -> Box:
    count = dice.whole(10, 15)
    lot = Box(plot.right - 26, plot.y + 18, 14, count * 5.4)
    pen.ink(0.2, DARK)
    pen.rect(lot, MIST)
    pen.lines([(lot.x, lot.y + i * 5.4, lot.right, lot.y + i * 5.4) for i in range(1, count)])
    pen.text(lot.cx, lot.top + 2, f"P {count} pl", Type(2.6, "m", bold=True))
    for i in range(2):
        pen.text(lot.cx, lot.y + i * 5.4 + 1.8, "EL", Type(2.4, "m", colour=GREEN))
    return lot


def _yard(pen: Pen, plot: Box, houses: list[Box], dice: Dice) -> None:
    front, wing, free = houses
    pen.ink(0.2, OCHRE)
    spot = (front.x + front.w * (0.35 if wing.x > front.cx else 0.72), front.top + 22)
    for r in (9.0, 12.0):
        pen.circle(*spot, r)
    pen.text(spot[0], spot[1] - 0.8, "Lekplats", Type(2.2, "m", colour=OCHRE))
    pen.ink(0.2, DARK)
    hut = Box(plot.x + 8, plot.y + 30, 14, 8)
    pen.rect(hut, PALE)
    pen.text(hut.cx, hut.cy - 0.8, "Miljöhus", Type(2.2, "m"))
    blocked = [house.grow(6) for house in (*houses, hut)]
    blocked += [Box(spot[0] - 18, spot[1] - 18, 36, 36), Box(plot.right - 34, plot.y, 34, 110)]
    blocked += [
        Box(front.x, plot.y, front.w, 16),
        Box(plot.x, plot.top - 24, 50, 24),
        Box(free.x - 8, free.y, 4, 4),
    ]
    planted = 0
    for _ in range(90):
        x, y = dice.between(plot.x + 7, plot.right - 8), dice.between(plot.y + 7, plot.top - 9)
        if planted < _TREES and not any(b.x < x < b.right and b.y < y < b.top for b in blocked):
            _tree(pen, (x, y), dice)
            blocked.append(Box(x - 8, y - 8, 16, 16))
            planted += 1
    for i in range(11):
        _tree(pen, (plot.x + 22 + i * 21.0, 125.4), dice)


def _tree(pen: Pen, spot: Point, dice: Dice) -> None:
    r = dice.between(2.8, 4.4)
    pen.ink(0.2, GREEN)
    pen.circle(*spot, r, WHITE)
    rim = round_about(*spot, r * 0.72, 7)
    pen.ink(0.1, GREEN)
    pen.lines([(*spot, *point) for point in rim])


def _crosses(pen: Pen, dice: Dice) -> None:
    north, east = 6579200 + dice.whole(0, 9) * 100, 153400 + dice.whole(0, 9) * 100
    pen.ink(0.2, DARK)
    for i, x in enumerate((120.0, 320.0)):
        for j, y in enumerate((128.0, 278.0)):
            pen.lines([(x - 3, y, x + 3, y), (x, y - 3, x, y + 3)])
            words = f"N {north + j * 75}  E {east + i * 100}"
            pen.text(x + 3.8, y + 1, words, Type(1.8, colour=GREY))
