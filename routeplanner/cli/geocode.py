"""`routeplanner geocode`: fills in coordinates from address columns."""

import os
from pathlib import Path

import click
from platformdirs import user_cache_path
from rich.progress import Progress

from routeplanner.cli.inputs import column_of
from routeplanner.cli.report import EXIT_SHORT, console, errors, told_plainly
from routeplanner.domain.scenario import CoordinateSystem, Language
from routeplanner.files.geocoded import geocode_stores
from routeplanner.texts import text
from routeplanner.travel.geocoders import KEY_VARIABLE, GeocoderSettings


@click.command(name="geocode")
@click.argument("stores", type=click.Path(path_type=Path))
@click.option(
    "--provider",
    required=True,
    help="nominatim, photon, or any geocoder of geopy (google, baidu, here, …).",
)
@click.option("--url", help="Your own Nominatim, Photon or Pelias server.")
@click.option("--country", default="", help="Added to every address.")
@click.option("--contact", default="", help="Your e-mail, for the operator of a public server.")
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    help="List with coordinates (.csv or .xlsx); STORES-geocoded where not given.",
)
@click.option("--review", type=click.Path(path_type=Path), help="Corrected review list.")
@click.option("--coordinates", type=click.Choice(["wgs84", "gcj02", "bd09"]), default="wgs84")
@click.option("--language", type=click.Choice(["en", "zh"]), default="en", show_default=True)
@click.option("--map", "columns", multiple=True, metavar="HEADER=FIELD")
@click.option("--sheet", help="Sheet of the stores in a workbook.")
@click.option(
    "--cache",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Where answers are kept; in the user's cache folder where not given.",
)
def command(
    stores: Path,
    provider: str,
    url: str | None,
    country: str,
    contact: str,
    out: Path | None,
    review: Path | None,
    coordinates: CoordinateSystem,
    language: Language,
    columns: tuple[str, ...],
    sheet: str | None,
    cache: Path | None,
) -> None:
    """Fill in lat and lon of STORES from its addresses.

    A key is read from the environment variable ROUTEPLANNER_GEOCODER_KEY. Weak matches go to a
    review list; correct it and give it back with --review. Exit code 3: some rows have no position.
    """
    target = out or stores.with_name(f"{stores.stem}-geocoded{_suffix(stores)}")
    settings = GeocoderSettings(
        key=os.environ.get(KEY_VARIABLE) or None,
        url=url,
        country=country,
        contact=contact,
        language=language,
    )
    with told_plainly(), Progress(console=errors, transient=True) as bar:
        task = bar.add_task(provider, total=None)
        summary = geocode_stores(
            stores,
            provider,
            target,
            settings=settings,
            coordinates=coordinates,
            review=review,
            sheet=sheet,
            columns=dict(column_of(column) for column in columns),
            cache_path=cache or user_cache_path("routeplanner") / "geocode.sqlite",
            progress=lambda done, total: bar.update(task, completed=done, total=total),
        )
    words = text(
        "cli.geocoded",
        language,
        rows=summary.n_rows,
        given=summary.n_given,
        located=summary.n_located,
        reviewed=summary.n_reviewed,
        open=summary.n_to_review,
        asked=summary.n_asked,
        cached=summary.n_cached,
    )
    console.print(words)
    if summary.stopped:
        errors.print(text("cli.geocode_stopped", language, why=summary.stopped), style="yellow")
    console.print(f"{text('cli.written', language)} {summary.stores_path}", soft_wrap=True)
    if summary.n_to_review:
        console.print(f"{text('cli.review_file', language)}: {summary.review_path}", soft_wrap=True)
        raise SystemExit(EXIT_SHORT)


def _suffix(stores: Path) -> str:
    return ".csv" if stores.suffix.lower() in (".csv", ".txt", ".tsv") else ".xlsx"
