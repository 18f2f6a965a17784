"""The tests' own database is what conftest.py promises."""

import psycopg
import pytest
from django.db import connection


@pytest.mark.django_db
def test_tests_run_as_the_web_role() -> None:
    with connection.cursor() as cursor:
        cursor.execute("select current_user, session_user = current_user or current_setting('role') <> 'none'")
        assert cursor.fetchone() == ("chancery_web", True)


@pytest.mark.django_db
def test_the_web_role_owns_no_table_and_obeys_row_security() -> None:
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from pg_tables where tableowner = 'chancery_web'")
        assert cursor.fetchone() == (0,)
        cursor.execute("select rolsuper, rolbypassrls, rolcreaterole from pg_roles where rolname = current_user")
        assert cursor.fetchone() == (False, False, False)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", [1, 2])
def test_a_committed_test_leaves_nothing_behind(turn: int, owner_connection: psycopg.Connection) -> None:
    from django.contrib.sessions.models import Session
    from django.utils import timezone

    assert Session.objects.count() == 0
    Session.objects.create(session_key=f"turn-{turn}", session_data="", expire_date=timezone.now())
    assert owner_connection.execute("select count(*) from django_session").fetchone() == (1,)
