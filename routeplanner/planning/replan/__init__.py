"""Planning again with an earlier plan in mind: as little as possible becomes different."""
