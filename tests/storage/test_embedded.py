"""The embedded server can be reached by the user who runs it, and by nobody else."""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from sqlalchemy import make_url

from routeplanner.settings import Settings
from routeplanner.storage.embedded import database_url


@pytest.mark.skipif(sys.platform == "win32", reason="there it listens on 127.0.0.1")
@pytest.mark.parametrize("name", ["short", "long" * 25])
def test_the_folder_of_the_socket_is_closed_to_others(name: str) -> None:
    with TemporaryDirectory(prefix="rp-") as folder:
        data_dir = Path(folder, name)
        with database_url(Settings(data_dir=data_dir, database_url=None)) as url:
            place = Path(str(make_url(url).query["host"]))
            assert (place == data_dir / "postgres") == (name == "short")
            assert list(place.glob(".s.PGSQL.*"))
            assert place.stat().st_mode & 0o077 == 0
