"""Many rounds of random faults on one running service: `python -m tests.faults.rounds`.

Every fault comes once before any comes again, in an order and at moments that the seed decides.
"""

import argparse
import sys
import time
import traceback
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from random import Random

from tests.faults.faults import FAULTS, Fault
from tests.faults.invariants import check_all, check_queue, forget_imports
from tests.faults.machine import Machine, machine


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    begun = time.monotonic()
    survived: Counter[str] = Counter()
    with machine() as box:
        random = Random(given.seed)
        for number, fault in enumerate(islice(in_turn(random), given.rounds), start=1):
            print(f"round {number}/{given.rounds}: {fault.name}", end="", flush=True)
            at = time.monotonic()
            try:
                play(box, fault, random)
            except Exception:
                # The outermost edge: what broke, and what the service said to it.
                print(f"\nFAILED with seed {given.seed}", flush=True)
                traceback.print_exc()
                print(box.end_of_log(), file=sys.stderr)
                return 1
            survived[fault.name] += 1
            print(f", {time.monotonic() - at:.1f} s", flush=True)
        check_queue(box)
    took = time.monotonic() - begun
    print(f"{given.rounds} rounds with seed {given.seed} in {took:.0f} s:")
    print(", ".join(f"{name} {n}" for name, n in sorted(survived.items())))
    print("nothing lost, nothing double, every job in a final state")
    return 0


def in_turn(random: Random) -> Iterator[Fault]:
    """Faults without end, each as often as any other."""
    while True:
        yield from random.sample(FAULTS, len(FAULTS))


def play(box: Machine, fault: Fault, random: Random) -> None:
    """One round: a fault, then a look at everything there is."""
    fault.happen(box, Random(random.getrandbits(64)))
    check_all(box)
    forget_imports(box)


if __name__ == "__main__":
    sys.exit(main())
