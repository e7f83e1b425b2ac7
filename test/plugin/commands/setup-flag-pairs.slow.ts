import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { isDeepStrictEqual } from "node:util";
import { addAssignment, answerDevice } from "../../lab/aws/identity-center.ts";
import { addCluster, addRole, addUser, chainTrust, LAB_ADMIN_KEY, vouchTrust } from "../../lab/aws/world.ts";
import { LAB_CLUSTER, LAB_REGION, LAB_ROLE } from "../../lab/lab.ts";
import { labDesk } from "../../support/lab-desk.ts";
import { allowClusterReads } from "../../support/lab-words.ts";
import { isWhole, partOf } from "../../support/part.ts";
import { fetched } from "../../token/aws/identity-center/center-lab.ts";

type ErrorSource = Readonly<Record<string, readonly string[]>>;

/** Every flag with a value that changes something. */
const EKS: ErrorSource = {
  cluster: ["--cluster", LAB_CLUSTER],
  region: ["--region", "eu-west-1"],
  profile: ["--profile", "other"],
  ambient: ["--ambient"],
  role: ["--role", "arn:aws:iam::111122223333:role/PairAdmin"],
  via: ["--via", "arn:aws:iam::111122223333:role/PairWay"],
  "describe-profile": ["--describe-profile", "caller"],
  "approve-process": ["--approve-process"],
  kubeconfig: ["--kubeconfig", "HOME/other-config"],
  server: ["--server", "SERVER"],
  account: ["--account", "ada@example.com"],
  "context-name": ["--context-name", "x-{cluster}"],
  namespace: ["--namespace", "web"],
  list: ["--list"],
  "proxy-url": ["--proxy-url", "http://127.0.0.1:9"],
  all: ["--all"],
  "all-profiles": ["--all-profiles"],
  match: ["--match", "pr*"],
  tag: ["--tag", "env=prod"],
  regions: ["--regions", "us-east-1", "eu-west-1"],
  prune: ["--prune"],
  absolute: ["--absolute"],
  interactive: ["--interactive"],
  "agent-role": ["--agent-role", "arn:aws:iam::111122223333:role/PairReader"],
  protected: ["--protected"],
  use: ["--use"],
  migrate: ["--migrate"],
  "in-place": ["--in-place"],
  "dry-run": ["--dry-run"],
  diff: ["--diff"],
  undo: ["--undo"],
  output: ["--output", "json"],
};
/** These need an Outpost, or a role and a profile: setup-eks-outpost.test.ts, setup-eks-profiles.test.ts. */
const ELSEWHERE = ["cluster-id", "session-name"];
/** This needs a browser: login-callback-port.test.ts. */
const WITH_BROWSER = ["callback-port"];
const AWS: ErrorSource = {
  role: ["--role", "arn:aws:iam::111122223333:role/PairAdmin"],
  via: ["--via", "arn:aws:iam::111122223333:role/PairWay"],
  profile: ["--profile", "later"],
  region: ["--region", "eu-west-1"],
  server: ["--server", "https://eu.vouch.sh"],
  account: ["--account", "ada@example.com"],
  "sso-start-url": ["--sso-start-url", "https://lab.awsapps.com/start"],
  "sso-region": ["--sso-region", "us-east-1"],
  match: ["--match", "L*"],
  "device-code": ["--device-code"],
  force: ["--force"],
  "dry-run": ["--dry-run"],
  diff: ["--diff"],
  undo: ["--undo"],
  output: ["--output", "json"],
};

/** Those of `setup aws` that are for IAM Identity Center, and those that are for Vouch. */
const OF_CENTER = ["sso-start-url", "sso-region", "match", "device-code", "force"];
const OF_VOUCH = ["role", "via", "server", "account"];

/** What a pair of `setup aws` needs. */
function completeAws(pair: readonly string[]): string[] {
  const has = (...names: string[]) => names.some((name) => pair.includes(name));
  if (has("undo")) return [];
  if (!has(...OF_CENTER) || has(...OF_VOUCH)) return has("role") ? [] : ["--role", LAB_ROLE];
  const needed = [...["sso-start-url", "sso-region"], ...(has("device-code") ? ["force"] : [])];
  return needed.filter((name) => !has(name)).flatMap((name) => AWS[name] ?? []);
}

