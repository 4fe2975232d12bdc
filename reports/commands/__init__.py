"""What the command line can do, a command a file; each is imported when it is called."""
