"""What stands in the rooms of a plan."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringbinder.entrypoints.cli.demo.drawings.pen import GREY, WHITE, Box, Pen

if TYPE_CHECKING:
    from collections.abc import Callable

    from ringbinder.entrypoints.cli.demo.drawings.floor import Room


def furnish(pen: Pen, room: Room) -> None:
    """Draw the furniture of one room, away from its door."""
    pen.ink(0.13, GREY)
    painter = _PAINTERS.get(room.furniture)
    if painter is not None:
        painter(pen, room)


def _far(room: Room, depth: float, gap: float = 1.0) -> float:
    """Return the lower edge of something that stands at the wall opposite the door."""
    return room.box.top - gap - depth if room.door_low else room.box.y + gap


def _desk(pen: Pen, room: Room) -> None:
    box = room.box
    count = max(1, int(box.w / 20))
    for i in range(count):
        middle = box.x + box.w * (i + 0.5) / count
        y = _far(room, 8, 2.5)
        pen.rect(Box(middle - 8, y, 16, 8))
        seat = y - 2.4 if room.door_low else y + 10.4
        pen.circle(middle, seat, 2.0)
        pen.rect(Box(middle - 3, y + (5.5 if room.door_low else 1.0), 6, 1.5))


def _table(pen: Pen, room: Room) -> None:
    box = room.box
    width = min(box.w - 14, 36)
    y = _far(room, 9, 4.6)
    pen.rect(Box(box.cx - width / 2, y, width, 9))
    seats = int(width / 6)
    for i in range(seats):
        x = box.cx - width / 2 + width * (i + 0.5) / seats
        pen.rect(Box(x - 1.8, y - 3.6, 3.6, 2.8))
        pen.rect(Box(x - 1.8, y + 9.8, 3.6, 2.8))


def _shelf(pen: Pen, room: Room) -> None:
    box = room.box
    y = _far(room, 4, 0.8)
    pen.rect(Box(box.x + 1, y, box.w - 2, 4))
    pen.line(box.x + 1, y, box.right - 1, y + 4)
    pen.line(box.x + 1, y + 4, box.right - 1, y)


def _kitchen(pen: Pen, room: Room) -> None:
    box = room.box
    y = _far(room, 6, 0)
    pen.rect(Box(box.x, y, box.w, 6))
    pen.lines([(box.x + i * 6, y, box.x + i * 6, y + 6) for i in range(1, int(box.w / 6))])
    for dx, dy in ((1.6, 1.7), (4.4, 1.7), (1.6, 4.3), (4.4, 4.3)):
        pen.circle(box.x + 12 + dx, y + dy, 0.9)
    pen.rect(Box(box.x + 25, y + 1, 4, 4))


def _bed(pen: Pen, room: Room) -> None:
    box = room.box
    y = _far(room, 20, 0.6)
    x = box.right - 17
    pen.rect(Box(x, y, 16, 20))
    head = y + 15.5 if room.door_low else y + 0.8
    pen.rect(Box(x + 1, head, 6.5, 3.7))
    pen.rect(Box(x + 8.5, head, 6.5, 3.7))
    fold = y + 14.5 if room.door_low else y + 5.5
    pen.line(x, fold, x + 16, fold)


def _sofa(pen: Pen, room: Room) -> None:
    box = room.box
    y = _far(room, 9, 5)
    pen.rect(Box(box.cx - 11, y, 22, 9))
    pen.rect(Box(box.cx - 9, y + (0 if room.door_low else 2), 18, 7))
    pen.line(box.cx, y + (0 if room.door_low else 2), box.cx, y + (7 if room.door_low else 9))


def _wc(pen: Pen, room: Room) -> None:
    box = room.box
    y = _far(room, 2, 0)
    bowl = y - 2.2 if room.door_low else y + 4.2
    pen.rect(Box(box.cx - 2.1, y, 4.2, 2))
    pen.circle(box.cx, bowl, 2.0)
    pen.rect(Box(box.right - 4.5, bowl - 2, 4.5, 3.6))
    pen.circle(box.right - 2.2, bowl - 0.2, 1.1)


def _bath(pen: Pen, room: Room) -> None:
    box = room.box
    y = _far(room, 2, 0)
    bowl = y - 2.2 if room.door_low else y + 4.2
    pen.rect(Box(box.x + 3, y, 4.2, 2))
    pen.circle(box.x + 5.1, bowl, 2.0)
    shower = Box(box.right - 9, _far(room, 9, 0), 9, 9)
    pen.rect(shower)
    pen.line(shower.x, shower.y, shower.right, shower.top)
    pen.line(shower.x, shower.top, shower.right, shower.y)


def stair_width(box: Box) -> float:
    """Return how much of a staircase room the stairs take, from its right side."""
    return min(box.w - 16, 26)


def _stair(pen: Pen, room: Room) -> None:
    box = room.box
    width = stair_width(box)
    x = box.right - width - 1
    flight = min((box.h - 1.6) / 2, 12)
    low = box.y if box.w > box.h else box.cy - flight - 0.8
    treads = int(width / 2.6)
    for y in (low, low + flight + 1.6):
        pen.rect(Box(x, y, treads * 2.6, flight))
        pen.lines([(x + i * 2.6, y, x + i * 2.6, y + flight) for i in range(1, treads)])
    end, middle = x + treads * 2.6 - 2, low + flight / 2
    pen.line(x - 1, middle, end, middle)
    pen.chain([(end - 2, middle + 1), (end, middle), (end - 2, middle - 1)])


def _lift(pen: Pen, room: Room) -> None:
    box = room.box
    car = Box(box.x + 1.5, box.y + 2, box.w - 3, box.h - 4)
    pen.rect(car)
    pen.line(car.x, car.y, car.right, car.top)
    pen.line(car.x, car.top, car.right, car.y)
    pen.rect(Box(box.cx - 6.2, box.cy - 5, 12.4, 9.6), WHITE, edge=False)


def _shaft(pen: Pen, room: Room) -> None:
    box = room.box
    pen.line(box.x, box.y, box.right, box.y + box.h * 0.3)
    pen.line(box.right, box.top, box.x, box.top - box.h * 0.3)


def _unit(pen: Pen, room: Room) -> None:
    box = room.box
    y = _far(room, 9, 1.5)
    pen.rect(Box(box.cx - 13, y, 26, 9))
    pen.lines([(box.cx - 13 + i * 6.5, y, box.cx - 13 + i * 6.5, y + 9) for i in range(1, 4)])
    pen.circle(box.cx - 9.75, y + 4.5, 2.4)
    pen.circle(box.cx + 9.75, y + 4.5, 2.4)


_PAINTERS: dict[str, Callable[[Pen, Room], None]] = {
    "desk": _desk,
    "table": _table,
    "shelf": _shelf,
    "kitchen": _kitchen,
    "bed": _bed,
    "sofa": _sofa,
    "wc": _wc,
    "bath": _bath,
    "stair": _stair,
    "lift": _lift,
    "shaft": _shaft,
    "unit": _unit,
}
