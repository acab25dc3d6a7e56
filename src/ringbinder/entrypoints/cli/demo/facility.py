"""The facility binder of the demo."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from ringbinder.entrypoints.cli.demo.makers import ManualLine, make_drawing, make_manual
from ringbinder.entrypoints.cli.demo.project import DRAWINGS
from ringbinder.entrypoints.cli.demo.schema import FACILITY_ELEMENTS
from ringbinder.entrypoints.cli.demo.shapes import DemoBinder, DemoDocument, DemoFolder

_CARE = "Drift och underhåll"
_AIR = (_CARE, "Ventilation")
_HEAT = (_CARE, "Värme och sanitet")
_POWER = (_CARE, "El och tele")
_LIFT = (_CARE, "Hiss")
_FIRE = (_CARE, "Brandskydd")
_CHECKS = ("Besiktningar och intyg",)

_FOLDERS = (
    DemoFolder(
        "Relationsritningar",
        "drawings",
        (
            DemoFolder("A Arkitekt", "drawings"),
            DemoFolder("VVS", "drawings"),
            DemoFolder("EL", "drawings"),
        ),
    ),
    DemoFolder(
        _CARE,
        "container",
        tuple(DemoFolder(path[1], "documents") for path in (_AIR, _HEAT, _POWER, _LIFT, _FIRE)),
    ),
    DemoFolder("Besiktningar och intyg", "documents"),
    DemoFolder("Myndighet", "documents"),
    DemoFolder("Avtal och garantier", "contracts"),
)

_AS_BUILT = {
    "A-40.1-1001": "A Arkitekt",
    "A-40.1-1002": "A Arkitekt",
    "A-40.1-1003": "A Arkitekt",
    "V-57.1-1001": "VVS",
    "V-57.6-0001": "VVS",
    "E-61.6-0001": "EL",
}

_SERVICE = "Luft & Värme Projekt AB"
_CONTROL = "Miljö & Kontroll i Uppsala"
_MANUALS = (
    ManualLine(
        _AIR,
        "DU-instruktion LB01 Luftbehandlingsaggregat",
        "DU-57-01",
        "DU-instruktion",
        "drift",
        "V",
        "BRR",
        date(2024, 10, 1),
        _SERVICE,
        {"System": ("LB01",), "Garantitid till": "2029-12-02", "Plan": ("5",)},
    ),
    ManualLine(
        _AIR,
        "DU-instruktion LB02 Bostadsventilation",
        "DU-57-02",
        "DU-instruktion",
        "drift",
        "V",
        "BR",
        date(2024, 10, 2),
        _SERVICE,
        {"System": ("LB02",), "Garantitid till": "2029-12-02"},
    ),
    ManualLine(
        _HEAT,
        "DU-instruktion VS01 Värmesystem",
        "DU-56-01",
        "DU-instruktion",
        "drift",
        "V",
        "BR",
        date(2024, 10, 4),
        _SERVICE,
        {"System": ("VS01", "VV01"), "Garantitid till": "2029-12-02"},
    ),
    ManualLine(
        _POWER,
        "DU-instruktion Nödbelysning",
        "DU-63-01",
        "DU-instruktion",
        "drift",
        "E",
        "R",
        date(2024, 10, 8),
        "Elplan Mälardalen AB",
        {"System": ("NÖD",), "Nästa kontroll": "2025-10-08"},
    ),
    ManualLine(
        _LIFT,
        "DU-instruktion Hiss 1",
        "DU-71-01",
        "DU-instruktion",
        "drift",
        "E",
        "R",
        date(2024, 10, 9),
        "Hisservice Öst AB",
        {"System": ("H1",), "Garantitid till": "2026-12-02", "Nästa kontroll": "2025-11-01"},
    ),
    ManualLine(
        _FIRE,
        "DU-instruktion Brandlarm",
        "DU-64-01",
        "DU-instruktion",
        "drift",
        "E",
        "R",
        date(2024, 10, 14),
        "Elplan Mälardalen AB",
        {"System": ("BL01",), "Nästa kontroll": "2025-01-15"},
    ),
    ManualLine(
        _FIRE,
        "Brandskyddsdokumentation",
        "BSD-01",
        "Beskrivning",
        "drift",
        "A",
        "BR",
        date(2024, 3, 4),
        _CONTROL,
    ),
    ManualLine(
        _CHECKS,
        "OVK-protokoll 2024",
        "OVK-2024",
        "Mätprotokoll",
        "kontroll",
        "V",
        "R",
        date(2024, 11, 12),
        _CONTROL,
        {"System": ("LB01", "LB02"), "Nästa kontroll": "2027-11-12"},
    ),
    ManualLine(
        _AIR,
        "Injusteringsprotokoll LB01",
        "IP-57-01",
        "Mätprotokoll",
        "kontroll",
        "V",
        "R",
        date(2024, 10, 22),
        _SERVICE,
        {"System": ("LB01",)},
    ),
    ManualLine(
        _CHECKS,
        "Radonmätning 2025",
        "RN-2025",
        "Mätprotokoll",
        "kontroll",
        flow="R",
        date=date(2025, 4, 28),
        author=_CONTROL,
        more={"Nästa kontroll": "2035-04-28"},
    ),
    ManualLine(
        _CHECKS,
        "Energideklaration",
        "ED-1186",
        "Intyg",
        "kontroll",
        flow="R",
        date=date(2025, 1, 20),
        author=_CONTROL,
        more={"Area": 5240, "Nästa kontroll": "2035-01-20"},
    ),
    ManualLine(
        _CHECKS,
        "Slutbesiktning utlåtande",
        "SB-01",
        "Besiktning",
        "kontroll",
        "A",
        "RR",
        date(2024, 12, 2),
        _CONTROL,
    ),
    ManualLine(
        _CHECKS,
        "Hissbesiktning H1 2024",
        "HB-2024",
        "Besiktning",
        "kontroll",
        "E",
        "R",
        date(2024, 11, 20),
        _CONTROL,
        {"System": ("H1",), "Nästa kontroll": "2025-11-20"},
    ),
    ManualLine(
        ("Myndighet",),
        "Slutbesked",
        "BN-2024-311",
        "Intyg",
        "myndighet",
        flow="R",
        date=date(2024, 12, 16),
    ),
    ManualLine(
        ("Avtal och garantier",),
        "Garantiintyg taktätskikt",
        "GI-04",
        "Intyg",
        "avtal",
        "A",
        "R",
        date(2024, 12, 2),
        "Takbolaget Åsen AB",
        {"Garantitid till": "2034-12-02"},
    ),
    ManualLine(
        ("Avtal och garantier",),
        "Serviceavtal ventilation",
        "SA-02",
        "Intyg",
        "avtal",
        "V",
        "RR",
        date(2024, 12, 9),
        _SERVICE,
        {"System": ("LB01", "LB02")},
    ),
)


def _as_built() -> list[DemoDocument]:
    """Take over the last version of the project's drawings."""
    documents = []
    for line in DRAWINGS:
        if line.number in _AS_BUILT:
            document = make_drawing(("Relationsritningar", _AS_BUILT[line.number]), line)
            documents.append(replace(document, versions=document.versions[-1:]))
    return documents


def facility_binder() -> DemoBinder:
    """Describe the facility binder."""
    return DemoBinder(
        name="Kastanjen 4 – Fastighetspärm",
        type="facility",
        description="Relationshandlingar, drift och underhåll, besiktningar och avtal.",
        colour="#2a7a4c",
        folders=_FOLDERS,
        elements=FACILITY_ELEMENTS,
        documents=(*_as_built(), *(make_manual(line) for line in _MANUALS)),
    )
