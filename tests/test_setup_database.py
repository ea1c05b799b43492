"""The database under the tests is the real thing."""

from django.db import connection


def test_it_is_postgresql_with_chinese_letters_known_as_letters(db):
    with connection.cursor() as cursor:
        cursor.execute("SELECT '政' ~ '^[[:alpha:]]$', current_setting('server_encoding')")
        assert cursor.fetchone() == (True, "UTF8")
