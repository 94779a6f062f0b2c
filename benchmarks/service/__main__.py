"""Measures the service over HTTP on this machine.

`python -m benchmarks.service` starts `routeplanner serve` on a folder of its own, with the
PostgreSQL that comes with the package, and puts a load on it from a second process on loopback: an
open loop, in which requests are due at a fixed rate and timed from when they were due. It prints a
table and writes it to `--out` as CSV. With `--url` and `--key` a service that runs already is
measured; beside them it needs `--database-url` for the visits, which are copied straight into its
tables.

Exit code 1: an aim is not met, or a request failed; 2: the service could not be measured.
"""

import argparse
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import chain
from math import inf
from pathlib import Path

from benchmarks.machine import commit, machine, today
from benchmarks.service.figures import Figure, line, markdown, write_csv
from benchmarks.service.parts import Sizes, import_parts, plan_parts, reading_parts
from benchmarks.service.running import Refused, Service, own_service
from benchmarks.service.territories import Territories
from benchmarks.service.visits import server_version

PARTS = ("import", "read", "plans")


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; returns the exit code."""
    parser = _parser()
    options = parser.parse_args(arguments)
    if (options.url is None) != (options.key is None):
        parser.error("--url and --key go together")
    figures: list[Figure] = []
    try:
        with _service(options) as service:
            measured = _measured(service)
            print(*(f"{name}: {value}" for name, value in measured.items()), sep="\n", flush=True)
            for figure in _figures(service, options):
                figures.append(figure)
                print(line(figure), flush=True)
                write_csv(options.out, figures, measured)
    except Refused as refusal:
        print(refusal, file=sys.stderr)
        return 2
    if options.markdown:
        print(markdown(figures))
    return 1 if any(figure.is_met is False or figure.errors for figure in figures) else 0


def _figures(service: Service, options: argparse.Namespace) -> Iterator[Figure]:
    sizes = Sizes(
        territories=Territories(options.stores, min(200, options.stores)),
        visits=options.visits,
        rate=options.rate,
        seconds=options.seconds,
        plans=options.plans,
        small_stores=options.small_stores,
        iterations=options.iterations,
        method=options.method,
    )
    parts = {"import": import_parts, "read": reading_parts, "plans": plan_parts}
    return chain.from_iterable(parts[name](service, sizes) for name in PARTS)


def _measured(service: Service) -> dict[str, str]:
    found = {"machine": machine(), "date": today(), "commit": commit()}
    if service.database is not None:
        version = server_version(service.database)
        found["database"] = f"PostgreSQL {version}, {'embedded' if service.log else 'given'}"
    return found


@contextmanager
def _service(options: argparse.Namespace) -> Iterator[Service]:
    if options.url is not None:
        yield Service(options.url.rstrip("/"), options.key, options.database_url)
        return
    with own_service() as service:
        yield service


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.service", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    add = parser.add_argument
    add("--stores", type=_count, default=100_000, help="imported; 200 a rep, 10 reps a supervisor")
    add("--visits", type=_count, default=1_000_000, help="in the database, 12 a rep's day")
    add("--rate", type=_positive, default=100.0, help="requests a second")
    add("--seconds", type=_positive, default=30.0, help="of each load")
    add("--plans", type=_count, default=40, help="of small territories")
    add("--small-stores", type=_count, default=25, help="of a small territory")
    add("--iterations", type=_count, default=2000, help="of the search for each of them")
    add("--method", default="hgs", help="of these searches")
    add("--url", help="of a service that runs already")
    add("--key", help="an admin's key of it")
    add("--database-url", help="of its database, for the visits")
    add("--out", type=Path, default=Path("out/service/table.csv"), help="the table as CSV")
    add("--markdown", action="store_true", help="print the table for docs/benchmarks.md too")
    return parser


def _positive(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = 0.0
    if not 0 < number < inf:
        raise argparse.ArgumentTypeError(f"{text!r} is no number above 0")
    return number


def _count(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number above 0")
    return int(text)


if __name__ == "__main__":
    sys.exit(main())
