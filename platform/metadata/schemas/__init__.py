"""JSON Schemas (2020-12) of every kind of definition file, made from the field types."""
