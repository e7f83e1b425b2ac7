import fs from "node:fs";
import os from "node:os";
import path from "node:path";

/** A machine in a folder, with programs that leave a mark when they run, and a kuberc. */
export interface PolicyWorld {
  readonly folder: string;
  readonly kubeconfig: string;
  /** The current folder of the program under test. */
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** The programs that have run, by their folders. */
  marks(): string[];
  remove(): void;
}

/** `{}` stands for the world's folder. */
export interface PolicyCase {
  readonly kuberc: keyof typeof KUBERCS;
  readonly command: keyof typeof COMMANDS;
}

const list = (...entries: readonly string[]) =>
  preference(
    `credentialPluginPolicy: Allowlist\ncredentialPluginAllowlist:\n${entries.map((entry) => `- ${entry}\n`).join("")}`,
  );

function preference(body: string, version = "v1beta1"): string {
  return `apiVersion: kubectl.config.k8s.io/${version}\nkind: Preference\n${body}\n`;
}

const DENY = preference("credentialPluginPolicy: DenyAll");

interface Kuberc {
  /** The text of `~/.kube/kuberc`; undefined if there is none. */
  readonly text?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** What a person may have written. `{}/strict` is a file that denies all. */
export const KUBERCS = {
  none: {},
  "without a policy": { text: preference("defaults: []") },
  AllowAll: { text: preference("credentialPluginPolicy: AllowAll") },
  "an empty policy": { text: preference('credentialPluginPolicy: ""') },
  DenyAll: { text: DENY },
  "DenyAll with a list": { text: `${DENY}credentialPluginAllowlist:\n- command: aws\n` },
  "DenyAll with an empty list": { text: `${DENY}credentialPluginAllowlist: []\n` },
  "DenyAll in a second document": { text: `kind: ConfigMap\napiVersion: v1\n---\n${DENY}` },
  "DenyAll behind AllowAll": { text: `${preference("credentialPluginPolicy: AllowAll")}---\n${DENY}` },
  "DenyAll, of v1alpha1": { text: preference("credentialPluginPolicy: DenyAll", "v1alpha1") },
  "DenyAll, without a version": { text: "kind: Preference\ncredentialPluginPolicy: DenyAll\n" },
  "DenyAll as JSON": {
    text: JSON.stringify({
      apiVersion: "kubectl.config.k8s.io/v1beta1",
      kind: "Preference",
      credentialPluginPolicy: "DenyAll",
    }),
  },
  "DenyAll under a doubled key": { text: `${DENY}credentialPluginPolicy: DenyAll\n` },
  "DenyAll and an unknown field": { text: `${DENY}nonsense: true\n` },
  "a policy that does not exist": { text: preference("credentialPluginPolicy: denyall") },
  "DenyAll, KUBERC=off": { text: DENY, env: { KUBERC: "off" } },
  "DenyAll, KUBECTL_KUBERC=false": { text: DENY, env: { KUBECTL_KUBERC: "false" } },
  "DenyAll, KUBECTL_KUBERC=False": { text: DENY, env: { KUBECTL_KUBERC: "False" } },
  "DenyAll, KUBECTL_KUBERC=0": { text: DENY, env: { KUBECTL_KUBERC: "0" } },
  "DenyAll, KUBERC empty": { text: DENY, env: { KUBERC: "" } },
  "KUBERC names one with DenyAll": { env: { KUBERC: "{}/strict" } },
  "KUBERC names one that is not there": { env: { KUBERC: "{}/missing" } },
  "no YAML": { text: "credentialPluginPolicy: [DenyAll\n" },
  "Allowlist without a list": { text: preference("credentialPluginPolicy: Allowlist") },
  "Allowlist with an empty list": {
    text: preference("credentialPluginPolicy: Allowlist\ncredentialPluginAllowlist: []"),
  },
  "a list without names": { text: list('command: ""') },
  "a list with a path that is not plain": { text: list("command: {}/bin/./aws") },
  "a list with two names in one entry": { text: list("command: aws\n  name: kubelogin") },
  "the list aws": { text: list("command: aws") },
  "the list aws, by its older key": { text: list("name: aws") },
  "the list /bin/aws": { text: list("command: {}/bin/aws") },
  "the list /link/aws": { text: list("command: {}/link/aws") },
  "the list /evil/aws": { text: list("command: {}/evil/aws") },
  "the list kubelogin": { text: list("command: kubelogin") },
} as const satisfies Readonly<Record<string, Kuberc>>;

interface Command {
  readonly command: string;
  /** PATH of the exec block. */
  readonly execPath?: string;
  /** Our own PATH; absent: `{}/bin`. */
  readonly path?: string;
}

/** How a kubeconfig may name its plugin. */
export const COMMANDS = {
  "a bare name": { command: "aws" },
  "a bare name, with a PATH in the exec block": { command: "aws", execPath: "{}/evil" },
  "a bare name that only the exec block's PATH has": { command: "evil-helper", execPath: "{}/evil" },
  "a bare name, with . first on PATH": { command: "aws", path: ".:{}/bin" },
  "a bare name, with an empty entry first on PATH": { command: "aws", path: ":{}/bin" },
  "a bare name, with a relative folder on PATH": { command: "aws", path: "sub:{}/bin" },
  "a bare name, with . last on PATH": { command: "aws", path: "{}/bin:." },
  "a path": { command: "{}/bin/aws" },
  "a path to another program of that name": { command: "{}/evil/aws" },
  "a path with dots": { command: "{}/evil/../bin/aws" },
  "a symbolic link": { command: "{}/link/aws" },
  "a relative path": { command: "./aws" },
  "a relative path out of the folder": { command: "../../bin/aws" },
  "a path to nothing": { command: "{}/nowhere/aws" },
} as const satisfies Readonly<Record<string, Command>>;

/** Builds the machine of a case. */
export function policyWorld({ kuberc, command }: PolicyCase): PolicyWorld {
  const folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), "plugin-policy-")));
  const here = (text: string) => text.replaceAll("{}", folder);
  const { text, env = {} }: Kuberc = KUBERCS[kuberc];
  const { command: named, execPath, path: search = "{}/bin" }: Command = COMMANDS[command];
  plant(folder);
  if (text !== undefined) fs.writeFileSync(`${folder}/home/.kube/kuberc`, here(text));
  const exec = {
    apiVersion: "client.authentication.k8s.io/v1beta1",
    command: here(named),
    args: ["eks", "get-token", "--cluster-name", "lab", "--region", "eu-west-1"],
    env: execPath === undefined ? [] : [{ name: "PATH", value: `${here(execPath)}:/usr/bin:/bin` }],
  };
  const kubeconfig = `${folder}/home/.kube/config`;
  fs.writeFileSync(kubeconfig, kubeconfigOf(exec), { mode: 0o600 });
  return {
    folder,
    kubeconfig,
    cwd: `${folder}/cwd`,
    env: {
      HOME: `${folder}/home`,
      PATH: here(search),
      ...Object.fromEntries(Object.entries(env).map(([name, value]) => [name, here(value)])),
    },
    marks: () => fs.readdirSync(`${folder}/marks`).sort(),
    remove: () => fs.rmSync(folder, { recursive: true }),
  };
}

