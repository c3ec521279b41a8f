"""The command line: each command parses what was typed, calls one service and prints what came of it."""
