/**
 * Everything a person may do with us in a bad week, for the search for secrets afterwards: each command right and wrong,
 * each server broken in each way.
 */
import fs from "node:fs";
import path from "node:path";
import { noFaults as noAwsFaults } from "../lab/aws/faults.ts";
import { type KubeFaults, noFaults as noKubeFaults } from "../lab/kube/faults.ts";
import { LAB_CLUSTER, LAB_PIN, LAB_REGION, LAB_ROLE, type Lab } from "../lab/lab.ts";
import { noFaults as noVouchFaults } from "../lab/vouch/faults.ts";
import { CENTER_PROFILE, CENTER_STEPS } from "./center-story.ts";
import type { Call, LabPerson } from "./lab-person.ts";
import type { Step } from "./story-step.ts";

/** Canaries that are not ours: they stand in files and variables that we read. None opens anything. */
export const FOREIGN = {
  wrongPin: "97531864",
  proxyPassword: "canary-proxy-password",
  kubeToken: "canary-kubeconfig-token-of-somebody",
  kubeKey: Buffer.from("canary-client-key-of-somebody").toString("base64"),
  awsSecret: "canary/aws+secret/of/another/profile0000",
} as const;

const LOGIN = ["login", "--force", "--pin-stdin", "--key-store", "file"];
const LOG_IN = { words: LOGIN, call: { stdin: `${LAB_PIN}\n` } };
const WHERE = ["--region", LAB_REGION, "--role", LAB_ROLE];
const EKS = ["credential", "eks", "--cluster-name", LAB_CLUSTER, ...WHERE];
const SETUP = ["setup", "eks", "--cluster", LAB_CLUSTER, ...WHERE];
const WHOAMI = ["whoami", "--context", `${LAB_CLUSTER}-vouch`];

const proxied = (proxy: string): Call => ({ env: { HTTPS_PROXY: proxy } });
const PROXY = `ada:${FOREIGN.proxyPassword}@127.0.0.1:9`;

const STEPS: readonly Step[] = [
  { name: "a wrong PIN", words: LOGIN, call: { stdin: `${FOREIGN.wrongPin}\n` }, status: 3 },
  { name: "a login", ...LOG_IN },
  { name: "an AWS profile", words: ["setup", "aws", "--role", LAB_ROLE, "--region", LAB_REGION, "--diff"] },
  { name: "a context", words: [...SETUP, "--diff"] },
  { name: "the same again", words: [...SETUP, "--dry-run", "-o", "json"] },
  { name: "a token", words: EKS, cold: true },
  { name: "the same token", words: EKS, plain: true },
  { name: "AWS credentials", words: ["credential", "aws", "--role", LAB_ROLE], cold: true },
  { name: "status", words: ["status", "-o", "json"] },
  { name: "whoami", words: [...WHOAMI, "--can"] },
  { name: "keys", words: ["keys", "-o", "json"] },
  {
    name: "a key that is registered already",
    words: ["keys", "add", "--pin-stdin"],
    call: LOG_IN.call,
    status: 3,
  },
  { name: "a diagnosis", words: ["doctor", "--context", `${LAB_CLUSTER}-vouch`, "-n", "default"] },
  { name: "the cache", words: ["cache", "list", "-o", "json"] },
  { name: "settings", words: ["config", "view", "--show-origin"], call: proxied(`http://${PROXY}`) },
  { name: "settings again", words: ["config", "view", "-o", "json"], call: proxied(PROXY) },
  {
    name: "a proxy that is not there",
    words: [...LOGIN, "--server", "https://vouch.example.com"],
    call: { ...LOG_IN.call, ...proxied(`http://${PROXY}`) },
    status: 4,
  },
  { name: "a wrong flag", words: [...EKS, "--clutser", "x"], status: 64 },
  { name: "a crash", ...LOG_IN, harm: loseSecurityKey, status: 70 },
  { name: "a key store that was cut off", words: EKS, cold: true, harm: cutKeyStore, status: 2 },
  { name: "status with that key store", words: ["status"], harm: cutKeyStore, status: 2 },
  ...vouchFailures(),
  ...awsFailures(),
  ...kubeFailures(),
  {
    name: "a revoked session",
    words: EKS,
    fault: ({ vouch }) => vouch.revokeSessions(),
    cold: true,
    status: 2,
  },
  { name: "a login after that", ...LOG_IN },
  { name: "an AWS profile undone", words: ["setup", "aws", "--undo"] },
  { name: "a context undone", words: ["setup", "eks", "--undo"] },
  { name: "a logout that nobody hears", words: ["logout"], fault: vouchFault({ down: true }) },
  { name: "a login at the end", ...LOG_IN },
  { name: "a token at the end", words: EKS, plain: true },
  ...CENTER_STEPS,
];

/** The security key's own memory is gone: nothing anybody expects. */
function loseSecurityKey({ home }: Lab): () => void {
  const file = path.join(path.dirname(home), "security-key.json");
  const text = fs.readFileSync(file);
  fs.rmSync(file);
  return () => fs.writeFileSync(file, text);
}

