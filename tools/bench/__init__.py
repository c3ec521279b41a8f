"""Amparo measured against a hand-made table with the same columns and indexes, in one run."""
