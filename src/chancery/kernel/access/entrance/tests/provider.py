"""A small identity provider on this machine, which answers as the test tells it to.

`served(provider)` runs it. A browser that comes to its authorize page finds a link for each answer it can give.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import html
import json
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT, SECRET = "chancery", "known to both"
SIGNING = rsa.generate_private_key(public_exponent=65537, key_size=2048)


@dataclass
class Provider:
    """What the provider says of the person at its door, and what it was asked."""

    issuer: str = ""
    door: str = ""  # where its authorize page is, on a host of its own; empty: at the issuer
    person: dict[str, Any] = field(default_factory=dict)
    token: dict[str, Any] = field(default_factory=dict)  # said otherwise in the token
    asked: dict[str, dict[str, str]] = field(default_factory=dict)  # by code

    def arrive(self, address: str) -> dict[str, str]:
        """The browser arrives from us with a question in the address; the answer is what it brings back."""
        question = {key: values[0] for key, values in parse_qs(urlsplit(address).query).items()}
        code = f"code-{len(self.asked)}"
        self.asked[code] = question
        return {"code": code, "state": question["state"]}

    def configuration(self) -> dict[str, Any]:
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.door or self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "userinfo_endpoint": f"{self.issuer}/userinfo",
            "jwks_uri": f"{self.issuer}/keys",
            "token_endpoint_auth_methods_supported": ["client_secret_post"],
        }

    def exchange(self, form: dict[str, str]) -> dict[str, Any] | None:
        """A token for a code, once, to who began with it."""
        question = self.asked.pop(form.get("code", ""), None)
        if question is None or (form.get("client_id"), form.get("client_secret")) != (CLIENT, SECRET):
            return None
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        if base64.urlsafe_b64encode(digest).rstrip(b"=").decode() != question["code_challenge"]:
            return None
        now = int(time.time())
        told = {"iss": self.issuer, "aud": CLIENT, "iat": now, "exp": now + 60, "nonce": question["nonce"]}
        signed = jwt.encode({**told, **self.person, **self.token}, SIGNING, "RS256", headers={"kid": "one"})
        return {"access_token": "opaque", "token_type": "Bearer", "expires_in": 60, "id_token": signed}

    def page(self, address: str) -> str:
        """What a person sees at its door: a link for each answer."""
        answer = self.arrive(address)
        state, back = answer["state"], self.asked[answer["code"]]["redirect_uri"]
        links = {
            "I am who I am": answer,
            "Answer another question": {**answer, "state": "made-up-by-someone"},
            "I do not want to": {"error": "access_denied", "state": state},
            "Break down": {"error": "server_error", "error_description": "out of ink", "state": state},
        }
        rows = [f'<p><a href="{html.escape(f"{back}?{urlencode(to)}")}">{name}</a></p>' for name, to in links.items()]
        return f"<!doctype html><title>House Identity</title><h1>Who are you?</h1>{''.join(rows)}"


def _handler(provider: Provider) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path.startswith("/authorize?") and provider.door:
                # As providers do: from host to host before the person sees a page.
                self.send_response(302)
                self.send_header("Location", f"{provider.issuer}/door?{urlsplit(self.path).query}")
                self.end_headers()
                return
            if self.path.startswith(("/authorize?", "/door?")):
                self.answer(provider.page(self.path).encode(), "text/html; charset=utf-8")
                return
            public = {**json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(SIGNING.public_key())), "kid": "one"}
            self.tell(
                {
                    "/.well-known/openid-configuration": provider.configuration(),
                    "/keys": {"keys": [public]},
                    "/userinfo": provider.person if self.headers.get("Authorization") == "Bearer opaque" else None,
                }.get(self.path)
            )

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            self.tell(provider.exchange({key: values[0] for key, values in parse_qs(body).items()}))

        def tell(self, data: dict[str, Any] | None) -> None:
            content = json.dumps({"error": "invalid_grant"} if data is None else data).encode()
            self.answer(content, "application/json", status=400 if data is None else 200)

        def answer(self, content: bytes, kind: str, *, status: int = 200) -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *args: Any) -> None:
            """Not in a test's output."""

    return Handler


@contextlib.contextmanager
def served(*, apart: bool = False) -> Iterator[Provider]:
    """A provider that is up; `apart`, its authorize page has a port and a name of its own."""
    made = Provider()
    with contextlib.ExitStack() as stack:
        servers = [ThreadingHTTPServer(("127.0.0.1", 0), _handler(made)) for _ in range(2 if apart else 1)]
        for server in servers:
            stack.callback(server.server_close)
            stack.callback(server.shutdown)
            threading.Thread(target=server.serve_forever, daemon=True).start()
        made.issuer = f"http://127.0.0.1:{servers[0].server_port}"
        made.door = f"http://localhost:{servers[1].server_port}" if apart else ""
        yield made
