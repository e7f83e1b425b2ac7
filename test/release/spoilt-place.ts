/** What the tests of the shipped files share: the files, a plain environment to be spoilt, and how an error must look. */
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { type CommandResult, runCommand } from "../support/run-command.ts";
import { SHIPPED_VERSION, shipped } from "../support/shipped-files.ts";
import { tempFolder } from "../support/temp-folder.ts";

export const { launcher, core } = shipped();

/** What the npm package starts. */
export const NPM = path.resolve(import.meta.dirname, "../../dist/kubectl-vouch.mjs");

export const VERSION_LINE = `kubectl-vouch ${SHIPPED_VERSION}\n`;

/** Lets a program make TLS, keys and hashes; nobody listens there. */
export const LOGIN = ["login", "--server", "https://127.0.0.1:1", "--key-store", "file", "--pin-stdin"];

/** A folder for each test. */
export const root = tempFolder();
/** Somebody's plain environment. The home is the only place where files may come to be. */
export const environment = () => ({
  HOME: path.join(root(), "home"),
  PATH: "/usr/bin:/bin",
  TMPDIR: root(),
  LANG: "C.UTF-8",
});
beforeEach(() => fs.mkdirSync(path.join(root(), "home"), { mode: 0o700 }));

interface Run {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly stdin?: string;
}

export const run = (command: readonly string[], { env = {}, ...rest }: Run = {}) =>
  runCommand(command, { env: { ...environment(), ...env }, ...rest });

/** An error as we tell it: one line with a code, one with what to do; and no stack. */
export function refusal({ status, stderr }: CommandResult): { status: number; code: string | undefined } {
  assert.doesNotMatch(stderr, /^\s+at |This is a bug|Warning/m);
  const lines = stderr.trimEnd().split("\n");
  const [, code] = /^error: .*\[([a-z-]+)\]$/.exec(lines.at(-2) ?? "") ?? assert.fail(stderr);
  return { status, code };
}

/** A kubeconfig whose user gets its credentials from this program. */
export function writeKubeconfig(command: string): void {
  const words = ["credential", "eks", "--cluster-name", "lab", "--region", "us-east-1"];
  const exec = {
    apiVersion: "client.authentication.k8s.io/v1",
    command,
    interactiveMode: "IfAvailable",
    args: [...words, "--role", "arn:aws:iam::111122223333:role/R", "--server", "https://vouch.example"],
  };
  const kubeconfig = {
    apiVersion: "v1",
    kind: "Config",
    "current-context": "lab",
    clusters: [{ name: "lab", cluster: { server: "https://127.0.0.1:1" } }],
    contexts: [{ name: "lab", context: { cluster: "lab", user: "lab" } }],
    users: [{ name: "lab", user: { exec } }],
  };
  fs.mkdirSync(path.join(root(), "home/.kube"));
  fs.writeFileSync(path.join(root(), "home/.kube/config"), JSON.stringify(kubeconfig));
}

/** Files of the test's folder but those of the home. */
export const filesLeft = () => fs.readdirSync(root()).filter((name) => name !== "home");
