"""The file formats of networks."""
