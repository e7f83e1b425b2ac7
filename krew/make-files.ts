/** Makes the files that are packed for each platform: launcher, core, licence and notices. */
import fs from "node:fs";
import path from "node:path";
import type { ArchiveFile } from "./archive/entry.ts";
import { binaryProblems } from "./binary/binary-problems.ts";
import { withChecksum } from "./binary/pe.ts";
import { addonsOf } from "./core/addons.ts";
import { assembleCore } from "./core/assemble.ts";
import { layOutCore, makeCaches } from "./core/build-core.ts";
import type { CoreBundle } from "./core/bundle-core.ts";
import { linkLauncher, prepareLauncher } from "./launcher/build.ts";
import type { Toolchain } from "./launcher/toolchain.ts";
import { type Platform, platformName, programName } from "./platforms.ts";
import { ReleaseError } from "./run.ts";
import { fetchRuntime, type Lockfile } from "./runtimes.ts";
import type { SignForMacos } from "./sign-macos.ts";
import { makeWebauthnHelper, WEBAUTHN_HELPER } from "./webauthn/build.ts";

/** Everything that a build works with. */
export interface Workshop {
  /** An empty folder for this build alone. */
  readonly work: string;
  /** A folder that is kept between builds. */
  readonly cache: string;
  readonly version: string;
  readonly lock: Lockfile;
  readonly bundle: CoreBundle;
  readonly toolchain: Toolchain;
  readonly sign: SignForMacos;
  /** Runs a program for linux/arm64 here; undefined if nothing can. */
  readonly arm64Emulator: readonly string[] | undefined;
  readonly tell: (progress: string) => void;
}

/** Lays out what is the same for every platform. Call before {@link makeExecutables}. */
export async function prepareWorkshop({ work, version, bundle, toolchain, tell }: Workshop): Promise<void> {
  tell("compiling the warm answer");
  await prepareLauncher(toolchain, { work: path.join(work, "launcher"), version });
  await layOutCore(bundle, path.join(work, "core"));
}

/**
 * The executables of a platform.
 *
 * @throws ReleaseError if one is unfit to ship.
 */
export async function makeExecutables(shop: Workshop, platform: Platform): Promise<ArchiveFile[]> {
  const small = [
    executable(programName(platform, LAUNCHER), await makeLauncher(shop, platform)),
    ...(platform.os === "windows" ? [executable(WEBAUTHN_HELPER, await makeHelper(shop, platform))] : []),
  ];
  const core = executable(programName(platform, "vouch-core"), await makeCore(shop, platform));
  const files = [...small, core];
  const problems = files.flatMap(({ name, bytes }) =>
    binaryProblems(platform, name === core.name ? "core" : "launcher", bytes).map(
      (problem) => `${platformName(platform)}: ${name} ${problem}`,
    ),
  );
  if (problems.length > 0) throw new ReleaseError(problems.join("\n"));
  return files;
}

const LAUNCHER = "kubectl-vouch";

function executable(name: string, bytes: Buffer): ArchiveFile {
  return { name, bytes, executable: true };
}

async function makeLauncher(shop: Workshop, platform: Platform): Promise<Buffer> {
  shop.tell(`${platformName(platform)}: linking the launcher`);
  const work = path.join(shop.work, "launcher");
  const outfile = programName(platform, LAUNCHER);
  await linkLauncher(shop.toolchain, { work, target: platform.zig, outfile });
  if (platform.os === "darwin") await shop.sign(path.join(work, outfile));
  const made = fs.readFileSync(path.join(work, outfile));
  return platform.os === "windows" ? withChecksum(made) : made;
}

function makeHelper(shop: Workshop, platform: Platform): Promise<Buffer> {
  shop.tell(`${platformName(platform)}: linking ${WEBAUTHN_HELPER}`);
  const work = path.join(shop.work, `webauthn-${platform.arch}`);
  return makeWebauthnHelper(shop.toolchain, { target: platform.zig, work });
}

async function makeCore(shop: Workshop, platform: Platform): Promise<Buffer> {
  const name = platformName(platform);
  const fetching = { cache: path.join(shop.cache, "packages"), lock: shop.lock };
  shop.tell(`${name}: fetching its Node and addons`);
  const { node } = await fetchRuntime(platform.runtime, fetching);
  const addons = await addonsOf(platform, fetching);
  shop.tell(`${name}: assembling the core`);
  const work = path.join(shop.work, "core");
  const caches = await cachesFor(shop, platform, node);
  return assembleCore({ platform, work, node, addons, caches, sign: shop.sign });
}

/** A cache can only be made by the same Node that will read it. */
async function cachesFor(shop: Workshop, platform: Platform, node: Buffer): Promise<string | undefined> {
  const name = platformName(platform);
  const start = { linux_amd64: [], linux_arm64: shop.arm64Emulator }[name];
  if (start === undefined) return undefined;
  const work = path.join(shop.work, "core");
  const caches = `caches-${name}`;
  const program = path.join(work, `node-${name}`);
  fs.writeFileSync(program, node, { mode: 0o700 });
  await makeCaches(shop.bundle, { work, node: [...start, program], caches });
  fs.rmSync(program);
  return caches;
}
