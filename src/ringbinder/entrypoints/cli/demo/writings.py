"""What stands in the demo's manuals, protocols and certificates."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringbinder.entrypoints.cli.demo.drawings.dice import Dice
from ringbinder.entrypoints.cli.demo.drawings.sheet import ManualSection, ManualTable

if TYPE_CHECKING:
    from collections.abc import Callable

Sections = tuple[ManualSection, ...]

_PEOPLE = (
    ("Åsa Lindqvist", "Ateljé Åsberg Arkitekter AB", "Handläggare A"),
    ("Örjan Ek", "Stomkonsult Öst AB", "Handläggare K"),
    ("Märta Sjögren", "Luft & Värme Projekt AB", "Handläggare VVS"),
    ("Håkan Ström", "Elplan Mälardalen AB", "Handläggare EL"),
    ("Jonna Hällström", "Fastighets AB Kastanjen", "Projektledare"),
    ("Pär Åkerlund", "Byggmästar Åkerlund AB", "Platschef"),
    ("Göran Näs", "Byggmästar Åkerlund AB", "Arbetsledare"),
    ("Eva Björk", "Miljö & Kontroll i Uppsala", "Kontrollansvarig"),
)


def meeting(title: str) -> Sections:
    """Write the minutes of a meeting."""
    dice = Dice("meeting", title)
    present = tuple(dice.shuffled(_PEOPLE)[:6])
    points = (
        ("Tidplan", "Stomresning enligt tidplan, tätt hus vecka 38.", "BM"),
        ("Ritningar", "Bygghandlingar A och K rev. B utsända i pärmen.", "A, K"),
        ("Ventilation", "Schakt S1 breddas 100 mm, K kontrollerar bärning.", "VVS, K"),
        ("El", "Kanalisation i korridor samordnas med sprinkler.", "EL"),
        ("ÄTA", "ÄTA 12 godkänd, ÄTA 13 kompletteras med prisuppgift.", "BH"),
        ("Arbetsmiljö", "Skyddsrond utan anmärkning, nästa vecka 24.", "BM"),
        ("Kvalitet", "Egenkontroll tätskikt lämnas före kakelsättning.", "BM"),
        ("Miljö", "Avfallsstatistik redovisas på nästa möte.", "BM"),
        ("Grannar", "Bullrande arbeten endast vardagar 07–16.", "BM"),
    )
    rows = tuple((f"§ {i}", *point) for i, point in enumerate(points, start=1))
    return (
        ManualSection(
            "Närvarande",
            ("Kallade enligt sändlista. Protokollet gäller som kallelse till nästa möte.",),
            ManualTable(("Namn", "Företag", "Roll"), (3, 4, 3), present),
        ),
        ManualSection(
            "Föregående protokoll",
            (("Protokollet gås igenom och läggs till handlingarna. Öppna frågor tas upp nedan."),),
        ),
        ManualSection(
            "Frågor och beslut",
            (),
            ManualTable(("Punkt", "Ämne", "Beslut", "Ansvar"), (1, 2, 7, 1), rows),
        ),
        ManualSection(
            "Ekonomi",
            (
                (
                    f"Upparbetat till {dice.whole(31, 88)} % av kontraktssumman. "
                    f"Godkända ÄTA uppgår till {dice.whole(210, 980)} tkr. "
                    "Betalningsplanen följs, inga tvistiga belopp finns."
                ),
            ),
        ),
        ManualSection(
            "Nästa möte",
            ("Nästa möte hålls i platskontoret om två veckor klockan 09.00.",),
        ),
        _signatures(dice, ("Ordförande", "Vid protokollet", "Justeras")),
    )


def instruction(title: str) -> Sections:
    """Write an operation and maintenance instruction."""
    dice = Dice("instruction", title)
    flow, effect = dice.whole(12, 48) / 10, dice.whole(8, 95)
    data = (
        ("Fabrikat", dice.one(("Svalan", "Nordluft", "Värmia", "Öresund Teknik"))),
        ("Typ", f"{dice.one(('KX', 'GT', 'RS'))} {dice.whole(10, 90)}-{dice.whole(100, 900)}"),
        ("Tillverkningsnummer", f"{dice.whole(2023, 2024)}-{dice.whole(10000, 99999)}"),
        ("Kapacitet", f"{flow:.1f} m³/s".replace(".", ",")),
        ("Effekt", f"{effect} kW"),
        ("Placering", "Fläktrum plan 5, Hus A"),
        ("Betjänar", "Kontor plan 1–2, bostäder plan 3–5"),
        ("Styrs från", "DUC1, apparatskåp AS1"),
    )
    care = (
        ("Okulär kontroll, läckage och missljud", "Månad", "Driftpersonal"),
        ("Kontroll av larm och givare", "Kvartal", "Driftpersonal"),
        ("Byte av filter F7 / M5", "Halvår", "Driftpersonal"),
        ("Rengöring av batterier och värmeväxlare", "År", "Servicefirma"),
        ("Kontroll av lager och remmar", "År", "Servicefirma"),
        ("Funktionsprov av säkerhetsutrustning", "År", "Servicefirma"),
        ("Kalibrering av givare", "2 år", "Servicefirma"),
        ("Injustering och protokoll", "3 år", "Sakkunnig"),
    )
    faults = (
        ("Larm A: motorskydd", "Kontrollera lager, återställ, kalla service"),
        ("Larm A: frysskydd", "Kontrollera pump och shuntventil, avlufta"),
        ("Larm B: filtervakt", "Byt filter, notera i driftjournal"),
        ("Låg temperatur", "Kontrollera VVX och framledning från UC"),
        ("Lågt flöde", "Kontrollera spjäll och tryckgivare"),
    )
    return (
        ManualSection(
            "Systembeskrivning",
            (
                (
                    "Instruktionen beskriver uppbyggnad, drift och skötsel. Den riktar sig till "
                    "driftpersonal med grundläggande teknisk kunskap och förvaras även vid "
                    "anläggningen."
                ),
                (
                    "Anläggningen går med behovsstyrda flöden under arbetstid. Övrig tid hålls "
                    "grunddrift. "
                    "Vid brandlarm ställs den i läge enligt brandskyddsdokumentationen."
                ),
            ),
        ),
        ManualSection("Tekniska data", (), ManualTable(("Uppgift", "Värde"), (2, 3), data)),
        ManualSection(
            "Säkerhet",
            (
                (
                    "Bryt och lås arbetsbrytaren före ingrepp. Vänta tills roterande delar har "
                    "stannat. "
                    "Använd handskar och glasögon vid filterbyte."
                ),
            ),
        ),
        ManualSection(
            "Skötsel",
            ("Utförda åtgärder antecknas i driftjournalen med datum och signatur.",),
            ManualTable(("Åtgärd", "Intervall", "Utförs av"), (5, 2, 2), care),
        ),
        ManualSection("Felsökning", (), ManualTable(("Fel", "Åtgärd"), (2, 4), faults)),
        _signatures(dice, ("Upprättad", "Granskad", "Mottagen av förvaltare")),
    )


def measurement(title: str) -> Sections:
    """Write a protocol of measured values, as for OVK."""
    dice = Dice("measurement", title)
    rows = []
    for index in range(1, 13):
        planned = dice.whole(3, 16) * 5
        found = round(planned * dice.between(0.94, 1.07))
        deviation = round(100 * (found - planned) / planned)
        rows.append(
            (
                f"{1 + index // 5}{index:03d}",
                dice.one(("Kontor", "Mötesrum", "WC", "Pentry", "Sovrum", "Kök", "Bad")),
                f"{planned}",
                f"{found}",
                f"{deviation:+d} %",
                "G",
            )
        )
    return (
        ManualSection(
            "Uppdrag och omfattning",
            (
                (
                    "Kontrollen omfattar samtliga system i byggnaden. Mätningen är utförd enligt "
                    "gällande metodanvisning med kalibrerade instrument; kalibreringsbevis "
                    "bifogas."
                ),
                (
                    f"Utetemperatur vid mätning {dice.whole(-4, 18)} °C, normal drift, stängda "
                    "fönster."
                ),
            ),
        ),
        ManualSection(
            "Mätvärden",
            ("Flöden i l/s. G = godkänt, 2 = anmärkning som åtgärdas.",),
            ManualTable(
                ("Rum", "Benämning", "Projekterat", "Uppmätt", "Avvikelse", "Resultat"),
                (2, 3, 2, 2, 2, 2),
                tuple(rows),
            ),
        ),
        ManualSection(
            "Instrument",
            (),
            ManualTable(
                ("Instrument", "Nummer", "Kalibrerat"),
                (4, 2, 2),
                (
                    ("Tryckmätare", f"TM-{dice.whole(100, 999)}", "2024-01-18"),
                    ("Varmtrådsanemometer", f"VA-{dice.whole(100, 999)}", "2024-02-07"),
                    ("Ljudnivåmätare klass 1", f"LJ-{dice.whole(100, 999)}", "2023-11-30"),
                ),
            ),
        ),
        ManualSection(
            "Resultat",
            (
                (
                    "Anläggningen uppfyller kraven och är godkänd. Drift- och skötselinstruktioner "
                    "finns "
                    "lätt tillgängliga. Inga förelägganden från tidigare kontroll kvarstår."
                ),
                (
                    "Rekommendation: sänk grundflödet nattetid och byt till behovsstyrning i "
                    "mötesrum."
                ),
            ),
        ),
        _signatures(dice, ("Kontrollant", "Beställare")),
    )


def inspection(title: str) -> Sections:
    """Write an inspection report with its remarks."""
    dice = Dice("inspection", title)
    remarks = (
        "Repa i entréparti, justeras",
        "Saknad märkning i apparatskåp",
        "Spackling ojämn vid fönstersmyg",
        "Dörrstängare justeras",
        "Brandtätning runt kabelstege kompletteras",
        "Fog mellan golv och sockel saknas",
        "Termostat sitter löst",
        "Städning i schakt kvarstår",
        "Skylt för utrymningsväg saknas",
        "Målning av rör i förråd",
        "Fall mot golvbrunn kontrolleras",
        "Lucka till rensöppning går trögt",
    )
    rows = tuple(
        (
            str(number),
            dice.one(("Plan 1", "Plan 2", "Plan 3", "Fasad", "Trapphus")),
            words,
            dice.one(("E", "E", "B", "U")),
        )
        for number, words in enumerate(dice.shuffled(remarks), start=1)
    )
    return (
        ManualSection(
            "Allmänt",
            (
                (
                    "Besiktningen är utförd i närvaro av beställare och entreprenör. Handlingar: "
                    "kontrakt, administrativa föreskrifter, beskrivningar och ritningar enligt "
                    "förteckning."
                ),
                "Beteckningar: E = entreprenören avhjälper, B = beställaren, U = utreds vidare.",
            ),
        ),
        ManualSection(
            "Närvarande",
            (),
            ManualTable(("Namn", "Företag", "Roll"), (3, 4, 3), tuple(dice.shuffled(_PEOPLE)[:4])),
        ),
        ManualSection(
            "Anmärkningar",
            (),
            ManualTable(("Nr", "Läge", "Anmärkning", "Ansvar"), (1, 2, 7, 1), rows),
        ),
        ManualSection(
            "Utlåtande",
            (
                (
                    "Anmärkningarna är av mindre omfattning. Resultatet är godkänt. "
                    "Avhjälpande ska ske inom två månader och anmälas skriftligt."
                ),
            ),
        ),
        _signatures(dice, ("Besiktningsman", "För entreprenören", "För beställaren")),
    )


def checklist(title: str) -> Sections:
    """Write a self-inspection with its ticked points."""
    dice = Dice("checklist", title)
    points = (
        "Underlag rent, torrt och plant",
        "Mottagningskontroll av material",
        "Rätt produkt och fuktkvot",
        "Fall mot golvbrunn minst 1:100",
        "Brunnsmanschett monterad",
        "Rörgenomföringar tätade",
        "Skikttjocklek uppmätt",
        "Skarvar överlappade",
        "Fotodokumentation sparad",
        "Ritning och revidering kontrollerad",
        "Skydd av färdig yta",
        "Avvikelser rapporterade",
    )
    rows = tuple(
        (str(i), words, "OK", dice.one(("PÅ", "GN", "MS")), f"2024-0{dice.whole(3, 9)}-1{i % 10}")
        for i, words in enumerate(points, start=1)
    )
    return (
        ManualSection(
            "Omfattning",
            (
                (
                    "Egenkontrollen utförs av den som utfört arbetet och gäller arbeten enligt "
                    "rubriken. "
                    "Kontrollpunkterna följer kvalitetsplanen och leverantörens anvisning."
                ),
            ),
        ),
        ManualSection(
            "Kontrollpunkter",
            (),
            ManualTable(("Nr", "Kontroll", "Resultat", "Sign", "Datum"), (1, 6, 2, 1, 2), rows),
        ),
        ManualSection(
            "Avvikelser",
            (
                (
                    "Inga avvikelser kvarstår. En avvikelse om saknad manschett åtgärdades samma "
                    "dag och "
                    "är dokumenterad med foto."
                ),
            ),
        ),
        _signatures(dice, ("Utförd av", "Arbetsledare")),
    )


def description(title: str) -> Sections:
    """Write a technical description by chapter."""
    dice = Dice("description", title)
    chapters = (
        (
            "Orientering",
            (
                "Entreprenaden avser nybyggnad av Hus A med kontor i plan 1–2 och bostäder i "
                "plan 3–5. Beskrivningen är upprättad i anslutning till AMA 21."
            ),
        ),
        (
            "Miljöpåverkan",
            (
                "Material väljs enligt beställarens miljöprogram. Loggbok förs löpande och "
                "lämnas vid slutbesiktning."
            ),
        ),
        (
            "Samordning",
            (
                "Installationer samordnas i gemensam modell. Kollisionskontroll utförs före "
                "varje "
                "utgåva av bygghandling."
            ),
        ),
        (
            "Märkning och skyltning",
            (
                "Märkning sker enligt fastighetsägarens anvisning med systemnummer, "
                "komponent och löpnummer."
            ),
        ),
        (
            "Provning och injustering",
            (
                "Provning utförs i närvaro av beställarens kontrollant. Protokoll "
                "lämnas senast två veckor före slutbesiktning."
            ),
        ),
    )
    codes = ("GBC.1", "HSD.12", "JSE.152", "KBC.31", "LCS.22", "MBE.11", "NSC.1", "PNU.5", "QEB.2")
    kinds = ("Golv", "Vägg", "Tak", "Dörr", "Fönster", "Kanal", "Rör", "Don", "Isolering")
    rows = tuple(
        (code, kind, f"Enligt ritning och tabell {dice.whole(1, 9)}", f"{dice.whole(12, 460)}")
        for code, kind in zip(codes, kinds, strict=True)
    )
    return (
        *(ManualSection(name, (words,)) for name, words in chapters),
        ManualSection(
            "Koder och mängder",
            ("Mängder är ungefärliga och kontrolleras av entreprenören.",),
            ManualTable(("Kod", "Byggdel", "Utförande", "Mängd"), (2, 3, 5, 2), rows),
        ),
        _signatures(dice, ("Upprättad", "Granskad")),
    )


def certificate(title: str) -> Sections:
    """Write a decision, agreement or certificate."""
    dice = Dice("certificate", title)
    rows = tuple(
        (name, value)
        for name, value in (
            ("Fastighet", "Uppsala Kastanjen 4"),
            ("Byggår", "2024"),
            ("Uppvärmd area (Atemp)", f"{dice.whole(4200, 6800)} m²"),
            ("Ärendenummer", f"2024-{dice.whole(1000, 9999)}"),
            ("Energiprestanda", f"{dice.whole(48, 72)} kWh/m² och år"),
            ("Energiklass", dice.one(("A", "B"))),
            ("Gäller till och med", f"{dice.whole(2029, 2034)}-0{dice.whole(1, 9)}-30"),
            ("Ansvarig", dice.one(_PEOPLE)[0]),
        )
    )
    return (
        ManualSection(
            "Sammanfattning",
            (
                (
                    "Handlingen gäller fastigheten i sin helhet och ersätter tidigare utgåvor. "
                    "Den förvaras i fastighetspärmen så länge den gäller och därefter i arkivet."
                ),
            ),
        ),
        ManualSection("Uppgifter", (), ManualTable(("Uppgift", "Värde"), (2, 3), rows)),
        ManualSection(
            "Villkor",
            (
                (
                    "Ägaren ska hålla handlingen tillgänglig. Ändringar som påverkar uppgifterna "
                    "anmäls "
                    "utan dröjsmål. Vid överlåtelse av fastigheten följer handlingen med."
                ),
                (
                    "Garanti eller giltighet förutsätter att skötsel sker enligt drift- och "
                    "underhållsinstruktionerna och att ingrepp utförs av behörig personal."
                ),
            ),
        ),
        ManualSection(
            "Underlag",
            ("Ritningar, beräkningar och protokoll enligt förteckning.",),
            ManualTable(
                ("Handling", "Nummer"),
                (4, 2),
                (
                    ("Planer", "A-40.1-1001 – 1004"),
                    ("Sektioner", "A-40.2-2001 – 2002"),
                    ("Ventilation", "V-57.1-1001 – 1003"),
                    ("Energiberäkning", f"PM-{dice.whole(10, 99)}"),
                ),
            ),
        ),
        _signatures(dice, ("Utfärdad av", "Mottagen av")),
    )


def _signatures(dice: Dice, roles: tuple[str, ...]) -> ManualSection:
    people = dice.shuffled(_PEOPLE)
    rows = tuple(
        (role, person[0], person[1], "Uppsala") for role, person in zip(roles, people, strict=False)
    )
    return ManualSection(
        "Underskrifter",
        ("Signeras elektroniskt; originalet förvaras hos beställaren.",),
        ManualTable(("Roll", "Namn", "Företag", "Ort"), (3, 3, 4, 2), rows),
    )


WRITERS: dict[str, Callable[[str], Sections]] = {
    "Protokoll": meeting,
    "DU-instruktion": instruction,
    "Mätprotokoll": measurement,
    "Besiktning": inspection,
    "Egenkontroll": checklist,
    "Beskrivning": description,
    "Intyg": certificate,
}
