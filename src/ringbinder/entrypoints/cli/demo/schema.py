"""The metadata schemas and value lists of the demo's binders."""

from __future__ import annotations

from ringbinder.entrypoints.cli.demo.shapes import DemoElement, DemoValue

STATUS_NAMES = {
    "preliminarhandling": "Preliminärhandling",
    "forfragningsunderlag": "Förfrågningsunderlag",
    "bygghandling": "Bygghandling",
    "relationshandling": "Relationshandling",
    "utgar": "Utgår",
}


def _values(*rows: tuple[str, str, str]) -> tuple[DemoValue, ...]:
    return tuple(DemoValue(*row) for row in rows)


_STATUS = DemoElement(
    "GLOBAL_Status",
    "Status",
    "Status",
    "Enumerated",
    is_required=True,
    values=_values(
        ("preliminarhandling", "Preliminärhandling", "Preliminary document"),
        ("forfragningsunderlag", "Förfrågningsunderlag", "Tender document"),
        ("bygghandling", "Bygghandling", "Construction document"),
        ("relationshandling", "Relationshandling", "As-built document"),
        ("utgar", "Utgår", "Withdrawn"),
    ),
)
_CATEGORY = DemoElement(
    "GLOBAL_Category",
    "Kategori",
    "Category",
    "Enumerated",
    values=_values(
        ("ritning", "Ritning", "Drawing"),
        ("beskrivning", "Beskrivning", "Specification"),
        ("protokoll", "Protokoll", "Minutes and records"),
        ("kontroll", "Kontroll och besiktning", "Inspection"),
        ("drift", "Drift och underhåll", "Operation and maintenance"),
        ("myndighet", "Myndighetshandling", "Authority document"),
        ("avtal", "Avtal och garanti", "Contract and warranty"),
    ),
)
_NUMBER = DemoElement("Ritningsnummer", "Ritningsnummer", "Drawing number", "Text")
_DISCIPLINE = DemoElement(
    "Disciplin",
    "Disciplin",
    "Discipline",
    "Enumerated",
    is_required=True,
    values=_values(
        ("A", "A Arkitekt", "A Architecture"),
        ("K", "K Konstruktion", "K Structure"),
        ("V", "V VVS", "V Mechanical"),
        ("E", "E El och tele", "E Electrical"),
        ("L", "L Landskap", "L Landscape"),
        ("M", "M Mark", "M Civil works"),
        ("F", "F Förvaltning", "F Facility management"),
    ),
)
_SCALE = DemoElement("Skala", "Skala (A3)", "Scale (A3)", "Text")
_HOUSE = DemoElement(
    "Hus",
    "Hus",
    "Building",
    "Enumerated",
    is_multi_value=True,
    values=_values(
        ("A", "Hus A", "Building A"),
        ("B", "Hus B", "Building B"),
        ("C", "Hus C", "Building C"),
    ),
)
_STOREY = DemoElement(
    "Plan",
    "Plan",
    "Storey",
    "Enumerated",
    is_multi_value=True,
    values=_values(
        ("0", "Källare", "Basement"),
        *((str(n), f"Plan {n}", f"Storey {n}") for n in range(1, 6)),
        ("tak", "Tak", "Roof"),
    ),
)
_KIND = DemoElement(
    "Handlingstyp",
    "Handlingstyp",
    "Document type",
    "Enumerated",
    is_required=True,
    values=_values(
        ("plan", "Planritning", "Plan"),
        ("section", "Sektion", "Section"),
        ("facade", "Fasad", "Elevation"),
        ("detail", "Detalj", "Detail"),
        ("diagram", "Schema", "Diagram"),
        ("situation", "Situationsplan", "Site plan"),
        ("beskrivning", "Beskrivning", "Specification"),
        ("protokoll", "Protokoll", "Minutes"),
        ("egenkontroll", "Egenkontroll", "Self-inspection"),
        ("instruktion", "DU-instruktion", "O&M instruction"),
        ("matning", "Mätprotokoll", "Measurement record"),
        ("besiktning", "Besiktning", "Inspection report"),
        ("intyg", "Intyg eller beslut", "Certificate or decision"),
    ),
)
_ASSIGNMENT = DemoElement("Uppdragsnummer", "Uppdragsnummer", "Assignment number", "Text")
_AREA = DemoElement("Area", "Area (m²)", "Area (m²)", "Number")
_REVIEWED = DemoElement("Granskad", "Granskad", "Reviewed", "Boolean")
_WARRANTY = DemoElement("Garantitid till", "Garantitid till", "Warranty until", "Date")
_NEXT = DemoElement("Nästa kontroll", "Nästa kontroll", "Next inspection", "Date")
_SYSTEM = DemoElement("System", "System", "System", "Text", is_multi_value=True)
_COST = DemoElement("Kostnad", "Kostnad (tkr)", "Cost (kSEK)", "Number")

PROJECT_ELEMENTS = (
    _STATUS,
    _CATEGORY,
    _NUMBER,
    _DISCIPLINE,
    _KIND,
    _SCALE,
    _HOUSE,
    _STOREY,
    _ASSIGNMENT,
    _AREA,
    _REVIEWED,
    _COST,
)
FACILITY_ELEMENTS = (
    _STATUS,
    _CATEGORY,
    _NUMBER,
    _DISCIPLINE,
    _KIND,
    _SCALE,
    _HOUSE,
    _STOREY,
    _SYSTEM,
    _AREA,
    _REVIEWED,
    _WARRANTY,
    _NEXT,
)
