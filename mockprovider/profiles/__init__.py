"""A provider as data: its schema, how a file is read, what its quirks are.

May import the level below (errors, yamlfile). Knows no request, no cassette and no socket, and no provider by name.
"""
