"""Cases as data, each used by more than one test."""
