"""What is true after every fault: nothing lost, nothing double, every job in a final state."""

from tests.faults.machine import Machine, wait_until

_NONE_OF = {
    "a job that has not ended": """
        SELECT 'plan', id::text, status FROM plans WHERE status IN ('queued', 'solving')
        UNION ALL
        SELECT 'study', id::text, status FROM studies WHERE status IN ('queued', 'solving')
        UNION ALL
        SELECT 'import', id::text, status FROM imports WHERE status IN ('queued', 'running')
    """,
    "a job that has failed": """
        SELECT 'plan', id::text, failure::text FROM plans WHERE status = 'failed'
        UNION ALL
        SELECT 'study', id::text, failure::text FROM studies WHERE status = 'failed'
        UNION ALL
        SELECT 'import', id::text, failure::text FROM imports WHERE status = 'failed'
    """,
    "a plan whose end was not told once, as the last of it": """
        SELECT p.id::text, array_agg(e.event ORDER BY e.id) FILTER (WHERE e.event <> 'progress')
        FROM plans p LEFT JOIN plan_events e ON e.plan_id = p.id GROUP BY p.id
        HAVING (array_agg(e.event ORDER BY e.id DESC))[1] IS DISTINCT FROM p.status
            OR count(*) FILTER (WHERE e.event IN ('solved', 'canceled', 'failed')) <> 1
    """,
    "an attempt that two workers took": """
        SELECT plan_id::text, data ->> 'attempt' FROM plan_events WHERE event = 'solving'
        GROUP BY plan_id, data ->> 'attempt' HAVING count(*) > 1
    """,
    "an import whose stores are not all there, each written once": """
        SELECT i.id::text, i.counts ->> 'created', count(a.entity_id), count(DISTINCT s.id)
        FROM imports i
        LEFT JOIN audit a ON a.import_id = i.id AND a.entity = 'stores'
        LEFT JOIN stores s ON s.id = a.entity_id AND s.version = 1
        WHERE i.status = 'done'
        GROUP BY i.id
        HAVING count(a.entity_id) <> (i.counts ->> 'created')::int
            OR count(DISTINCT s.id) <> (i.counts ->> 'created')::int
    """,
    "a plan that was published twice": """
        SELECT plan_id::text, count(*) FROM publications GROUP BY plan_id HAVING count(*) > 1
    """,
    "a publication whose visits are not all there": """
        SELECT r.publication_id::text, r.n_visits, count(v.id)
        FROM publication_reps r
        LEFT JOIN visits v ON v.publication_id = r.publication_id AND v.rep_id = r.rep_id
        GROUP BY r.id HAVING count(v.id) <> r.n_visits
    """,
    "a visit that is planned twice": """
        SELECT store_id::text, date::text FROM visits WHERE status = 'planned'
        GROUP BY store_id, date HAVING count(*) > 1
    """,
    "a visit that is planned by a publication that nobody drives": """
        SELECT v.id::text, v.publication_id::text, d.publication_id::text
        FROM visits v LEFT JOIN publication_days d ON d.rep_id = v.rep_id AND d.date = v.date
        WHERE v.status = 'planned' AND d.publication_id IS DISTINCT FROM v.publication_id
    """,
    "a review that does not say what is published": """
        SELECT p.plan_id::text, w.status, r.status
        FROM publication_reps r
        JOIN publications p ON p.id = r.publication_id
        JOIN reps e ON e.id = r.rep_id
        JOIN plan_reviews w ON w.plan_id = p.plan_id AND w.rep = e.external_id
        WHERE w.status <> r.status
    """,
}

_FORGET_IMPORTS = """
    SET LOCAL session_replication_role = replica; -- and write no audit of it
    DELETE FROM stores
        WHERE id IN (SELECT entity_id FROM audit WHERE entity = 'stores' AND import_id IS NOT NULL);
    DELETE FROM audit WHERE entity = 'stores';
    DELETE FROM imports;
"""


def check_all(box: Machine) -> None:
    """Look at all jobs that were ever asked for, and at what they wrote."""
    wait_until(box.is_ready, "the service")
    wait_until(lambda: len(box.workers()) == 1, "one worker")
    asked = {"plans": box.n_plans, "studies": box.n_studies, "imports": box.n_imports}
    for table, n in asked.items():
        [(found,)] = box.query(f"SELECT count(*) FROM {table}")
        assert found == n, f"{found} {table} where {n} were asked for"
    for what, statement in _NONE_OF.items():
        rows = box.query(statement)
        assert rows == [], f"{what}: {rows[:3]}"


def forget_imports(box: Machine) -> None:
    """Remove imports that were looked at, so that many rounds do not fill the disk."""
    box.query(_FORGET_IMPORTS)
    box.n_imports = 0


def check_queue(box: Machine) -> None:
    """Whether the queue gets empty: entries of dead workers are removed after a while."""
    wait_until(lambda: box.query("SELECT count(*) FROM procrastinate_jobs") == [(0,)], "the queue")
