"""Sources to reports: tables are cut into cells, cells are read, conflicts found, curation applied.

Input: a folder under ``seeds/`` or a file. Output: one :class:`~trialgraph.model.report.Report` for each row.
"""
