/**
 * The real servers and tools that judge us, and judges made of their code: built into the user's cache, from the modules beside this
 * file or as released (`PACKAGE@VERSION`). Versions are exact, and what they need follows from them; sums are those of Go's checksum
 * database. Needs Go, and for the first build the Go module proxy and sum.golang.org.
 */
import { execFile, execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import { fillWhole, peersCache } from "../peers-cache.ts";

/** What the API server says of itself: EKS's words for this version. */
const KUBERNETES_VERSION = "v1.36.3-eks-abc1234";

/** By module: what is built of it, program by package. */
const MODULES = {
  "aws-iam-authenticator": {
    "aws-iam-authenticator": "sigs.k8s.io/aws-iam-authenticator/cmd/aws-iam-authenticator",
    "judge-token": "./judge-token",
    "judge-aws-auth": "./judge-aws-auth",
  },
  helm: { helm: "helm.sh/helm/v3/cmd/helm@v3.22.0" },
  krew: {
    "kubectl-krew": "sigs.k8s.io/krew/cmd/krew@v0.4.3",
    "validate-krew-manifest": "sigs.k8s.io/krew/cmd/validate-krew-manifest@v0.4.3",
  },
  stern: { stern: "github.com/stern/stern@v1.33.0" },
  kubernetes: {
    etcd: "go.etcd.io/etcd/server/v3",
    "kube-apiserver": "k8s.io/kubernetes/cmd/kube-apiserver",
    "aggregate-cluster-roles": "./aggregate-cluster-roles",
    "judge-rbac": "./judge-rbac",
  },
  webauthn: { "judge-webauthn": "./judge-webauthn" },
} as const;

type Module = keyof typeof MODULES;
type ProgramOf<M extends Module> = M extends Module ? keyof (typeof MODULES)[M] : never;
export type GoProgram = ProgramOf<Module>;

const HERE = import.meta.dirname;
const run = promisify(execFile);

export function hasGo(): boolean {
  return goVersion() !== undefined;
}

/**
 * Builds what is missing, all but what only `npm run test:keys` needs; one module after the other, for each takes all cores. Rejects
 * without Go, or with what it said.
 */
export async function buildGoPrograms(
  say: (line: string) => void,
  modules: readonly Module[] = (Object.keys(MODULES) as Module[]).filter((module) => module !== "webauthn"),
): Promise<void> {
  if (!hasGo())
    throw new Error("Go is not on PATH; the real servers are built with it: https://go.dev/doc/install");
  for (const module of modules) {
    const folder = folderOf(module);
    if (fs.existsSync(folder)) continue;
    say(`Building ${Object.keys(MODULES[module]).join(", ")} into ${folder}`);
    await fillWhole(folder, (work) => build(module, work));
  }
}

/** The path of a built program. Fails where it was not built. */
export function goProgram(name: GoProgram): string {
  const module = (Object.keys(MODULES) as Module[]).find((one) => name in MODULES[one]);
  const file = module === undefined ? "" : path.join(folderOf(module), name);
  if (!fs.existsSync(file))
    throw new Error(`${name} is not built; \`npm run test:peers\` or \`test:keys\` builds it`);
  return file;
}

async function build(module: Module, work: string): Promise<void> {
  const flags = ["-trimpath", `-ldflags=${linkerFlags(module)}`];
  const source = path.join(work, "source");
  const hasSource = fs.existsSync(path.join(HERE, module));
  // Go adds to the copy what the versions require, with sums.
  if (hasSource) fs.cpSync(path.join(HERE, module), source, { recursive: true });
  for (const [name, pkg] of Object.entries(MODULES[module])) {
    const file = path.join(work, name);
    if (hasSource) {
      const options = { cwd: source, maxBuffer: 2 ** 26 };
      await run("go", ["build", "-mod=mod", ...flags, "-o", file, pkg], options);
    } else {
      await run("go", ["install", ...flags, pkg], { cwd: work, env: { ...process.env, GOBIN: work } });
      fs.renameSync(path.join(work, path.posix.basename(pkg.replace(/@.*/, ""))), file);
    }
  }
  fs.rmSync(source, { recursive: true, force: true });
}

/** Named after all that goes into it. */
function folderOf(module: Module): string {
  return path.join(peersCache(), `${module}-${stampOf(module)}`);
}

const stamps = new Map<Module, string>();

function stampOf(module: Module): string {
  const known = stamps.get(module);
  if (known !== undefined) return known;
  const made = [goVersion(), linkerFlags(module), JSON.stringify(MODULES[module])];
  const hash = createHash("sha256").update(made.map((line) => `${line}\n`).join(""));
  const source = path.join(HERE, module);
  const sources = fs.existsSync(source) ? fs.readdirSync(source, { recursive: true, encoding: "utf8" }) : [];
  for (const name of sources.sort()) {
    const file = path.join(source, name);
    if (fs.statSync(file).isFile()) hash.update(`${name}\n`).update(fs.readFileSync(file));
  }
  const stamp = hash.digest("hex").slice(0, 16);
  stamps.set(module, stamp);
  return stamp;
}

/** Source: kubernetes/kubernetes, hack/lib/version.sh. */
function linkerFlags(module: Module): string {
  if (module !== "kubernetes") return "-s -w";
  const [, major = "", minor = ""] = /^v(\d+)\.(\d+)/.exec(KUBERNETES_VERSION) ?? [];
  const values = {
    gitVersion: KUBERNETES_VERSION,
    gitMajor: major,
    gitMinor: minor,
    gitTreeState: "clean",
    gitCommit: "abc1234abc1234abc1234abc1234abc1234abc123",
    buildDate: "2026-01-01T00:00:00Z",
  };
  const version = "k8s.io/component-base/version";
  return ["-s -w", ...Object.entries(values).map(([name, value]) => `-X ${version}.${name}=${value}`)].join(
    " ",
  );
}

/** `go version go1.26.8 linux/amd64`; undefined where there is no Go. */
function goVersion(): string | undefined {
  try {
    found ??= execFileSync("go", ["version"], { encoding: "utf8" }).trim();
  } catch {
    found = undefined;
  }
  return found;
}

let found: string | undefined;
