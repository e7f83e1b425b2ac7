import assert from "node:assert/strict";
import fs from "node:fs";
import { parse, stringify } from "yaml";
import { findClusterRecord } from "../../../token/mint/cluster-records.ts";
import {
  addCluster,
  addEntry,
  addRole,
  CLUSTER_READS,
  chainTrust,
  LAB_ADMIN_KEY,
} from "../../lab/aws/world.ts";
import { LAB_CLUSTER, LAB_REGION } from "../../lab/lab.ts";
import { labDesk } from "../../support/lab-desk.ts";
import { suiteOnPosix } from "../../support/platform.ts";
import { tokenUser } from "../../support/token-user.ts";

interface Kubeconfig {
  readonly contexts: { readonly name: string; readonly context: { readonly user: string } }[];
  readonly users: { readonly name: string; readonly user: { readonly exec: Record<string, unknown> } }[];
}

const ADMIN = "arn:aws:iam::111122223333:user/lab-admin";
const KEYS = `aws_access_key_id = ${LAB_ADMIN_KEY.accessKeyId}\naws_secret_access_key = ${LAB_ADMIN_KEY.secretAccessKey}\n`;
const roleArn = (name: string) => `arn:aws:iam::111122223333:role/${name}`;
const roleProfile = (name: string, role: string) =>
  `[profile ${name}]\nregion = ${LAB_REGION}\nrole_arn = ${roleArn(role)}\nsource_profile = base\n`;

