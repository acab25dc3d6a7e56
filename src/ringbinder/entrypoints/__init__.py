"""How the world starts us: the web server, the jobs, the command line."""
