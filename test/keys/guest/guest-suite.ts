import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { build } from "esbuild";
import { EXTERNAL, SHIPPED } from "../../../krew/bundle.ts";
import { bootGuest, type GuestRun } from "./boot.ts";
import type { ArchiveFile } from "./cpio.ts";
import { guestFiles } from "./initramfs.ts";
import type { KeyPlace } from "./inside/key/orders.ts";
import { SCENARIOS } from "./inside/scenarios.ts";
import type { Verdict } from "./inside/verdict.ts";
import { fetchKernel, type KernelName } from "./kernel.ts";
import { lackingForGuests } from "./needs.ts";

/** Programs of the guest by file name. */
const PROGRAMS = { main: "main.ts", key: "key/main.ts", client: "client/main.ts" };

/** Every scenario of one kind of key as a test, out of one boot. */
export function guestSuite(place: KeyPlace, kernel: KernelName): void {
  let run: GuestRun;

  before(async function () {
    // Longer than the guest may run (boot.ts): on a busy machine it takes minutes.
    this.timeout(600_000);
    const lacking = lackingForGuests();
    if (lacking !== undefined) throw new Error(lacking);
    run = await runScenarios(place, kernel);
  });

  for (const scenario of Object.keys(SCENARIOS[place])) {
    it(scenario, () => judge(run, scenario));
  }

  it("leaves the guest to switch itself off when all is done", () => {
    assert.match(run.console, /^the tests ended with 0$/m);
    assert.equal(run.killed, undefined);
  });
}

async function runScenarios(place: KeyPlace, kernel: KernelName): Promise<GuestRun> {
  const { image, modules } = await fetchKernel(kernel);
  const files = new Map([...guestFiles(modules), ...(await programs())]);
  files.set("guest/kind", { bytes: place });
  return bootGuest({ image, modules }, files);
}

/** One file for each program, as what is shipped is one. */
async function programs(): Promise<Map<string, ArchiveFile>> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "vouch-guest-programs-"));
  try {
    const entries = Object.entries(PROGRAMS).map(([name, file]) => [
      name,
      path.join(import.meta.dirname, "inside", file),
    ]);
    const outExtension = { ".js": ".mjs" };
    await build({
      ...SHIPPED,
      entryPoints: Object.fromEntries(entries),
      outdir: folder,
      outExtension,
      format: "esm",
      external: EXTERNAL,
    });
    return new Map(
      fs
        .readdirSync(folder)
        .map((name) => [`guest/${name}`, { bytes: fs.readFileSync(path.join(folder, name)) }]),
    );
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
}

/** Fails when the scenario failed, and when the guest has no word on it. */
function judge({ lines, killed, console }: GuestRun, scenario: string): void {
  const verdicts = lines.map((line) => JSON.parse(line) as Verdict);
  const verdict = verdicts.find((each) => each.scenario === scenario);
  if (verdict === undefined) {
    throw new Error(
      `the guest ended before it; ${killed ?? "it switched itself off"}. Its console:\n${console}`,
    );
  }
  if (verdict.failure !== undefined)
    throw new Error(`in the guest, after ${verdict.ms} ms: ${verdict.failure}\nIts console:\n${console}`);
}