suiteOnPosix("lab", "kubectl vouch setup eks over AWS profiles", () => {
  const desk = labDesk();
  const kubeconfig = () => parse(fs.readFileSync(desk.kubeconfig, "utf8")) as Kubeconfig;
  const names = () => kubeconfig().contexts.map(({ name }) => name);
  const argsOf = (user: string) =>
    kubeconfig().users.find(({ name }) => name === user)?.user.exec["args"] as string[] | undefined;
  const role = (name: string, allows = [CLUSTER_READS]) =>
    addRole(desk.lab.world, {
      name,
      trust: [{ Effect: "Allow", Principal: { AWS: ADMIN }, Action: ["sts:AssumeRole"] }],
      allows,
    });

  beforeEach(() => {
    desk.write(
      ".aws/config",
      `[default]\nregion = ${LAB_REGION}\n[profile base]\n${KEYS}${roleProfile("dev", "Dev")}${roleProfile("ops", "Ops")}${roleProfile("dev-too", "Dev")}`,
    );
    role("Dev");
    role("Ops");
    addCluster(desk.lab.world, {
      name: "web",
      endpoint: "https://127.0.0.1:9",
      certificateAuthority: desk.lab.ca.cert,
    });
  });

  for (const [flags, end, own] of [
    [["--role", roleArn("Ops")], ["--profile", "ops"], "Ops"],
    [
      ["--via", roleArn("Ops"), "--role", roleArn("Dev")],
      ["--profile", "ops", "--role", roleArn("Dev")],
      "Ops",
    ],
    [["--role", roleArn("Dev")], ["--profile", "ops", "--role", roleArn("Dev")], undefined],
  ] as const)
    it(`assumes no role that the profile has already: ${flags.join(" ")}`, async () => {
      desk.lab.world.roles.get(roleArn("Dev"))?.trust.push(chainTrust(roleArn("Ops")));
      const setup = ["setup", "eks", "--cluster", LAB_CLUSTER, "--profile", "ops", ...flags];
      const { status, stderr } = await desk.run(setup);
      assert.equal(status, 0, stderr);
      const [user] = kubeconfig().users;
      assert.deepEqual(argsOf(user?.name ?? "")?.slice(6), end);
      const said = own && `warning: You are ${own} already, so the context does not assume ${roleArn(own)}.`;
      assert.deepEqual(/^warning: You are .*$/m.exec(stderr)?.[0], said);
    });

  it("gives an entry that assumes the role it has already a token of that", async () => {
    addEntry(desk.lab.cluster, role("Ops"));
    await desk.run(["setup", "eks", "--cluster", LAB_CLUSTER, "--profile", "ops"]);
    const place = ["--cluster-name", LAB_CLUSTER, "--region", LAB_REGION, "--profile", "ops"];
    const args = ["credential", "eks", ...place, "--role", roleArn("Ops")];
    const { status, stdout, stderr } = await desk.run(args, { answersSecret: true });
    assert.equal(status, 0, stderr);
    const who = await tokenUser(desk.lab, JSON.parse(stdout).status.token);
    assert.equal(who, "arn:aws:sts::111122223333:assumed-role/Ops/lab-admin");
  });

  it("writes contexts for callers elsewhere, described by a profile of this machine", async () => {
    const setup = ["setup", "eks", "--cluster", LAB_CLUSTER, "--region", LAB_REGION, "--ambient"];
    const without = await desk.run(setup);
    assert.equal(without.status, 6, without.stderr);
    const { status, stderr } = await desk.run([...setup, "--describe-profile", "dev"]);
    assert.equal(status, 0, stderr);
    assert.match(stderr, /^Context lab-ambient added: /m);
    assert.match(
      stderr,
      /^warning: No AWS credentials were found on this machine for --ambient, so the context was not tested\.$/m,
    );
    assert.doesNotMatch(stderr, /No token for context|Works:/);
    const [user] = kubeconfig().users;
    const args = argsOf(user?.name ?? "") ?? [];
    assert.deepEqual(args.slice(-1), ["--ambient"]);
    // Elsewhere, the caller has credentials; here their hosts were not recorded.
    const env = {
      AWS_ACCESS_KEY_ID: LAB_ADMIN_KEY.accessKeyId,
      AWS_SECRET_ACCESS_KEY: LAB_ADMIN_KEY.secretAccessKey,
    };
    assert.equal((await desk.run(args, { env, answersSecret: true })).status, 0);
  });

  for (const [words, says] of [
    [
      ["--profile", "dev", "--session-name", "x y", "--role", roleArn("Ops")],
      /"x y" is not a valid name for a role/,
    ],
    [["--profile", "dev", "--session-name", "noor"], /--session-name works only with --role/],
    [["--role", roleArn("Ops"), "--session-name", "noor"], /a Vouch session is always named after its user/],
  ] as const)
    it(`refuses a session name: ${words.join(" ")}`, async () => {
      const { status, stderr } = await desk.run(["setup", "eks", "--cluster", LAB_CLUSTER, ...words]);
      assert.equal(status, 64);
      assert.match(stderr, says);
    });

  describe("with --all", () => {
    const all = (...flags: string[]) => ["setup", "eks", "--all", ...flags];

    it("finds every cluster of one profile's account", async () => {
      Object.assign(desk.lab.aws.faults, { slowMs: 250, only: ["eks:*"] });
      const { status, stderr } = await desk.run(all("--profile", "dev"), { showsProgress: true });
      assert.equal(status, 0, stderr);
      assert.match(stderr, /^Listing clusters in us-east-1 with AWS profile dev…\nContext lab-dev added/);
      assert.deepEqual(names(), ["lab-dev", "web-dev"]);
    });

    it("gives each profile contexts of its own, and one to two names of one identity", async () => {
      const { status, stderr } = await desk.run(all("--all-profiles"));
      assert.equal(status, 0, stderr);
      assert.deepEqual(names(), ["lab-dev", "web-dev", "lab-ops", "web-ops"]);
      assert.match(stderr, /^AWS profile default skipped: it does not provide credentials$/m);
      assert.match(stderr, /^AWS profile dev-too skipped: it has the same identity as dev$/m);
      assert.match(
        stderr,
        /^AWS profile base skipped: other profiles build on it \(The region of the clusters is unknown\.\)$/m,
      );
      const again = await desk.run(all("--all-profiles", "--regions", LAB_REGION));
      assert.equal(again.status, 0, again.stderr);
      assert.deepEqual(names().slice(4), ["lab-base", "web-base"]);
    });

    it("takes the profiles whose names match, and says which there are if none does", async () => {
      const { status, stderr } = await desk.run(all("--profile", "dev*"));
      assert.equal(status, 0, stderr);
      assert.deepEqual(names(), ["lab-dev", "web-dev"]);
      for (const one of ["de?", "d[e]v"]) {
        const some = await desk.run(all("--profile", one, "--dry-run"));
        assert.equal(some.status, 0, some.stderr);
      }
      const none = await desk.run(all("--profile", "prod-*"));
      assert.deepEqual([none.status, names()], [6, ["lab-dev", "web-dev"]]);
      assert.match(
        none.stderr,
        /No AWS profile matches prod-\*\..*\nAvailable profiles: base, default, dev, /,
      );
      const one = await desk.run(["setup", "eks", "--cluster", LAB_CLUSTER, "--profile", "d*"]);
      assert.match(one.stderr, /^error: --profile d\* can match several profiles, which requires --all\./);
    });

    it("passes over regions of another partition, and searches every region of its own", async () => {
      const there = await desk.run(all("--profile", "dev", "--regions", LAB_REGION, "cn-north-1"));
      assert.equal(there.status, 0, there.stderr);
      assert.match(there.stderr, /^Not searched: cn-north-1: it is not in partition aws$/m);
      const others = await desk.run(all("--all-profiles", "--regions", "cn-north-1"));
      assert.match(
        others.stderr,
        /^AWS profile dev skipped: None of these regions is in partition aws: cn-north-1\.$/m,
      );
      const every = await desk.run(all("--profile", "dev", "--regions", "all", "-o", "json"));
      assert.equal(every.status, 0, every.stderr);
      const { contexts, notSearched } = JSON.parse(every.stdout);
      assert.deepEqual([contexts.length, notSearched], [2, []]);
    });

    it("says how to get profiles where there are none", async () => {
      desk.write(".aws/config", "");
      const { status, stderr } = await desk.run(all("--all-profiles"));
      assert.equal(status, 6);
      assert.match(stderr, /\nWrite profiles .+: `kubectl vouch setup aws --sso-start-url URL`\n$/);
    });

    it("searches a region once that is named twice", async () => {
      const twice = await desk.run(
        all("--profile", "dev", "--regions", LAB_REGION, LAB_REGION, "-o", "json"),
      );
      assert.deepEqual([twice.status, JSON.parse(twice.stdout).contexts.length], [0, 2], twice.stderr);
    });

    it("names a profile once whose login is due", async () => {
      desk.write(
        ".aws/config",
        `${desk.read(".aws/config")}[profile login]\nlogin_session = ${roleArn("Dev")}\n`,
      );
      const { stderr } = await desk.run(all("--all-profiles", "--regions", LAB_REGION));
      const [line = ""] = /^error: .*profile login.*$/m.exec(stderr) ?? [];
      assert.equal(line.split("AWS profile login").length, 2, stderr);
    });

    it("goes on where a profile is refused, and says so last and by the exit status", async () => {
      desk.lab.world.roles.get(roleArn("Dev"))?.allows.splice(0);
      const flags = ["--all-profiles", "--match", "lab", "--regions", LAB_REGION];
      const { status, stderr } = await desk.run(all(...flags));
      assert.equal(status, 5, stderr);
      assert.deepEqual(names(), ["lab-base", "lab-ops"]);
      assert.match(stderr, /\nerror: AWS profile dev: .+eks:ListClusters.+\n {2}\S.+\n$/);
      const { stdout } = await desk.run(all(...flags, "-o", "json"));
      const matching = await desk.run(all("--profile", "d[ef]*", ...flags.slice(1), "-o", "json"));
      assert.deepEqual(JSON.parse(matching.stdout).failures, JSON.parse(stdout).failures);
      const { failures, passedOver, contexts } = JSON.parse(stdout);
      assert.deepEqual(
        failures.map((failure: Record<string, string>) => [failure["profile"], failure["code"]]),
        [["dev", "aws-denied"]],
      );
      assert.equal(passedOver.length, 2);
      assert.deepEqual(
        contexts.map((context: Record<string, string>) => context["profile"]),
        ["base", "ops"],
      );
    });

    it("ends with the general status where profiles fail for different reasons", async () => {
      desk.lab.world.roles.get(roleArn("Dev"))?.allows.splice(0);
      desk.write(".aws/config", `${desk.read(".aws/config")}[profile gone]\nregion = moon-1\n${KEYS}`);
      const { status, stdout } = await desk.run(all("--all-profiles", "--match", "lab", "-o", "json"));
      const codes = JSON.parse(stdout).failures.map(({ code }: Record<string, string>) => code);
      assert.deepEqual([status, codes], [1, ["aws-denied", "region-invalid"]]);
    });

    it("removes contexts of clusters that are gone, by any profile", async () => {
      await desk.run(all("--all-profiles", "--regions", LAB_REGION));
      const { clusters } = desk.lab.world;
      clusters.splice(
        clusters.findIndex(({ name }) => name === "web"),
        1,
      );
      const { status, stderr } = await desk.run(all("--profile", "dev", "--prune"));
      assert.equal(status, 0, stderr);
      assert.deepEqual(names(), ["lab-base", "lab-dev", "lab-ops"]);
      const configFile = `${desk.home}/.aws/config`;
      const isRecorded = (cluster: string, profile: string) =>
        findClusterRecord(`${desk.home}/.local/state/kubectl-vouch`, {
          ...{ cluster, region: LAB_REGION, profile, configFile },
        }) !== undefined;
      assert.deepEqual(
        ["lab", "web"].flatMap((cluster) => ["dev", "ops"].map((profile) => isRecorded(cluster, profile))),
        [true, true, false, false],
      );
    });

    const wrong: Record<string, [string[], RegExp]> = {
      "for one cluster": [
        ["setup", "eks", "--cluster", LAB_CLUSTER, "--all-profiles"],
        /--cluster and --all-profiles cannot be combined/,
      ],
      "beside --profile": [all("--all-profiles", "--profile", "dev"), /cannot be combined/],
      "beside --role": [all("--all-profiles", "--role", roleArn("Dev")), /cannot be combined/],
      "as a pattern beside --role": [
        all("--profile", "d*", "--role", roleArn("Dev")),
        /--profile and --role cannot be combined: each profile that matches is used as it is/,
      ],
    };
    for (const [what, [words, says]] of Object.entries(wrong))
      it(`refuses --all-profiles ${what}`, async () => {
        const { status, stderr } = await desk.run(words);
        assert.equal(status, 64);
        assert.match(stderr, says);
      });
  });

  describe("with --migrate", () => {
    const user = (name: string, args: string[], env: Record<string, string> = {}) => ({
      name,
      user: {
        exec: {
          apiVersion: "client.authentication.k8s.io/v1beta1",
          command: "aws",
          args: ["--region", LAB_REGION, "eks", "get-token", "--cluster-name", LAB_CLUSTER, ...args],
          env: Object.entries(env).map(([key, value]) => ({ name: key, value })),
        },
      },
    });
    const write = (...users: ReturnType<typeof user>[]) => {
      const { endpoint } = desk.lab.cluster;
      const clusters = [{ name: "c", cluster: { server: endpoint } }];
      const contexts = users.map(({ name }) => ({ name, context: { cluster: "c", user: name } }));
      desk.write(".kube/config", stringify({ apiVersion: "v1", kind: "Config", clusters, contexts, users }));
    };
    const migrate = (...flags: string[]) => [
      ...["setup", "eks", "--cluster", LAB_CLUSTER, "--profile", "dev", "--migrate", "--in-place"],
      ...flags,
    ];

    it("lets each stay who it is", async () => {
      write(
        user("one", ["--profile", "dev"]),
        user("two", [], { AWS_PROFILE: "ops", HTTPS_PROXY: "http://p" }),
        user("three", ["--profile", "base", "--role-arn", roleArn("Ops")]),
        user("four", ["--profile", "gone"]),
      );
      const { status, stderr } = await desk.run(migrate());
      assert.equal(status, 0, stderr);
      const tail = (name: string) => argsOf(name)?.slice(6);
      assert.deepEqual(["one", "two", "three"].map(tail), [
        ["--profile", "dev"],
        ["--profile", "ops"],
        ["--profile", "base", "--role", roleArn("Ops"), "--session-name", "EKSGetTokenAuth"],
      ]);
      assert.deepEqual(argsOf("four")?.slice(-2), ["--profile", "gone"]);
      assert.deepEqual(names(), ["one", "two", "three", "four"]);
      assert.deepEqual(kubeconfig().users[1]?.user.exec["env"], [{ name: "HTTPS_PROXY", value: "http://p" }]);
      assert.match(
        stderr,
        /^User two \(context two\) switched from aws to kubectl-vouch: it still uses AWS profile ops, now also in a shell with AWS keys$/m,
      );
      assert.match(stderr, /^User four \(context four\) stays with aws: .+AWS profile gone/m);
    });

    it("gives them tokens, as the very same, in sessions as the AWS CLI names them where it names them alike", async () => {
      desk.write(
        ".aws/config",
        `${desk.read(".aws/config")}${roleProfile("named", "Ops")}role_session_name = ada\n`,
      );
      for (const name of ["Dev", "Ops"]) addEntry(desk.lab.cluster, role(name));
      write(
        user("flag", ["--profile", "dev"]),
        user("variable", [], { AWS_PROFILE: "ops" }),
        user("session", ["--profile", "named"]),
        user("role", ["--profile", "base", "--role-arn", roleArn("Ops")]),
        user("roles", ["--profile", "dev", "--role-arn", roleArn("Ops")]),
      );
      desk.lab.world.roles.get(roleArn("Ops"))?.trust.push(chainTrust(roleArn("Dev")));
      const { stderr: said } = await desk.run(migrate());
      const sts = (session: string) => `arn:aws:sts::111122223333:assumed-role/${session}`;
      for (const [name, who] of Object.entries({
        flag: sts("Dev/lab-admin"),
        variable: sts("Ops/lab-admin"),
        session: sts("Ops/ada"),
        role: sts("Ops/EKSGetTokenAuth"),
        roles: sts("Ops/EKSGetTokenAuth"),
      })) {
        const { status, stdout, stderr } = await desk.run(argsOf(name) ?? [], { answersSecret: true });
        assert.equal(status, 0, `${said}${stderr}`);
        assert.equal(await tokenUser(desk.lab, JSON.parse(stdout).status.token), who);
      }
    });

    it("keeps keys of an entry's own, and shows none", async () => {
      write(
        user("keys", [], {
          AWS_ACCESS_KEY_ID: LAB_ADMIN_KEY.accessKeyId,
          AWS_SECRET_ACCESS_KEY: LAB_ADMIN_KEY.secretAccessKey,
        }),
      );
      const before = kubeconfig().users[0]?.user.exec["env"];
      const { status, stderr } = await desk.run(migrate("--diff"));
      assert.equal(status, 0, stderr);
      assert.deepEqual(argsOf("keys")?.slice(6), ["--ambient"]);
      assert.deepEqual(kubeconfig().users[0]?.user.exec["env"], before);
    });

    it("is taken back to the byte", async () => {
      write(user("one", ["--profile", "dev"]), user("two", [], { AWS_PROFILE: "ops" }));
      const before = desk.read(".kube/config");
      await desk.run(migrate());
      assert.notEqual(desk.read(".kube/config"), before);
      assert.equal((await desk.run(["setup", "eks", "--undo"])).status, 0);
      assert.equal(desk.read(".kube/config"), before);
    });
  });
});
