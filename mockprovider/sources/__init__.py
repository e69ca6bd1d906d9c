"""Where a tape comes from: `replay` reads one, `synthesize` makes one, `record` hears one as it happens.

May import cassettes, profiles, synthesis and faults, and what is below them; knows no socket of ours and no player.
"""
