"""python-fido2 as client of the key at the end of a UNIX socket. Reads a JSON object a line, `do` names one of the
functions of DONE and the rest are its arguments; answers with a JSON object a line: {"refused": status} when the key or
the client says no, {"failed": why} when an answer of the key makes no sense to it."""
import json
import os
import socket
import sys
from threading import Event

from fido2.client import ClientError, DefaultClientDataCollector, Fido2Client, UserInteraction
from fido2.ctap import CtapError
from fido2.ctap2 import ClientPin, Ctap2
from fido2.ctap2.extensions import CredProtectExtension
from fido2.hid import CtapHidDevice
from fido2.hid.base import CtapHidConnection, HidDescriptor
from fido2.server import Fido2Server
from fido2.webauthn import (
    PublicKeyCredentialDescriptor,
    PublicKeyCredentialRpEntity,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

REPORT = 64
# A message of as many reports as there may be.
LONGEST = bytes(range(256)) * 29 + bytes(185)
RP_ID = "vouch.example"


class Connection(CtapHidConnection):
    """Bare reports both ways."""

    def __init__(self, path):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.settimeout(10)
        self.socket.connect(path)

    def read_packet(self):
        packet = b""
        while len(packet) < REPORT:
            more = self.socket.recv(REPORT - len(packet))
            if not more:
                raise OSError("the key is gone")
            packet += more
        return packet

    def write_packet(self, data):
        self.socket.sendall(data)

    def close(self):
        self.socket.close()


class Person(UserInteraction):
    def __init__(self, pin):
        self.pin = pin
        self.touches = 0

    def prompt_up(self):
        self.touches += 1

    def request_pin(self, permissions, rp_id):
        return self.pin

    def request_uv(self, permissions, rp_id):
        """A person without a PIN has a finger."""
        return self.pin is None


def open_key(path):
    descriptor = HidDescriptor(path, 0x1050, 0x0407, REPORT, REPORT, "software key", None)
    return CtapHidDevice(descriptor, Connection(path))


class Site:
    """A server, and a browser with a key that visits it."""

    def __init__(self, path, pin):
        self.person = Person(pin)
        self.key = open_key(path)
        self.client = Fido2Client(
            self.key, DefaultClientDataCollector(f"https://{RP_ID}"), self.person
        )
        self.server = Fido2Server(
            PublicKeyCredentialRpEntity(id=RP_ID, name="Vouch"), attestation="direct"
        )

    def register(self, name, resident=True, exclude=(), extensions=None):
        options, state = self.server.register_begin(
            {"id": name.encode(), "name": name, "displayName": name.title()},
            credentials=exclude,
            resident_key_requirement=ResidentKeyRequirement.REQUIRED
            if resident
            else ResidentKeyRequirement.DISCOURAGED,
            user_verification=UserVerificationRequirement.REQUIRED,
            extensions=extensions,
        )
        return self.server.register_complete(state, self.client.make_credential(options.public_key))

    def log_in(self, credentials, allowed=None):
        """The credentials of `credentials` that the server accepted, with their users; as many as the key gives."""
        options, state = self.server.authenticate_begin(
            allowed, user_verification=UserVerificationRequirement.REQUIRED
        )
        selection = self.client.get_assertion(options.public_key)
        assertions = selection.get_assertions()
        accepted = []
        for index, assertion in enumerate(assertions):
            response = selection.get_response(index)
            credential = self.server.authenticate_complete(state, credentials, response)
            accepted.append(
                {
                    "id": credential.credential_id.hex(),
                    "user": assertion.user and {
                        member: value.decode() if isinstance(value, bytes) else value
                        for member, value in assertion.user.items()
                    },
                    "flags": int(assertion.auth_data.flags),
                    "counter": assertion.auth_data.counter,
                }
            )
        return accepted


def describe(key):
    """getInfo as python-fido2 reads it, which refuses CBOR that is not canonical."""
    device = open_key(key)
    info = Ctap2(device).info
    return {
        "firmware": device.device_version,
        "capabilities": int(device.capabilities),
        "ping": device.ping(LONGEST) == LONGEST,
        "versions": info.versions,
        "extensions": info.extensions,
        "aaguid": bytes(info.aaguid).hex(),
        "options": info.options,
        "maxMsgSize": info.max_msg_size,
        "pinUvAuthProtocols": info.pin_uv_protocols,
        "minPinLength": info.min_pin_length,
        "transports": info.transports,
    }


def pin_of(key):
    return ClientPin(Ctap2(open_key(key)))


def set_pin(key, pin):
    pin_of(key).set_pin(pin)
    return {}


def change_pin(key, pin, new_pin):
    pin_of(key).change_pin(pin, new_pin)
    return {}


def try_pin(key, pin):
    """A token for a login, of the subcommand that python-fido2 takes for this key; and its length."""
    token = pin_of(key).get_pin_token(pin, ClientPin.PERMISSION.GET_ASSERTION, RP_ID)
    return {"token": len(token)}


def retries(key):
    return {"retries": pin_of(key).get_pin_retries()[0]}


def ceremony(key, pin):
    """Registers, is refused a second time, logs in with an allow list and without."""
    site = Site(key, pin)
    registered = site.register("ada")
    credential = registered.credential_data
    try:
        site.register("ada", exclude=[credential])
        excluded = None
    except ClientError as error:
        excluded = {"code": error.code.name, "cause": getattr(error.cause, "code", None)}
    return {
        "id": credential.credential_id.hex(),
        "aaguid": bytes(credential.aaguid).hex(),
        "algorithm": credential.public_key[3],
        "flags": int(registered.flags),
        "excluded": excluded,
        "allowed": site.log_in([credential], [credential]),
        "discovered": site.log_in([credential]),
        "touches": site.person.touches,
    }


def accounts(key, pin):
    """Two resident credentials and one that is not, and what is discovered."""
    site = Site(key, pin)
    credentials = [site.register(name).credential_data for name in ("ada", "bob")]
    hidden = site.register("eve", resident=False).credential_data
    return {
        "discovered": site.log_in([*credentials, hidden]),
        "named": site.log_in([hidden], [hidden]),
        "among": site.log_in(credentials, credentials),
    }


def crowd(key, pin):
    """A login whose allow list is longer than a key takes at once: the key's own credential stands last in it."""
    site = Site(key, pin)
    credential = site.register("ada").credential_data
    others = [PublicKeyCredentialDescriptor(type="public-key", id=os.urandom(32)) for _ in range(11)]
    own = PublicKeyCredentialDescriptor(type="public-key", id=credential.credential_id)
    return {"accepted": len(site.log_in([credential], [*others, own]))}


def strangers(key, pin):
    """A login where nothing was registered."""
    site = Site(key, pin)
    return {"accepted": site.log_in([])}


def protected(key, pin):
    """Credentials at each level of credProtect: what the key granted, and whether it shows each to a stranger by its id."""
    site = Site(key, pin)
    ctap = Ctap2(site.key)
    granted, shown = [], []
    for level in CredProtectExtension.POLICY:
        extensions = {"credentialProtectionPolicy": level.value}
        registered = site.register(level.name, extensions=extensions)
        granted.append((registered.extensions or {}).get("credProtect"))
        allowed = [{"id": registered.credential_data.credential_id, "type": "public-key"}]
        try:
            ctap.get_assertion(RP_ID, bytes(32), allowed, options={"up": False})
            shown.append(True)
        except CtapError as error:
            shown.append(int(error.code))
    return {"granted": granted, "shown": shown}


def select(key):
    """Lets the person pick this key."""
    Ctap2(open_key(key)).selection()
    return {}


def cancel(key):
    """Gives up as soon as the key waits for a touch, and asks it something else."""
    ctap = Ctap2(open_key(key))
    event = Event()
    request = (bytes(32), {"id": RP_ID, "name": "Vouch"}, {"id": b"ada", "name": "ada"}, [{"alg": -7, "type": "public-key"}])
    try:
        ctap.make_credential(*request, event=event, on_keepalive=lambda status: event.set())
        refused = None
    except CtapError as error:
        refused = int(error.code)
    return {"cancelled": refused, "versions": ctap.get_info().versions}


def finger(key):
    """A token for a login by finger, and the tries that are left."""
    client_pin = pin_of(key)
    try:
        got = len(client_pin.get_uv_token(ClientPin.PERMISSION.GET_ASSERTION, RP_ID))
    except CtapError as error:
        got = {"refused": int(error.code)}
    return {"token": got, "retries": client_pin.get_uv_retries()}


DONE = (
    accounts,
    cancel,
    ceremony,
    change_pin,
    crowd,
    describe,
    finger,
    protected,
    retries,
    select,
    set_pin,
    strangers,
    try_pin,
)


def answer(question):
    do = {function.__name__: function for function in DONE}[question.pop("do")]
    try:
        return do(**question)
    except CtapError as error:
        return {"refused": int(error.code)}
    except ClientError as error:
        return {"refused": int(error.cause.code) if isinstance(error.cause, CtapError) else error.code.name}
    except Exception as error:
        return {"failed": repr(error)}


for line in sys.stdin:
    print(json.dumps(answer(json.loads(line))), flush=True)
