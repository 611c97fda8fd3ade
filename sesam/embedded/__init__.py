"""Database backend for a machine without PostgreSQL: starts the embedded server at the first connection.

`server.py` owns the server process, `base.py` is the thin layer that Django loads.
"""
