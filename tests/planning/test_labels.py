from routeplanner.planning.labels import route_labels

CLASSES = {"a1": "A", "b1": "B", "b2": "B", "c1": "C", "c2": "C"}


def test_equal_routes_share_a_label() -> None:
    days = [(0, ("a1", "c1")), (1, ("b1",)), (2, ("a1", "c1"))]
    assert route_labels(days, CLASSES, "C") == {0: "T1", 1: "T2", 2: "T1"}


def test_days_that_differ_only_in_c_stores_get_letters() -> None:
    days = [(0, ("a1", "c1", "b1")), (1, ("b2",)), (2, ("a1", "b1", "c2"))]
    assert route_labels(days, CLASSES, "C") == {0: "T1a", 1: "T2", 2: "T1b"}


def test_another_order_of_a_and_b_is_another_route() -> None:
    days = [(0, ("a1", "b1")), (1, ("b1", "a1"))]
    assert route_labels(days, CLASSES, "C") == {0: "T1", 1: "T2"}


def test_days_of_c_stores_alone_are_routes_of_their_own() -> None:
    days = [(0, ("c1",)), (1, ("c2",)), (2, ("c1",))]
    assert route_labels(days, CLASSES, "C") == {0: "T1", 1: "T2", 2: "T1"}


def test_days_without_visits_are_no_route() -> None:
    assert route_labels([(0, ()), (1, ("a1",))], CLASSES, "C") == {0: "-", 1: "T1"}


def test_more_variants_than_letters() -> None:
    names = [f"c{n}" for n in range(30)]
    classes = {"a1": "A"} | dict.fromkeys(names, "C")
    days = [(n, ("a1", name)) for n, name in enumerate(names)]
    labels = route_labels(days, classes, "C")
    assert len(set(labels.values())) == 30
    assert (labels[0], labels[25], labels[26]) == ("T1a", "T1z", "T1aa")