/** Every secret of ours ends in its middle: whoever quotes what cannot be read, quotes a secret. */
function cutKeyStore({ home }: Lab): () => void {
  const folder = path.join(home, ".local", "share", "kubectl-vouch", "keys");
  const files = fs.readdirSync(folder).map((name) => path.join(folder, name));
  const texts = files.map((file) => fs.readFileSync(file, "utf8"));
  files.forEach((file, index) => void fs.writeFileSync(file, texts[index]?.slice(0, -20) ?? ""));
  return () => files.forEach((file, index) => void fs.writeFileSync(file, texts[index] ?? ""));
}

function vouchFault(fault: Partial<Lab["vouch"]["faults"]>) {
  return ({ vouch }: Lab) => void Object.assign(vouch.faults, fault);
}

function vouchFailures(): Step[] {
  const faults: readonly (readonly [how: string, exit: number, Partial<Lab["vouch"]["faults"]>])[] = [
    ["is down", 4, { down: true }],
    ["wants fewer requests", 8, { rateLimit: { times: 100, retryAfter: 0 } }],
    ["is a sign-in page", 4, { captivePortal: true }],
    ["is somewhere else", 4, { redirect: { location: "https://localhost:9/" } }],
    ["refuses the person", 5, { policyRefusal: "Your device is not up to date" }],
  ];
  const logins = faults.map(([how, status, fault]) => ({
    ...{ name: `a login when Vouch ${how}`, status, fault: vouchFault(fault) },
    ...LOG_IN,
  }));
  const tokens = faults.slice(0, -1).map(([how, status, fault]) => ({
    ...{ name: `a token when Vouch ${how}`, status, fault: vouchFault(fault) },
    ...{ words: EKS, cold: true },
  }));
  const stepUp = { name: "a token that needs a fresh login", words: EKS, cold: true, status: 7 };
  return [...logins, ...tokens, { ...stepUp, fault: vouchFault({ stepUp: true }) }];
}

function awsFailures(): Step[] {
  const faults: readonly (readonly [how: string, exit: number, Partial<Lab["aws"]["faults"]>])[] = [
    ["is down", 4, { down: true }],
    ["denies everything", 5, { deny: ["sts:*", "eks:*"] }],
    ["fails inside", 4, { fail: 100 }],
    ["wants fewer requests", 8, { throttle: 100 }],
  ];
  return faults.map(([how, status, fault]) => ({
    name: `a token when AWS ${how}`,
    words: EKS,
    cold: true,
    status,
    fault: ({ aws }) => void Object.assign(aws.faults, fault),
  }));
}

function kubeFailures(): Step[] {
  const faults: readonly (readonly [how: string, exit: number, Partial<KubeFaults>])[] = [
    ["is down", 4, { down: true }],
    ["shows a certificate of nobody", 4, { certificate: "unknown-authority" }],
    ["refuses every token", 5, { unauthorizedAlways: true }],
  ];
  return faults.map(([how, status, fault]) => ({
    name: `whoami when the API server ${how}`,
    words: WHOAMI,
    status,
    fault: ({ kube, cluster }) => void Object.assign(kube.get(cluster.arn)?.faults ?? {}, fault),
  }));
}

/** A command that was run, and all it said. */
export interface Told {
  readonly step: Step;
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Plays the whole story in the person's home, with all that `--debug` says besides what is said anyway. Each command has a
 * parent of its own, as from another script. `afterStep` may look around while what a command has left is still there.
 */
export async function playStory({ lab, run }: LabPerson, afterStep: (step: Step) => void): Promise<Told[]> {
  leaveForeignSecrets(lab.home);
  const told: Told[] = [];
  for (const step of STEPS) {
    if (step.cold) emptyCache(lab.home);
    step.fault?.(lab);
    const restore = step.harm?.(lab);
    const shell = ["sh", "-c", '"$@"; exit $?', "sh"];
    const env = { VOUCH_DEBUG: step.plain ? "" : "1", ...step.call?.env };
    const result = await run([...shell, "kubectl-vouch", ...step.words], { ...step.call, env });
    told.push({ step, ...result });
    afterStep(step);
    restore?.();
    restoreServers(lab);
  }
  return told;
}

/** Faster than `cache clear`: the cached tokens and credentials as files. */
function emptyCache(home: string): void {
  for (const file of fs.globSync(
    `${home}/.local/{state/kubectl-vouch/sessions/*/token-*,share/kubectl-vouch/keys/aws*}`,
  ))
    fs.rmSync(file);
}

function restoreServers({ vouch, aws, kube }: Lab): void {
  Object.assign(vouch.faults, noVouchFaults());
  Object.assign(aws.faults, noAwsFaults());
  for (const server of kube.values()) Object.assign(server.faults, noKubeFaults());
}

/** Other people's secrets next to where we write: in the context lines of every diff. */
function leaveForeignSecrets(home: string): void {
  const user = { token: FOREIGN.kubeToken, password: FOREIGN.kubeToken, "client-key-data": FOREIGN.kubeKey };
  const kubeconfig = {
    apiVersion: "v1",
    kind: "Config",
    clusters: [],
    contexts: [],
    users: [{ name: "other", user }],
  };
  write(path.join(home, ".kube", "config"), JSON.stringify(kubeconfig, null, 2));
  const profile = `aws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = ${FOREIGN.awsSecret}\n`;
  write(path.join(home, ".aws", "config"), `${CENTER_PROFILE}[profile other]\n${profile}`);
}

function write(file: string, text: string): void {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, text, { mode: 0o600 });
}
