"""What is said and in which frames: a reply, a dialect that writes it, a pace; the three do not know one another.

May import profiles and what is below; knows no cassette, no fault and no socket. No I/O, no clock, no dice: the same
request and seed give the same bytes on every machine and every day.
"""