const PAIR_ADMIN = "arn:aws:iam::111122223333:role/PairAdmin";
/** May describe nothing. */
const BLIND = "arn:aws:iam::111122223333:role/PairBlind";

/** What a flag of `setup eks` says beside another, where it would have no effect as in the table. */
function wordsBeside(name: string, pair: readonly string[]): readonly string[] {
  if (name === "profile" && pair.includes("approve-process")) return ["--profile", "run"];
  if (name === "profile" && pair.includes("describe-profile")) return ["--profile", "blind"];
  if (name === "role" && pair.includes("describe-profile")) return ["--role", BLIND];
  return EKS[name] ?? [];
}

/** An identity for which both flags of a pair matter: one whose program nobody agreed to, or that may describe nothing. */
function identityFor(pair: readonly string[]): readonly string[] {
  const has = (...names: string[]) => names.some((name) => pair.includes(name));
  if (has("undo", "all-profiles")) return [];
  if (has("approve-process")) {
    if (has("profile", "ambient", "server", "account")) return [];
    const profile = has("describe-profile") ? "run-blind" : "run";
    return ["--profile", profile, ...(has("via") ? ["--role", PAIR_ADMIN] : [])];
  }
  if (has("ambient")) return has("via") ? ["--role", PAIR_ADMIN] : [];
  return has("describe-profile") && !has("profile", "role") ? ["--role", BLIND] : [];
}

/** The environment of a pair: whom `AWS_PROFILE` names, and which profiles there are. */
function environmentOf(pair: readonly string[]): Record<string, string> {
  const has = (name: string) => pair.includes(name);
  const caller = has("approve-process") ? "run" : has("describe-profile") ? "caller-blind" : "caller";
  return {
    AWS_PROFILE: has("ambient") ? caller : "vouch",
    ...(has("server") ? { VOUCH_SERVER: "https://elsewhere.example" } : {}),
    ...(has("all-profiles") || (has("list") && !has("ambient"))
      ? { AWS_CONFIG_FILE: has("approve-process") ? "HOME/.aws/with-program" : "HOME/.aws/of-vouch" }
      : {}),
  };
}

/** The pairs that are refused. Every other pair works, and both flags have their effect. */
const REFUSED: Readonly<Record<"eks" | "aws", Readonly<Record<string, readonly string[]>>>> = {
  eks: {
    undo: [
      ...["all", "match", "tag", "regions", "region", "prune", "migrate", "role", "via", "profile", "server"],
      ...["account", "context-name", "namespace", "absolute", "interactive", "use"],
      ...["in-place", "ambient", "all-profiles", "describe-profile", "approve-process", "list"],
      ...["agent-role", "protected", "proxy-url"],
    ],
    list: [
      ...["cluster", "all", "prune", "migrate", "in-place", "context-name", "namespace", "use"],
      ...["describe-profile", "absolute", "interactive", "dry-run", "diff"],
      ...["agent-role", "protected", "proxy-url"],
    ],
    "in-place": ["context-name", "namespace", "proxy-url"],
    use: ["all", "match", "tag", "regions", "prune", "all-profiles"],
    cluster: ["all", "match", "tag", "regions", "prune", "all-profiles"],
    region: ["regions"],
    ambient: ["profile", "server", "account", "all-profiles"],
    "all-profiles": ["profile", "role", "via", "server", "account", "describe-profile", "agent-role"],
    "approve-process": ["server", "account"],
  },
  aws: {
    undo: ["role", "via", "region", "server", "account", ...OF_CENTER],
    ...Object.fromEntries(OF_CENTER.map((name) => [name, OF_VOUCH])),
  },
};

/** `--dry-run` shows the changes as `--diff` does; `--list` lists those of every profile. */
function isImplied(flag: string, beside: string): boolean {
  return (flag === "diff" && beside === "dry-run") || (flag === "all-profiles" && beside === "list");
}

interface Seen {
  readonly status: number;
  readonly stderr: string;
  readonly isUnchanged: boolean;
}

function pairsOf(flags: ErrorSource): [string, string][] {
  const names = Object.keys(flags);
  return names.flatMap((one, index) => names.slice(index + 1).map((other): [string, string] => [one, other]));
}

