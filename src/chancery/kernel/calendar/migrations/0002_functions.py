"""Deadlines as SQL functions, so that one statement can set a limit and lists can compute."""

from django.db import migrations

FUNCTIONS = """
create function calendar_is_working(on_day date) returns boolean language sql stable parallel safe as $$
    select coalesce((select w.kind = 'ADJUSTED' from calendar_workingday w where w.day = on_day),
                    extract(isodow from on_day) < 6)
$$;

-- The last day of a period. The first day is not counted; a last day on a rest day rolls forward.
-- plpgsql because it keeps its plans for the session: 3 times as fast as the same in SQL functions. It is asked once a
-- deadline, never once a row of a policy.
create function calendar_due(start_on date, n int, unit text default 'WD') returns date
language plpgsql stable parallel safe as $$
declare
    -- Rolling forward is: the first working day after the day before.
    after_day date := case when unit = 'CD' then start_on + n - 1 when n = 0 then start_on - 1 else start_on end;
    wanted int := case when unit = 'CD' or n = 0 then 1 else n end;
    reach int := wanted * 3 / 2 + 20;
    found_on date;
begin
    if n is null or start_on is null or n < 0 then
        return null;
    end if;
    loop
        select after_day + i into found_on
        from generate_series(1, reach) i
        left join calendar_workingday w on w.day = after_day + i
        where coalesce(w.kind = 'ADJUSTED', extract(isodow from after_day + i) < 6)
        order by i offset wanted - 1 limit 1;
        if found then
            return found_on;
        end if;
        reach := reach * 4;  -- a long closure lies on the way
        if reach > 200000 then
            raise exception 'the calendar has no working day left after %', after_day;
        end if;
    end loop;
end
$$;

-- The day itself when it is worked, else the next day that is.
create function calendar_roll(on_day date) returns date language sql stable parallel safe as $$
    select calendar_due(on_day, 0)
$$;

-- Whether a span of days touches a year whose working days are not announced.
create function calendar_provisional(from_day date, to_day date) returns boolean
language sql stable parallel safe as $$
    select exists (
        select 1 from generate_series(extract(year from from_day)::int, extract(year from to_day)::int) y
        where not exists (select 1 from calendar_year c where c.year = y))
$$;

-- Working days d with from_day < d <= to_day.
create function calendar_working_days(from_day date, to_day date) returns int
language sql stable parallel safe as $$
    select count(*)::int
    from generate_series(1, to_day - from_day) i
    left join calendar_workingday w on w.day = from_day + i
    where coalesce(w.kind = 'ADJUSTED', extract(isodow from from_day + i) < 6)
$$;
"""

DROP = """
drop function calendar_working_days(date, date);
drop function calendar_provisional(date, date);
drop function calendar_roll(date);
drop function calendar_due(date, int, text);
drop function calendar_is_working(date);
"""


class Migration(migrations.Migration):
    dependencies = [("calendar", "0001_initial")]
    operations = [migrations.RunSQL(FUNCTIONS, DROP)]
