"""Re-planning on the Berlin sample: what moves when a few stores change, and what that costs."""
