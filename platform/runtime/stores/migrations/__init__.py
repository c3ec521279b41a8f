"""Revisions of the fixed tables: one folder for the control store, one for an organisation's store.

A revision is a module with ``revision``, ``down_revision`` and
``upgrade(operations, schema)``; ``schema`` is None on SQLite. Revisions only go
forward: the way back from an upgrade is the backup made before it. To add one,
change the tables, write the next revision, and run the test that compares them.
"""
