import { accessSync, constants } from "node:fs";
import { run } from "../command/command.ts";
import { withCommands } from "../command/sentence.ts";
import { VouchError } from "../errors/errors.ts";
import { type LinuxPlace, udevRule } from "./linux-place.ts";

/** kIOReturnExclusiveAccess, as in hidapi's messages. Source: CTAP.md, "macOS". */
const MACOS_EXCLUSIVE = "0xE00002C5";

export interface KeyAccessOptions {
  readonly place?: LinuxPlace | undefined;
  readonly access?: typeof accessSync;
}

/** Throws `security-key-unreadable` if this user may not open the key's file. Source: CTAP.md, "Linux". */
export function requireKeyAccess(path: string, { place, access = accessSync }: KeyAccessOptions = {}): void {
  try {
    access(path, constants.R_OK | constants.W_OK);
  } catch (error) {
    throw keyOpenError(path, error, place);
  }
}

/** The error for a key that could not be opened. */
export function keyOpenError(path: string, cause: unknown, place: LinuxPlace = "desk"): VouchError {
  if (isPermission(cause)) {
    return new VouchError(
      "security-key-unreadable",
      `The security key at ${path} exists, but you are not allowed to open it.`,
      {
        cause,
        hint: unreadableHint(path, place),
      },
    );
  }
  if (cause instanceof Error && cause.message.includes(MACOS_EXCLUSIVE)) {
    return new VouchError("security-key-busy", "Another program has exclusive access to the security key.", {
      cause,
    });
  }
  return new VouchError("security-key-failed", `The security key at ${path} cannot be opened.`, { cause });
}

/**
 * node-hid's errors have no code, so their text is checked too: Linux, then macOS.
 * Source: CTAP.md, "node-hid" and "macOS".
 */
function isPermission(error: unknown): boolean {
  if (!(error instanceof Error)) {
    return false;
  }
  const code = "code" in error ? error.code : undefined;
  return code === "EACCES" || code === "EPERM" || /permission denied|0xE00002E2/i.test(error.message);
}

function unreadableHint(path: string, place: LinuxPlace): string {
  if (!path.startsWith("/dev/")) {
    return "Allow your terminal to use the key in the system's privacy settings, then run `kubectl vouch login`.";
  }
  return [
    withCommands`Run ${run("sudo", `setfacl -m u:${process.getuid?.()}:rw`, {}, path)}. To make this permanent, put`,
    ["`", udevRule(place), "`"].join(""),
    "in /etc/udev/rules.d/70-vouch-fido.rules and plug the key in again.",
  ].join(" ");
}
