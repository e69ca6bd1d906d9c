"""A program for each client: it is told the profiles on its standard input, and prints a line of JSON for each task."""
