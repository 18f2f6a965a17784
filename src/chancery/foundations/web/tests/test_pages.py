import re
from pathlib import Path

import pytest
from django.apps import apps
from django.template import Context, Template
from django.test import RequestFactory

from chancery.foundations import card
from chancery.foundations.web import errors
from chancery.foundations.web.middleware import permissions

ROOT = Path(apps.get_app_config("web").path).parents[1]


def test_home_shows_the_public_the_way(public):
    page = public.get("/")
    assert page.status_code == 200
    assert b"For staff" in page.content


@pytest.mark.parametrize("path", ["/", "/help/", "/staff-absent/"])
def test_pages_keep_the_strict_policy(staff, path):
    policy = staff.get(path).headers["Content-Security-Policy"]
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";") if " " in rule.strip())
    assert rules["script-src"] == "'self'"
    assert rules["style-src"] == "'self'"
    assert rules["object-src"] == "'none'"
    assert "unsafe-eval" not in policy
    assert [name for name, value in rules.items() if "unsafe-inline" in value] == ["style-src-attr"]


@pytest.mark.parametrize("path", ["/", "/help/", "/staff-absent/"])
def test_pages_ask_nothing_of_the_machine_they_are_shown_on(staff, path):
    kept = dict(one.strip().split("=", 1) for one in staff.get(path).headers["Permissions-Policy"].split(","))
    assert {"camera", "microphone", "geolocation"} <= kept.keys()
    assert set(kept.values()) == {"()"}


def test_a_page_that_needs_it_is_given_one_thing_and_no_other():
    given = permissions("camera").split(", ")
    assert [one for one in given if not one.endswith("=()")] == ["camera=(self)"]
    with pytest.raises(ValueError, match="no such feature: cammera"):
        permissions("cammera")


def test_no_template_carries_script_or_style():
    """The policy would block it; find it here rather than in somebody's console."""
    wrong = []
    for file in ROOT.glob("**/templates/**/*.html"):
        text = file.read_text()
        for name, pattern in (
            ("script", r"<script(?![^>]*\bsrc=)(?![^>]*application/(ld\+)?json)[^>]*>"),
            ("style element", r"<style\b"),
            ("handler", r"\son[a-z]+\s*=\s*[\"']"),
            ("style attribute", r"\sstyle\s*=\s*[\"']"),
            ("javascript address", r"javascript:"),
            ("htmx evaluation", r"hx-on[:-]|hx-vals=['\"]js:"),
            ("somebody else's server", r"(src|href)=[\"']https?://(?!www\.w3\.org)[^\"']*\.(js|css|woff2?)"),
        ):
            wrong += [f"{file.relative_to(ROOT)}: {name}" for _ in re.finditer(pattern, text)]
    assert wrong == []


def test_no_page_asks_another_server_for_anything(staff, public):
    for client in (staff, public):
        for path in ("/", "/help/"):
            text = client.get(path, follow=True).content.decode()
            assert re.findall(r'(?:src|href)="(?:https?:)?//', text) == []


def test_the_language_switch_comes_back_to_the_same_page(public):
    answer = public.post("/language/", {"language": "zh-hans", "next": "/help/?a=1"})
    assert answer.headers["Location"] == "/help/?a=1"
    page = public.get("/help/")
    assert '<html lang="zh-Hans"' in page.content.decode()
    assert "键盘" in page.content.decode()


def test_the_language_switch_goes_nowhere_else(public):
    answer = public.post("/language/", {"language": "en", "next": "https://evil.example/"})
    assert "evil" not in answer.headers["Location"]


def test_the_language_is_not_changed_by_a_link(public):
    assert public.get("/language/?language=en").status_code == 405


def test_health_needs_no_actor(public):
    assert public.get("/healthz").json() == {"ok": True}


def test_the_form_check_says_what_to_do(db):
    from django.test import Client

    client = Client(enforce_csrf_checks=True)
    client.cookies["as"] = "staff"
    answer = client.post("/act/", headers={"accept-language": "en"})
    assert answer.status_code == 403
    assert b"The form has expired" in answer.content


