"""The project binder of the demo."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from ringbinder.entrypoints.cli.demo.makers import (
    PROJECT,
    DrawingLine,
    ManualLine,
    make_drawing,
    make_manual,
)
from ringbinder.entrypoints.cli.demo.schema import PROJECT_ELEMENTS
from ringbinder.entrypoints.cli.demo.shapes import DemoBinder, DemoDocument, DemoFolder

_TABS = {
    "A": "A Arkitekt",
    "K": "K Konstruktion",
    "V": "VVS",
    "E": "EL",
    "L": "Mark och landskap",
    "M": "Mark och landskap",
}
_ASSIGNMENTS = {
    "A": "23-0417",
    "K": "10552",
    "V": "V-2308",
    "E": "4471",
    "L": "L23-09",
    "M": "M-118",
}

_FOLDERS = (
    DemoFolder(
        "Ritningar",
        "drawings",
        tuple(DemoFolder(name, "drawings") for name in dict.fromkeys(_TABS.values())),
    ),
    DemoFolder("Beskrivningar", "documents"),
    DemoFolder(
        "Administration",
        "container",
        (
            DemoFolder("Byggmöten", "documents"),
            DemoFolder("Projekteringsmöten", "documents"),
            DemoFolder("ÄTA", "contracts"),
        ),
    ),
    DemoFolder("Egenkontroller", "documents"),
    DemoFolder("Myndighet", "documents"),
)

DRAWINGS = (
    DrawingLine("A-40.1-1001", "Plan 1", "plan", "FBBR", ("1",), area=486),
    DrawingLine("A-40.1-1002", "Plan 2", "plan", "FBR", ("2",), area=479),
    DrawingLine("A-40.1-1003", "Plan 3", "plan", "FBBR", ("3",), use="dwelling", area=468),
    DrawingLine("A-40.1-1004", "Plan 4", "plan", "FB", ("4",), use="dwelling", area=468),
    DrawingLine("A-40.2-2001", "Sektion A-A", "section", "FBR"),
    DrawingLine("A-40.2-2002", "Sektion B-B", "section", "FB"),
    DrawingLine("A-40.3-3001", "Fasad mot söder", "facade", "FBR"),
    DrawingLine("A-40.3-3002", "Fasad mot norr", "facade", "FB"),
    DrawingLine("A-40.3-3003", "Fasad mot gård", "facade", "P"),
    DrawingLine("A-42.3-6001", "Detaljer yttervägg", "detail", "FBB", scale="1:10"),
    DrawingLine("A-43.3-6002", "Detaljer takfot och sockel", "detail", "FBU", scale="1:10"),
    DrawingLine("K-20.1-1001", "Stomplan plan 1", "plan", "FBR", ("1",)),
    DrawingLine("K-20.1-1003", "Stomplan plan 3", "plan", "FBBR", ("3",), use="dwelling"),
    DrawingLine("K-20.2-2003", "Sektion stomme", "section", "FB"),
    DrawingLine("K-20.6-6003", "Anslutningsdetaljer bjälklag", "detail", "FB", scale="1:10"),
    DrawingLine("V-57.1-1001", "Ventilation plan 1", "plan", "FBR", ("1",)),
    DrawingLine("V-57.1-1002", "Ventilation plan 2", "plan", "FBBR", ("2",)),
    DrawingLine("V-57.6-0001", "Flödesschema LB01", "diagram", "FBR", scale="-"),
    DrawingLine("V-57.6-0002", "Flödesschema LB02", "diagram", "B", scale="-"),
    DrawingLine("E-61.6-0001", "Huvudledningsschema", "diagram", "FBR", scale="-"),
    DrawingLine("E-63.1-1001", "Kraft och belysning plan 1", "plan", "FB", ("1",)),
    DrawingLine("E-63.1-1003", "Kraft och belysning plan 3", "plan", "B", ("3",), use="dwelling"),
    DrawingLine("L-30.1-0001", "Situationsplan", "situation", "FBR", scale="1:500"),
    DrawingLine("M-30.1-0002", "Markplanering gård", "situation", "FB", scale="1:500"),
)

_BUILDER = "Byggmästar Åkerlund AB"
_MEETINGS = ("Administration", "Byggmöten")
_MANUALS = (
    ManualLine(
        ("Beskrivningar",), "Rumsbeskrivning", "A-01", "Beskrivning", "beskrivning", "A", "FB"
    ),
    ManualLine(
        ("Beskrivningar",),
        "Teknisk beskrivning VVS",
        "V-01",
        "Beskrivning",
        "beskrivning",
        "V",
        "FB",
    ),
    ManualLine(
        ("Beskrivningar",),
        "Teknisk beskrivning El och tele",
        "E-01",
        "Beskrivning",
        "beskrivning",
        "E",
    ),
    *(
        ManualLine(
            _MEETINGS,
            f"Byggmötesprotokoll nr {number}",
            f"BM-{number:02d}",
            "Protokoll",
            "protokoll",
            date=day,
            author=_BUILDER,
        )
        for number, day in ((5, date(2024, 4, 9)), (6, date(2024, 4, 23)), (7, date(2024, 5, 7)))
    ),
    ManualLine(
        ("Administration", "Projekteringsmöten"),
        "Projekteringsmöte nr 12",
        "PM-12",
        "Protokoll",
        "protokoll",
        "A",
        date=date(2024, 1, 16),
    ),
    ManualLine(
        ("Administration", "ÄTA"),
        "ÄTA 12 Ändrad planlösning plan 1",
        "ÄTA-12",
        "Intyg",
        "avtal",
        date=date(2024, 4, 18),
        author=_BUILDER,
        more={"Kostnad": 148.5},
    ),
    ManualLine(
        ("Egenkontroller",),
        "Egenkontroll tätskikt våtrum plan 3",
        "EK-031",
        "Egenkontroll",
        "kontroll",
        "A",
        date=date(2024, 8, 20),
        author=_BUILDER,
        more={"Plan": ("3",)},
    ),
    ManualLine(
        ("Egenkontroller",),
        "Egenkontroll brandtätning schakt",
        "EK-044",
        "Egenkontroll",
        "kontroll",
        "V",
        date=date(2024, 9, 3),
        author=_BUILDER,
        more={"Plan": ("1", "2", "3", "4")},
    ),
    ManualLine(
        ("Myndighet",),
        "Bygglov beslut",
        "BN-2023-118",
        "Intyg",
        "myndighet",
        date=date(2023, 6, 14),
    ),
    ManualLine(
        ("Myndighet",), "Startbesked", "BN-2023-204", "Intyg", "myndighet", date=date(2023, 10, 3)
    ),
)


def _drawing(line: DrawingLine) -> DemoDocument:
    document = make_drawing(("Ritningar", _TABS[line.number[0]]), line)
    versions = tuple(
        replace(
            version,
            metadata={**version.metadata, "Uppdragsnummer": _ASSIGNMENTS[line.number[0]]},
        )
        for version in document.versions
    )
    return replace(document, versions=versions)


def project_binder() -> DemoBinder:
    """Describe the project binder."""
    return DemoBinder(
        name=PROJECT,
        type="project",
        description="Projektpärm för nybyggnaden av Hus A, totalentreprenad 2023–2025.",
        colour="#1f5aa6",
        folders=_FOLDERS,
        elements=PROJECT_ELEMENTS,
        documents=(
            *(_drawing(line) for line in DRAWINGS),
            *(make_manual(line) for line in _MANUALS),
        ),
    )
