/** test/release/stand-in-webauthn.c in the place of Windows' webauthn.dll: what it is sent, and what it answers. */
import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { launcherToolchain, type Toolchain } from "../../krew/launcher/toolchain.ts";
import type { Wine } from "./wine.ts";

const SOURCE = path.resolve(import.meta.dirname, "../release/stand-in-webauthn.c");

/** The compiler that builds releases. */
export function releaseToolchain(): Promise<Toolchain> {
  const runtimes = process.env["KUBECTL_VOUCH_RUNTIMES"];
  assert.ok(runtimes, "KUBECTL_VOUCH_RUNTIMES must name a folder");
  return launcherToolchain(path.dirname(path.resolve(runtimes)));
}

/** Builds a library for Windows on x64; returns its file, which is kept for this process. */
export async function buildLibrary(
  { cc }: Toolchain,
  source = fs.readFileSync(SOURCE, "utf8"),
): Promise<string> {
  const work = fs.mkdtempSync(path.join(os.tmpdir(), "kubectl-vouch-dll-"));
  process.on("exit", () => fs.rmSync(work, { recursive: true, force: true }));
  fs.writeFileSync(path.join(work, "library.c"), source);
  const flags = ["-target", "x86_64-windows-gnu", "-shared", "-Os", "-s", "-Wall", "-Werror"];
  await cc([...flags, "-o", "library.dll", "library.c", "-luser32"], work);
  return path.join(work, "library.dll");
}

/** How long the stand-in may take to be called, in milliseconds: wine starts slowly on a busy machine. */
const PATIENCE_MS = 60_000;

/** Installs the stand-in where Windows has webauthn.dll. */
export function webauthnStandIn({ drive }: Wine, library: string) {
  const installed = path.join(drive, "windows/system32/webauthn.dll");
  const folder = path.join(drive, "stand-in");
  const file = (name: string) => path.join(folder, name);
  return {
    /** Fresh, with a version of the API; `from` is another library. */
    reset({ api = 9, from = library }: { readonly api?: number; readonly from?: string } = {}): void {
      fs.rmSync(folder, { recursive: true, force: true });
      fs.mkdirSync(folder);
      fs.writeFileSync(file("api"), `${api}`);
      fs.copyFileSync(from, installed);
    },
    remove: () => fs.rmSync(installed, { force: true }),
    wasCalled: () => fs.existsSync(file("request")) || fs.existsSync(file("request.new")),
    /** The lines of what it was sent, once it is called; none that it found wrong. */
    async request(): Promise<readonly string[]> {
      for (let waited = 0; !fs.existsSync(file("request")); waited += 50) {
        assert.ok(waited < PATIENCE_MS, "webauthn.dll was not called");
        await delay(50);
      }
      const lines = fs.readFileSync(file("request"), "utf8").split(/\r?\n/).filter(Boolean);
      assert.deepEqual(
        lines.filter((line) => line.startsWith("fault ")),
        [],
      );
      return lines;
    },
    answer(text: string): void {
      fs.writeFileSync(file("answer.new"), text);
      fs.renameSync(file("answer.new"), file("answer"));
    },
  };
}

export type WebauthnStandIn = ReturnType<typeof webauthnStandIn>;
