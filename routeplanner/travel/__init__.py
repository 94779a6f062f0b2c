"""Where travel times and positions come from: estimated, given, converted, geocoded."""
