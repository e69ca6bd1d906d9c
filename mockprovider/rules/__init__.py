"""A script: which requests get which answers, as a person wrote it down.

May import synthesis (for what a message's text is) and the level below (tape, errors, yamlfile); knows no cassette, no
profile and no socket. A rule is made ready once, when it is loaded; a script only matches and counts.
"""
