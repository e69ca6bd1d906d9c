"""Which recording answers: the match key, what may be passed over, and how two requests differ.

May import the level below; knows nothing of files.
"""
