"""Addresses: public pages first, where the published page's breadcrumb puts them; then the staff desk."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path, register_converter

from chancery.kernel.directory.contacts import views as contacts
from chancery.kernel.directory.desk import views as desk
from chancery.kernel.directory.holdings import views as holdings
from chancery.kernel.directory.interchange import views as interchange
from chancery.kernel.directory.interchange.terms import MEDIA
from chancery.kernel.directory.organogram import views as organogram
from chancery.kernel.directory.people import views as people
from chancery.kernel.directory.posts import views as posts
from chancery.kernel.directory.publicpage import views as public
from chancery.kernel.directory.units import views as units


class FormConverter:
    """One of the forms the directory is exported in."""

    regex = "|".join(form.replace(".", r"\.") for form in MEDIA)

    def to_python(self, value: str) -> str:
        """As it stands."""
        return value

    def to_url(self, value: str) -> str:
        """As it stands."""
        return value


class CodeConverter(FormConverter):
    """The code of a unit."""

    regex = r"[A-Za-z0-9][A-Za-z0-9_.\-]{0,39}"


register_converter(FormConverter, "directory_form")
register_converter(CodeConverter, "unit_code")

app_name = "directory"
_PLACE = "about-us/administrative-departments/"
urlpatterns: list[URLPattern | URLResolver] = [
    path("about-us/", public.about, name="about"),
    path(_PLACE, public.departments, name="departments"),
    path(f"{_PLACE}organogram/", public.organogram, name="organogram"),
    path(f"{_PLACE}organogram.svg", organogram.picture, name="organogram_picture"),
    path(f"{_PLACE}changes/", public.changes, name="changes"),
    path(f"{_PLACE}directory.<directory_form:form>", interchange.export, name="export"),
    path(f"{_PLACE}<unit_code:code>.vcf", interchange.unit_vcard, name="unit_vcard"),
    path(f"{_PLACE}<unit_code:code>/", public.unit, name="unit"),
    path("about-us/people/<slug:code>/", public.person, name="person"),
    path("directory/", desk.overview, name="desk"),
    path("directory/vacancies/", desk.vacancies, name="desk_vacancies"),
    path("directory/several-posts/", desk.several, name="desk_several"),
    path("directory/units/new/", units.new, name="unit_new"),
    path("directory/units/<unit_code:code>/", desk.unit, name="desk_unit"),
    path("directory/units/<unit_code:code>/change/", units.change, name="unit_change"),
    path("directory/units/<unit_code:code>/dissolve/", units.dissolve, name="unit_dissolve"),
    path("directory/units/<unit_code:code>/confirm/", units.confirm, name="unit_confirm"),
    path("directory/units/<unit_code:code>/contacts/new/", contacts.add_to_unit, name="unit_contact_new"),
    path("directory/units/<unit_code:code>/posts/new/", posts.new, name="post_new"),
    path("directory/posts/<int:post_id>/", posts.show, name="desk_post"),
    path("directory/posts/<int:post_id>/change/", posts.change, name="post_change"),
    path("directory/posts/<int:post_id>/abolish/", posts.abolish, name="post_abolish"),
    path("directory/posts/<int:post_id>/publish/", posts.publish, name="post_publish"),
    path("directory/posts/<int:post_id>/appoint/", holdings.appoint, name="post_appoint"),
    path("directory/posts/<int:post_id>/contacts/new/", contacts.add_to_post, name="post_contact_new"),
    path("directory/holdings/<int:holding_id>/end/", holdings.end, name="holding_end"),
    path("directory/holdings/<int:holding_id>/correct/", holdings.correct, name="holding_correct"),
    path("directory/people/", people.search, name="desk_people"),
    path("directory/people/new/", people.new, name="person_new"),
    path("directory/people/<slug:code>/", people.show, name="desk_person"),
    path("directory/people/<slug:code>/correct/", people.rename, name="person_correct"),
    path("directory/people/<slug:code>/contacts/new/", contacts.add_to_person, name="person_contact_new"),
    path("directory/contacts/<int:contact_id>/end/", contacts.end, name="contact_end"),
]
