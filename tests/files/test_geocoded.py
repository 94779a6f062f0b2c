"""A store list with addresses becomes one with positions; weak matches come back reviewed."""

import csv
import datetime
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from routeplanner.errors import InputError
from routeplanner.files.geocoded import GeocodeSummary, geocode_stores
from routeplanner.travel.coordinates import from_wgs84
from routeplanner.travel.geocoders import GeocoderSettings
from tests.geocoding_server import PLACES, Behavior, geocoding_server

HEADER = "Filialnummer;Name;Straße;Hausnummer;PLZ;Ort;Umsatz;Kürzel"
LIST = f"""Export vom 01.03.2026
{HEADER}
0017;Linde;Lindenstr.;5;10969;Berlin;1.200,50;=1+1
0018;Ahorn;Ahornweg;7;12000;Berlin;900;
0019;Birke;Birkenallee;9;;Berlin;800;
0020;Nirgends;Nirgendweg;3;;Berlin;700;
Summe;;;;;;3.600,50;
"""


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Behavior]:
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    with geocoding_server() as behavior:
        yield behavior


class Desk:
    """A folder with a list, and the command with our server."""

    def __init__(self, folder: Path, server: Behavior) -> None:
        self.folder, self.server = folder, server

    def run(self, name: str, out: str, provider: str = "photon", **options: Any) -> GeocodeSummary:
        settings = options.pop("settings", GeocoderSettings(url=self.server.url))
        return geocode_stores(
            self.folder / name,
            provider,
            self.folder / out,
            settings=settings,
            cache_path=self.folder / "cache.sqlite",
            **options,
        )

    def write(self, name: str, content: str) -> None:
        (self.folder / name).write_text(content, encoding="utf-8")

    def rows(self, name: str) -> list[dict[str, str]]:
        with (self.folder / name).open(encoding="utf-8-sig", newline="") as stream:
            return list(csv.DictReader(stream))

    def save(self, name: str, rows: list[dict[str, str]]) -> None:
        with (self.folder / name).open("w", encoding="utf-8-sig", newline="") as stream:
            writer = csv.DictWriter(stream, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)


@pytest.fixture
def desk(tmp_path: Path, server: Behavior) -> Desk:
    found = Desk(tmp_path, server)
    found.write("list.csv", LIST)
    return found


def test_positions_are_filled_and_all_columns_kept(desk):
    summary = desk.run("list.csv", "out/stores.csv")
    rows = desk.rows("out/stores.csv")
    assert list(rows[0])[:8] == HEADER.split(";")
    assert [row["Filialnummer"] for row in rows] == ["0017", "0018", "0019", "0020", "Summe"]
    assert rows[0]["Umsatz"] == "1.200,50"
    assert rows[0]["Kürzel"] == "'=1+1"
    assert (rows[0]["lat"], rows[0]["lon"]) == ("52.5001", "13.4001")
    assert [row["coord_quality"] for row in rows] == ["exact", "street", "city", "none", ""]
    assert [row["coord_source"] for row in rows] == ["photon", "photon", "", "", ""]
    assert (rows[2]["lat"], rows[2]["lon"]) == ("", "")  # the middle of the town is no position
    assert rows[2]["matched_address"] == "Berlin"
    assert (summary.n_rows, summary.n_located, summary.n_to_review) == (5, 2, 3)


def test_the_review_list_names_what_is_weak(desk):
    desk.run("list.csv", "stores.csv")
    review = {row["id"]: row for row in desk.rows("review.csv")}
    assert list(review) == ["0018", "0019", "0020"]  # not the totals row
    assert review["0019"]["found_lat"] == review["0019"]["lat"] == "52.52"
    assert review["0020"]["reason"] == "photon found nothing"
    assert review["0020"]["lat"] == ""


