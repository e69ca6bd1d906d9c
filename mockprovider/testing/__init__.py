"""What a test suite takes from mockprovider: the Python API, the pytest plugin (nothing yet), the verdict.

May import serving and everything below it.
"""
