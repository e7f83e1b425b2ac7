import fs from "node:fs";
import path from "node:path";
import { fnv32 } from "../../token/hot/fnv.ts";
import { sourceTokenKey } from "../../token/hot/key.ts";
import { addMark } from "../../token/hot/mark.ts";
import type { AwsQuestion } from "../../token/hot/question.ts";
import {
  currentFile,
  markFile,
  marksFolder,
  profilesFolder,
  tokenFile,
} from "../../token/hot/state-files.ts";
import { VERSION } from "../../token/hot/version.ts";
import { execInfoFor, ITS_INFO, RECORD } from "./cluster-infos.ts";
import type { HotWorld } from "./hot-case.ts";
import type { HotCall } from "./hot-on-disk.ts";
import { aTickPasses, SOURCE_EVENTS, type SourceHome, sourceHome, witnessesOf } from "./source-files.ts";

type Variables = Readonly<Record<string, string>>;

/** A case of a token of an AWS profile or the environment: how it was minted, what happened then, and how it is asked for. */
export interface SourceCase {
  readonly name: string;
  readonly answers: boolean;
  /** What it is minted for; by default profile `dev`. */
  readonly question?: Partial<AwsQuestion>;
  /** Variables that its key has. */
  readonly minted?: Variables;
  /** How the token in the file differs. */
  readonly token?: object;
  /** Text of `current.json`; null: there is none. */
  readonly current?: string | null;
  readonly edit?: (home: SourceHome) => void;
  /** The words of the call; by default those for the question. */
  readonly args?: readonly string[];
  /** Variables of the call; by default those of the mint. */
  readonly env?: Variables;
  /** The same process was given this token a second ago. */
  readonly isSeen?: boolean;
}

const LIFE_MS = 600_000;

export const SOURCE_TOKEN = "k8s-aws-v1.Y2FuYXJ5LXByb2ZpbGU";
const ROLE = "arn:aws:iam::111122223333:role/deploy";
const NOBODY = '{"version":1,"servers":{}}';
export const DEV: AwsQuestion = {
  cluster: "lab",
  region: "us-east-1",
  profile: "dev",
  role: undefined,
  via: [],
};

const AMBIENT = { question: { profile: undefined } };
const KEYS = { AWS_ACCESS_KEY_ID: "AKIAEXAMPLE" };

/** Each determines the identity of a caller's environment. */
const AMBIENT_VARIABLES = {
  AWS_PROFILE: "x",
  AWS_DEFAULT_PROFILE: "x",
  AWS_ACCESS_KEY_ID: "AKIAOTHER",
  AWS_ROLE_ARN: ROLE,
  AWS_ROLE_SESSION_NAME: "x",
  AWS_WEB_IDENTITY_TOKEN_FILE: "/token",
  AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: "/x",
  AWS_CONTAINER_CREDENTIALS_FULL_URI: "http://127.0.0.1/x",
  AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: "/token",
  AWS_CONTAINER_AUTHORIZATION_TOKEN: "canary",
};

/** Each determines where the files are, whatever the identity. */
const FILE_VARIABLES = ["AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE", "AWS_LOGIN_CACHE_DIRECTORY"];

export function words({ cluster, region, profile, role, via }: AwsQuestion): string[] {
  return [
    ...["credential", "eks", "--cluster-name", cluster, "--region", region],
    ...(profile === undefined ? ["--ambient"] : ["--profile", profile]),
    ...via.flatMap((arn) => ["--via", arn]),
    ...(role === undefined ? [] : ["--role", role]),
  ];
}

const asks = (asked: unknown) => ({ KUBERNETES_EXEC_INFO: execInfoFor(asked) });
const PLAIN = words(DEV);

