"""A table of memberships as researchers have them: in three languages, with duplicates and useless rows."""

import csv
import random
from pathlib import Path
from typing import NamedTuple

HEADER = ("City", "Country", "Network", "Since", "Until", "Role", "Latitude", "Longitude", "Source", "Remark")
CITIES = (
    ("Milano", "Italia"), ("Mailand", "Italien"), ("Bologna", "IT"), ("Köln", "Deutschland"), ("Cologne", "Allemagne"),
    ("Stadt Leipzig", "DE"), ("Lyon", "France"), ("Ville de Nantes", "Frankreich"), ("Gdańsk", "Polska"),
    ("Warschau", "Polen"), ("Wrocław", "PL"), ("Comune di Torino", "Italy"), ("CÁDIZ", "Espagne"), ("Sevilla", "ES"),
    ("Utrecht", "Pays-Bas"), ("Brno", "Tschechien"), ("Praga", "Repubblica Ceca"), ("Wien", "Autriche"),
)  # fmt: skip
NETWORKS = (
    "Eurocities",
    "EUROCITIES",
    "Cities of Welcome",
    "cities of wélcome",
    "Red de Ciudades Refugio",
    "Réseau Élan",
)
SPANS = (("2015", "2019"), ("2020", ""), ("", ""), ("2016-05", ""), ("03/2017", "2021"), ("seit jeher", ""))
ROLES = ("", "member", "Mitglied", "membre", "Leader", "observer")


class Defect(NamedTuple):
    """Cells that make a row useless, the reason that is to be given, and the cells that mend it."""

    cells: dict[str, str]
    reason: str
    mended: dict[str, str]


DEFECTS = (
    Defect({"City": "Neustadt", "Country": "DE"}, "ambiguous", {"GeoNames id": "2864054"}),
    Defect({"City": "Valencia", "Country": ""}, "ambiguous", {"GeoNames id": "geonames:2509954 Valencia ES 824340"}),
    Defect({"City": "Atlantis", "Country": "GR"}, "unknown city", {"City": "Athens"}),
    Defect({"City": "Landkreis Leipzig", "Country": "DE"}, "no city", {"City": "Leipzig"}),
    Defect({"City": "Emilia-Romagna", "Country": "IT"}, "no city", {"City": "Bologna"}),
    Defect({"City": "", "Country": "IT"}, "no city", {"City": "Genova"}),
    Defect({"City": "Brno", "Latitude": "39.2", "Longitude": "16.6", "Country": "CZ"}, "contradiction",
           {"Latitude": "49,2"}),
    Defect({"City": "Bari", "Latitude": "north", "Longitude": "-3", "Country": "IT"}, "contradiction",
           {"Latitude": "", "Longitude": ""}),
    Defect({"City": '=HYPERLINK("https://example.org";"Milan")', "Country": "IT"}, "formula", {"City": "Milano"}),
    Defect({"City": "Praha", "Country": "Narnia"}, "unknown country", {"Country": "Czechia"}),
    Defect({"City": "Genova", "Country": "IT", "Network": " "}, "no network", {"Network": "Eurocities"}),
    Defect({"City": "Rimini", "Country": "IT", "Network": "@SUM(A1)"}, "formula", {"Network": "Eurocities"}),
    Defect({"City": "Genova", "Country": "IT", "Remark": "x" * 1_100_000}, "unreadable row", {"Remark": ""}),
    Defect({"City": "Ge\0nova", "Country": "IT"}, "unreadable row", {"City": "Genova"}),
    Defect({"City": "Genova", "Country": "IT", "further": "1"}, "unreadable row", {}),
)  # fmt: skip


class Dirty(NamedTuple):
    """The rows that were written, and the defect of each useless one by the number of its row."""

    rows: int
    defects: dict[int, Defect]


def write(path: Path, rows: int = 300, seed: int = 1) -> Dirty:
    """Write the table; each defect stands in it once."""
    chance = random.Random(seed)
    places = dict(zip(sorted(chance.sample(range(rows), len(DEFECTS))), DEFECTS, strict=True))
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(HEADER)
        for number in range(rows):
            cells = _good(chance) | (places[number].cells if number in places else {})
            writer.writerow(cells.values())
    return Dirty(rows, {number + 2: defect for number, defect in places.items()})


def _good(chance: random.Random) -> dict[str, str]:
    """A row of which something can be made; many say the same as another."""
    (city, country), (since, until) = chance.choice(CITIES), chance.choice(SPANS)
    told = (city, country, chance.choice(NETWORKS), since, until, chance.choice(ROLES), "", "", "", "")
    return dict(zip(HEADER, told, strict=True))


def mend(path: Path, dirty: Dirty) -> None:
    """Correct a file of rejected rows as a person would, leaving the cells of ours as they are."""
    with path.open(newline="", encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        row.update(dirty.defects[int(row["row number"])].mended)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
