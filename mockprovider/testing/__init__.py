"""What a test suite takes from mockprovider: the Python API, the pytest plugin, the verdict. None has landed yet.

May import serving and everything below it.
"""
