"""Which things the cells of somebody's table mean, and what is known about them that a column can hold."""
