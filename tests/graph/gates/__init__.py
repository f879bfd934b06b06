"""The gates that are no queries, against the queries that say the same."""
