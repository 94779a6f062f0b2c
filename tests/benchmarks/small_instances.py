"""A published-style instance of three customers, its solution by hand, and random ones."""

from random import Random

PLAIN = """\
1 2 3 2
22 8
22 8
0 0 0 0 0 0 0
1 3 4 1 4 1 2 1 2
2 6 8 1 4 2 1 3
3 0 5 1 4 1 2 1 2
"""
WINDOWS = """\
5 2 3 2
22 8
22 8
0 0 0 0 0 0 0 0 100
1 3 4 1 4 1 2 1 2 0 100
2 6 8 1 4 2 1 3 0 100
3 0 5 1 4 1 2 1 2 0 100
"""
SOLUTION = """\
50.00
1 1 22.00 8 0 1 2 0
2 1 21.00 4 0 2 0
2 2 11.00 4 0 3 0
"""


def random_instance(rng: Random) -> str:
    """Five customers on three days, with windows and limits that bind now and then."""
    lines = ["5 2 5 3", *[f"{rng.choice((0, 70, 90))} {rng.choice((16, 25))}" for _ in range(3)]]
    lines.append("0 0.5 0.25 0 0 0 0 0 120")
    for customer in range(1, 6):
        x, y = round(rng.uniform(-12, 12), 3), round(rng.uniform(-12, 12), 3)
        patterns = rng.choice(([1, 2, 4], [3, 6, 5], [7]))
        opens = rng.choice((0, 0, 0, 30))
        codes = " ".join(map(str, patterns))
        size = patterns[0].bit_count()
        lines.append(
            f"{customer} {x} {y} {rng.randint(0, 5)} {rng.randint(1, 8)} {size} {len(patterns)} "
            f"{codes} {opens} {opens + rng.choice((40, 90))}"
        )
    return "\n".join(lines)
