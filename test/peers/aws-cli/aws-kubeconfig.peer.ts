/**
 * Kubeconfigs that the real AWS CLI 1 and 2 write, taken over by `setup eks --migrate`; and ours, which they read and add to. The
 * real kubectl says what a kubeconfig means, and gets in with it.
 *
 * Needs both AWS CLIs on PATH, and the built program. No network but loopback, and the npm registry for kubectl.
 */
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { parse } from "yaml";
import { CONTEXT, type LabPerson, labPerson, succeeded } from "../../end-to-end/lab-person.ts";
import { addRole, CLUSTER_READS, chainTrust } from "../../lab/aws/world.ts";
import { LAB_CLUSTER, LAB_REGION, LAB_ROLE, startLab } from "../../lab/lab.ts";
import { changedBelow, layOut, PLACE_CASES, textsBelow } from "../../plugin/setup/kubeconfig-places.ts";
import { type ConnectProxy, connectProxy } from "../../token/net/connect-proxy.ts";
import { fetchKubectl } from "../kubectl/fetch.ts";
import { POD_NAMES } from "../kubectl/kubectl-lab.ts";
import { type AwsClis, startAwsClis } from "./aws-cli-lab.ts";

const ARN = `arn:aws:eks:${LAB_REGION}:111122223333:cluster/${LAB_CLUSTER}`;
/** How the names of our cluster and user entries begin. */
const OURS = "vouch-eks/";
const OTHER_ROLE = "arn:aws:iam::111122223333:role/VouchSpoke";
const ADMIN = "arn:aws:iam::111122223333:user/lab-admin";
const READER = "arn:aws:iam::111122223333:role/reader";
const SETUP = ["setup", "eks", "--cluster", LAB_CLUSTER, "--region", LAB_REGION, "--role", LAB_ROLE];

/** Existing files, as people and other programs leave them. */
const STYLES: Readonly<Record<string, string>> = {
  "no file": "",
  "the empty list of everything": "apiVersion: v1\nkind: Config\nclusters: []\ncontexts: []\nusers: []\n",
  "sections that are null": "clusters:\ncontexts: null\nusers: ~\n",
  "entries without names, and comments": "# mine\nclusters:\n- {}\nusers:   # all\n  - user: {token: x}\n",
  JSON: `${JSON.stringify({ kind: "Config", apiVersion: "v1", clusters: [{ name: "kind", cluster: { server: "https://kind.example" } }], users: [], contexts: [] })}\n`,
  "Windows line ends, and an anchor":
    'x-own: &own {a: "1"}\r\nx-too: *own\r\nclusters:\r\n- name: kind\r\n  cluster: {server: "https://kind.example"}\r\n',
  "another current context, and preferences":
    'current-context: kind\npreferences: {colors: true}\ncontexts:\n- name: kind\n  context: {cluster: kind, user: "", namespace: "007"}\n',
};
/** A list of no file: to us ~/.kube/config, in test/plugin/commands/setup-eks-places.test.ts. */
const BLANKS = " :\t:";

/** What AWS CLI 2 of early 2023, which Debian has, still ends at with a Python error. */
const TOO_ODD_FOR_OLD_2 = ["sections that are null", "entries without names, and comments"];

/** Of the old authenticator, for the same cluster: update-kubeconfig rewrites it. */
const AUTHENTICATOR = `users:
- name: ${ARN}
  user:
    exec: {apiVersion: client.authentication.k8s.io/v1alpha1, command: aws-iam-authenticator, args: [token, -i, ${LAB_CLUSTER}]}
`;

interface Merged {
  readonly clusters: readonly Entry[] | null;
  readonly contexts: readonly Entry[] | null;
  readonly users: readonly Entry[] | null;
  readonly "current-context": string;
}
interface Entry {
  readonly name: string;
  readonly [body: string]: unknown;
}
const OF_THE_ROLE = ["--role-arn", LAB_ROLE];
/** An entry that names nobody is not migrated. */
const withRole = (flags: readonly string[]) =>
  flags.includes("--profile") || flags.includes("--role-arn") ? flags : [...OF_THE_ROLE, ...flags];
