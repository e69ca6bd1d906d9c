"""Regular expressions: read as ECMA-262 writes them, matched without backtracking, and texts made that match.

May import the budget; knows nothing of schemas.
"""
