"""Settings of every test: wide terminal output, one Hypothesis profile without deadlines."""

import os

from hypothesis import settings

os.environ["COLUMNS"] = "240"
os.environ["NO_COLOR"] = "1"

settings.register_profile("routeplanner", deadline=None, derandomize=True)
settings.load_profile("routeplanner")

pytest_plugins = ["tests.service"]
