"""What is hidden before anything touches the disk, and what finds what is left.

May import the level below; `lint` alone reads files, and knows the cassette format for that.
"""
