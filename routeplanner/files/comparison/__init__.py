"""Plans side by side as files: compare.xlsx, compare.csv and difference.html."""

from collections.abc import Sequence
from math import lcm
from pathlib import Path

from routeplanner.domain.comparison import Comparison
from routeplanner.files.comparison.map_data import Compared
from routeplanner.files.comparison.table_csv import write_comparison_csv
from routeplanner.files.placing import Placed, place

NAMES = ("compare.xlsx", "compare.csv", "difference.html")


def write_comparison(
    comparison: Comparison, plans: Sequence[Compared], folder: Path, language: str
) -> Placed:
    """Write workbook, table and map into a folder, all of them or none.

    Raises:
        InputError: the folder cannot be written, or a file in it is held open (UNWRITABLE_OUTPUT).
    """
    # Libraries of maps and workbooks take a second to load.
    from routeplanner.files.comparison.book import write_comparison_book  # noqa: PLC0415
    from routeplanner.files.comparison.map import write_difference  # noqa: PLC0415

    weeks = lcm(*(plan.weeks for plan in comparison.plans))

    def write(staging: Path) -> None:
        book, table, page = (staging / name for name in NAMES)
        write_comparison_book(comparison, plans[0][1], book, language)
        write_comparison_csv(comparison, table)
        write_difference(plans, weeks, page, language)

    return place(folder, write, NAMES.__contains__, language)