export const SOURCE_CASES: readonly SourceCase[] = [
  { name: "a token of a profile", answers: true },
  { name: "that of a role by a profile", answers: true, question: { role: ROLE, via: [`${ROLE}1`] } },
  { name: "that of the environment", answers: true, ...AMBIENT, minted: KEYS },
  { name: "that of a role by the environment", answers: true, question: { profile: undefined, role: ROLE } },
  { name: "words as --flag=value in another order", answers: true, args: reordered() },
  ...SOURCE_EVENTS,

  { name: "a token that tells of no files", answers: false, token: { witnesses: undefined } },
  { name: "a token of no files", answers: true, token: { witnesses: [] } },
  ...Object.entries({
    text: "-",
    pair: ["a", "b"],
    "longer ones": [["a", "b", "c"]],
    numbers: [["a", 1]],
  }).map(([what, witnesses]) => ({
    name: `files that are none: ${what}`,
    answers: false,
    token: { witnesses },
  })),
  { name: "a digest that is none", answers: false, token: { source: 1 } },
  { name: "a token that is over", answers: false, token: { expires: 0 } },
  { name: "a token of another call", answers: false, token: { key: "x" } },

  { name: "a role that was not minted for", answers: false, args: [...PLAIN, "--role", ROLE] },
  { name: "another profile", answers: false, args: PLAIN.with(-1, "prod") },
  {
    name: "the environment instead of a profile",
    answers: false,
    args: [...PLAIN.slice(0, -2), "--ambient"],
  },
  { name: "another home", answers: false, env: { HOME: "/home/grace" } },
  { name: "an AI agent", answers: false, env: { CLAUDECODE: "1" } },
  { name: "FIPS endpoints", answers: false, env: { AWS_USE_FIPS_ENDPOINT: "true" } },
  ...FILE_VARIABLES.flatMap((name) => [
    { name: `${name} where it was not set`, answers: false, env: { [name]: "/x" } },
    { name: `${name} as when it was minted`, answers: true, minted: { [name]: "/x" } },
    { name: `${name} that depends on the directory`, answers: false, minted: { [name]: "x" } },
    { name: `${name} with a tilde`, answers: false, minted: { [name]: "~/x" } },
  ]),
  ...Object.entries(AMBIENT_VARIABLES).flatMap(([name, value]) => [
    { name: `${name}, which a profile does not heed`, answers: true, env: { [name]: value } },
    {
      name: `${name} where it was not set in the environment`,
      answers: false,
      ...AMBIENT,
      env: { [name]: value },
    },
    { name: `${name} of the environment`, answers: true, ...AMBIENT, minted: { [name]: value } },
  ]),
  ...["AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"].map((name) => ({
    name: `${name} that depends on the directory`,
    answers: false,
    ...AMBIENT,
    minted: { [name]: "token" },
  })),

  { name: "no current.json", answers: false, current: null },
  { name: "a current.json that is none", answers: false, current: "[]" },
  { name: "a cache that is switched off", answers: false, current: NOBODY.replace("{", '{"cache":false,') },
  { name: "its recorded cluster", answers: true, env: asks(ITS_INFO), token: { cluster: RECORD } },
  {
    name: "another cluster than the recorded one",
    answers: false,
    env: asks({ ...ITS_INFO, server: "https://evil.example" }),
    token: { cluster: RECORD },
  },
  {
    name: "no cluster where it must be said",
    answers: false,
    current: NOBODY.replace("{", '{"requireClusterInfo":true,'),
    token: { cluster: RECORD },
  },
  {
    name: "its recorded cluster where it must be said",
    answers: true,
    current: NOBODY.replace("{", '{"requireClusterInfo":true,'),
    env: asks(ITS_INFO),
    token: { cluster: RECORD },
  },
  {
    name: "no cluster, where the token requires it, whatever our folder says",
    answers: false,
    token: { cluster: RECORD, requiresCluster: true },
  },
  {
    name: "its recorded cluster, where the token requires it",
    answers: true,
    env: asks(ITS_INFO),
    token: { cluster: RECORD, requiresCluster: true },
  },
  { name: "a requirement of the token that is none", answers: false, token: { requiresCluster: false } },
  { name: "a second call from the same process", answers: false, isSeen: true },
  { name: "a second call of a script", answers: true, isSeen: true, env: { KUBERNETES_EXEC_INFO: "" } },
  { name: "debug lines that are wanted", answers: false, env: { VOUCH_DEBUG: "1" } },
];

function reordered(): string[] {
  return ["credential", "eks", "--profile=dev", "--region=us-east-1", "--cluster-name=lab"];
}

/** Writes below a folder what a mint left, lets the event happen, and returns the call. */
export function layOutSource(root: string, sourceCase: SourceCase, world: HotWorld): HotCall {
  const { question, minted = {}, edit, isSeen = false, args, env } = sourceCase;
  const home = sourceHome(path.join(root, "home/ada"));
  const mint = { question: { ...DEV, ...question }, variables: { HOME: home.folder, ...minted } };
  keepSourceToken(home, { ...sourceCase, ...mint }, world);
  if (isSeen) leaveMark(home, mint, world);
  if (edit !== undefined) {
    aTickPasses();
    edit(home);
  }
  const called = {
    ...(process.platform === "win32" ? { LOCALAPPDATA: `${home.folder}/.local/state` } : {}),
    ...asks(undefined),
    ...mint.variables,
    ...env,
  };
  return { args: args ?? words(mint.question), env: called, now: world.noon, parentId: world.parentId };
}

/** What a token is minted for. */
interface SourceMint {
  readonly question: AwsQuestion;
  readonly variables: Variables;
}

/** Writes the token as a mint does, and `current.json`. */
export function keepSourceToken(
  home: SourceHome,
  { token, current = NOBODY, ...mint }: SourceMint & Pick<SourceCase, "token" | "current">,
  world: HotWorld,
): void {
  const state = stateOf(home);
  for (const folder of [state, profilesFolder(state), marksFolder(state)])
    fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
  const write = (file: string, text: string) => fs.writeFileSync(file, text, { mode: 0o600 });
  if (current !== null) write(currentFile(state), current);
  const key = keyOf(mint, world);
  const witnesses = witnessesOf(home);
  const cached = { key, token: SOURCE_TOKEN, expires: world.noon + LIFE_MS, source: "digest", witnesses };
  write(tokenFile(profilesFolder(state), fnv32(key)), JSON.stringify({ ...cached, ...token }));
}

function leaveMark(home: SourceHome, mint: SourceMint, world: HotWorld): void {
  const { noon, parentId } = world;
  const seen = { first: noon - 1000, expires: noon + LIFE_MS, renewed: false };
  const file = markFile(stateOf(home), fnv32(keyOf(mint, world)));
  fs.writeFileSync(file, addMark("", parentId, seen), { mode: 0o600 });
}

function keyOf({ question, variables }: SourceMint, { version }: HotWorld): string {
  const parts = { ...question, stsHost: `sts.${question.region}.amazonaws.com`, agent: undefined };
  return sourceTokenKey(parts, (name) => variables[name]).replace(VERSION, version);
}

function stateOf({ folder }: SourceHome): string {
  return `${folder}/.local/state/kubectl-vouch`;
}
