"""The pages as files for any web host, without a server."""
