/**
 * Loaded into a program before its first line, by `--import`. FAULT_HOOK is a {@link HookOrder} in JSON. Counts the steps
 * by which the program changes files and can end it in front of one, or in the middle of a write, as `kill -9` does; notes
 * what it opens.
 */
import fs from "node:fs";
import path from "node:path";

/** What the hook is to do. */
export interface HookOrder {
  /** Gets a {@link HookReport} when the program ends by itself. */
  readonly report?: string;
  /** Ends the program in front of this step, the first being 1; a write is half done by then. */
  readonly dieAt?: number;
  readonly sabotage?: Sabotage;
}

/**
 * A fault put into the program, to see that the suite finds it. `tears`: a kubeconfig or an AWS config is replaced by half of
 * itself. `keeps`: what is to be removed stays. `waits`: opening a file never ends. `hoards`: it takes 400 MB. `breaks`: each
 * open fails with an error that nobody expects. `praises`: it ends with status 0.
 */
export type Sabotage = "tears" | "keeps" | "waits" | "hoards" | "breaks" | "praises";

/** What the hook saw. */
export interface HookReport {
  /** Steps by which files were made, written, renamed and removed. */
  readonly steps: number;
  /** Absolute paths that the program opened to read. */
  readonly read: readonly string[];
  /** Absolute paths that it made or wrote, removed, listed or asked about. */
  readonly touched: readonly string[];
}

type AnyCall = (...args: unknown[]) => unknown;

const STEPS = [
  "openSync",
  "writeSync",
  "writeFileSync",
  "fchmodSync",
  "fsyncSync",
  "closeSync",
  "renameSync",
  "rmSync",
  "linkSync",
  "mkdirSync",
] as const;
const LOOKS = ["statSync", "lstatSync", "readdirSync", "existsSync", "accessSync", "readlinkSync"] as const;

const order = JSON.parse(process.env["FAULT_HOOK"] ?? "{}") as HookOrder;
delete process.env["FAULT_HOOK"];
const read = new Set<string>();
const touched = new Set<string>();
const written = new Set<unknown>();
let steps = 0;

function note(set: Set<string>, file: unknown): void {
  if (typeof file === "string") set.add(path.resolve(file));
}

/** Opening to read and closing what was read change nothing, and are no steps. */
function isStep(name: (typeof STEPS)[number], args: readonly unknown[]): boolean {
  if (name === "openSync") return isWriting(args[1]);
  if (name === "closeSync") return written.has(args[0]);
  return name !== "writeSync" || written.has(args[0]);
}

function isWriting(flags: unknown): boolean {
  if (typeof flags === "number") return (flags & (fs.constants.O_WRONLY | fs.constants.O_RDWR)) !== 0;
  return typeof flags === "string" && /[wa+]/.test(flags);
}

for (const name of STEPS) {
  const real = fs[name] as AnyCall;
  const counted: AnyCall = (...args) => {
    if (isStep(name, args)) {
      steps += 1;
      if (steps === order.dieAt) die(name, real, args);
    }
    if (name === "openSync") note(isWriting(args[1]) ? touched : read, args[0]);
    else if (name !== "writeSync") note(touched, args[0]);
    const result = real(...args);
    if (name === "openSync" && isWriting(args[1])) written.add(result);
    if (name === "closeSync") written.delete(args[0]);
    return result;
  };
  Object.assign(fs, { [name]: counted });
}
for (const name of LOOKS) {
  const real = fs[name] as AnyCall;
  Object.assign(fs, {
    [name]: (...args: unknown[]) => {
      note(touched, args[0]);
      return real(...args);
    },
  });
}
const readFile = fs.readFileSync as AnyCall;
Object.assign(fs, {
  readFileSync: (...args: unknown[]) => {
    note(read, args[0]);
    return readFile(...args);
  },
});

function die(name: string, real: AnyCall, args: readonly unknown[]): void {
  if (name === "writeSync" && args[1] instanceof Uint8Array)
    real(args[0], args[1].subarray(0, args[1].length / 2));
  process.kill(process.pid, "SIGKILL");
}

const { report } = order;
if (report !== undefined) {
  process.on("exit", () => {
    const seen: HookReport = { steps, read: [...read], touched: [...touched] };
    fs.writeFileSync(report, JSON.stringify(seen));
  });
}

const SABOTAGES: Readonly<Record<Sabotage, () => void>> = {
  tears() {
    const { renameSync } = fs;
    fs.renameSync = (from, to) => {
      const isOthers = path.basename(String(to)) === "config";
      if (isOthers) fs.truncateSync(from, Math.floor(fs.statSync(from).size / 2));
      renameSync(from, to);
    };
  },
  keeps() {
    fs.rmSync = () => undefined;
  },
  waits() {
    fs.openSync = () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0) as never;
  },
  hoards() {
    const hoard = Buffer.alloc(400 * 1024 * 1024, 1);
    process.on("exit", () => hoard.at(-1));
  },
  breaks() {
    fs.openSync = () => {
      throw new TypeError("put in by the fault suite");
    };
  },
  praises() {
    const { exit } = process;
    process.exit = () => exit(0);
  },
};
if (order.sabotage !== undefined) SABOTAGES[order.sabotage]();
