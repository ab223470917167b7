"""What the templates of pages show."""
