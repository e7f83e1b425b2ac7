import type { CurrentSession } from "../../token/hot/current.ts";
import { fnv32 } from "../../token/hot/fnv.ts";
import { tokenKey } from "../../token/hot/key.ts";
import { addMark, MARKS_LENGTH } from "../../token/hot/mark.ts";
import { markFile, sessionFolder, tokenFile } from "../../token/hot/state-files.ts";
import { VERSION } from "../../token/hot/version.ts";
import { CLUSTER_INFO_CASES, execInfoFor, ITS_INFO, RECORD } from "./cluster-infos.ts";
import type { HotCase, HotTable, HotWorld, LeftMark } from "./hot-case.ts";
import type { FakeHostOptions } from "./hot-host.ts";
import { safeguardCases } from "./safeguard-cases.ts";

/** Noon on a quiet day. */
const NOON = Date.parse("2026-01-15T12:00:00Z");

const SERVER = "https://us.vouch.sh";
const ROLE = "arn:aws:iam::111122223333:role/VouchDeveloper";
export const STATE = "/home/ada/.local/state/kubectl-vouch";
export const TOKEN = "k8s-aws-v1.Y2FuYXJ5LXRva2Vu";

const ARGS = "credential eks --cluster-name lab --region us-east-1"
  .split(" ")
  .concat("--role", ROLE, "--server", SERVER);

const QUESTION = {
  cluster: "lab",
  region: "us-east-1",
  role: ROLE,
  via: [],
  server: SERVER,
  account: undefined,
};

/** What kubectl sends if the kubeconfig entry has no `provideClusterInfo`. */
const PLAIN_INFO = execInfoFor(undefined, "client.authentication.k8s.io/v1");

/** A file of marks with these added one after the other. */
function marksText(before: string, left: readonly LeftMark[]): string {
  return left.reduce((text, { parentId, ...mark }) => addMark(text, parentId, mark), before);
}

