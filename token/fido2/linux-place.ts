import fs from "node:fs";
import { run } from "../command/command.ts";
import { withCommands } from "../command/sentence.ts";
import type { Env } from "../env.ts";
import { readPlainFile } from "../files/plain-file.ts";

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
      return withCommands`Windows must attach the key to WSL first: in PowerShell, run ${run("usbipd", "list")}, then ${run("usbipd", "attach", { wsl: true, busid: "BUSID" })}. Or log in on Windows.`;
    case "container":
      return "A container sees its host's keys only if it is started with their device file: --device=/dev/hidraw0.";
    case "ssh":
      return "The key must be plugged into this machine, not into the one from which you connected by ssh.";
    case "desk":
      return undefined;
  }
}

/** The udev rule that gives access to the user at the machine, or to a group if there is none. Source: CTAP.md, "Linux". */
export function udevRule(place: LinuxPlace): string {
  const access = place === "desk" ? 'TAG+="uaccess"' : 'GROUP="plugdev", MODE="0660"';
  return `KERNEL=="hidraw*", SUBSYSTEM=="hidraw", ENV{ID_FIDO_TOKEN}=="1", ${access}`;
}
