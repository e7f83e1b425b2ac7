import { execFileSync } from "node:child_process";
import path from "node:path";
import { programsOnPath } from "../../support/on-path.ts";

/** Where the addon of node-hid for this machine lies; the rest of the package is JavaScript. */
export const NODE_HID_ADDON = "prebuilds/HID_hidraw-linux-x64/node-napi-v4.node";

/** Programs that run in a guest beside Node. */
export const GUEST_PROGRAMS = ["fido2-token", "fido2-cred", "fido2-assert"];

/** By program: the Debian package it comes with. */
const PROGRAMS: Readonly<Record<string, string>> = {
  "qemu-system-x86_64": "qemu-system-x86",
  busybox: "busybox-static",
  "apt-get": "apt",
  "dpkg-deb": "dpkg",
  ldd: "libc-bin",
  ...Object.fromEntries(GUEST_PROGRAMS.map((name) => [name, "fido2-tools"])),
};

/** What a guest needs and this machine lacks, for a person who installs it; undefined when all is there. */
export function lackingForGuests(): string | undefined {
  if (process.platform !== "linux" || process.arch !== "x64") {
    return `guests run on Debian for x86-64, and this is ${process.platform} ${process.arch}`;
  }
  const lacking = Object.entries(PROGRAMS)
    .filter(([program]) => programsOnPath(program).length === 0)
    .map(([program, deb]) => `${program} (Debian: ${deb})`);
  if (lacking.some((each) => each.startsWith("ldd "))) return `there is no ${lacking.join(", ")}`;
  const libraries = missingLibraries(addonFile());
  if (libraries.length > 0) lacking.push(`${libraries.join(", ")} (Debian: libusb-1.0-0, libudev1)`);
  return lacking.length === 0 ? undefined : `there is no ${lacking.join(", no ")}`;
}

export function addonFile(): string {
  return path.resolve(import.meta.dirname, "../../../node_modules/node-hid", NODE_HID_ADDON);
}

/** Shared libraries that a program or an addon loads, as ldd finds them here. */
export function librariesOf(file: string): string[] {
  return ldd(file).flatMap((line) => /\/\S+/.exec(line) ?? []);
}

function missingLibraries(file: string): string[] {
  return ldd(file).flatMap((line) => /(\S+) => not found/.exec(line)?.[1] ?? []);
}

function ldd(file: string): string[] {
  return execFileSync("ldd", [file], { encoding: "utf8" }).split("\n");
}
