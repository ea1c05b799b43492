"""Lists that administrators keep (departments, divisions, people, library, limits) as files: in, looked at, out.

Built on django-import-export: its resources drive the rows; what is asked of the database is asked once a
file, and nothing is written before a person has seen every difference.
"""
