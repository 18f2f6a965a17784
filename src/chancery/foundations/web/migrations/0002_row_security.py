"""Saved views are their owner's alone; knocks need no log of their own."""

from django.db import migrations

FORWARD = """
alter table web_knock set unlogged;
alter table web_savedview enable row level security;
create policy own on web_savedview to chancery_web
  using (account = (select chancery_account())) with check (account = (select chancery_account()));
"""
BACK = """
drop policy own on web_savedview;
alter table web_savedview disable row level security;
alter table web_knock set logged;
"""


class Migration(migrations.Migration):
    dependencies = [("web", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACK)]
