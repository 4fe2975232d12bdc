"""The store: what runs came to, in one DuckDB file that people can query for years."""

from reports.store.store import Entry, Store
from reports.store.tables import LAYOUT, TABLES, Table

__all__ = ["LAYOUT", "TABLES", "Entry", "Store", "Table"]