def test_corrections_are_read_back(desk):
    desk.run("list.csv", "stores.csv")
    review = desk.rows("review.csv")
    review[1] |= {"lat": "52.53", "lon": "13.5"}  # corrected
    review[2] |= {"lat": "52.54", "lon": "13.6"}  # found by hand
    review[0] |= {"checked": "ok"}  # confirmed
    desk.save("seen.csv", review)
    summary = desk.run("list.csv", "again.csv", review=desk.folder / "seen.csv")
    rows = desk.rows("again.csv")
    assert [row["coord_quality"] for row in rows[:4]] == ["exact", *["reviewed"] * 3]
    assert [row["coord_source"] for row in rows[:4]] == ["photon", *["reviewed"] * 3]
    assert (rows[2]["lat"], rows[3]["lon"]) == ("52.53", "13.6")
    assert (summary.n_reviewed, summary.n_to_review) == (3, 0)
    # The new review list keeps what has been reviewed, so that it can be read once more.
    third = desk.run("list.csv", "third.csv", review=desk.folder / "review.csv")
    assert desk.rows("third.csv") == rows
    assert third.n_asked == 0


def test_an_untouched_review_list_confirms_nothing(desk):
    desk.run("list.csv", "stores.csv")
    summary = desk.run("list.csv", "again.csv", review=desk.folder / "review.csv")
    assert summary.n_reviewed == 0
    assert desk.rows("again.csv") == desk.rows("stores.csv")


def test_the_output_can_be_corrected_and_taken_as_input(desk):
    desk.run("list.csv", "stores.csv")
    review = desk.rows("review.csv")
    review[0] |= {"lat": "52.6"}
    desk.save("seen.csv", review)
    desk.run("stores.csv", "again.csv", review=desk.folder / "seen.csv")
    rows = desk.rows("again.csv")
    assert list(rows[0]) == list(desk.rows("stores.csv")[0])
    assert (rows[1]["lat"], rows[1]["coord_quality"]) == ("52.6", "reviewed")


def test_positions_that_are_there_stay(desk):
    desk.write(
        "given.csv",
        "id,name,lat,lon,address\n"
        'S1,a,50.5,8.5,"Lindenstraße 5, Berlin"\n'
        'S2,b,?,8.5,"Lindenstraße 5, Berlin"\n'
        'S3,c,0,0,"Lindenstraße 5, Berlin"\n'
        'S4,d,,,"Lindenstraße 5, Berlin"\n',
    )
    desk.write("seen.csv", 'id,address,lat,lon,checked\nS1,"Lindenstraße 5, Berlin",1,1,x\n')
    summary = desk.run("given.csv", "stores.csv", review=desk.folder / "seen.csv")
    rows = desk.rows("stores.csv")
    assert [(row["lat"], row["lon"]) for row in rows] == [
        ("50.5", "8.5"),
        ("?", "8.5"),
        ("52.5001", "13.4001"),
        ("52.5001", "13.4001"),
    ]
    assert summary.n_given == 2
    assert [row["id"] for row in desk.rows("review.csv")] == ["S2"]
    assert desk.rows("review.csv")[0]["reason"] == "lat and lon are there but cannot be read"
    assert len(desk.server.queries) == 1


def test_a_combined_column_counts_as_positions(desk):
    desk.write(
        "pairs.csv",
        "id;coordinates;address\nS1;50.5, 8.5;Ahornweg 7, Berlin\nS2;;Lindenstr. 5, Berlin\n",
    )
    desk.run("pairs.csv", "stores.csv")
    rows = desk.rows("stores.csv")
    assert [(row["lat"], row["lon"]) for row in rows] == [("50.5", "8.5"), ("52.5001", "13.4001")]


