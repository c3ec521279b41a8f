"""The order in which readers of each script expect texts."""
