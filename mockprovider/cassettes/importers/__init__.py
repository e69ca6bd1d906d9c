"""Recordings that other tools made, as exchanges: one module a format, `formats` is the list of them.

May import the rest of `cassettes` and the level below; an importer reads one file and writes nothing.
"""
