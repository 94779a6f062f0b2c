"""Readers and writers of files: tables, plan, workbook, map, day sheets."""
