import { FINGERPRINT_STATES, PIN_STATES } from "../../token/fido2/ceremony/survey-keys.ts";
import { closed, flag, list, maybe, number, oneOf, text, time } from "../../token/schema.ts";
import { EMAIL, kind, SERVER } from "./kind.ts";

const ID = text("ID of the key on the server (a UUID).");
const NAME = text("Name of the key on the server.");

const KeyList = kind(["keys list"], "Security keys that are plugged in or registered.", {
  pluggedIn: list(
    closed("A security key that is plugged in.", {
      name: text("Maker and model, according to the system."),
      path: text("Device path of the key."),
      usable: flag("True if, according to the key, it can be used to log in or can be registered."),
      firmware: maybe(text("Firmware version, as the key reports it when it is opened.")),
      versions: list(
        text(),
        "FIDO versions that the key supports, as it reports them; empty if it supports only U2F.",
      ),
      pin: maybe(
        oneOf(
          PIN_STATES,
          "State of the key's PIN. `unplug`: the key does not accept a PIN until it is plugged in again. `unusable`: the key cannot log in with a PIN.",
        ),
      ),
      pinTriesLeft: maybe(number("Tries left until the PIN is permanently blocked.")),
      fingerprint: maybe(oneOf(FINGERPRINT_STATES, "Whether a fingerprint is set up on the key.")),
      problem: maybe(
        closed("Why the key could not be read.", {
          code: text("Code of the error."),
          message: text(),
          hint: text("How to fix the error."),
        }),
      ),
    }),
  ),
  registered: maybe(
    list(
      closed("A key that is registered with the server.", {
        id: ID,
        name: NAME,
        model: maybe(text("Maker and model, according to the server.")),
        createdAt: maybe(time("Time of the registration.")),
        current: flag("True for the key that started the session."),
      }),
      "Absent if not logged in, or if the server could not be contacted.",
    ),
  ),
  server: maybe(SERVER),
  email: maybe(EMAIL),
  notListedBecause: maybe(text("Why the registered keys are not listed.")),
});

const KeyAdded = kind(["keys add"], "A security key that was registered.", {
  server: SERVER,
  email: EMAIL,
  id: ID,
  name: NAME,
});

const KeyRemoved = kind(["keys remove"], "A security key that the server no longer accepts.", {
  server: SERVER,
  email: EMAIL,
  id: ID,
  name: NAME,
  sessionsRevoked: number("Number of sessions that ended with the key."),
  loggedOut: flag("True if this machine's session was one of them."),
});

export const KEY_KINDS = { KeyList, KeyAdded, KeyRemoved };
