"""What a plan takes for granted, each with the place where it was laid down."""

from collections.abc import Callable, Sequence

from routeplanner.domain.hours import Window, format_clock
from routeplanner.domain.rep import Rep
from routeplanner.files.workbook.book import Book
from routeplanner.files.workbook.facts import Facts

Assumption = tuple[str, str, str]  # subject, value, source
_MOST_DIFFERING = 4  # reps whose own values are spelled out


def assumptions(book: Book, facts: Facts) -> list[Assumption]:
    """All assumptions of a plan in the order of the day: travel, hours, lunch, office, rest."""
    return [
        *_travel(book, facts),
        *_day(book, facts),
        *_limits(book, facts),
        *_stores(book, facts),
    ]


def _policy(book: Book, facts: Facts) -> str:
    return book.say("source_policy", name=facts.scenario.policy.name)


def _travel(book: Book, facts: Facts) -> list[Assumption]:
    matrix = facts.scenario.matrix
    source = book.say("source_file", name=matrix.source) if matrix else _policy(book, facts)
    reps = facts.scenario.reps
    ends = _by_rep(reps, lambda rep: _ends(book, rep))
    is_assumed = any(rep.is_assumed for rep in reps)
    where = book.say("source_assumed_base" if is_assumed else "source_reps")
    return [
        (book.say("assume_travel"), facts.plan.provenance.travel_source, source),
        (book.say("assume_ends"), ends or book.say("differs"), where),
    ]


def _ends(book: Book, rep: Rep) -> str:
    start = book.say(f"start_{rep.start_at}")
    end = book.say(f"end_{rep.end_at}")
    place = f"{rep.base_lat:.5f}, {rep.base_lon:.5f}"
    uses_base = "base" in (rep.start_at, rep.end_at)
    return f"{start}, {end}" + (f" ({place})" if uses_base else "")


def _day(book: Book, facts: Facts) -> list[Assumption]:
    rules, reps = facts.scenario.policy.working_day, facts.scenario.reps
    workdays = ", ".join(book.word(day) for day in facts.scenario.policy.workdays)
    usual = f"{workdays} {_span((rules.start, rules.end))}"

    def hours(rep: Rep) -> str:
        return rep.hours.to_osm() if rep.hours else usual

    def lunch(rep: Rep) -> str:
        minutes = _own(rep.lunch_minutes, rules.lunch_minutes)
        return book.say(
            "value_lunch",
            minutes=f"{minutes:g}",
            between=_span(rep.lunch_between or rules.lunch_between),
        )

    def office(rep: Rep) -> str:
        before = _own(rep.prepare_minutes, rules.prepare_minutes)
        after = _own(rep.summary_minutes, rules.summary_minutes)
        return book.say(
            "value_office", before=f"{before:g}", after=f"{after:g}", sum=f"{before + after:g}"
        )

    found: list[Assumption] = []
    for key, describe, has_own in (
        ("hours", hours, lambda rep: rep.hours is not None),
        ("lunch", lunch, lambda rep: (rep.lunch_minutes, rep.lunch_between) != (None, None)),
        ("office", office, lambda rep: (rep.prepare_minutes, rep.summary_minutes) != (None, None)),
    ):
        value = _by_rep(reps, describe) or book.say("differs")
        found.append((book.say(f"assume_{key}"), value, _source(book, facts, has_own)))
    return found


def _limits(book: Book, facts: Facts) -> list[Assumption]:
    rules, reps = facts.scenario.policy.working_day, facts.scenario.reps
    policy = _policy(book, facts)
    found = [(book.say("assume_reserve"), book.say("value_reserve", share=rules.reserve), policy)]

    def longest(rep: Rep) -> str:
        minutes = rep.max_work_minutes or rules.max_work_minutes
        return "–" if minutes is None else book.say("value_minutes", n=f"{minutes:g}")

    if rules.max_work_minutes is not None or any(rep.max_work_minutes for rep in reps):
        value = _by_rep(reps, longest) or book.say("differs")
        source = _source(book, facts, lambda rep: rep.max_work_minutes is not None)
        found.append((book.say("assume_longest"), value, source))
    overtime = book.say("value_overtime", n=f"{rules.overtime_minutes:g}")
    if not rules.overtime_minutes:
        overtime = book.say("value_none")
    found.append((book.say("assume_overtime"), overtime, policy))
    share = book.say("value_share", share=facts.plan.measures.in_store_share)
    if rules.in_store_target is not None:
        share += book.say("value_target", share=rules.in_store_target)
    if rules.in_store_limit is not None:
        share += book.say("value_limit", share=rules.in_store_limit)
    has_aim = rules.in_store_target is not None or rules.in_store_limit is not None
    source = policy if has_aim else book.say("source_plan")
    found.append((book.say("assume_share"), share, source))
    return found


def _stores(book: Book, facts: Facts) -> list[Assumption]:
    planned = [store for store in facts.scenario.stores if store.is_planned]
    n = len(planned)
    n_left = len(facts.scenario.stores) - n
    n_hours = sum(store.opening_hours is not None for store in planned)
    n_sales = sum(store.sales is not None for store in planned)
    n_given = sum(store.class_source == "given" for store in planned)
    n_own = sum((s.frequency, s.service_minutes) != (None, None) for s in planned)
    sales = "value_sales" if n_given else "value_sales_all"
    source = book.say("source_stores")
    calendar = facts.scenario.policy.calendar
    kind = calendar if isinstance(calendar, str) else "given" if calendar else "free"
    found = [
        (book.say("assume_calendar"), book.say(f"calendar_{kind}"), _policy(book, facts)),
        (book.say("assume_open"), book.say("value_open", known=n_hours, n=n), source),
        (
            book.say("assume_sales"),
            book.say(sales, known=n_sales, n=n, given=n_given),
            source,
        ),
        (book.say("assume_coordinates"), book.say(f"value_{facts.scenario.coordinates}"), source),
    ]
    if n_own:
        found.append((book.say("assume_own"), book.say("value_own", n=n_own), source))
    if n_left:
        found.append((book.say("assume_left"), book.say("value_left", n=n_left), source))
    return found


def _by_rep(reps: Sequence[Rep], describe: Callable[[Rep], str]) -> str | None:
    """One text where all reps agree, else each rep's own; none where they are too many to list."""
    texts = {rep.id: describe(rep) for rep in reps}
    if len(set(texts.values())) == 1:
        return texts[reps[0].id]
    if len(reps) > _MOST_DIFFERING:
        return None
    return "\n".join(f"{rep}: {value}" for rep, value in texts.items())


def _source(book: Book, facts: Facts, has_own: Callable[[Rep], bool]) -> str:
    own = [has_own(rep) for rep in facts.scenario.reps]
    names = [book.say("source_reps")] if any(own) else []
    names += [_policy(book, facts)] if not all(own) else []
    return ", ".join(names)


def _own(own: float | None, shared: float) -> float:
    return shared if own is None else own


def _span(window: Window) -> str:
    return f"{format_clock(window[0])}–{format_clock(window[1])}"
