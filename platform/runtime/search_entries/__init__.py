"""What the search of an organisation looks into: one entry a record, and an index of grams over it."""
