import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { LAB_CLUSTER, LAB_PIN, LAB_REGION, LAB_ROLE, type Lab, startLab } from "../lab/lab.ts";
import { type CommandResult, runCommand } from "../support/run-command.ts";
import { fetchKubectl, KUBECTL_RELEASES, type KubectlRelease } from "./kubectl/fetch.ts";

/** The lab's two pods, as `kubectl get pods -o name` prints them. */
export const POD_NAMES = "pod/web-6c9f7d5b8-2xkqp\npod/web-6c9f7d5b8-9tzvw\n";

/** What setup calls the context of the lab's cluster. */
export const CONTEXT = `${LAB_CLUSTER}-vouch`;

/** What the rest of the world saw of our program. */
export interface Traffic {
  /** Runs of `kubectl-vouch credential eks`. */
  readonly pluginRuns: number;
  readonly vouchRequests: number;
  /** ID tokens for AWS that the Vouch server gave out. */
  readonly awsTokens: number;
  /** Calls to AssumeRoleWithWebIdentity, also refused ones. */
  readonly exchanges: number;
  /** All calls to AWS but those of the cluster's authenticator. */
  readonly awsCalls: number;
}

export interface Call {
  readonly stdin?: string;
  /** Added to the lab's environment. */
  readonly env?: Readonly<Record<string, string>>;
}

/** A lab with a real kubectl in it, used as a person uses it, and a count of what comes of that. */
export interface KubectlLab {
  readonly lab: Lab;
  readonly env: Readonly<Record<string, string>>;
  /** Folder for a test's own files. */
  readonly folder: string;
  /** The real kubectl, by its full path. */
  readonly program: string;
  run(command: readonly string[], call?: Call): Promise<CommandResult>;
  kubectl(words: readonly string[], call?: Call): Promise<CommandResult>;
  /** `kubectl get pods` in our context, names only. */
  getPods(call?: Call): Promise<CommandResult>;
  /** What happened while `work` ran. */
  during<T>(work: () => Promise<T>): Promise<{ readonly result: T; readonly traffic: Traffic }>;
  logIn(): Promise<void>;
  /** Nothing cached: neither a token nor credentials. */
  clearCache(): Promise<void>;
  /** kubectl remembers no API groups: it asks for them first, and on a failure again and again. */
  forgetDiscovery(): void;
}

/** The same tests with the oldest and the newest kubectl, each on a lab of its own with the context set up. */
export function describeKubectl(
  subject: string,
  body: (peer: () => KubectlLab, release: KubectlRelease) => void,
): void {
  for (const release of KUBECTL_RELEASES) {
    describe(`${subject}, kubectl 1.${release.slice(1)}`, function () {
      this.timeout(120_000);
      let peer: KubectlLab | undefined;
      const opened = () => peer ?? assert.fail("the lab is not up");
      before(async () => {
        peer = await startKubectlLab(release);
        await peer.logIn();
        await setUp(peer);
      });
      after(() => peer?.lab.close());
      body(opened, release);
    });
  }
}

async function startKubectlLab(release: KubectlRelease): Promise<KubectlLab> {
  const program = await fetchKubectl(release);
  const lab = await startLab();
  const folder = path.join(path.dirname(lab.home), "peer");
  const runsFile = path.join(folder, "plugin-runs");
  const binFolder = recordingProgram(folder, { runsFile, lab });
  const env = { ...lab.env, PATH: `${binFolder}:${path.dirname(program)}:/usr/bin:/bin` };

  const run = (command: readonly string[], { stdin = "", env: added = {} }: Call = {}) =>
    runCommand(command, { env: { ...env, ...added }, stdin, timeoutMs: 90_000 });
  const kubectl = (words: readonly string[], call?: Call) => run([program, ...words], call);
  const traffic = () => trafficSoFar(lab, runsFile);

  return {
    lab,
    env,
    folder,
    program,
    run,
    kubectl,
    getPods: (call) => kubectl(["--context", CONTEXT, "get", "pods", "-o", "name"], call),
    async during(work) {
      const before = traffic();
      const result = await work();
      return { result, traffic: difference(traffic(), before) };
    },
    async logIn() {
      succeeded(await kubectl(["vouch", "login", "--pin-stdin"], { stdin: `${LAB_PIN}\n` }));
    },
    async clearCache() {
      succeeded(await kubectl(["vouch", "cache", "clear"]));
    },
    forgetDiscovery: () => fs.rmSync(path.join(lab.home, ".kube", "cache"), { recursive: true, force: true }),
  };
}

/** What a person does once for a cluster. */
async function setUp({ kubectl }: KubectlLab): Promise<void> {
  const cluster = ["--cluster", LAB_CLUSTER, "--region", LAB_REGION, "--role", LAB_ROLE];
  succeeded(await kubectl(["vouch", "setup", "eks", ...cluster]));
}

/** Fails with all the command said, unless it ended well. Returns its standard output. */
export function succeeded({ status, stdout, stderr }: CommandResult): string {
  assert.equal(status, 0, `it ended with ${status} and said:\n${stdout}${stderr}`);
  return stdout;
}

/** Without the lines that discovery repeats before kubectl says what is wrong. */
export function withoutDiscovery(stderr: string): string {
  return stderr.replaceAll(/^E\d{4} .*memcache\.go.*\r?\n/gm, "");
}

/** The lab's program with a line in a file for each run as a plugin; `exec` keeps kubectl its parent. */
function recordingProgram(folder: string, { runsFile, lab }: { runsFile: string; lab: Lab }): string {
  const [labBin = ""] = lab.env["PATH"]?.split(":") ?? [];
  const binFolder = path.join(folder, "bin");
  fs.mkdirSync(binFolder, { recursive: true });
  fs.writeFileSync(runsFile, "");
  fs.writeFileSync(
    path.join(binFolder, "kubectl-vouch"),
    `#!/bin/sh\ncase "$1 $2" in "credential eks") echo run >> '${runsFile}' ;; esac\nexec '${labBin}/kubectl-vouch' "$@"\n`,
    { mode: 0o755 },
  );
  return binFolder;
}

function trafficSoFar({ vouch, aws }: Lab, runsFile: string): Traffic {
  const ours = aws.calls.filter(({ operation }) => operation !== "GetCallerIdentity");
  return {
    pluginRuns: fs.readFileSync(runsFile, "utf8").split("\n").length - 1,
    vouchRequests: vouch.requests.length,
    awsTokens: vouch.counts.awsTokens,
    exchanges: ours.filter(({ operation }) => operation === "AssumeRoleWithWebIdentity").length,
    awsCalls: ours.length,
  };
}

function difference(now: Traffic, before: Traffic): Traffic {
  return {
    pluginRuns: now.pluginRuns - before.pluginRuns,
    vouchRequests: now.vouchRequests - before.vouchRequests,
    awsTokens: now.awsTokens - before.awsTokens,
    exchanges: now.exchanges - before.exchanges,
    awsCalls: now.awsCalls - before.awsCalls,
  };
}
