import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import { fillWhole, peersCache } from "../../peers/peers-cache.ts";

/** Debian's kernels, and of each the modules that a guest loads, in this order. */
const KERNELS = {
  /** Small, and without USB. */
  cloud: { package: "linux-image-cloud-amd64", modules: ["hid", "hid-generic", "uhid"] },
  /** With a USB host and a USB device in one machine. */
  full: {
    package: "linux-image-amd64",
    modules: [
      ...["hid", "hid-generic", "uhid", "usb-common", "usbcore", "usbhid"],
      ...["udc-core", "dummy_hcd", "configfs", "libcomposite", "usb_f_hid"],
    ],
  },
} as const;

export type KernelName = keyof typeof KERNELS;

export interface Kernel {
  readonly image: string;
  /** Files, in the order in which they are loaded. */
  readonly modules: readonly string[];
}

const run = promisify(execFile);

/** A kernel of this machine's Debian, fetched once into the user's cache. Rejects without network when it is not there. */
export async function fetchKernel(name: KernelName): Promise<Kernel> {
  const folder = path.join(peersCache(), `kernel-${name}-${stampOf(name)}`);
  if (!fs.existsSync(folder)) await fillWhole(folder, (work) => fetchInto(name, work));
  return {
    image: path.join(folder, "vmlinuz"),
    modules: KERNELS[name].modules.map((module) => path.join(folder, `${module}.ko`)),
  };
}

function stampOf(name: KernelName): string {
  return createHash("sha256").update(JSON.stringify(KERNELS[name])).digest("hex").slice(0, 16);
}

async function fetchInto(name: KernelName, work: string): Promise<void> {
  const deb = await downloadDeb(KERNELS[name].package, work);
  await keepWhatBoots(deb, KERNELS[name].modules, work);
}

/** The newest kernel that the metapackage stands for; it is downloaded and not installed. */
async function downloadDeb(metapackage: string, work: string): Promise<string> {
  const { stdout } = await run("apt-cache", ["depends", metapackage]);
  const [, real] = /Depends: (linux-image-\S+)/.exec(stdout) ?? [];
  if (real === undefined) throw new Error(`apt knows no ${metapackage}; run \`apt-get update\``);
  await run("apt-get", ["--quiet=2", "-o", "APT::Sandbox::User=root", "download", real], { cwd: work });
  const deb = fs.readdirSync(work).find((file) => file.endsWith(".deb"));
  if (deb === undefined) throw new Error(`apt downloaded nothing for ${real}`);
  return path.join(work, deb);
}

/** Unpacks the image and these modules, flat; newer Debians compress modules. */
async function keepWhatBoots(deb: string, modules: readonly string[], work: string): Promise<void> {
  const unpacked = path.join(work, "unpacked");
  fs.mkdirSync(unpacked);
  const patterns = ["boot/vmlinuz-*", ...modules.map((module) => `*/${module}.ko*`)];
  const script =
    'deb=$1 to=$2; shift 2; dpkg-deb --fsys-tarfile "$deb" | tar -x -C "$to" --wildcards --no-anchored "$@"';
  await run("bash", ["-o", "pipefail", "-c", script, "unpack", deb, unpacked, ...patterns]);
  for (const file of fs.readdirSync(unpacked, { recursive: true, encoding: "utf8" })) {
    const base = path.basename(file);
    if (base.startsWith("vmlinuz-")) fs.renameSync(path.join(unpacked, file), path.join(work, "vmlinuz"));
    if (/\.ko(\.xz)?$/.test(base)) fs.renameSync(path.join(unpacked, file), path.join(work, base));
  }
  for (const packed of fs.globSync("*.ko.xz", { cwd: work })) await run("xz", ["-d", packed], { cwd: work });
  for (const file of ["vmlinuz", ...modules.map((module) => `${module}.ko`)]) {
    if (!fs.existsSync(path.join(work, file))) throw new Error(`no ${file} in ${path.basename(deb)}`);
  }
  fs.rmSync(unpacked, { recursive: true });
  fs.rmSync(deb);
}