export function hotTable({ noon, parentId, version }: HotWorld): HotTable {
  const ADA: CurrentSession = {
    identity: "ada@example.com",
    id: "0b9c3f6e-4f0a-4a57-9d53-6a2b8f5f9a10",
    end: noon + 8 * 3600_000,
    sessionName: "ada@example.com",
    keyStore: "file",
  };

  const asker = { session: ADA, agent: undefined };
  const ours = tokenKey({ ...QUESTION, ...asker, stsHost: "sts.us-east-1.amazonaws.com" });
  const KEY = ours.replace(VERSION, version);
  const TOKEN_FILE = tokenFile(sessionFolder(STATE, ADA.id), fnv32(KEY));
  const MARK_FILE = markFile(STATE, fnv32(KEY));

  const CURRENT = JSON.stringify({
    version: 1,
    last: SERVER,
    servers: { [SERVER]: { current: ADA.identity, sessions: { [ADA.identity]: ADA } } },
  });

  const CACHED = JSON.stringify({ key: KEY, token: TOKEN, expires: noon + 600_000 });

  const tokenOf = (agent: string, role: string) => {
    const asked = { ...QUESTION, ...asker, agent, role, stsHost: "sts.us-east-1.amazonaws.com" };
    const key = tokenKey(asked).replace(VERSION, version);
    const file = tokenFile(sessionFolder(STATE, ADA.id), fnv32(key));
    return { [file]: JSON.stringify({ ...JSON.parse(CACHED), key }) };
  };

  const EXPIRES = noon + 600_000;
  /** What a first answer leaves, and what it left a second ago. */
  const FIRST: LeftMark = { parentId, first: noon, expires: EXPIRES, renewed: false };
  const SEEN: LeftMark = { ...FIRST, first: noon - 1000 };
  const OTHER: LeftMark = { ...FIRST, parentId: parentId + 1, first: noon - 2000 };
  const others = (count: number) =>
    Array.from({ length: count }, (_, index) => ({
      ...OTHER,
      parentId: parentId + 1 + index,
      renewed: true,
    }));
  const marks = (...left: readonly LeftMark[]) => ({ [MARK_FILE]: marksText("", left) });
  const marksFilled = (text: string) => ({ [MARK_FILE]: text.padEnd(MARKS_LENGTH) });
  const cached = (fields: object) => ({ [TOKEN_FILE]: JSON.stringify({ ...JSON.parse(CACHED), ...fields }) });
  const current = (text: string) => ({ [`${STATE}/current.json`]: text });
  const ofServer = (text: string) => current(`{"version":1,"servers":{"${SERVER}":${text}}}`);
  const execInfo = (version: string) => execInfoFor(undefined, version).trim();
  const asks = (asked: unknown) => ({ KUBERNETES_EXEC_INFO: execInfoFor(asked) });
  const recorded = cached({ cluster: RECORD });
  const required = current(CURRENT.replace("{", '{"requireClusterInfo":true,'));

  const cases: readonly HotCase[] = [
    { name: "the plain warm call", answers: true },
    {
      name: "arguments as --flag=value in another order",
      answers: true,
      args: [
        "credential",
        "eks",
        `--server=${SERVER}`,
        `--role=${ROLE}`,
        "--region=us-east-1",
        "--cluster-name=lab",
      ],
    },
    {
      name: "the ID of a local cluster, for which no token is cached",
      answers: false,
      args: [...ARGS, "--cluster-id", "0c3a5e1e-7b6f-4a57-9d53-6a2b8f5f9a10"],
    },
    { name: "debug lines wanted by a flag", answers: false, args: [...ARGS, "--debug"] },
    { name: "debug lines wanted by a flag in front", answers: false, args: ["--debug", ...ARGS] },
    { name: "debug lines wanted by a variable", answers: false, env: { VOUCH_DEBUG: "1" } },
    { name: "debug lines not wanted", answers: true, env: { VOUCH_DEBUG: "0" } },
    { name: "debug lines not wanted, in a word", answers: true, env: { VOUCH_DEBUG: "False" } },
    {
      name: "exec info of v1",
      answers: true,
      env: { KUBERNETES_EXEC_INFO: `${execInfo("client.authentication.k8s.io/v1")}\n` },
    },
    {
      name: "exec info of v1beta1",
      answers: true,
      env: { KUBERNETES_EXEC_INFO: execInfo("client.authentication.k8s.io/v1beta1") },
    },
    ...CLUSTER_INFO_CASES.map(({ name, asked, refusal }) => ({
      name: `for ${name}`,
      answers: refusal === undefined,
      env: asks(asked),
      files: recorded,
    })),
    {
      name: "another cluster, and none was recorded",
      answers: true,
      env: asks({ server: "https://evil.example" }),
    },
    {
      name: "no check of certificates, and no cluster was recorded",
      answers: false,
      env: asks({ ...ITS_INFO, "insecure-skip-tls-verify": true }),
    },
    {
      name: "the recorded cluster where it must be said",
      answers: true,
      env: asks(ITS_INFO),
      files: { ...recorded, ...required },
    },
    {
      name: "no exec info where a cluster must be said",
      answers: false,
      files: { ...recorded, ...required },
    },
    {
      name: "no cluster where it must be said",
      answers: false,
      env: asks(undefined),
      files: { ...recorded, ...required },
    },
    {
      name: "another cluster where it must be said",
      answers: false,
      env: asks({ ...ITS_INFO, server: "https://evil.example" }),
      files: { ...recorded, ...required },
    },
    {
      name: "a cluster that nobody recorded where it must be said",
      answers: false,
      env: asks(ITS_INFO),
      files: required,
    },
    {
      name: "a cluster that need not be said",
      answers: true,
      files: current(CURRENT.replace("{", '{"requireClusterInfo":false,')),
    },
    {
      name: "a cache that is switched off",
      answers: false,
      files: current(CURRENT.replace("{", '{"cache":false,')),
    },
    { name: "a cache that is on", answers: true, files: current(CURRENT.replace("{", '{"cache":true,')) },
    {
      name: "a cache that is neither on nor off",
      answers: false,
      files: current(CURRENT.replace("{", '{"cache":"off",')),
    },
    {
      name: "a requirement that is neither yes nor no",
      answers: false,
      files: current(CURRENT.replace("{", '{"requireClusterInfo":"true",')),
    },
    ...Object.entries({ text: RECORD.host, null: null, "without a CA": { host: RECORD.host } }).map(
      ([what, cluster]) => ({
        name: `a cache file whose record is none: ${what}`,
        answers: false,
        files: cached({ cluster }),
      }),
    ),
    { name: "empty exec info, as of a script: no mark", answers: true, env: { KUBERNETES_EXEC_INFO: "" } },
    {
      name: "a second call of a script, which is no refusal",
      answers: true,
      env: { KUBERNETES_EXEC_INFO: " " },
      files: marks(SEEN),
    },
    { name: "a state folder that cannot be written", answers: true, readOnly: true },
    {
      name: "a burst whose token was fetched again",
      answers: true,
      files: marks({ ...SEEN, expires: noon + 500_000, renewed: true }),
    },
    {
      name: "a burst whose token was fetched again, and is the cached one",
      answers: true,
      files: marks({ ...SEEN, renewed: true }),
    },
    {
      name: "a token that somebody else fetched again",
      answers: true,
      files: marks(OTHER, { ...SEEN, expires: noon + 500_000 }),
      leaves: { ...FIRST, renewed: true },
    },
    { name: "an old mark", answers: true, files: marks({ ...SEEN, first: noon - 5000 }), leaves: FIRST },
    {
      name: "a mark of the future",
      answers: true,
      files: marks({ ...SEEN, first: noon + 60_000 }),
      leaves: FIRST,
    },
    { name: "a mark of another process", answers: true, files: marks(OTHER), leaves: FIRST },
    {
      name: "marks of processes whose numbers look like ours",
      answers: true,
      files: marks({ ...SEEN, parentId: parentId * 10 + 1 }, { ...SEEN, parentId: Number(`1${parentId}`) }),
      leaves: FIRST,
    },
    {
      name: "more marks of others than there is room for",
      answers: true,
      files: marks(...others(41)),
      leaves: FIRST,
    },
    {
      name: "a mark of ours that had to make room",
      answers: true,
      files: marks(SEEN, ...others(40)),
      leaves: FIRST,
    },
    { name: "a file of marks without any", answers: true, files: marksFilled("{"), leaves: FIRST },
    {
      name: "a file whose mark of ours is torn",
      answers: true,
      files: marksFilled(
        `[${parentId},${noon - 1000},${EXPIRES},fa[${parentId},${noon - 1000},${EXPIRES},false,false]`,
      ),
      leaves: FIRST,
    },
    { name: "an empty file of marks", answers: true, files: { [MARK_FILE]: "" }, leaves: FIRST },
    {
      name: "a file of marks that the disk lost",
      answers: true,
      files: { [MARK_FILE]: "\0".repeat(MARKS_LENGTH) },
      leaves: FIRST,
    },
    {
      name: "a file of marks that is too long",
      answers: true,
      files: { [MARK_FILE]: `${marksText("", [OTHER])}x` },
      leaves: FIRST,
    },
    ...Object.entries({
      "only a process": [parentId],
      "a time as text": [parentId, String(noon), EXPIRES, false, false],
      "one that names no token": [parentId, noon - 1000, null, false, false],
      "one with a number for a truth": [parentId, noon - 1000, EXPIRES, 0, false],
      "one that ends too soon": [parentId, noon - 1000, EXPIRES, false],
    }).map(([what, none]) => ({
      name: `a mark that is none: ${what}`,
      answers: true,
      files: marksFilled(JSON.stringify(none)),
      leaves: FIRST,
    })),
    {
      name: "a mark that others could have left",
      answers: true,
      files: marks(SEEN),
      exposed: [MARK_FILE],
    },
    {
      name: "AWS variables that do not touch the token",
      answers: true,
      env: { AWS_PROFILE: "x", AWS_ENDPOINT_URL_STS: "https://localhost:1", AWS_REGION: "eu-west-1" },
    },
    { name: "the account by name", answers: false, args: [...ARGS, "--account", "grace@example.com"] },

    { name: "a second call from the same process", answers: false, files: marks(SEEN) },
    {
      name: "a second call in the last moment of the burst",
      answers: false,
      stillClock: true,
      files: marks({ ...SEEN, first: noon - 4999 }),
    },
    {
      name: "a second call from the same process, after those of many others",
      answers: false,
      files: marks(SEEN, ...others(39)),
    },
    {
      name: "a second call from the same process, whose first burst is over",
      answers: false,
      files: marks({ ...SEEN, first: noon - 9000, renewed: true }, SEEN),
    },
    {
      name: "a second call from the same process, in a file that was not filled up",
      answers: false,
      files: { [MARK_FILE]: marksText("", [SEEN]).trimEnd() },
    },
    {
      name: "a second call from the same process, in a file that is too long",
      answers: false,
      files: { [MARK_FILE]: `${marksText("", [SEEN])}x` },
    },
    { name: "a call after one that was excused", answers: false, files: marks({ ...SEEN, excused: true }) },
    { name: "another command", answers: false, args: ["status"] },
    { name: "no arguments", answers: false, args: [] },
    { name: "an unknown flag", answers: false, args: [...ARGS, "--verbose", "yes"] },
    { name: "a word that every object knows", answers: false, args: [...ARGS, "toString", "yes"] },
    { name: "a prototype as a flag", answers: false, args: [...ARGS, "__proto__=yes"] },
    { name: "an empty value", answers: false, args: [...ARGS, "--account="] },
    { name: "a flag without its value", answers: false, args: [...ARGS, "--via"] },
    { name: "a flag given twice", answers: false, args: [...ARGS, "--region", "us-east-1"] },
    {
      name: "a value that looks like a flag",
      answers: false,
      args: [
        "credential",
        "eks",
        "--cluster-name",
        "--region",
        "us-east-1",
        "--role",
        ROLE,
        "--server",
        SERVER,
      ],
    },
    { name: "no server", answers: false, args: ARGS.slice(0, -2) },
    {
      name: "no role",
      answers: false,
      args: ["credential", "eks", "--cluster-name", "lab", "--region", "us-east-1", "--server", SERVER],
    },
    { name: "another cluster", answers: false, args: ARGS.map((word) => (word === "lab" ? "lab2" : word)) },
    {
      name: "another region",
      answers: false,
      args: ARGS.map((word) => (word === "us-east-1" ? "us-east-2" : word)),
    },
    { name: "another role", answers: false, args: ARGS.map((word) => (word === ROLE ? `${ROLE}2` : word)) },
    { name: "a role on the way", answers: false, args: [...ARGS, "--via", `${ROLE}2`] },
    {
      name: "another server",
      answers: false,
      args: ARGS.map((word) => (word === SERVER ? "https://eu.vouch.sh" : word)),
    },
    {
      name: "something that is no region",
      answers: false,
      args: ARGS.map((word) => (word === "us-east-1" ? "nowhere" : word)),
    },
    { name: "an AI agent", answers: false, env: { CLAUDECODE: "1" } },
    ...safeguardCases({ args: ARGS, role: ROLE, userFile: TOKEN_FILE, tokenOf }),
    { name: "FIPS endpoints", answers: false, env: { AWS_USE_FIPS_ENDPOINT: "true" } },
    { name: "dual-stack endpoints", answers: false, env: { AWS_USE_DUALSTACK_ENDPOINT: "true" } },
    {
      name: "an endpoint variable that is neither true nor false",
      answers: false,
      env: { AWS_USE_FIPS_ENDPOINT: "maybe" },
    },
    {
      name: "exec info of v1alpha1",
      answers: false,
      env: { KUBERNETES_EXEC_INFO: execInfo("client.authentication.k8s.io/v1alpha1") },
    },
    { name: "exec info that is no JSON", answers: false, env: { KUBERNETES_EXEC_INFO: "{" } },
    {
      name: "exec info of another kind",
      answers: false,
      env: { KUBERNETES_EXEC_INFO: '{"kind":"Pod","apiVersion":"client.authentication.k8s.io/v1"}' },
    },
    { name: "nobody logged in", answers: false, files: current('{"version":1,"servers":{}}') },
    { name: "no current.json", answers: false, files: { [`${STATE}/current.json`]: undefined } },
    { name: "a current.json that is no JSON", answers: false, files: current("{") },
    {
      name: "a current.json of another version",
      answers: false,
      files: current(CURRENT.replace('"version":1', '"version":2')),
    },
    {
      name: "a session id that is a path",
      answers: false,
      files: current(CURRENT.replace(ADA.id, "../../../etc")),
    },
    {
      name: "a session that is over",
      answers: false,
      files: current(CURRENT.replace(String(ADA.end), String(noon))),
    },
    { name: "a current.json that others may read", answers: false, exposed: [`${STATE}/current.json`] },
    { name: "a cache file that others may read", answers: false, exposed: [TOKEN_FILE] },
    { name: "no cache file", answers: false, files: { [TOKEN_FILE]: undefined } },
    { name: "an empty cache file", answers: false, files: { [TOKEN_FILE]: "" } },
    { name: "half a cache file", answers: false, files: { [TOKEN_FILE]: CACHED.slice(0, 80) } },
    { name: "a cache file with another key", answers: false, files: cached({ key: `${KEY} ` }) },
    { name: "a token that has expired", answers: false, files: cached({ expires: noon }) },
    {
      name: "a token that expires in a millisecond",
      answers: true,
      stillClock: true,
      files: cached({ expires: noon + 1 }),
      leaves: { ...FIRST, expires: noon + 1 },
    },
    { name: "an expiry that is text", answers: false, files: cached({ expires: "2027" }) },
    {
      name: "an expiry beyond all numbers",
      answers: false,
      files: { [TOKEN_FILE]: CACHED.replace(/"expires":\d+/, '"expires":1e999') },
    },
    { name: "an expiry no timestamp can tell", answers: false, files: cached({ expires: 1e15 }) },
    { name: "an expiry no date can hold", answers: false, files: cached({ expires: 1e18 }) },
    {
      name: "a token that has just been minted",
      answers: true,
      stillClock: true,
      files: cached({ expires: noon + 840_000 }),
      leaves: { ...FIRST, expires: noon + 840_000 },
    },
    {
      name: "a token minted while the clock was ahead",
      answers: false,
      stillClock: true,
      files: cached({ expires: noon + 840_001 }),
    },
    {
      name: "an expiry in the last second that can be told",
      answers: false,
      files: cached({ expires: 253_402_300_799_999 }),
    },
    { name: "a token that is none", answers: false, files: cached({ token: "canary" }) },
    { name: "a file beyond 64 KiB", answers: false, files: { [TOKEN_FILE]: CACHED + " ".repeat(70_000) } },
    {
      name: "the account by name, who is the one logged in",
      answers: true,
      args: [...ARGS, "--account", ADA.identity],
    },
    { name: "a current.json that is a list", answers: false, files: current("[]") },
    { name: "a server without sessions", answers: false, files: ofServer("{}") },
    { name: "a server that is null", answers: false, files: ofServer("null") },
    {
      name: "a session under another name than its own",
      answers: false,
      files: current(CURRENT.replaceAll(ADA.identity, "grace@example.com").replace("grace", "ada")),
    },
    { name: "no home", answers: false, env: { HOME: "" } },
    { name: "a relative XDG_STATE_HOME, which is ignored", answers: true, env: { XDG_STATE_HOME: "state" } },
  ];

  const situation = (hotCase: HotCase): FakeHostOptions => {
    const files: Record<string, string> = { [`${STATE}/current.json`]: CURRENT, [TOKEN_FILE]: CACHED };
    for (const [path, text] of Object.entries(hotCase.files ?? {})) {
      if (text === undefined) delete files[path];
      else files[path] = text;
    }
    return {
      args: hotCase.args ?? ARGS,
      env: { HOME: "/home/ada", KUBERNETES_EXEC_INFO: PLAIN_INFO, ...hotCase.env },
      now: hotCase.now ?? noon,
      parentId,
      files,
      ...(hotCase.exposed === undefined ? {} : { exposed: hotCase.exposed }),
      ...(hotCase.readOnly === undefined ? {} : { readOnly: hotCase.readOnly }),
    };
  };

  const marksAfter = ({ env = {}, files = {}, leaves, answers, readOnly, marksElsewhere }: HotCase) => {
    const before = files[MARK_FILE];
    if (marksElsewhere) return before;
    if (env["KUBERNETES_EXEC_INFO"]?.trim() === "") return before;
    const isNew = answers && before === undefined && !readOnly;
    const left = leaves ?? (isNew ? FIRST : undefined);
    if (left === undefined) return before;
    return marksText(before ?? "", [left]) + (before ?? "").slice(MARKS_LENGTH);
  };
  return { cases, tokenFile: TOKEN_FILE, markFile: MARK_FILE, situation, marksAfter };
}

export const NOON_TABLE = hotTable({ noon: NOON, parentId: 100, version: VERSION });
export const HOT_CASES = NOON_TABLE.cases;
