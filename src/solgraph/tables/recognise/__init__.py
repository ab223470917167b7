"""What columns, dates and places in a table mean."""
