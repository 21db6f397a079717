"""What was measured of a person over visits: kept in one database, found again, compared honestly."""
