"""Game days: people play a year live, and are told afterwards what it was."""
