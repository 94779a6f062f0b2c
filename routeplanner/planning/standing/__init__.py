"""A plan that stands: what each other choice of days would cost, and how to get there."""
