"""The command line: a thin front that talks to api and errors only."""