def test_too_large_a_form_is_told_so(staff, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 10
    answer = staff.post("/act/", {"text": "x" * 100})
    assert answer.status_code == 413
    assert b"Too large" in answer.content


def test_pages_of_trouble_need_no_database(rf: RequestFactory, settings):
    """No `db` fixture: a query would raise."""
    for answer in (errors.server_error(rf.get("/")), errors.csrf_failure(rf.get("/")), errors.bad_request(rf.get("/"))):
        assert b'<link rel="stylesheet"' in answer.content


# --- Forms ----------------------------------------------------------------------------------------------------------
def test_errors_stand_at_their_field_and_in_the_summary(staff):
    text = staff.post("/letter/", {"title": "", "sent_on": "yesterday"}).content.decode()
    assert 'role="alert" tabindex="-1" data-focus' in text
    assert '<a href="#id_title">Title</a>: This field is required.' in text
    field = re.search(r'<input type="text"[^>]*name="title"[^>]*>', text)
    assert field
    assert 'aria-describedby="id_title_hint id_title_error"' in field[0]
    assert 'aria-invalid="true"' in field[0]
    assert 'id="id_title_error"' in text


def test_typed_text_is_kept(staff):
    text = staff.post("/letter/", {"title": "On <b>things</b>"}).content.decode()
    assert 'value="On &lt;b&gt;things&lt;/b&gt;"' in text


def test_each_printed_form_has_its_own_token(staff):
    tokens = {
        re.search(r'name="act_token" value="([^"]+)"', staff.get("/letter/").content.decode())[1] for _ in range(2)
    }
    assert len(tokens) == 2


def test_radio_buttons_are_one_named_group(staff):
    text = staff.get("/letter/").content.decode()
    assert "<fieldset><legend>Kind</legend>" in text


# --- The frame ------------------------------------------------------------------------------------------------------
def test_every_menu_line_of_the_shipped_cards_has_a_page_and_an_icon(settings):
    settings.ROOT_URLCONF = "chancery.config.urls"
    from django.urls import reverse

    sprite = (ROOT / "foundations/web/static/vendor/tabler-icons/sprite.svg").read_text()
    for one in card.all_cards():
        for item in one.menu:
            assert reverse(item.url_name)
            assert f'id="{item.icon}"' in sprite, f"{one.label}: {item.icon}"


def test_every_icon_that_a_template_names_is_in_the_sprite():
    sprite = (ROOT / "foundations/web/static/vendor/tabler-icons/sprite.svg").read_text()
    missing = {
        name
        for file in ROOT.glob("**/templates/**/*.html")
        for name in re.findall(r'{% icon "([^"]+)"', file.read_text())
        if f'id="{name}"' not in sprite
    }
    assert missing == set()


def test_vendored_files_name_version_and_licence():
    vendor = ROOT / "foundations/web/static/vendor"
    readme = (vendor / "README.md").read_text()
    for file in vendor.glob("*/*"):
        if file.suffix in {".js", ".css", ".svg"}:
            assert f"`{file.relative_to(vendor)}`" in readme
            assert list(file.parent.glob("LICENSE*"))


# --- Small marks ----------------------------------------------------------------------------------------------------
def show(text, **context):
    return Template(text).render(Context(context))


def test_words_falls_back_to_the_other_language(settings):
    from django.utils import translation

    unit = {"name_en": "General Office", "name_zh": "办公厅", "note_en": "", "note_zh": "备注"}
    with translation.override("zh-hans"):
        assert show('{{ u|words:"name" }}', u=unit) == "办公厅"
    with translation.override("en"):
        assert show('{{ u|words:"name" }} {{ u|words:"note" }}', u=unit) == "General Office 备注"


def test_a_deadline_says_in_words_how_near_it_is():
    import datetime as dt

    today = dt.date(2026, 11, 23)
    day = dt.timedelta(days=1)
    said = {n: show("{% deadline due '' today %}", due=today + n * day, today=today) for n in (-2, 0, 5)}
    assert "tag-red" in said[-2]
    assert "2 days late" in said[-2]
    assert "tag-amber" in said[0]
    assert "due today" in said[0]
    assert "tag-" not in said[5]
    assert "in 5 days" in said[5]


def test_marks_escape_what_they_show():
    assert "<script>" not in show('{% badge t "red" %}{% icon t t %}', t="<script>")
