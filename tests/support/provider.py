"""An identity provider, in a process of its own: OpenID Connect as a strict one speaks it.

It checks what a client must send (PKCE, redirect address, the client's secret, codes used once)
and, where it is told to, answers wrongly.
"""

import base64
import hashlib
import json
import secrets
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit
from urllib.request import Request, urlopen

from joserfc import jwt
from joserfc.jwk import RSAKey

from tests.support.real_server import free_port

CLIENT_ID, CLIENT_SECRET = "ringbinder", "hush: å/hush"


@dataclass(frozen=True)
class Provider:
    """Where the provider is, and how it is told what to do."""

    issuer: str

    def tell(self, **how: Any) -> None:
        """Say who signs in there next, and what of the answer shall be wrong."""
        body = json.dumps(how).encode()
        with urlopen(Request(f"{self.issuer}/tell", data=body, method="POST"), timeout=10):  # noqa: S310 - ours
            return


@contextmanager
def provider() -> Iterator[Provider]:
    """Run a provider."""
    port = free_port()
    command = [sys.executable, "-m", __name__, str(port)]
    process = subprocess.Popen(command, cwd=Path(__file__).parents[2], stderr=subprocess.DEVNULL)
    try:
        _wait_for(port, process)
        yield Provider(f"http://127.0.0.1:{port}")
    finally:
        process.terminate()
        process.wait(timeout=30)


def _wait_for(port: int, process: "subprocess.Popen[bytes]") -> None:
    end = time.monotonic() + 30
    while time.monotonic() < end:
        assert process.poll() is None, "the provider does not start"
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.02)
    raise AssertionError("the provider does not listen")


@dataclass
class _State:
    """What the provider knows."""

    issuer: str
    keys: list[RSAKey]
    codes: dict[str, dict[str, str]]
    how: dict[str, Any]


def _new_key() -> RSAKey:
    return RSAKey.generate_key(2048, parameters={"kid": secrets.token_hex(4), "use": "sig"})


class _Handler(BaseHTTPRequestHandler):
    state: _State

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        if parts.path == "/.well-known/openid-configuration":
            self._answer(200, self._discovery())
        elif parts.path == "/keys":
            self._answer(200, {"keys": [key.as_dict(private=False) for key in self.state.keys]})
        elif parts.path == "/authorize":
            self._authorize(query)
        else:
            self._answer(404, {})

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length", "0")))
        if self.path == "/tell":
            self.state.how = json.loads(body)
            if self.state.how.get("new_key"):
                self.state.keys = [_new_key()]
            self._answer(200, {})
        elif self.path == "/token":
            form = {name: values[0] for name, values in parse_qs(body.decode()).items()}
            self._token(form)
        else:
            self._answer(404, {})

    def log_message(self, *_arguments: Any) -> None:
        pass

    def _discovery(self) -> dict[str, Any]:
        issuer = self.state.issuer
        return {
            "issuer": issuer,
            "authorization_endpoint": f"{issuer}/authorize",
            "token_endpoint": f"{issuer}/token",
            "jwks_uri": f"{issuer}/keys",
            "authorization_response_iss_parameter_supported": True,
            "token_endpoint_auth_methods_supported": ["client_secret_basic"],
        }

    def _authorize(self, query: dict[str, str]) -> None:
        is_right = (
            query.get("response_type") == "code"
            and query.get("client_id") == CLIENT_ID
            and query.get("code_challenge_method") == "S256"
            and "openid" in query.get("scope", "").split()
            and {"state", "nonce", "redirect_uri", "code_challenge"} <= query.keys()
        )
        if not is_right:
            self._answer(400, {"error": "invalid_request"})
            return
        answer = {"state": query["state"], "iss": self.state.issuer}
        if "error" in self.state.how:
            answer["error"] = self.state.how["error"]
        else:
            answer["code"] = secrets.token_urlsafe()
            self.state.codes[answer["code"]] = query
        self.send_response(302)
        self.send_header("location", f"{query['redirect_uri']}?{urlencode(answer)}")
        self.send_header("content-length", "0")
        self.end_headers()

    def _token(self, form: dict[str, str]) -> None:
        asked = self.state.codes.pop(form.get("code", ""), None)
        if self.headers.get("authorization") != _basic():
            self._answer(401, {"error": "invalid_client"})
        elif (
            asked is None
            or form.get("grant_type") != "authorization_code"
            or form.get("redirect_uri") != asked["redirect_uri"]
            or _challenge(form.get("code_verifier", "")) != asked["code_challenge"]
        ):
            self._answer(400, {"error": "invalid_grant"})
        else:
            self._answer(200, {"id_token": self._id_token(asked["nonce"]), "token_type": "Bearer"})

    def _id_token(self, nonce: str) -> str:
        now = int(self.state.how.get("now", time.time()))
        claims = {
            "iss": self.state.issuer,
            "aud": CLIENT_ID,
            "sub": "subject-1",
            "nonce": nonce,
            "iat": now,
            "exp": now + 300,
            "email_verified": True,
            **self.state.how.get("claims", {}),
        }
        key = _new_key() if self.state.how.get("forged") else self.state.keys[-1]
        header = {"alg": "RS256", "kid": self.state.keys[-1].kid}
        return jwt.encode(header, claims, key)

    def _answer(self, status: int, document: dict[str, Any]) -> None:
        body = json.dumps(document).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def _basic() -> str:
    # RFC 6749, 2.3.1: user and password are form-encoded first.
    user = f"{CLIENT_ID}:hush%3A%20%C3%A5%2Fhush"
    return f"Basic {base64.b64encode(user.encode()).decode()}"


def _challenge(verifier: str) -> str:
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def _serve(port: int) -> None:
    _Handler.state = _State(f"http://127.0.0.1:{port}", [_new_key()], {}, {})
    ThreadingHTTPServer(("127.0.0.1", port), _Handler).serve_forever()


if __name__ == "__main__":
    _serve(int(sys.argv[1]))
