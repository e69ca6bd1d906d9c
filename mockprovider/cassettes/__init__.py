"""An exchange on disk: its format, its match key, what is kept out of it, the folder it lives in.

May import the level below (tape, sse, clock, errors, yamlfile); knows neither synthesis nor faults.
"""