def test_workbooks_keep_texts_numbers_and_dates(desk):
    book = openpyxl.Workbook()
    book.active.append(["id", "name", "address", "city", "seit", "sales"])
    since = datetime.date(2024, 5, 1)
    book.active.append(["0017", "=Linde", "Lindenstraße 5", "Berlin", since, 12.5])
    book.active.append(["0018", "Ahorn", "Ahornweg 7", "Berlin", since, 7])
    book.save(desk.folder / "list.xlsx")
    summary = desk.run("list.xlsx", "stores.xlsx", provider="nominatim")
    out = openpyxl.load_workbook(desk.folder / "stores.xlsx")
    assert out.sheetnames == ["stores", "review"]
    header, first, _ = out["stores"].iter_rows(values_only=True)
    row = dict(zip(header, first, strict=True))
    assert (row["id"], row["sales"], row["lat"]) == ("0017", 12.5, 52.5001)
    assert row["seit"].date() == since
    assert out["stores"]["B2"].data_type == "s"
    review = list(out["review"].iter_rows(values_only=True))
    assert [cells[0] for cells in review] == ["id", "0018"]
    assert summary.stores_path == summary.review_path
    columns = {name: place + 1 for place, name in enumerate(review[0])}
    out["review"].cell(2, columns["lat"], 52.7)
    out.save(desk.folder / "seen.xlsx")
    desk.run("list.xlsx", "again.xlsx", provider="nominatim", review=desk.folder / "seen.xlsx")
    again = openpyxl.load_workbook(desk.folder / "again.xlsx")["stores"]
    assert [cell.value for cell in again[3]][6:9] == [52.7, 13.4102, "reviewed"]


def test_positions_are_written_in_the_system_of_the_list(desk, monkeypatch):
    place = {"lat": 31.1774276, "lon": 121.5272106}
    monkeypatch.setitem(
        PLACES,
        "清风路11号",
        place
        | {
            "osm": ("building", "yes"),
            "level": "building",
            "address": {"road": "清风路", "house_number": "11", "city": "嘉兴市"},
        },
    )
    desk.write("门店.csv", "门店编号,门店名称,地址,城市\n001,一店,清风路11号,嘉兴市\n")
    desk.run("门店.csv", "out.csv", coordinates="gcj02")
    row = desk.rows("out.csv")[0]
    lat, lon = from_wgs84(31.1774276, 121.5272106, "gcj02")
    assert (float(row["lat"]), float(row["lon"])) == (round(lat, 7), round(lon, 7))
    assert row["coord_quality"] == "exact"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("", "EMPTY_FILE"),
        ("id,name,lat,lon\n1,a,2,3\n", "MISSING_COLUMN"),
    ],
)
def test_a_list_that_cannot_be_used_is_an_issue(desk, content, code):
    desk.write("bad.csv", content)
    with pytest.raises(InputError) as caught:
        desk.run("bad.csv", "stores.csv")
    assert [issue.code for issue in caught.value.issues] == [code]
    assert not (desk.folder / "stores.csv").exists()


@pytest.mark.parametrize(
    ("content", "codes", "row"),
    [
        ("id,address,lat,lon\nS1,x,52,\nS2,y,a,b\nS3,z,,\n", ["BAD_REVIEW_POSITION"] * 2, 2),
        ("id,address\nS1,x\n", ["NO_REVIEW_LIST"], None),
    ],
)
def test_a_bad_review_list_is_judged_whole(desk, content, codes, row):
    desk.write("seen.csv", content)
    with pytest.raises(InputError) as caught:
        desk.run("list.csv", "stores.csv", review=desk.folder / "seen.csv")
    assert [issue.code for issue in caught.value.issues] == codes
    assert caught.value.issues[0].row == row
    assert not (desk.folder / "stores.csv").exists()


@pytest.mark.parametrize("out", ["list.csv", "review.csv"])
def test_input_and_review_list_are_not_overwritten(desk, out):
    with pytest.raises(InputError) as caught:
        desk.run("list.csv", out)
    assert caught.value.issues[0].code == "BAD_OUTPUT_NAME"


def test_a_stopped_run_writes_what_it_has(desk):
    desk.server.faults = [200, 402]
    summary = desk.run("list.csv", "stores.csv")
    assert "quota" in summary.stopped
    assert [row["coord_quality"] for row in desk.rows("stores.csv")][:2] == ["exact", "none"]
    assert "not asked" in desk.rows("review.csv")[1]["reason"]
