"""`python -m mockprovider`."""

from mockprovider.cli import main

main(prog_name="mockprovider")
