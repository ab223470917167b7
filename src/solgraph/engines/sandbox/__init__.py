"""Processes that answer queries nobody vouches for, within limits."""
