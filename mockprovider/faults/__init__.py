"""A fault is a pure function from events to events; a limit is a pure step. None has landed yet.

May import the level below (tape, errors); knows neither cassettes nor synthesis. No I/O, no clock, no dice of its own.
"""
