import { type ErrorSpec, EXIT } from "./exit-status.ts";

/** Failures at a security key, its PIN and its touch. */
export const SECURITY_KEY_ERRORS = {
  "security-key-missing": {
    exit: EXIT.securityKey,
    hint: "Plug in your security key and run `kubectl vouch login`.",
  },
  "security-key-unreadable": {
    exit: EXIT.securityKey,
    hint: 'Grant your user access to the key\'s hidraw device (a udev rule with TAG+="uaccess"), then plug it in again.',
  },
  "security-key-unsupported": {
    exit: EXIT.securityKey,
    hint: "Use a security key that supports FIDO2 and has a PIN.",
  },
  "security-key-busy": {
    exit: EXIT.securityKey,
    hint: "Close other programs that use the key (a browser, ssh, gpg), then run `kubectl vouch login`.",
  },
  "security-key-failed": {
    exit: EXIT.securityKey,
    hint: "Unplug the key, plug it in again, and run `kubectl vouch login`.",
  },
  "security-key-unplugged": {
    exit: EXIT.securityKey,
    hint: "Plug the key in again and run `kubectl vouch login`.",
  },
  "fingerprint-refused": {
    exit: EXIT.securityKey,
    hint: "Run `kubectl vouch login` and use a registered fingerprint.",
  },
  "security-key-declined": {
    exit: EXIT.securityKey,
    hint: "Run `kubectl vouch login` and touch the key when it blinks.",
  },
  "security-key-untouched": {
    exit: EXIT.securityKey,
    hint: "Run `kubectl vouch login` and touch the key when it blinks.",
  },
  "security-key-not-enrolled": {
    exit: EXIT.securityKey,
    hint: "Register this key once: `kubectl vouch enroll`, or `kubectl vouch keys add` after a login with another key.",
  },
  "security-key-enrolled": {
    exit: EXIT.securityKey,
    hint: "Run `kubectl vouch login` and touch it, or plug in a different key to register that one.",
  },
  "security-key-full": {
    exit: EXIT.securityKey,
    hint: "Delete a passkey that you do not need: `ykman fido credentials list`, then `ykman fido credentials delete`.",
  },
  "pin-wrong": { exit: EXIT.securityKey, hint: "Run `kubectl vouch login` and type the PIN again." },
  "pin-blocked": {
    exit: EXIT.securityKey,
    hint: "Reset the key, which deletes everything on it: `ykman fido reset`. Then enroll it again.",
  },
  "pin-locked": {
    exit: EXIT.securityKey,
    hint: "Unplug the key, plug it in again, and run `kubectl vouch login`.",
  },
  "pin-missing": {
    exit: EXIT.securityKey,
    hint: "Set a PIN first with `kubectl vouch keys add` or `ykman fido access change-pin`.",
  },
  "pin-change-required": {
    exit: EXIT.securityKey,
    hint: "Change the PIN first: `ykman fido access change-pin`.",
  },
  "pin-unsuitable": {
    exit: EXIT.securityKey,
    hint: "Choose a longer PIN or one that is harder to guess.",
  },
  "pin-unavailable": {
    exit: EXIT.securityKey,
    hint: "Run `kubectl vouch login` in a terminal, or provide the PIN on standard input with `--pin-stdin`.",
  },
} as const satisfies Record<string, ErrorSpec>;
