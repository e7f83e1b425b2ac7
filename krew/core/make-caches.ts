/**
 * Run by a target's Node when a core is built: runs ordinary commands on the chunks, and writes what V8 compiled of each. A cache
 * of code that has run makes starting twice as fast as one of code that was only parsed.
 *
 * Arguments: the folder of the chunks, that of the caches, and the file name of the chunk with `main`. The command lines are
 * listed in `commands.json`.
 */
import fs from "node:fs";
import path from "node:path";
import { GCProfiler, setFlagsFromString } from "node:v8";
import type { Script } from "node:vm";
import { chunkLoader } from "./chunk-loader.ts";

/** Timers no longer than this only let other work go first; in milliseconds. */
const QUICK_MS = 50;

/** The longest timer that Node supports, in milliseconds. */
const NEVER_MS = 2 ** 31 - 1;

/**
 * V8 pads a cache with whatever the memory contained before, so after a garbage collection no two caches are equal. With the
 * flags of this Node, memory is large enough to need none.
 */
const profiler = new GCProfiler();
profiler.start();

const [folder = "", caches = "", program = ""] = process.argv.slice(2);
const scripts = new Map<string, Script>();
const require = chunkLoader({
  parts: {
    source: (name) => fs.readFileSync(path.join(folder, name), "utf8"),
    codeCache: () => undefined,
    addon: () => Buffer.alloc(0),
  },
  // Ordinary commands use no addon; a chunk that requires one gets an empty object.
  loadAddon: () => ({}),
  compiled: (name, script) => void scripts.set(name, script),
});

/**
 * No timer of a command expires: the messages for slow operations would be compiled only on a slow machine, and the caches would
 * differ.
 */
const { setTimeout } = globalThis;
globalThis.setTimeout = ((work: () => void, ms?: number) =>
  setTimeout(work, ms === undefined || ms < QUICK_MS ? ms : NEVER_MS)) as typeof setTimeout;

for (const name of fs.readdirSync(folder).filter((file) => file.startsWith("chunk-"))) require(`./${name}`);

const exit = process.exit.bind(process);

async function runCommands(): Promise<void> {
  const { main } = require(`./${program}`) as { main(): Promise<never> };
  process.exit = (() => undefined) as unknown as typeof process.exit;
  for (const words of JSON.parse(fs.readFileSync("commands.json", "utf8")) as string[][]) {
    process.argv = [process.execPath, "kubectl-vouch", ...words];
    await main();
  }
}

function writeCaches(): void {
  const { length } = profiler.stop()?.statistics ?? [];
  if (length > 0) throw new Error(`${length} garbage collections: every build would make other caches`);
  // A cache contains a hash of the flags, and must suit a Node without any. Zero is the default of each.
  for (const flag of process.execArgv) setFlagsFromString(flag.replace(/=\d+$/, "=0"));
  for (const [name, script] of scripts) {
    fs.writeFileSync(path.join(caches, `${name}.cache`), script.createCachedData());
  }
}

// The program's own error handler cannot end the process while `process.exit` does nothing.
void runCommands()
  .then(writeCaches)
  .then(
    () => exit(0),
    (error: unknown) => {
      process.stderr.write(`${String(error)}\n`);
      exit(1);
    },
  );
