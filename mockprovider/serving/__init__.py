"""The way out: player, wire, journal, control plane, app and server. May import everything below it.

Sources and the player meet only in `app`; the player knows no source, and no source knows a socket.
"""
