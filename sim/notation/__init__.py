"""How frozen data is written down: YAML with the names of the Python objects, and ranges."""
