/** The compiler and the engine of the launcher, pinned by hash (zig.txt, Cargo.lock) and kept between builds. */
import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { run } from "../run.ts";
import { type ZigParts, zigParts } from "../zig-parts.ts";

const HERE = import.meta.dirname;

/** The QuickJS sources inside the crate that contains them. */
const ENGINE = "libquickjs-ng-sys-0.14.0/embed/quickjs";

export interface Toolchain {
  /** Compiles and links: `zig cc` with these arguments. */
  cc(args: readonly string[], cwd: string): Promise<string>;
  /** Folder of QuickJS-ng's C sources. */
  readonly engine: string;
  /** Text of QuickJS-ng's licence. */
  readonly engineLicence: string;
  /** What the compiler itself links into a program. */
  readonly zigParts: ZigParts;
}

/** Installs what is missing below `cache`, about 0.5 GB; needs python3 and cargo, and the first time also their registries. */
export async function launcherToolchain(cache: string): Promise<Toolchain> {
  const python = await pinned(cache, "zig.txt", async (folder) => {
    await run("python3", ["-m", "venv", folder], {
      hint: "Install it: `apt-get install python3 python3-venv`.",
    });
    const pip = ["-m", "pip", "install", "--quiet", "--require-hashes", "-r", path.join(HERE, "zig.txt")];
    await run(path.join(folder, "bin", "python"), pip);
  });
  const crates = await pinned(cache, "Cargo.lock", async (folder) => {
    const manifest = ["--manifest-path", path.join(HERE, "Cargo.toml")];
    await run("cargo", ["vendor", "--locked", "--quiet", "--versioned-dirs", ...manifest, folder], {
      hint: "Install cargo: `apt-get install cargo`, or https://rustup.rs. No Rust is compiled; it checks the hash.",
    });
  });
  const engine = path.join(crates, ENGINE);
  const zigCache = path.join(cache, "zig-cache");
  const env = { ...process.env, ZIG_GLOBAL_CACHE_DIR: zigCache, ZIG_LOCAL_CACHE_DIR: zigCache };
  return {
    cc: (args, cwd) =>
      run(path.join(python, "bin", "python"), ["-m", "ziglang", "cc", ...args], { cwd, env }),
    engine,
    engineLicence: fs.readFileSync(path.join(engine, "LICENSE"), "utf8"),
    zigParts: zigParts(await packageFolder(python, "ziglang"), pinnedZig()),
  };
}

/** The folder of a package in a virtual environment; the path contains Python's version. */
async function packageFolder(environment: string, name: string): Promise<string> {
  const words = ["-c", `import ${name}; print(*${name}.__path__)`];
  return (await run(path.join(environment, "bin", "python"), words)).trim();
}

function pinnedZig(): string {
  const text = fs.readFileSync(path.join(HERE, "zig.txt"), "utf8");
  return /^ziglang==(\S+)/.exec(text)?.[1] ?? "";
}

/** A folder filled from this pin: filled again when the pin changes, never partially, and safe with two builds at once. */
async function pinned(cache: string, pin: string, fill: (folder: string) => Promise<void>): Promise<string> {
  const hash = createHash("sha256")
    .update(fs.readFileSync(path.join(HERE, pin)))
    .digest("hex");
  const folder = path.join(cache, `${path.parse(pin).name.toLowerCase()}-${hash.slice(0, 16)}`);
  if (fs.existsSync(folder)) return folder;
  fs.mkdirSync(cache, { recursive: true });
  const filling = fs.mkdtempSync(path.join(cache, "filling-"));
  try {
    await fill(filling);
    // Another build may have been first; its contents are the same.
    if (!fs.existsSync(folder)) fs.renameSync(filling, folder);
    return folder;
  } finally {
    fs.rmSync(filling, { recursive: true, force: true });
  }
}