function isRefused(command: "eks" | "aws", one: string, other: string): boolean {
  const table = REFUSED[command];
  return (table[one]?.includes(other) ?? false) || (table[other]?.includes(one) ?? false);
}

describe("pairs of flags", () => {
  const desk = labDesk();
  const filesIn = (folder: string) =>
    [".kube/config", "other-config", ".aws/config"].map((name) => {
      const file = path.join(folder, name);
      return fs.existsSync(file) ? fs.readFileSync(file, "utf8") : "";
    });
  /** Ada sits before the browser, and allows every login. */
  const adaApproves = {
    openBrowser: async (address: string) => {
      desk.lab.world.identityCenter.person = { userName: "ada" };
      void fetched(address, desk.lab.ca.cert).then(({ headers: { location = "" } }) =>
        fetched(location, desk.lab.ca.cert),
      );
      return true;
    },
    onErr: (text: string) => {
      const [, code] = /approve the code ([A-Z-]{9})\./.exec(text) ?? [];
      if (code !== undefined) answerDevice(desk.lab.world.identityCenter, code, { userName: "ada" });
    },
  };
  let saved = "";
  let known = new Map<string, string>();

  /** Waiting for the disk would be most of the time, and nothing here is about a power cut. */
  const { fsyncSync } = fs;
  before(() => {
    fs.fsyncSync = () => {};
  });
  after(() => {
    fs.fsyncSync = fsyncSync;
  });

  /** Runs from the same beginning each time; the result is all that can be seen of it. */
  const outcome = async (command: string, flags: readonly string[], env: Record<string, string>) => {
    const key = JSON.stringify([flags, env]);
    const earlier = known.get(key);
    if (earlier !== undefined) return earlier;
    fs.rmSync(desk.home, { recursive: true });
    fs.cpSync(saved, desk.home, { recursive: true, preserveTimestamps: true });
    const config = path.join(desk.home, ".aws/config");
    const server = env["VOUCH_SERVER"];
    if (server !== undefined && command === "eks")
      fs.writeFileSync(config, fs.readFileSync(config, "utf8").replaceAll(desk.lab.vouch.url, server));
    const before = filesIn(desk.home);
    const filled = (word: string) => word.replace("HOME", desk.home).replace("SERVER", desk.lab.vouch.url);
    const variables = Object.fromEntries(Object.entries(env).map(([name, value]) => [name, filled(value)]));
    const { status, stdout, stderr } = await desk.run(["setup", command, ...flags.map(filled)], {
      env: variables,
      terminal: "none",
      ...adaApproves,
    });
    const seen = {
      status,
      stdout: stdout.replaceAll(/"expires": .*/g, ""),
      stderr: stderr.replaceAll(/good for .*? min/g, ""),
      files: filesIn(desk.home),
      isUnchanged: isDeepStrictEqual(filesIn(desk.home), before),
    };
    const text = JSON.stringify(seen);
    known.set(key, text);
    return text;
  };

  const check = async (
    command: "eks" | "aws",
    {
      flags,
      words = (name) => flags[name] ?? [],
      complete,
      envOf,
    }: {
      flags: ErrorSource;
      words?: (name: string, pair: readonly string[]) => readonly string[];
      complete: (pair: readonly string[]) => string[];
      envOf: (pair: readonly string[]) => Record<string, string>;
    },
  ) => {
    saved = `${desk.home}-saved`;
    known = new Map();
    fs.cpSync(desk.home, saved, { recursive: true, preserveTimestamps: true });
    const found = { refused: 0, working: 0, wrong: [] as string[] };
    try {
      for (const [one, other] of partOf(`pairs of flags of setup ${command}`, [...pairsOf(flags)])) {
        const base = complete([one, other]);
        const env = envOf([one, other]);
        const run = (...names: string[]) =>
          outcome(command, [...base, ...names.flatMap((name) => words(name, [one, other]))], env);
        const both = await run(one, other);
        const { status, stderr, isUnchanged } = JSON.parse(both) as Seen;
        const isWrong = (why: string) => found.wrong.push(`--${one} --${other} ${why}: ${stderr}`);
        if (isRefused(command, one, other)) {
          found.refused += 1;
          const sentence = new RegExp(`^error: .*--(${one}|${other})\\b.+\\. \\[usage\\]\n.+\n$`);
          if (status !== 64 || !sentence.test(stderr) || !isUnchanged) isWrong("should be refused");
          continue;
        }
        found.working += 1;
        if (status !== 0) isWrong("should work");
        if (!isImplied(one, other) && (await run(other)) === both) isWrong(`ignores --${one}`);
        if (!isImplied(other, one) && (await run(one)) === both) isWrong(`ignores --${other}`);
      }
    } finally {
      fs.rmSync(saved, { recursive: true });
    }
    return found;
  };

  const flagsInHelp = async (command: string) => {
    const { stdout } = await desk.run(["setup", command, "--help"]);
    const names = [...stdout.matchAll(/^ +(?:-\w, )?--([a-z-]+)/gm)].map(([, name = ""]) => name);
    return [...new Set(names)].filter((name) => !["color", "debug", "help", "version"].includes(name)).sort();
  };

  it("are all in the tables", async () => {
    assert.deepEqual([...Object.keys(EKS), ...ELSEWHERE].sort(), await flagsInHelp("eks"));
    assert.deepEqual([...Object.keys(AWS), ...WITH_BROWSER].sort(), await flagsInHelp("aws"));
  });

  it("of setup aws work or are refused, and no flag is ignored", async () => {
    for (const words of [
      ["vouch"],
      ["later", "--account", "bob@example.com"],
      ["vouch", "--region", LAB_REGION, "--account", "bob@example.com"],
    ])
      await desk.run(["setup", "aws", "--role", LAB_ROLE, "--profile", ...words]);
    for (const accountId of ["111122223333", "444455556666"])
      addAssignment(desk.lab.world, { userName: "ada", permissionSet: "Dev", accountId });
    for (const account of desk.lab.world.identityCenter.accounts)
      account.accountName = account.accountId.startsWith("1") ? "Lab" : "Prod";
    const isForCenter = (pair: readonly string[]) => OF_CENTER.some((name) => pair.includes(name));
    const atCenter = () => ({ AWS_ENDPOINT_URL: desk.lab.aws.url });
    const login = [...(AWS["sso-start-url"] ?? []), "--sso-region", "us-east-1", "--dry-run"];
    await desk.run(["setup", "aws", ...login], { env: atCenter(), ...adaApproves });
    const found = await check("aws", {
      flags: AWS,
      words: (name, pair) =>
        name === "profile" && isForCenter(pair) ? ["--profile", "{account_name}"] : (AWS[name] ?? []),
      complete: completeAws,
      envOf: (pair) => (isForCenter(pair) ? atCenter() : ({} as Record<string, string>)),
    });
    assert.deepEqual(found.wrong, []);
    if (isWhole()) assert.deepEqual(found, { refused: 30, working: 75, wrong: [] });
  });

  it("of setup eks work or are refused, and no flag is ignored", async function () {
    this.timeout(600_000);
    desk.logIn();
    await prepareEks();
    const needsAll = ["match", "tag", "regions", "prune", "all-profiles"];
    const found = await check("eks", {
      flags: EKS,
      words: wordsBeside,
      complete: (pair) => {
        const migrate = pair.includes("in-place") && !pair.includes("migrate") ? ["--migrate"] : [];
        if (pair.includes("undo")) return [];
        const more = [...identityFor(pair), ...migrate];
        if (pair.some((name) => ["all", "cluster", "list"].includes(name))) return more;
        const which = pair.some((name) => needsAll.includes(name)) ? ["--all"] : ["--cluster", LAB_CLUSTER];
        return [...which, ...more];
      },
      envOf: environmentOf,
    });
    assert.deepEqual(found.wrong, []);
    if (isWhole()) assert.deepEqual(found, { refused: 71, working: 425, wrong: [] });
  });

  /** Beside those of Vouch: the administrator and somebody who may do nothing, each by keys and by a program. */
  function writeProfiles(): void {
    const blind = { accessKeyId: "AKIALABBLIND00000001", secretAccessKey: "LAB-CANARY/blind" };
    addUser(desk.lab.world, {
      name: "blind",
      accessKeys: [{ id: blind.accessKeyId, secret: blind.secretAccessKey, active: true }],
    });
    const keys = (name: string, { accessKeyId, secretAccessKey }: typeof blind) =>
      `[profile ${name}]\nregion = ${LAB_REGION}\naws_access_key_id = ${accessKeyId}\naws_secret_access_key = ${secretAccessKey}\n`;
    const program = (name: string, { accessKeyId, secretAccessKey }: typeof blind) => {
      const answer = { Version: 1, AccessKeyId: accessKeyId, SecretAccessKey: secretAccessKey };
      const file = desk.write(`program-${name}`, `#!/bin/sh\necho '${JSON.stringify(answer)}'\n`);
      fs.chmodSync(file, 0o755);
      return `[profile ${name}]\nregion = ${LAB_REGION}\ncredential_process = ${file}\n`;
    };
    const vouch = desk.read(".aws/config");
    const mayDescribe = vouch.slice(0, vouch.indexOf("[profile blind]"));
    desk.write(".aws/of-vouch", mayDescribe);
    desk.write(".aws/with-program", mayDescribe + program("run", LAB_ADMIN_KEY));
    desk.write(
      ".aws/config",
      `${vouch}\n${keys("caller", LAB_ADMIN_KEY)}${keys("caller-blind", blind)}${program("run", LAB_ADMIN_KEY)}${program("run-blind", blind)}`,
    );
  }

  /** Two roles, a way to them, clusters in two regions, one that is gone, one to migrate, and three changes to undo. */
  async function prepareEks(): Promise<void> {
    const { world, ca } = desk.lab;
    const [provider] = world.oidcProviders.values();
    assert.ok(provider);
    const reads = {
      actions: ["eks:DescribeCluster", "eks:ListClusters", "sts:AssumeRole"],
      resources: ["*"],
    };
    const way = "arn:aws:iam::111122223333:role/PairWay";
    addRole(world, { name: "PairWay", trust: [vouchTrust(provider)], allows: [reads] });
    const admin = "arn:aws:iam::111122223333:user/lab-admin";
    addRole(world, {
      name: "PairAdmin",
      trust: [vouchTrust(provider), ...[way, admin, PAIR_ADMIN].map(chainTrust)],
      allows: [reads],
    });
    addRole(world, { name: "PairBlind", trust: [vouchTrust(provider), chainTrust(way)] });
    world.roles.get(way)?.trust.push(chainTrust(admin));
    world.roles.get(LAB_ROLE)?.trust.push(chainTrust(way));
    allowClusterReads(desk.lab);
    const cluster = (name: string, region: string, tags: Record<string, string> = {}) =>
      addCluster(world, {
        name,
        region,
        tags,
        endpoint: `https://127.0.0.1:9/${name}${region}`,
        certificateAuthority: ca.cert,
      });
    desk.lab.cluster.tags = { env: "prod" };
    cluster("prod", LAB_REGION, { env: "prod" });
    cluster("pre", LAB_REGION);
    cluster("prod", "eu-west-1");
    cluster(LAB_CLUSTER, "eu-west-1", { env: "prod" });
    cluster("old", LAB_REGION);
    for (const [profile, role] of [
      ["vouch", LAB_ROLE],
      ["other", PAIR_ADMIN],
      ["blind", BLIND],
    ])
      await desk.run([
        "setup",
        "aws",
        "--role",
        role ?? "",
        "--profile",
        profile ?? "",
        "--region",
        LAB_REGION,
      ]);
    writeProfiles();
    desk.write(
      ".kube/config",
      `clusters:
- {name: theirs, cluster: {server: "${desk.lab.cluster.endpoint}"}}
contexts:
- {name: theirs, context: {cluster: theirs, user: theirs}}
users:
- name: theirs
  user: {exec: {command: aws, args: [eks, get-token, --cluster-name, lab, --role-arn, "${LAB_ROLE}"]}}
`,
    );
    desk.write("other-config", "apiVersion: v1\nkind: Config\n");
    for (const flags of [
      ["--cluster", "old"],
      ["--cluster", LAB_CLUSTER],
      ["--cluster", "prod", "--kubeconfig", path.join(desk.home, "other-config")],
      ["--cluster", "prod"],
    ]) {
      const { status, stderr } = await desk.run([
        "setup",
        "eks",
        ...flags,
        "--role",
        way,
        "--region",
        LAB_REGION,
      ]);
      assert.equal(status, 0, stderr);
    }
    world.clusters.pop();
  }
});
