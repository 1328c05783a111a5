"""Signs schemathesis in as one of the demo region's people, keeps them signed in, and names things that are there.

`cargo xtask fuzz` says by variables who it is; without EGIDA_FUZZ_EMAIL nobody is signed in.
"""

import base64
import hmac
import http.cookies
import os
import struct
import threading
import time

import requests
import schemathesis

ORIGIN = os.environ["EGIDA_FUZZ_ORIGIN"]
EMAIL = os.environ.get("EGIDA_FUZZ_EMAIL")
PASSWORD = os.environ.get("EGIDA_FUZZ_PASSWORD")
# The secret of an authenticator app, for who holds a second factor.
SECRET = os.environ.get("EGIDA_FUZZ_SECRET")
# An app shows another code every so many seconds (RFC 6238), and each is taken once.
STEP = 30
COOKIE = "egida_session"
# A new proof in time before the ten minutes of step-up are over.
SIGN_IN_EVERY = 8 * 60


def code(step):
    """The six digits an authenticator app shows in this step (RFC 6238, RFC 4226 5.3)."""
    letters = SECRET.replace(" ", "")
    key = base64.b32decode(letters + "=" * (-len(letters) % 8))
    digest = hmac.new(key, struct.pack(">Q", step), "sha1").digest()
    offset = digest[-1] & 0xF
    number = struct.unpack(">I", digest[offset : offset + 4])[0] & 0x7FFFFFFF
    return f"{number % 1_000_000:06}"


class Person:
    """Who asks: the cookie of a session that holds."""

    def __init__(self):
        self.lock = threading.Lock()
        self.cookie = None
        self.since = 0.0
        self.used_step = 0

    def signed_in(self):
        with self.lock:
            if self.cookie is None or time.monotonic() - self.since > SIGN_IN_EVERY:
                self.cookie = self.sign_in()
                self.since = time.monotonic()
            return self.cookie

    def sign_in(self):
        proof = {"email": EMAIL, "password": PASSWORD}
        if SECRET:
            while (step := int(time.time()) // STEP) <= self.used_step:
                time.sleep(0.5)
            self.used_step = step
            proof["code"] = code(step)
        answer = requests.post(f"{ORIGIN}/api/session", json=proof, timeout=30)
        if answer.status_code != 200:
            raise RuntimeError(f"{EMAIL} can't sign in: {answer.status_code} {answer.text}")
        return answer.cookies[COOKIE]

    def heard(self, sent, refused, given):
        """Keeps the cookie that takes the place of ours; forgets one that no longer holds."""
        with self.lock:
            if sent is None or sent != self.cookie:
                return
            if given:
                self.cookie = given
            elif refused or given == "":
                self.cookie = None


PERSON = Person()

if EMAIL:

    @schemathesis.auth(refresh_interval=None)
    class Session:
        def get(self, case, context):
            return PERSON.signed_in()

        def set(self, case, data, context):
            case.cookies = {**(case.cookies or {}), COOKIE: data}

    class Things:
        """Ids of what the person may see, so that more is answered than 404."""

        def __init__(self):
            self.found = None
            self.count = 0

        def ask(self, path):
            cookies = {COOKIE: PERSON.signed_in()}
            answer = requests.get(ORIGIN + path, cookies=cookies, timeout=30)
            return answer.json()["items"] if answer.status_code == 200 else []

        def look(self):
            def ids(rows):
                return [row["id"] for row in rows]

            channels = ids(self.ask("/api/channels"))
            rows = [row for channel in channels[:4] for row in self.ask(f"/api/channels/{channel}/messages?limit=5")]
            people = ids(self.ask("/api/people?limit=20"))
            return {
                "channels": channels,
                "messages": ids(rows),
                "topics": [row["topic"] for row in rows],
                "people": people,
                "accounts": people,
                "organisations": ids(self.ask("/api/organisations?limit=20")),
            }

        def name(self, path, parameters):
            """Every second time something that is there; the other times whatever was made up."""
            if self.found is None:
                self.found = self.look()
            self.count += 1
            ids = self.found.get(path.split("/")[2], [])
            if self.count % 2 and ids and "id" in parameters:
                parameters["id"] = ids[self.count // 2 % len(ids)]
                if "account" in parameters and self.found["people"]:
                    parameters["account"] = self.found["people"][self.count // 2 % len(self.found["people"])]
            return parameters

    THINGS = Things()

    @schemathesis.hook
    def map_path_parameters(context, path_parameters):
        return THINGS.name(context.operation.path, path_parameters) if path_parameters else path_parameters

    @schemathesis.hook
    def after_call(context, case, response):
        given = response.headers.get("set-cookie", [None])[0]
        if given is not None:
            given = given.split(";")[0].partition("=")[2]
        elif case.method.upper() == "DELETE" and case.path == "/api/session" and response.status_code == 204:
            given = ""
        # What was really sent: some checks leave the cookie out on purpose.
        cookies = http.cookies.SimpleCookie(response.request.headers.get("cookie", ""))
        sent = cookies[COOKIE].value if COOKIE in cookies else None
        PERSON.heard(sent, b'"not_signed_in"' in response.content, given)
