"""Field sales in frozen models: the wire, file and stored form alike; no input or output here."""
