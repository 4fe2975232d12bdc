"""Papers: what a team files with a version, and what it writes after an incident."""
