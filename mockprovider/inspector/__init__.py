"""The web page over the journal. It has not landed yet; `/-/journal` serves the same as JSON.

May import serving and everything below it; the one home of sse-starlette.
"""
