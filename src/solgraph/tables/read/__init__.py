"""Text files and workbooks as sheets of cells."""
