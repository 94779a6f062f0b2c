"""`routeplanner serve`: what it prints, and what it refuses before it creates anything."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2
import pytest
from click.testing import CliRunner, Result

from routeplanner.cli import main
from routeplanner.cli.listening import taken_sockets
from routeplanner.storage.database import Database
from routeplanner.use_cases.access import authenticate
from tests.service import fresh_database

ROOT = Path(__file__).parents[2]
STORES = "id,name,lat,lon,rep\nS1,Corner,52.5,13.4,R1\nS2,Mitte,52.6,13.4,R1\n"
REPS = "id,name,base_lat,base_lon\nR1,Jana,52.5,13.4\n"


def refused(folder: Path, *arguments: str, **environment: str) -> Result:
    """A start that ends before there is any database."""
    options = ["serve", "--data-dir", str(folder / "data"), *arguments]
    result = CliRunner().invoke(main, options, env=environment)
    assert result.exit_code == 2, result.output
    assert isinstance(result.exception, SystemExit)
    assert not (folder / "data").exists()
    return result


def test_faulty_lists_are_refused_before_anything_is_created(tmp_path: Path) -> None:
    stores, reps = tmp_path / "stores.csv", tmp_path / "reps.csv"
    stores.write_text(STORES + "S1,Again,52.5,13.4,R1\nS3,Far,95,13.4,R1\nS4,x,52.5,13.4,R9\n")
    reps.write_text(REPS)
    told = refused(tmp_path, "--stores", str(stores), "--reps", str(reps)).output
    for code in ("DUPLICATE_ID", "COORDINATES_OUT_OF_RANGE", "UNKNOWN_REP"):
        assert code in told


def test_stores_without_reps_and_reps_without_stores_are_told(tmp_path: Path) -> None:
    stores, reps = tmp_path / "stores.csv", tmp_path / "reps.csv"
    stores.write_text(STORES)
    reps.write_text(REPS)
    assert "NO_REPS" in refused(tmp_path, "--stores", str(stores)).output
    assert "--reps needs --stores" in refused(tmp_path, "--reps", str(reps)).output


@pytest.mark.parametrize(
    ("arguments", "environment", "named"),
    [
        (("--time-zone", "Berlin"), {}, "--time-zone"),
        (("--organization", ""), {}, "--organization"),
        ((), {"ROUTEPLANNER_PORT": "none"}, "ROUTEPLANNER_PORT"),
        ((), {"ROUTEPLANNER_DATABASE_URL": "none"}, "ROUTEPLANNER_DATABASE_URL"),
    ],
)
def test_options_and_settings_that_cannot_be_used_are_told(
    tmp_path: Path, arguments: tuple[str, ...], environment: dict[str, str], named: str
) -> None:
    assert named in refused(tmp_path, *arguments, **environment).output


def test_a_taken_port_is_told_in_one_line_before_anything_is_created(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        told = refused(tmp_path, "--port", str(port)).output
    assert told == (
        f"127.0.0.1:{port} is taken by another program; "
        "name another port with --port or ROUTEPLANNER_PORT\n"
    )


def test_an_address_that_is_none_is_told(tmp_path: Path) -> None:
    assert (
        "--host or ROUTEPLANNER_HOST" in refused(tmp_path, "--host", "no.such.host.invalid").output
    )


def test_sockets_of_a_name_with_several_addresses() -> None:
    sockets = taken_sockets("localhost", 0)
    assert "127.0.0.1" in {each.getsockname()[0] for each in sockets}
    for each in sockets:
        each.close()


@contextmanager
def started(folder: Path, url: str, *arguments: str) -> Iterator[list[str]]:
    """The lines that a start prints, until it says where it listens."""
    command = [sys.executable, "-m", "routeplanner", "serve", "--port", "0"]
    with subprocess.Popen(
        [*command, "--data-dir", str(folder / "data"), *arguments],
        cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        env=os.environ | {"ROUTEPLANNER_DATABASE_URL": url},
    ) as server:  # fmt: skip
        assert server.stdout is not None
        lines: list[str] = []
        try:
            for line in server.stdout:
                lines.append(line.strip())
                if line.startswith("listening"):
                    break
            yield lines
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(60)


def test_the_first_start_prints_the_key_what_it_loaded_and_where_it_listens(
    tmp_path: Path,
) -> None:
    stores, reps = tmp_path / "stores.csv", tmp_path / "reps.csv"
    stores.write_text(STORES)
    reps.write_text(REPS)
    with fresh_database() as url:
        with started(tmp_path, url, "--stores", str(stores), "--reps", str(reps)) as lines:
            assert lines[0].startswith("admin key: rp_")
            assert lines[1] == "stores: 2, reps: 1"
            place = re.fullmatch(r"listening on (http://127\.0\.0\.1:\d+)", lines[2])
            assert place is not None
            headers = {"Authorization": lines[0].removeprefix("admin key: ")}
            headers["Authorization"] = f"Bearer {headers['Authorization']}"
            found = httpx2.get(f"{place[1]}/v1/stores", headers=headers, timeout=60).json()
            if shutil.which("curl"):
                assert _guided(tmp_path, place[1], headers["Authorization"].split()[1]) == [
                    202,
                    201,
                ]
        with started(tmp_path, url, "--stores", str(stores), "--reps", str(reps)) as again:
            assert again[:2] == [
                "stores, reps: left as they are; lists are taken at the first start",
                "the admin key was shown at the first start;"
                " `routeplanner keys create --person admin` makes another",
            ]
            assert [line.partition(" ")[0] for line in again[2:]] == ["listening"]
        environment = {"ROUTEPLANNER_DATABASE_URL": url}
        made = CliRunner().invoke(main, ["keys", "create", "--person", "admin"], env=environment)
        database = Database(url, pool_size=1)
        another = authenticate(database, made.output.strip())
        database.dispose()
    assert (another.role, another.scopes) == ("admin", {"read", "write", "manage"})
    assert {item["external_id"] for item in found["items"]} == {"S1", "S2"}


def _guided(folder: Path, place: str, key: str) -> list[int]:
    """What an import and a scenario are answered when they are sent as docs/api.md sends them."""
    words = (ROOT / "docs/api.md").read_text(encoding="utf-8")
    words = words.replace("http://127.0.0.1:8000", place).replace("R01", "R1")
    helpers = re.findall(r"^(?:api|send)\(\) .*$", words, re.M)
    calls = re.findall(r"^(?:api|send) (?:.*\\\n)+.*(?:stores:import|/scenarios\b).*$", words, re.M)
    assert (len(helpers), len(calls)) == (2, 2)
    (folder / "my-stores.csv").write_text(STORES)
    told = []
    for call in calls:
        script = "\n".join((f"KEY={key}", *helpers, f"{call} -o none -w '%{{http_code}}'"))
        told.append(int(subprocess.check_output(["bash", "-c", script], cwd=folder, text=True)))
    return told
