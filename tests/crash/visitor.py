"""Someone at a browser without JavaScript: reads pages, fills in their forms, follows where they lead."""

from __future__ import annotations

from typing import Any

import requests
from lxml import html


class Unsure(Exception):
    """The answer did not arrive, or was a server error: the act may or may not have happened."""


class Visitor:
    """One session, entered as one member of the demo's cast."""

    def __init__(self, base: str, name: str) -> None:
        self.base = base
        self.name = name
        self.session = requests.Session()
        self.session.headers["Accept-Language"] = "en"

    def _send(self, method: str, path: str, **more: Any) -> requests.Response:
        try:
            answer = self.session.request(method, self.base + path, timeout=20, allow_redirects=False, **more)
        except requests.RequestException as error:
            raise Unsure(str(error)) from error
        if answer.status_code >= 500:
            raise Unsure(f"{path}: {answer.status_code}")
        return answer

    def get(self, path: str) -> requests.Response:
        """A page."""
        return self._send("GET", path)

    def page(self, path: str) -> html.HtmlElement:
        """A page, parsed. Enters again when the session was lost."""
        answer = self.get(path)
        if answer.status_code in (302, 303) and "login" in answer.headers["Location"]:
            self.enter()
            answer = self.get(path)
        return html.fromstring(answer.text)

    def enter(self) -> None:
        """Through the demo's side door."""
        page = html.fromstring(self.get("/enter/").text)
        button = page.xpath(f'//button[@name="as"][ancestor::*[contains(., "{self.name}")][1]]')
        chosen = next(b for b in button if self.name in _around(b))
        form = chosen.getparent()
        while form.tag != "form":
            form = form.getparent()
        self.press(form, "/enter/", chosen)

    def press(self, form: html.HtmlElement, path: str, button: html.HtmlElement, **values: str) -> requests.Response:
        """Send the form with its present values, `values` over them, by `button`."""
        fields = {**dict(form.form_values()), **values}
        if button.get("name"):
            fields[button.get("name")] = button.get("value", "")
        target = button.get("formaction") or form.get("action") or path
        return self._send("POST", target, data=fields, headers={"Referer": self.base + path})


def _around(element: html.HtmlElement) -> str:
    """The words of the smallest block that holds the element and more than itself."""
    parent = element.getparent()
    while parent is not None and parent.tag not in ("tr", "li", "article", "form", "section"):
        parent = parent.getparent()
    while parent is not None and len(parent.text_content().strip()) < 20:
        parent = parent.getparent()
    return "" if parent is None else parent.text_content()