const SECTIONS = ["clusters", "contexts", "users"] as const;

describe("kubeconfigs of the AWS CLI and of ours", () => {
  let peer: LabPerson;
  let aws: AwsClis;
  let kubectl: string;
  let proxy: ConnectProxy;
  let folder: string;
  let inner: string;

  before(async () => {
    const lab = await startLab();
    addRole(lab.world, { name: "reader", trust: [chainTrust(ADMIN)], allows: [CLUSTER_READS] });
    peer = labPerson(lab);
    kubectl = await fetchKubectl("v36");
    aws = await startAwsClis(lab.aws, lab.ca);
    proxy = await connectProxy({ port: Number(new URL(lab.cluster.endpoint).port) });
    await peer.logIn();
    succeeded(await peer.vouch(["setup", "aws", "--role", LAB_ROLE, "--profile", "dev"]));
  });
  after(async () => {
    await proxy.close();
    await aws.close();
    await peer.lab.close();
  });
  beforeEach(() => {
    folder = fs.mkdtempSync(path.join(peer.folder, "kubeconfigs-"));
    inner = path.join(folder, "inner");
    fs.mkdirSync(inner);
  });

  /** `aws eks update-kubeconfig` with these flags, by CLI 1 or 2; by the administrator unless a profile says who. */
  async function update(major: 1 | 2, KUBECONFIG: string, ...flags: string[]): Promise<string> {
    const { session } = aws.clis[major - 1] ?? assert.fail(`there is no AWS CLI ${major}`);
    const { AWS_ENDPOINT_URL: _, ...person } = peer.env;
    const config = flags.includes("--profile")
      ? { AWS_CONFIG_FILE: path.join(peer.lab.home, ".aws", "config") }
      : {};
    const env = { ...person, ...aws.env, HOME: peer.lab.home, KUBECONFIG, ...config };
    return succeeded(await session.run(["eks", "update-kubeconfig", "--name", LAB_CLUSTER, ...flags], env));
  }
  const setup = (KUBECONFIG: string, ...flags: string[]) =>
    peer.vouch([...SETUP, ...flags], { env: { KUBECONFIG } });
  /** What the real kubectl takes the files for. */
  async function merged(KUBECONFIG: string): Promise<Merged> {
    const view = [kubectl, "config", "view", "--raw", "-o", "json"];
    return JSON.parse(succeeded(await peer.run(view, { env: { KUBECONFIG } })));
  }
  /** kubectl gets in with a context, and with a token of ours. */
  async function getsIn(KUBECONFIG: string, context: string): Promise<void> {
    const get = [kubectl, "--context", context, "get", "pods", "-o", "name"];
    const { result, traffic } = await peer.during(() => peer.run(get, { env: { KUBECONFIG } }));
    assert.deepEqual(result, { status: 0, stdout: POD_NAMES, stderr: "" }, context);
    assert.ok(traffic.pluginRuns > 0, `${context} does not use our plugin`);
  }
  function write(name: string, text: string): string {
    const file = path.join(folder, name);
    if (text !== "") fs.writeFileSync(file, text);
    return file;
  }

  /** Flags of one call each, and the contexts that there are afterwards. */
  const ways: Readonly<Record<string, [calls: string[][], contexts: string[], onlyBy?: 1]>> = {
    "no flag but its role": [[[]], [ARN]],
    "--alias": [[["--alias", "work"]], ["work"]],
    "--role-arn": [[["--role-arn", LAB_ROLE]], [ARN]],
    "--profile, one of ours": [[["--profile", "dev"]], [ARN]],
    "--profile, --role-arn and --alias": [
      [["--profile", "dev", "--role-arn", LAB_ROLE, "--alias", "a b"]],
      ["a b"],
    ],
    "--user-alias": [[["--user-alias", "me"]], ["me"], 1],
    "--user-alias and --alias": [[["--user-alias", "me", "--alias", "work"]], ["work"], 1],
    "--assume-role-arn, which is for reading the cluster": [[["--assume-role-arn", READER]], [ARN], 1],
    "two aliases": [
      [
        ["--alias", "one"],
        ["--alias", "two", "--verbose"],
      ],
      ["one", "two"],
    ],
    "another role first, which the second call overwrites": [
      [
        ["--alias", "one", "--role-arn", OTHER_ROLE],
        ["--alias", "two", "--role-arn", LAB_ROLE],
      ],
      ["one", "two"],
    ],
  };
  for (const major of [1, 2] as const) {
    for (const [name, [calls, contexts, onlyBy]] of Object.entries(ways)) {
      if (onlyBy !== undefined && onlyBy !== major) continue;
      it(`of AWS CLI ${major} with ${name} become ours, and kubectl gets in`, async () => {
        const file = path.join(folder, "config");
        for (const flags of calls) await update(major, file, ...withRole(flags));
        succeeded(await setup(file, "--migrate"));
        for (const context of [...contexts, CONTEXT]) await getsIn(file, context);
      });
    }

    for (const [name, text] of Object.entries({ ...STYLES, "its old user": AUTHENTICATOR })) {
      if (major === 2 && TOO_ODD_FOR_OLD_2.includes(name)) continue;
      it(`of AWS CLI ${major} in ${name} become ours, and the rest stays`, async () => {
        const file = write("config", text);
        await update(major, file, ...OF_THE_ROLE);
        const before = await merged(file);
        succeeded(await setup(file, "--migrate"));
        await getsIn(file, ARN);
        const after = await merged(file);
        const others = ({ name: entry }: Entry) =>
          entry !== ARN && entry !== CONTEXT && !entry.startsWith(OURS);
        for (const section of SECTIONS)
          assert.deepEqual((after[section] ?? []).filter(others), (before[section] ?? []).filter(others));
        assert.equal(after["current-context"], before["current-context"]);
      });

      it(`of ours in ${name} are kept by AWS CLI ${major}`, async () => {
        const file = write("config", text);
        succeeded(await setup(file));
        const before = await merged(file);
        const planned = parse(await update(major, file, "--dry-run")) as Merged;
        await update(major, file);
        assert.deepEqual(parse(fs.readFileSync(file, "utf8")), planned, "what --dry-run printed");
        const after = await merged(file);
        for (const section of SECTIONS) assertKept(before[section], after[section]);
        assert.equal(after["current-context"], ARN);
        await getsIn(file, CONTEXT);
        assert.match((await setup(file)).stderr, /context lab-vouch .*(?:unchanged|already)/i);
      });
    }

    it(`of AWS CLI ${major} in the file that has the cluster become ours there`, async () => {
      const files = ["missing", "empty", "other", "lab"].map((name) => path.join(folder, name));
      fs.writeFileSync(files[1] ?? "", "");
      fs.writeFileSync(files[2] ?? "", STYLES["JSON"] ?? "");
      await update(major, files[3] ?? "", ...OF_THE_ROLE);
      const list = ["", " ", ...files].join(":");
      await update(major, list, ...OF_THE_ROLE, "--alias", "work");
      assert.deepEqual(
        files.map((file) => fs.existsSync(file)),
        [false, true, true, true],
      );
      succeeded(await setup(list, "--migrate"));
      await getsIn(list, "work");
      await getsIn(list, ARN);
      assert.match(fs.readFileSync(files[3] ?? "", "utf8"), /command: kubectl-vouch/);
    });

    for (const place of PLACE_CASES) {
      it(`${place.what}: AWS CLI ${major} writes ${place.aws}`, async () => {
        const own = write("aws-wrote", "");
        await update(major, own, "--alias", "old");
        const list = layOut(place, inner, fs.readFileSync(own, "utf8"));
        const before = textsBelow(inner);
        const flag = place.flag === undefined ? [] : ["--kubeconfig", path.join(inner, place.flag)];
        const done = update(major, list, ...flag);
        if (place.aws.includes(" ")) await assert.rejects(done, new RegExp(place.aws));
        else await done;
        assert.deepEqual(changedBelow(inner, before), place.aws.includes(" ") ? [] : [place.aws]);
      });
    }

    it(`KUBECONFIG with only blanks: AWS CLI ${major} writes ~/.kube/config`, async () => {
      const file = path.join(peer.lab.home, ".kube", "config");
      assert.equal(fs.existsSync(file), false);
      await update(major, BLANKS);
      assert.match(fs.readFileSync(file, "utf8"), /current-context: /);
      fs.rmSync(file);
    });

    it(`of AWS CLI ${major} that name nobody stay, and the command that setup prints switches the context`, async () => {
      const file = path.join(folder, "config");
      await update(major, file);
      const { stderr } = await setup(file, "--migrate");
      const [, command = ""] =
        /specifies neither a role nor a profile, so its identity depends on the shell.* is meant: `?kubectl (config [^`\n]*)/.exec(
          stderr,
        ) ?? assert.fail(stderr);
      const KUBECONFIG = file;
      succeeded(await peer.run([kubectl, ...command.split(" ")], { env: { KUBECONFIG } }));
      await getsIn(file, ARN);
    });

    it(`of AWS CLI ${major} for another role stay as they are`, async () => {
      const file = path.join(folder, "config");
      await update(major, file, "--role-arn", OTHER_ROLE);
      const before = await merged(file);
      const { stderr } = await setup(file, "--migrate");
      assert.match(stderr, new RegExp(`it assumes ${OTHER_ROLE}, not ${LAB_ROLE}`));
      const kept = ({ users }: Merged) => users?.find(({ name }) => name === ARN);
      assert.deepEqual(kept(await merged(file)), kept(before));
    });
  }

  it("KUBECONFIG with only blanks: kubectl writes nothing, and says so", async () => {
    const set = [kubectl, "config", "set-context", "new", "--namespace=x"];
    const { status, stderr } = await peer.run(set, { env: { KUBECONFIG: BLANKS, HOME: inner } });
    assert.deepEqual([status, stderr], [1, "error: open : no such file or directory\n"]);
    assert.deepEqual(changedBelow(inner, new Map()), []);
  });

  // kubectl has no command that changes our entry, so that a file which has it says nothing here.
  for (const place of PLACE_CASES.filter(({ files }) => !Object.values(files).includes("ours"))) {
    it(`${place.what}: kubectl writes ${place.ours}`, async () => {
      const KUBECONFIG = layOut(place, inner, "");
      const before = textsBelow(inner);
      const flag = place.flag === undefined ? [] : ["--kubeconfig", path.join(inner, place.flag)];
      const set = [kubectl, "config", "set-context", "new", "--namespace=x", ...flag];
      const { status } = await peer.run(set, { env: { KUBECONFIG } });
      const isRefused = place.ours.startsWith("[");
      assert.equal(status === 0, !isRefused);
      assert.deepEqual(changedBelow(inner, before), isRefused ? [] : [place.ours]);
    });
  }

  for (const status of ["CREATING", "DELETING", "FAILED"] as const) {
    it(`are not written by anybody while the cluster is ${status}`, async () => {
      const file = path.join(folder, "config");
      const { cluster } = peer.lab;
      cluster.status = status;
      try {
        for (const major of [1, 2] as const)
          await assert.rejects(update(major, file), new RegExp(`Cluster status is ${status}`));
        const { status: ended, stderr } = await setup(file);
        assert.equal(ended, 6);
        assert.match(stderr, new RegExp(`Cluster lab is ${status}`));
      } finally {
        cluster.status = "ACTIVE";
      }
      assert.equal(fs.existsSync(file), false);
    });
  }

  it("with a proxy of the AWS CLI keep it, and kubectl gets in through it", async () => {
    const file = path.join(folder, "config");
    await update(1, file, ...OF_THE_ROLE, "--proxy-url", proxy.url);
    succeeded(await setup(file, "--migrate"));
    await getsIn(file, ARN);
    assert.ok(proxy.asked.length > 0);
  });
});

/** Every entry as it was, in whatever order, but that of the AWS CLI. */
function assertKept(before: readonly Entry[] | null, after: readonly Entry[] | null): void {
  for (const entry of (before ?? []).filter(({ name }) => name !== ARN))
    assert.deepEqual(
      after?.find(({ name }) => name === entry.name),
      entry,
    );
}
