"""Fill the calendar from the library `chinesecalendar` (profile cn), or with plain weekends (profile neutral).

Done here and not in a loader so that no database can exist whose deadlines ignore the public holidays.
"""

import chinese_calendar
from chinese_calendar import constants
from django.conf import settings
from django.db import migrations

NEUTRAL_YEARS = range(2000, 2101)
ENGLISH = {"Mid-autumn Festival": "Mid-Autumn Festival", "Tomb-sweeping Day": "Qingming Festival"}


def seed(apps, schema_editor):
    year_model = apps.get_model("calendar", "AnnouncedYear")
    day_model = apps.get_model("calendar", "WorkingDay")
    if settings.PROFILE != "cn":
        year_model.objects.bulk_create(
            year_model(year=year, source_en="Monday to Friday; no public holidays entered", source_zh="周一至周五；未录入公共假日")
            for year in NEUTRAL_YEARS
        )
        return
    version = chinese_calendar.__version__
    source = {
        "source_en": f"State Council notice, as given by chinesecalendar {version}",
        "source_zh": f"国务院办公厅通知（据 chinesecalendar {version}）",
    }
    chinese = {holiday.value: holiday.chinese for holiday in constants.Holiday}
    days = {}
    for kind, listed in (("HOLIDAY", constants.holidays), ("ADJUSTED", constants.workdays)):
        for day, name in listed.items():
            if kind == "ADJUSTED" and day.weekday() < 5:
                continue  # already worked by the plain rule
            days[day] = day_model(
                day=day, kind=kind, name_en=ENGLISH.get(name, name), name_zh=chinese[name], **source
            )
    day_model.objects.bulk_create(days.values())
    year_model.objects.bulk_create(
        year_model(year=year, **source) for year in sorted({day.year for day in days})
    )


class Migration(migrations.Migration):
    dependencies = [("calendar", "0002_functions")]
    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]