function plant(folder: string): void {
  const places = [
    "bin/aws",
    "evil/aws",
    "evil/evil-helper",
    "home/.kube/aws",
    "cwd/aws",
    "cwd/sub/aws",
    "process/run",
  ];
  for (const place of [...places, "marks/x", "link/x"])
    fs.mkdirSync(path.dirname(`${folder}/${place}`), { recursive: true });
  for (const place of places) {
    const mark = path.dirname(place).replaceAll("/", "-");
    fs.writeFileSync(
      `${folder}/${place}`,
      `#!/bin/sh\n: > '${folder}/marks/${mark}'\necho '{"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1beta1","status":{"token":"k8s-aws-v1.none"}}'\n`,
      { mode: 0o755 },
    );
  }
  fs.symlinkSync(`${folder}/bin/aws`, `${folder}/link/aws`);
  fs.writeFileSync(`${folder}/strict`, DENY);
  // kubectl runs no process of an AWS config, so neither may we or an SDK in our process.
  fs.mkdirSync(`${folder}/home/.aws`);
  fs.writeFileSync(
    `${folder}/home/.aws/config`,
    `[default]\nregion = eu-west-1\ncredential_process = ${folder}/process/run\n`,
  );
}

function kubeconfigOf(exec: object): string {
  return JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    "current-context": "lab",
    clusters: [{ name: "lab", cluster: { server: "https://127.0.0.1:1" } }],
    users: [{ name: "ada", user: { exec } }],
    contexts: [{ name: "lab", context: { cluster: "lab", user: "ada" } }],
  });
}
