"""What answers a query: a store in this process, a server elsewhere, or a process that can be ended."""
