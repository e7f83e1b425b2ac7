import { FINGERPRINT_STATES, PIN_STATES } from "../../token/fido2/survey-keys.ts";
import { closed, flag, list, maybe, number, oneOf, text, time } from "../../token/schema.ts";
import { kind } from "./kind.ts";

const SERVER = text("Address of the Vouch server.");
const EMAIL = text("E-mail address of the account.");
const ID = text("The key's id at the server: a UUID.");
const NAME = text("Its name at the server.");

/** `keys list` */
export const KEY_LIST_SCHEMA = kind("KeyList", "Security keys that are plugged in, and those registered.", {
  pluggedIn: list(
    closed("A security key that is plugged in.", {
      name: text("Maker and model, according to the system."),
      path: text("Its device."),
      usable: flag("True when it can log in or be registered, as far as it tells."),
      firmware: maybe(text("Its version, as the key reports it when it is opened.")),
      versions: list(
        text(),
        "Versions of FIDO that it speaks, in its own words; empty if it knows only U2F.",
      ),
      pin: maybe(
        oneOf(
          PIN_STATES,
          "State of its PIN. `unplug`: it accepts none until it is plugged in again. `unusable`: it has none that can log in.",
        ),
      ),
      pinTriesLeft: maybe(number("Tries until the PIN is blocked for good.")),
      fingerprint: maybe(oneOf(FINGERPRINT_STATES, "Whether it knows a fingerprint.")),
      problem: maybe(
        closed("Why it could not be asked.", {
          code: text("Code of the error."),
          message: text(),
          hint: text("What to do."),
        }),
      ),
    }),
  ),
  registered: maybe(
    list(
      closed("A key that the server knows.", {
        id: ID,
        name: NAME,
        model: maybe(text("Maker and model, according to the server.")),
        createdAt: maybe(time("When it was registered.")),
        current: flag("True for the one that the session began with."),
      }),
      "Absent when nobody is logged in, or the server could not be asked.",
    ),
  ),
  server: maybe(SERVER),
  email: maybe(EMAIL),
  notListedBecause: maybe(text("Why the registered keys are not listed.")),
});

/** `keys add` */
export const KEY_ADDED_SCHEMA = kind("KeyAdded", "A security key that was registered.", {
  server: SERVER,
  email: EMAIL,
  id: ID,
  name: NAME,
});

/** `keys remove` */
export const KEY_REMOVED_SCHEMA = kind("KeyRemoved", "A security key that the server no longer accepts.", {
  server: SERVER,
  email: EMAIL,
  id: ID,
  name: NAME,
  sessionsRevoked: number("Sessions that ended with it."),
  loggedOut: flag("True when the session of this machine was among them."),
});
