import { spawn } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { type ArchiveFile, writeCpio } from "./cpio.ts";
import type { Kernel } from "./kernel.ts";

/** A guest that has not switched itself off by now hangs, in seconds; with both cores busy it needs half of this. */
const LIMIT_S = 270;

/** Lines of the console that are shown when a guest fails. */
const LAST_LINES = 25;

/** How a guest ended. */
export interface GuestRun {
  /** What its tests wrote to the second serial port, line by line. */
  readonly lines: readonly string[];
  /** Why QEMU did not end by itself. */
  readonly killed: string | undefined;
  /** The end of what it said on the console. */
  readonly console: string;
}

/**
 * Boots a throw-away machine with this kernel and these files, until it switches itself off. Never with KVM: QEMU does
 * not fall back where /dev/kvm is there and does not work.
 */
export async function bootGuest(kernel: Kernel, files: ReadonlyMap<string, ArchiveFile>): Promise<GuestRun> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "vouch-guest-"));
  try {
    const initrd = path.join(folder, "initrd");
    const report = path.join(folder, "report");
    writeCpio(initrd, files);
    const machine = ["-accel", "tcg,thread=multi", "-M", "q35", "-cpu", "max", "-smp", "2", "-m", "768"];
    const plain = ["-display", "none", "-nodefaults", "-no-reboot"];
    const serial = ["-serial", "stdio", "-serial", `file:${report}`];
    const append =
      "console=ttyS0 quiet panic=-1 mitigations=off nopti nokaslr random.trust_cpu=on rdinit=/init";
    const boot = ["-kernel", kernel.image, "-initrd", initrd, "-append", append];
    const { said, killed } = await runQemu([...machine, ...plain, ...serial, ...boot]);
    return {
      lines: fs.existsSync(report) ? fs.readFileSync(report, "utf8").split("\n").filter(Boolean) : [],
      killed,
      console: said.trimEnd().split("\n").slice(-LAST_LINES).join("\n"),
    };
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

/** `timeout` ends it even when we are gone. */
function runQemu(args: readonly string[]): Promise<{ said: string; killed: string | undefined }> {
  const limit = ["--signal=KILL", String(LIMIT_S), "qemu-system-x86_64"];
  const child = spawn("timeout", [...limit, ...args], { stdio: ["ignore", "pipe", "pipe"] });
  const said: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => said.push(chunk));
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (status) => {
      const killed = status === 0 ? undefined : `QEMU ended with ${status ?? `SIGKILL after ${LIMIT_S} s`}`;
      resolve({ said: Buffer.concat(said).toString("utf8"), killed });
    });
  });
}
