"""Clients as people use them, against the shipped profiles: the last judge of what is synthesized."""
