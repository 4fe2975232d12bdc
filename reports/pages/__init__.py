"""Pages: one HTML file each, which needs nothing else and is read offline."""
