"""Exchanges as other tools keep them: one module a format, `formats` is the list of them.

May import the rest of `cassettes` and the level below; an exporter makes text and writes nothing.
"""
