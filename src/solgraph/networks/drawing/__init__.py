"""Networks as pictures and as a page that works offline."""
