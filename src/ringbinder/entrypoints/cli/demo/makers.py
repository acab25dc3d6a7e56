"""How a line of the demo's lists becomes a document with versions."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

from ringbinder.entrypoints.cli.demo.drawings import (
    DrawingKind,
    DrawingSheet,
    ManualSheet,
    Revision,
    Use,
)
from ringbinder.entrypoints.cli.demo.drawings.dice import Dice
from ringbinder.entrypoints.cli.demo.schema import STATUS_NAMES
from ringbinder.entrypoints.cli.demo.shapes import DemoDocument, DemoVersion, Value
from ringbinder.entrypoints.cli.demo.writings import WRITERS

CLIENT = "Fastighets AB Kastanjen"
PROJECT = "Kv. Kastanjen 4 – Nybyggnad kontor och bostäder"
ADDRESS = "Kastanjegatan 12, 753 20 Uppsala"

_STATUSES = {
    "P": "preliminarhandling",
    "F": "forfragningsunderlag",
    "B": "bygghandling",
    "R": "relationshandling",
    "U": "utgar",
}
# contractor, drawn by, handled by, sign, assignment
_OFFICES = {
    "A": ("Ateljé Åsberg Arkitekter AB", "E. Öström", "Å. Lindqvist", "ÅL", "23-0417"),
    "K": ("Stomkonsult Öst AB", "M. Järvi", "Ö. Ek", "ÖE", "10552"),
    "V": ("Luft & Värme Projekt AB", "K. Sjöö", "M. Sjögren", "MS", "V-2308"),
    "E": ("Elplan Mälardalen AB", "T. Håkansson", "H. Ström", "HS", "4471"),
    "L": ("Gröna Rum Landskap AB", "I. Ängmark", "L. Måne", "LM", "L23-09"),
    "M": ("Markteknik Fyris AB", "S. Åhl", "D. Röd", "DR", "M-118"),
}
_CHANGES = {
    "plan": (
        "Dörr och rumsnummer justerade efter granskning",
        "Planlösning ändrad enligt ÄTA 12",
        "Schakt S1 breddat 100 mm",
        "Vägg flyttad vid pentry",
    ),
    "section": ("Bjälklagstjocklek ändrad", "Plushöjder justerade", "Rumshöjd plan 1 ändrad"),
    "facade": ("Fönster utbytt mot balkongdörr", "Balkong tillkommer", "Kulör ändrad"),
    "detail": ("Tätskikt kompletterat", "Isolering ökad till 300 mm", "Anslutning ändrad"),
    "diagram": ("Givare tillkommer", "Ventil bytt läge", "Märkning ändrad"),
    "situation": ("Laddplatser tillkommer", "Dagvattenbrunn flyttad", "Träd bevaras"),
}


_NEW_STATUS = {
    "F": "Förfrågningsunderlag upprättat",
    "B": "Bygghandling upprättad",
    "R": "Relationshandling upprättad",
    "U": "Ritningen utgår, ersatt av ny detalj",
}


@dataclass(frozen=True, slots=True)
class DrawingLine:
    """A drawing: `flow` has a letter of a status for each version, as FBR."""

    number: str
    title: str
    kind: DrawingKind
    flow: str
    storeys: tuple[str, ...] = ()
    scale: str = "1:100"
    use: Use = "office"
    area: int = 0


@dataclass(frozen=True, slots=True)
class ManualLine:
    """A manual, protocol or certificate."""

    folder: tuple[str, ...]
    title: str
    number: str
    sort: str
    category: str
    discipline: str = "F"
    flow: str = "B"
    date: date = date(2024, 9, 2)
    author: str = CLIENT
    more: dict[str, Value] = field(default_factory=dict)


def make_drawing(path: tuple[str, ...], line: DrawingLine, house: str = "A") -> DemoDocument:
    """Make a drawing with a revision letter for each version after the first."""
    first = _first_date(line)
    revisions = _revisions(line, first)
    versions = tuple(
        _drawing_version(line, first, revisions[:count], house)
        for count in range(len(revisions) + 1)
    )
    return DemoDocument(path, f"{line.number} {line.title}.pdf", versions)


def _first_date(line: DrawingLine) -> date:
    return _workday(date(2023, 9, 4) + timedelta(days=Dice("date", line.number).whole(0, 60)))


def _workday(day: date) -> date:
    return day - timedelta(days=max(0, day.weekday() - 4))


def _revisions(line: DrawingLine, first: date) -> tuple[Revision, ...]:
    dice = Dice("revisions", line.number)
    changes = dice.shuffled(_CHANGES[line.kind])
    sign = _OFFICES[line.number[0]][3]
    revisions: list[Revision] = []
    day = first
    for letter, before, now in zip("ABCDE", line.flow, line.flow[1:], strict=False):
        day = _workday(day + timedelta(days=dice.whole(50, 110) + (160 if now == "R" else 0)))
        note = _NEW_STATUS[now] if now != before else changes[len(revisions) % len(changes)]
        revisions.append(Revision(letter, note, sign, day, dice.whole(1, 3)))
    return tuple(revisions)


def _drawing_version(
    line: DrawingLine, first: date, revisions: tuple[Revision, ...], house: str
) -> DemoVersion:
    contractor, drawn_by, handled_by, _, assignment = _OFFICES[line.number[0]]
    status = _STATUSES[line.flow[len(revisions)]]
    last = revisions[-1] if revisions else None
    sheet = DrawingSheet(
        kind=line.kind,
        number=line.number,
        title=line.title,
        project=PROJECT,
        address=ADDRESS,
        client=CLIENT,
        contractor=contractor,
        scale=line.scale,
        date=first,
        assignment=assignment,
        drawn_by=drawn_by,
        handled_by=handled_by,
        status=STATUS_NAMES[status],
        revisions=revisions,
        use=line.use,
    )
    return DemoVersion(
        label=sheet.revision or "-",
        status=status,
        document_date=first,
        revision_date=last.date if last else None,
        metadata=_drawing_metadata(line, status, house),
        comment=last.note if last else "Första utgåva",
        sheet=sheet,
    )


def _drawing_metadata(line: DrawingLine, status: str, house: str) -> dict[str, Value]:
    values: dict[str, Value] = {
        "GLOBAL_Category": "ritning",
        "Ritningsnummer": line.number,
        "Disciplin": line.number[0],
        "Handlingstyp": line.kind,
        "Hus": (house,),
        "Granskad": status in {"bygghandling", "relationshandling"},
    }
    if ":" in line.scale:
        values["Skala"] = line.scale
    if line.storeys:
        values["Plan"] = line.storeys
    if line.area:
        values["Area"] = line.area
    return values


_KINDS = {
    "Protokoll": "protokoll",
    "DU-instruktion": "instruktion",
    "Mätprotokoll": "matning",
    "Besiktning": "besiktning",
    "Egenkontroll": "egenkontroll",
    "Beskrivning": "beskrivning",
    "Intyg": "intyg",
}


def make_manual(line: ManualLine) -> DemoDocument:
    """Make a document with a number for each version."""
    versions = tuple(_manual_version(line, index) for index in range(len(line.flow)))
    return DemoDocument(line.folder, f"{line.title}.pdf", versions)


def _manual_version(line: ManualLine, index: int) -> DemoVersion:
    status = _STATUSES[line.flow[index]]
    revised = _workday(line.date + timedelta(days=75 * index)) if index else None
    label = str(index + 1)
    sheet = ManualSheet(
        sort=line.sort,
        title=line.title,
        number=line.number,
        project=PROJECT,
        address=ADDRESS,
        author=line.author,
        date=revised or line.date,
        revision=label,
        status=STATUS_NAMES[status],
        sections=WRITERS[line.sort](line.title),
    )
    metadata: dict[str, Value] = {
        "GLOBAL_Category": line.category,
        "Disciplin": line.discipline,
        "Handlingstyp": _KINDS[line.sort],
        "Hus": ("A",),
        "Granskad": True,
        **line.more,
    }
    comment = "Uppdaterad efter granskning" if index else "Första utgåva"
    return DemoVersion(label, status, line.date, revised, metadata, comment, sheet)
