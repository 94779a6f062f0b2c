"""The use cases: judge, classify, encode, solve, decode, check, measure."""
