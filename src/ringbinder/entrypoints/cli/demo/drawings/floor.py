"""The geometry of a floor: rooms, doors and windows, in mm on paper at 1:100."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from ringbinder.entrypoints.cli.demo.drawings.pen import Box, Point

if TYPE_CHECKING:
    from ringbinder.entrypoints.cli.demo.drawings.dice import Dice

Axis = Literal["x", "y"]

OUTER = 4.0
_MIDDLE_BAY = 2
_WIDE = 45.0
INNER = 1.2
LEFT = 54.0
TOP = 257.5


@dataclass(frozen=True, slots=True)
class Room:
    """A room by its clear walls; `door_low` says that its door is in the lower wall.

    The label stands between the two shares of the width that `label` gives.
    """

    box: Box
    name: str
    furniture: str = ""
    door_low: bool = True
    walled: bool = True
    label: tuple[float, float] = (0.0, 1.0)


@dataclass(frozen=True, slots=True)
class Door:
    """An opening along a wall, from x, y; the leaf swings to the `side`, or there is none (0)."""

    x: float
    y: float
    width: float
    axis: Axis
    side: int
    at_start: bool = True
    wall: float = INNER


@dataclass(frozen=True, slots=True)
class Window:
    """An opening in the outer wall, from x, y on its centre line."""

    x: float
    y: float
    width: float
    axis: Axis


@dataclass(slots=True)
class Floor:
    """One storey."""

    columns: list[float]
    rows: list[float]
    footprint: list[Point] = field(default_factory=list)
    rooms: list[Room] = field(default_factory=list)
    seams: list[Box] = field(default_factory=list)
    cores: list[Box] = field(default_factory=list)
    doors: list[Door] = field(default_factory=list)
    windows: list[Window] = field(default_factory=list)
    decks: list[tuple[Box, str]] = field(default_factory=list)

    @property
    def hull(self) -> Box:
        """The box between the outermost grid lines."""
        x, y = self.columns[0], self.rows[0]
        return Box(x, y, self.columns[-1] - x, self.rows[-1] - y)


def _running(start: float, steps: list[float]) -> list[float]:
    places = [start]
    for step in steps:
        places.append(round(places[-1] + step, 3))
    return places


_CORE_ROOMS = (
    ("WC", 15.0, "wc"),
    ("WC", 15.0, "wc"),
    ("RWC", 22.0, "wc"),
    ("Städ", 15.0, ""),
    ("Kopiering", 24.0, "shelf"),
    ("Förråd", 26.0, "shelf"),
    ("Pentry", 38.0, "kitchen"),
    ("El-nisch", 15.0, ""),
    ("Fläktrum", 40.0, "unit"),
    ("Hiss", 19.0, "lift"),
    ("Schakt", 12.0, "shaft"),
)
_WIDE_ROOMS = ("Konferens", "Kontorslandskap", "Lounge", "Projektrum", "Utbildning", "Mötesrum")
_NARROW_ROOMS = (*["Kontor"] * 5, "Mötesrum", "Samtalsrum", "Tyst rum", "Arkiv")


def office_floor(dice: Dice) -> Floor:
    """Lay out an office: rooms along both facades, two corridors, a core between them."""
    bays = [dice.one((54.0, 60.0, 63.0, 66.0)) for _ in range(5)]
    outer, corridor = dice.one((42.0, 43.5, 45.0)), dice.one((15.0, 16.0))
    core = dice.one((29.0, 30.0, 32.0))
    columns = _running(LEFT + (336 - sum(bays)) / 2, bays)
    bottom = TOP - 2 * (outer + corridor) - core
    floor = Floor(columns, _running(bottom, [outer, corridor, core, corridor, outer]))
    cut = dice.one((None, 0, 4, None))
    _corridors(floor, dice)
    _core(floor, dice)
    _band(floor, dice, low=True, skip=None)
    _band(floor, dice, low=False, skip=cut)
    floor.footprint = _outline(floor, cut)
    return floor


def _corridors(floor: Floor, dice: Dice) -> None:
    hull, rows = floor.hull, floor.rows
    half = INNER / 2
    west, east = hull.x + OUTER / 2, hull.right - OUTER / 2
    link = dice.one((18.0, 20.0, 22.0))
    lower = Box(west, rows[1] + half, east - west, rows[2] - rows[1] - 1.5)
    upper = Box(west, rows[3] + 0.9, east - west, rows[4] - rows[3] - 1.5)
    floor.rooms += [
        Room(lower, "Korridor"),
        Room(upper, "Korridor"),
        Room(Box(west, lower.top, link, upper.y - lower.top), "Pausyta", walled=False),
        Room(Box(east - link, lower.top, link, upper.y - lower.top), "Hisshall", walled=False),
    ]
    for x in (west, east - link):
        floor.seams.append(Box(x, lower.top - 0.6, link, 1.2))
        floor.seams.append(Box(x, upper.y - 0.6, link, 1.2))
    floor.cores.append(
        Box(west + link, rows[2] - 0.9, east - west - 2 * link, rows[3] - rows[2] + 1.8)
    )
    for x, row in ((hull.x, rows[1]), (hull.right, rows[3])):
        floor.windows.append(Window(x, row + 3.5, rows[2] - rows[1] - 7, "y"))
        floor.windows.append(Window(x, rows[2] + 6, rows[3] - rows[2] - 12, "y"))


def _core(floor: Floor, dice: Dice) -> None:
    block = floor.cores[0]
    chosen: list[tuple[str, float, str]] = [("Trapphus 1", 44.0, "stair")]
    for room in dice.shuffled(_CORE_ROOMS):
        if sum(width + 2 for _, width, _ in chosen) + room[1] + 50 < block.w:
            chosen.append(room)
    chosen = [*dice.shuffled(chosen), ("Trapphus 2", 44.0, "stair")]
    spare = block.w - 1.8 - sum(width + 1.8 for _, width, _ in chosen)
    x = block.x + 1.8
    for name, width, furniture in chosen:
        wide = width + spare / len(chosen)
        low = dice.yes()
        floor.rooms.append(
            Room(Box(x, block.y + 1.8, wide, block.h - 3.6), name, furniture, door_low=low)
        )
        if furniture != "shaft":
            opening = 11.0 if furniture in {"lift", "stair"} else 8.0
            y = block.y + 0.9 if low else block.top - 0.9
            lift = furniture == "lift"
            place = x + (wide - opening) / 2 if lift else x + 1.6
            side = 0 if lift else 1 if low else -1
            floor.doors.append(Door(place, y, opening, "x", side, dice.yes(), 1.8))
        x += wide + 1.8


def _band(floor: Floor, dice: Dice, *, low: bool, skip: int | None) -> None:
    rows, columns = floor.rows, floor.columns
    y = rows[0] + OUTER / 2 if low else rows[4] + INNER / 2
    height = rows[1] - rows[0] - (OUTER + INNER) / 2
    gables = {columns[1 if skip == 0 else 0], columns[5 if skip is None else skip or 5]}
    for bay in range(5):
        if bay == skip:
            deck = Box(columns[bay], rows[4] + OUTER / 2, columns[bay + 1] - columns[bay], height)
            shift = -2.0 if bay == 0 else 2.0
            floor.decks.append((Box(deck.x + shift, deck.y, deck.w, deck.h), "Takterrass"))
            continue
        parts = dice.one((1, 2, 2, 2)) if bay != _MIDDLE_BAY else dice.one((1, 2))
        step = (columns[bay + 1] - columns[bay]) / parts
        for part in range(parts):
            start = round(columns[bay] + part * step, 3)
            end = round(columns[bay] + (part + 1) * step, 3)
            x = start + (OUTER if start in gables else INNER) / 2
            width = end - (OUTER if end in gables else INNER) / 2 - x
            _facade_room(floor, dice, Box(x, y, width, height), low=low)


def _facade_room(floor: Floor, dice: Dice, box: Box, *, low: bool) -> None:
    wide = box.w > _WIDE
    name = dice.one(_WIDE_ROOMS if wide else _NARROW_ROOMS)
    furniture = "table" if name in {"Konferens", "Mötesrum", "Utbildning", "Samtalsrum"} else "desk"
    if name == "Arkiv":
        furniture = "shelf"
    floor.rooms.append(Room(box, name, furniture, door_low=not low))
    wall = floor.rows[1] if low else floor.rows[4]
    at_start = dice.yes()
    x = box.x + 2.0 if at_start else box.right - 11.0
    floor.doors.append(Door(x, wall, 9.0, "x", -1 if low else 1, at_start))
    facade = floor.rows[0] if low else floor.rows[5]
    count = 2 if wide else 1
    width = 14.0 if wide else 16.0
    for i in range(count):
        middle = box.x + box.w * (i + 0.5) / count
        floor.windows.append(Window(middle - width / 2, facade, width, "x"))


def _outline(floor: Floor, cut: int | None) -> list[Point]:
    hull, half = floor.hull.grow(OUTER / 2), OUTER / 2
    step = floor.rows[4] + half
    if cut == 0:
        x = floor.columns[1] - half
        head = [(hull.right, hull.top), (x, hull.top), (x, step), (hull.x, step)]
    elif cut is not None:
        x = floor.columns[4] + half
        head = [(hull.right, step), (x, step), (x, hull.top), (hull.x, hull.top)]
    else:
        head = [(hull.right, hull.top), (hull.x, hull.top)]
    return [(hull.x, hull.y), (hull.right, hull.y), *head]


def dwelling_floor(dice: Dice) -> Floor:
    """Lay out four flats around a staircase."""
    wide = dice.one((45.0, 48.0, 51.0))
    rest = dice.one((90.0, 93.0, 96.0))
    core = dice.one((42.0, 45.0))
    bed, hall, party = dice.one((38.0, 40.0)), dice.one((14.0, 15.0)), dice.one((33.0, 34.0))
    start = LEFT + (336 - 2 * (wide + rest) - core) / 2
    columns = _running(start, [wide, rest, core, rest, wide])
    rows = _running(TOP - 2 * (bed + hall) - party, [bed, hall, party, hall, bed])
    floor = Floor(columns, rows)
    hull = floor.hull.grow(OUTER / 2)
    floor.footprint = [
        (hull.x, hull.y),
        (hull.right, hull.y),
        (hull.right, hull.top),
        (hull.x, hull.top),
    ]
    shares = (dice.between(0.3, 0.36), dice.between(0.64, 0.7))
    kitchen_first = dice.yes()
    for mirror_x in (False, True):
        for mirror_y in (False, True):
            _Flat(floor, mirror_x, mirror_y, shares, kitchen_first).build()
    _stairwell(floor, dice)
    return floor


@dataclass(slots=True)
class _Flat:
    """A flat drawn for the lower left corner and mirrored into place."""

    floor: Floor
    mirror_x: bool
    mirror_y: bool
    shares: tuple[float, float]
    small_bath: bool

    def build(self) -> None:
        """Add the rooms, doors and windows of the flat."""
        x0, x1, x2 = self.floor.columns[:3]
        y0, y1, y2, y3 = self.floor.rows[:4]
        middle = (y2 + y3) / 2
        a, b = (x1 + (x2 - x1) * share for share in self.shares)
        bath = x1 + (24 if self.small_bath else 28)
        wash = bath + 21
        closet = wash + 14
        self._room((x0, y0, x1, y1 + 4), "Vardagsrum", "sofa")
        self._room((x0, y1 + 4, x1, middle), "Kök", "kitchen")
        self._room((x1, y0, a, y1), "Sovrum", "bed")
        self._room((a, y0, b, y1), "Sovrum", "bed")
        self._room((b, y0, x2, y1), "Sovrum", "bed")
        self._room((x1, y1, x2, y2), "Hall", "", (0.66, 1.0))
        self._room((x1, y2, bath, middle), "Bad", "bath")
        self._room((bath, y2, wash, middle), "WC/Tvätt", "wc")
        self._room((wash, y2, closet, middle), "Klk", "")
        self._room((closet, y2, x2, middle), "Entré", "", (0.0, 0.62))
        self._seam(closet + 0.6, y2, x2 - 0.9)
        self._openings((x0, x1, a, b, x2), (y0, y1, y2, middle))
        for x in (x1 + 4, bath + 4, wash + 3):
            self._door(x, y2, "x", -1)
        self._door(x0 + 22, y1 + 4, "x", 0)
        self._door(x2, y2 + 3, "y", -1)

    def _openings(self, xs: tuple[float, ...], ys: tuple[float, ...]) -> None:
        x0, x1, a, b, x2 = xs
        y0, y1, _, middle = ys
        for x in (x1 + 4, a + 4, b + 4):
            self._door(x, y1, "x", -1)
        self._door(x1, y1 + 5, "y", -1)
        for start, end in ((x0, x1), (x1, a), (a, b), (b, x2)):
            self._window((start + end) / 2 - 7, y0, 14, "x")
        self._window(x0, (y0 + y1 + 4) / 2 - 8, 16, "y")
        self._window(x0, (y1 + 4 + middle) / 2 - 5, 10, "y")

    def _flip(self, box: Box) -> Box:
        hull = self.floor.hull
        x = hull.x + hull.right - box.right if self.mirror_x else box.x
        y = hull.y + hull.top - box.top if self.mirror_y else box.y
        return Box(x, y, box.w, box.h)

    def _room(
        self,
        sides: tuple[float, float, float, float],
        name: str,
        what: str,
        label: tuple[float, float] = (0.0, 1.0),
    ) -> None:
        floor, (x1, y1, x2, y2) = self.floor, sides
        west = OUTER / 2 if x1 == floor.columns[0] else INNER / 2
        south = OUTER / 2 if y1 == floor.rows[0] else INNER / 2
        box = Box(x1 + west, y1 + south, x2 - x1 - west - 0.6, y2 - y1 - south - 0.6)
        low = (y1 != floor.rows[0]) != self.mirror_y
        if self.mirror_x:
            label = (1 - label[1], 1 - label[0])
        floor.rooms.append(Room(self._flip(box), name, what, door_low=low, label=label))

    def _seam(self, x1: float, y: float, x2: float) -> None:
        self.floor.seams.append(self._flip(Box(x1, y - 0.8, x2 - x1, 1.6)))

    def _door(self, x: float, y: float, axis: Axis, side: int) -> None:
        box = self._flip(Box(x, y, 8, 0) if axis == "x" else Box(x, y, 0, 8))
        turned = self.mirror_y if axis == "x" else self.mirror_x
        hung = not (self.mirror_x if axis == "x" else self.mirror_y)
        self.floor.doors.append(Door(box.x, box.y, 8, axis, -side if turned else side, hung))

    def _window(self, x: float, y: float, width: float, axis: Axis) -> None:
        box = self._flip(Box(x, y, width, 0) if axis == "x" else Box(x, y, 0, width))
        self.floor.windows.append(Window(box.x, box.y, width, axis))


def _stairwell(floor: Floor, dice: Dice) -> None:
    x2, x3 = floor.columns[2], floor.columns[3]
    y0, _, y2, y3, _, y5 = floor.rows
    west, width = x2 + 0.9, x3 - x2 - 1.8
    lower, upper = y2 - 2, y3 + 2
    floor.rooms += [
        Room(
            Box(west, lower + 0.9, width, upper - lower - 1.8), "Trapphus", "stair", door_low=False
        ),
        Room(Box(west, y0 + 2, width, lower - y0 - 22.9), "Barnvagnar", ""),
        Room(Box(west, lower - 20, 19, 20), "Hiss", "lift"),
        Room(Box(west + 20.2, lower - 20, width - 20.2, 20), "Städ", "store", door_low=False),
        Room(Box(west, upper + 0.9, width, 22), "El / UC", "unit"),
        Room(Box(west, upper + 24.1, width, y5 - upper - 26.1), dice.one(_SHARED), ""),
    ]
    floor.doors += [
        Door(west + 4, lower, 11, "x", 0, wall=1.8),
        Door(west + 24, lower, 8, "x", -1, wall=1.8),
        Door(west + 3, upper, 9, "x", -1, wall=1.8),
    ]
    middle = (x2 + x3) / 2
    floor.windows += [Window(middle - 8, y0, 16, "x"), Window(middle - 8, y5, 16, "x")]
    for column in (0, 4):
        start, end = floor.columns[column], floor.columns[column + 1]
        floor.decks.append((Box(start + 4, y0 - 14.5, end - start - 8, 12.5), "Balkong"))


_SHARED = ("Cykelrum", "Vindsförråd", "Barnvagnar", "Gemensamhet")
