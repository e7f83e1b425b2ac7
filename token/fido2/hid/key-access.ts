import fs, { accessSync, constants } from "node:fs";
import { run } from "../../command/command.ts";
import { withCommands } from "../../command/sentence.ts";
import type { Env } from "../../env.ts";
import { codeOf, VouchError } from "../../errors/errors.ts";
import { readPlainFile } from "../../files/plain-file.ts";

/** kIOReturnExclusiveAccess, as in hidapi's messages. Source: CTAP.md, "macOS". */
const MACOS_EXCLUSIVE = "0xE00002C5";

/** Throws `security-key-unreadable` if this user may not open the key's file. Source: CTAP.md, "Linux". */
export function requireKeyAccess(
  path: string,
  {
    place,
    access = accessSync,
  }: { readonly place?: LinuxPlace | undefined; readonly access?: typeof accessSync } = {},
): void {
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
  return ["EACCES", "EPERM"].includes(codeOf(error)) || /permission denied|0xE00002E2/i.test(error.message);
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

/** Where a program runs on Linux, as far as that decides which security keys it can see and open. */
export type LinuxPlace = "desk" | "ssh" | "container" | "wsl";

/** Files that container engines create in their containers. Source: CTAP.md, "Linux". */
const CONTAINER_MARKS = ["/.dockerenv", "/run/.containerenv"];

/** `root` is the root of another file system in tests. */
export function linuxPlace(env: Env, root = ""): LinuxPlace {
  const kernel = readPlainFile(`${root}/proc/version`)?.bytes.toString("latin1") ?? "";
  if (/microsoft/i.test(kernel)) return "wsl";
  if (CONTAINER_MARKS.some((file) => fs.existsSync(root + file))) return "container";
  return env["SSH_CONNECTION"] ? "ssh" : "desk";
}

/** What to do if no key is seen although one is plugged in; undefined at a desk. Source: CTAP.md, "Linux". */
export function unseenHint(place: LinuxPlace): string | undefined {
  switch (place) {
    case "wsl":
      return withCommands`Windows must attach the key to WSL first: in PowerShell, run ${run("usbipd", "list")}, then ${run("usbipd", "attach", { wsl: true, busid: "BUSID" })}. Or log in on Windows, for kubectl.exe: ${run("kubectl-vouch.exe", "login")}.`;
    case "container":
      return "A container sees its host's keys only if it is started with their device file: --device=/dev/hidraw0.";
    case "ssh":
      return "The key must be plugged into this machine, not into the one from which you connected by ssh.";
    case "desk":
      return undefined;
  }
}

/** The udev rule that gives access to the user at the machine, or to a group if there is none. Source: CTAP.md, "Linux". */
function udevRule(place: LinuxPlace): string {
  const access = place === "desk" ? 'TAG+="uaccess"' : 'GROUP="plugdev", MODE="0660"';
  return `KERNEL=="hidraw*", SUBSYSTEM=="hidraw", ENV{ID_FIDO_TOKEN}=="1", ${access}`;
}
