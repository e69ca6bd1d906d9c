"""What is said, and in which frames: `reply` decides what is said, a dialect turns that into frames, `pacing` gives
frames their times. The three do not know one another.

May import profiles and what is below; knows no cassette, no fault and no socket. No I/O, no clock, no dice: the same
request and seed give the same bytes on every machine and every day.
"""
