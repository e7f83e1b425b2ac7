import fs from "node:fs";
import path from "node:path";
import { programOnPath } from "../../support/on-path.ts";
import type { ArchiveFile } from "./cpio.ts";
import { addonFile, GUEST_PROGRAMS, librariesOf, NODE_HID_ADDON } from "./needs.ts";

const ROOT = path.resolve(import.meta.dirname, "../../..");
const MODULES = path.join(ROOT, "node_modules");
const DIST = path.join(ROOT, "dist");

/**
 * What the kernel starts: brings up devices and modules, and runs the tests. No udev: /dev/hidrawN comes from devtmpfs,
 * and belongs to root alone. Lines for the host go to the second serial port, as they are.
 */
const INIT = `#!/bin/busybox sh
/bin/busybox mount -t proc proc /proc
/bin/busybox mount -t sysfs sys /sys
/bin/busybox mount -t devtmpfs dev /dev
export PATH=/bin:/usr/bin HOME=/root NO_COLOR=1 NODE_COMPILE_CACHE=/tmp/compiled
/bin/busybox --install -s /bin
ip link set lo up
stty -F /dev/ttyS0 -opost
stty -F /dev/ttyS1 raw -echo
for module in /modules/*.ko; do insmod $module || echo "insmod $module failed"; done
grep -q configfs /proc/filesystems && mount -t configfs config /sys/kernel/config
chmod 1777 /tmp
cd /guest && node main.mjs "$(cat /guest/kind)"
echo "the tests ended with $?"
reboot -f
`;

/** The first file system of a guest: busybox, Node, its addon for HID, libfido2's tools, and these modules in their order. */
export function guestFiles(modules: readonly string[]): Map<string, ArchiveFile> {
  const files = new Map<string, ArchiveFile>([
    ["init", { bytes: INIT, executable: true }],
    ["bin/busybox", { from: programOnPath("busybox") }],
    ["bin/sh", { link: "busybox" }],
    ["usr/bin/node", { from: process.execPath }],
    ["etc/passwd", { bytes: "root:x:0:0::/root:/bin/sh\nuser:x:1000:1000::/tmp:/bin/sh\n" }],
    ["etc/group", { bytes: "root:x:0:\nuser:x:1000:\n" }],
    ...["dev", "proc", "sys", "root", "tmp"].map((folder) => [`${folder}/.keep`, { bytes: "" }] as const),
    ["etc/hosts", { bytes: "127.0.0.1 localhost\n" }],
    ...nodeHid(),
    ...builtProgram(),
  ]);
  const programs = GUEST_PROGRAMS.map((name) => [name, programOnPath(name)] as const);
  for (const [name, file] of programs) files.set(`usr/bin/${name}`, { from: file });
  for (const file of [process.execPath, addonFile(), ...programs.map(([, file]) => file)]) {
    for (const library of librariesOf(file)) files.set(library.slice(1), { from: library });
  }
  modules.forEach((module, index) => {
    files.set(`modules/${String(index).padStart(2, "0")}-${path.basename(module)}`, { from: module });
  });
  return files;
}

/** The package as npm installs it, and of its addons the one that fits. */
function nodeHid(): [string, ArchiveFile][] {
  const names = [
    ...["package.json", "nodehid.js", "binding-options.js", NODE_HID_ADDON].map((name) => `node-hid/${name}`),
    ...["package.json", "bindings.js", "lib/prebuild.js"].map((name) => `pkg-prebuilds/${name}`),
  ];
  return names.map((name) => [`guest/node_modules/${name}`, { from: path.join(MODULES, name) }]);
}

/** What ships, as `npm run build` makes it. */
function builtProgram(): [string, ArchiveFile][] {
  const names = fs.globSync("*.mjs", { cwd: DIST });
  if (names.length === 0) throw new Error("dist/ is empty; `npm run build` fills it");
  return names.map((name) => [`guest/dist/${name}`, { from: path.join(DIST, name) }]);
}
