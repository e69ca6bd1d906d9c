"""How true a profile is: recorded requests are sent to it, and its answers are held against those recorded.

May import profiles, cassettes and sources. Knows no socket, no command line, and no provider by name.
"""
