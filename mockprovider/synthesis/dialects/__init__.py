"""How each API says things: from a reply to the frames of a profile. A table, one entry an API."""
