import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { LAB_CLUSTER, LAB_PIN, LAB_REGION, LAB_ROLE, type Lab } from "../lab/lab.ts";
import { type CommandResult, runCommand } from "../support/run-command.ts";

/** Where AWS fetches the keys of the Vouch server. Source: token/vouch/VOUCH-PROTOCOL.md, "Paths and discovery". */
const JWKS = "/oauth/jwks";

/** What setup calls the context of the lab's cluster. */
export const CONTEXT = `${LAB_CLUSTER}-vouch`;

/** What the rest of the world saw of our program. */
export interface Traffic {
  /** Runs of `kubectl-vouch credential eks`. */
  readonly pluginRuns: number;
  /** But those of AWS, for the issuer's keys. */
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
  /** Added to the environment. */
  readonly env?: Readonly<Record<string, string>>;
}

/** Somebody who uses the lab from the outside, by commands only; and a count of what comes of that. */
export interface LabPerson {
  readonly lab: Lab;
  readonly env: Readonly<Record<string, string>>;
  /** For a test's own files; gone with the lab. */
  readonly folder: string;
  /** The words after `kubectl-vouch` of every run so far. */
  commandLines(): string[];
  run(command: readonly string[], call?: Call): Promise<CommandResult>;
  /** `kubectl-vouch` with these words. */
  vouch(words: readonly string[], call?: Call): Promise<CommandResult>;
  /** What happened while `work` ran. */
  during<T>(work: () => Promise<T>): Promise<{ readonly result: T; readonly traffic: Traffic }>;
  logIn(): Promise<void>;
  /** Writes the context of the lab's cluster. */
  setUp(): Promise<void>;
  /** Nothing cached: neither a token nor credentials. */
  clearCache(): Promise<void>;
}

/** A new person in the lab. `env` comes over the lab's own environment. */
export function labPerson(lab: Lab, { env: added = {} }: Pick<Call, "env"> = {}): LabPerson {
  const folder = path.join(path.dirname(lab.home), "person");
  const linesFile = path.join(folder, "command-lines");
  const binFolder = recordingProgram(folder, { linesFile, lab });
  const env = { ...lab.env, PATH: `${binFolder}:/usr/bin:/bin`, ...added };

  const commandLines = () => fs.readFileSync(linesFile, "utf8").split("\n").slice(0, -1);
  const run = (command: readonly string[], { stdin = "", env: more = {} }: Call = {}) =>
    runCommand(command, { env: { ...env, ...more }, stdin });
  const vouch = (words: readonly string[], call?: Call) => run(["kubectl-vouch", ...words], call);
  const traffic = () => trafficSoFar(lab, commandLines());

  return {
    lab,
    env,
    folder,
    commandLines,
    run,
    vouch,
    async during(work) {
      const before = traffic();
      const result = await work();
      return { result, traffic: difference(traffic(), before) };
    },
    async logIn() {
      succeeded(await vouch(["login", "--force", "--pin-stdin"], { stdin: `${LAB_PIN}\n` }));
    },
    async setUp() {
      const cluster = ["--cluster", LAB_CLUSTER, "--region", LAB_REGION, "--role", LAB_ROLE];
      succeeded(await vouch(["setup", "eks", ...cluster]));
    },
    async clearCache() {
      succeeded(await vouch(["cache", "clear"]));
    },
  };
}

/** Fails with all the command said, unless it ended well. Returns its standard output. */
export function succeeded({ status, stdout, stderr }: CommandResult): string {
  assert.equal(status, 0, `it ended with ${status} and said:\n${stdout}${stderr}`);
  return stdout;
}

/** The lab's program, with a line in a file for each run; `exec` keeps its parent. */
function recordingProgram(folder: string, { linesFile, lab }: { linesFile: string; lab: Lab }): string {
  const [labBin = ""] = lab.env["PATH"]?.split(":") ?? [];
  const binFolder = path.join(folder, "bin");
  fs.mkdirSync(binFolder, { recursive: true });
  fs.writeFileSync(linesFile, "");
  fs.writeFileSync(
    path.join(binFolder, "kubectl-vouch"),
    `#!/bin/sh\nprintf '%s\\n' "$*" >> '${linesFile}'\nexec '${labBin}/kubectl-vouch' "$@"\n`,
    { mode: 0o755 },
  );
  return binFolder;
}

function trafficSoFar({ vouch, aws }: Lab, commandLines: readonly string[]): Traffic {
  const ours = aws.calls.filter(({ operation }) => operation !== "GetCallerIdentity");
  return {
    pluginRuns: commandLines.filter((line) => line.startsWith("credential eks ")).length,
    vouchRequests: vouch.requests.filter(({ path: asked }) => asked !== JWKS).length,
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
