"""What recordings say, for people: put together from the bytes, compared by meaning, measured.

May import `matching` and the level below; changes nothing.
"""
