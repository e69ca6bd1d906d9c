"""An exchange on disk: its format, the folder it lives in, its content coding, and the cassette's own rules.

Below it: `matching` says which recording answers, `secrets` what is kept out, `lens` what recordings say, `importers`
and `exporters` how other tools keep them. May import the level below (tape, sse, clock, errors, yamlfile); knows
neither synthesis nor faults.
"""
