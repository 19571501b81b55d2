"""External engines (Meep, MPB): found on the machine, run as programs that talk in files."""
