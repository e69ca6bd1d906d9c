"""What is asked with clients that live apart: they hold back packages that the rest of the tests need newer."""
