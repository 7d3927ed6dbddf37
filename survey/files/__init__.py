"""Files: csv, xlsx and parquet as the field sends them, read or refused."""
