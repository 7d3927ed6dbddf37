"""Limits: how large a file of records may be before it is taken for a mistake or an attack."""

MOST_FILE_BYTES = 2**31 - 1
"""Bytes of a file; the offsets of a text column cannot count further."""
MOST_COLUMNS = 16_384
"""Columns of a table, as many as an Excel sheet has."""
MOST_SHEET_CELLS = 2**25
"""Rows times columns of a sheet: a full sheet of 1,048,576 rows and 32 columns. A reader holds room
for the whole rectangle, so that one cell in the far corner would take 400 GB."""
MOST_TABLE_CELLS = 2**28
"""Rows times columns of a parquet table; runs of equal values pack a thousand times as many."""
MOST_CELL_CHARACTERS = 1_000_000
"""Characters of a cell; Excel holds 32,767, and an open quote swallows a whole file."""
MOST_UNPACKED_BYTES = 2**30
"""Bytes of a workbook's XML, unpacked: about a million rows of 30 columns."""
MOST_UNPACKED_RATIO = 250
"""Unpacked bytes for each packed byte; sheets of records reach 10 to 60, bombs about 1,000."""
SMALL_PART_BYTES = 2**24
"""A part of a workbook that unpacks to less may have any ratio."""
