"""The reconciliation service API 0.2 of the W3C community group: its questions and answers in JSON."""
