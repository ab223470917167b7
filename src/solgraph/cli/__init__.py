"""The command line: arguments, one call of the library, output."""
