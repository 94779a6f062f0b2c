"""What happens after the plan: dated visits, what reps report of them, KPIs. No input or output."""
