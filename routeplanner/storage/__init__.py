"""PostgreSQL: tables, migrations, the one place that opens transactions; no business rules."""
