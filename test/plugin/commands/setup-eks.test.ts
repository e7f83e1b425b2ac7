import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { parse } from "yaml";
import { addCluster, addRole, CLUSTER_READS, chainTrust, vouchTrust } from "../../lab/aws/world.ts";
import { LAB_CLUSTER, LAB_REGION, LAB_ROLE } from "../../lab/lab.ts";
import type { Cluster } from "../../lab/model.ts";
import { labDeskAtRest } from "../../support/lab-desk.ts";
import { allowClusterReads, CREDENTIAL_WORDS, SETUP_WORDS } from "../../support/lab-words.ts";
import { suiteOnPosix } from "../../support/platform.ts";

interface Kubeconfig {
  readonly contexts: { readonly name: string; readonly context: Record<string, unknown> }[];
  readonly users: { readonly name: string; readonly user: { readonly exec: Record<string, unknown> } }[];
}

suiteOnPosix("lab", "kubectl vouch setup eks", () => {
  const desk = labDeskAtRest();
  const setup = (...flags: string[]) => [...SETUP_WORDS, ...flags];
  const kubeconfig = () => parse(fs.readFileSync(desk.kubeconfig, "utf8")) as Kubeconfig;
  const exec = (index = 0) => kubeconfig().users[index]?.user.exec;
  const args = (index = 0) => exec(index)?.["args"] as string[];
  const contextNames = () => kubeconfig().contexts.map(({ name }) => name);
  const cluster = (name: string, fields: Partial<Cluster> = {}) =>
    addCluster(desk.lab.world, {
      name,
      endpoint: "https://127.0.0.1:9",
      certificateAuthority: desk.lab.ca.cert,
      ...fields,
    });
  const secondRole = () => {
    const { world } = desk.lab;
    const [provider] = world.oidcProviders.values();
    assert.ok(provider);
    return addRole(world, { name: "VouchAdmin", trust: [vouchTrust(provider)], allows: [CLUSTER_READS] }).arn;
  };

  beforeEach(() => {
    desk.logIn();
    allowClusterReads(desk.lab);
  });

  it("writes a context, checks that a token can be had, and says how to try it", async () => {
    const { status, stdout, stderr } = await desk.run(setup());
    assert.equal(status, 0, stderr);
    assert.equal(stdout, "");
    assert.match(
      stderr,
      new RegExp(
        `^(?:Connecting to cluster lab…\n)?Context lab-vouch added: ${desk.lab.cluster.arn}\n` +
          "Switched to context lab-vouch \\(no context was current\\).\n" +
          `Role: ${LAB_ROLE}\n` +
          "Works: you are arn:aws:sts::\\S+/VouchDeveloper/ada-example.com in cluster lab\\.\n" +
          `Wrote ${desk.kubeconfig}; undo with \`kubectl vouch setup eks --undo\`\n` +
          "Try it: `kubectl get pods --context=lab-vouch`\n$",
      ),
    );
    assert.deepEqual(contextNames(), ["lab-vouch"]);
    assert.deepEqual(exec(), {
      apiVersion: "client.authentication.k8s.io/v1",
      command: "kubectl-vouch",
      args: [...CREDENTIAL_WORDS, "--server", desk.lab.vouch.url],
      installHint:
        "kubectl-vouch is not on the PATH of this program. Install it: kubectl krew install vouch. For an IDE, write its full path: kubectl vouch setup eks --cluster NAME --absolute",
      interactiveMode: "Never",
      provideClusterInfo: true,
    });
    assert.equal(fs.statSync(desk.kubeconfig).mode & 0o777, 0o600);
    assert.equal((await desk.run(["cache", "list", "-o", "json"])).stdout.includes('"cluster": "lab"'), true);
  });

  it("says that everything is as it should be the second time, and writes nothing", async () => {
    await desk.run(setup());
    const before = fs.statSync(desk.kubeconfig).mtimeMs;
    const { status, stderr } = await desk.run(setup());
    assert.equal(status, 0);
    assert.match(stderr, /^Context lab-vouch was already up to date: /m);
    assert.match(stderr, /^No changes were needed\.$/m);
    assert.equal(fs.statSync(desk.kubeconfig).mtimeMs, before);
  });

  it("prints one object for programs", async () => {
    const { status, stdout } = await desk.run(setup("-o", "json"));
    assert.equal(status, 0);
    const { token, ...rest } = JSON.parse(stdout) as { token: { expires: string } };
    assert.match(token.expires, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    assert.deepEqual(rest, {
      apiVersion: "vouch.kubectl/v1",
      kind: "EksSetup",
      dryRun: false,
      files: [desk.kubeconfig],
      changes: [
        ["clusters", "vouch-eks/111122223333/us-east-1/lab"],
        ["users", "vouch-eks/111122223333/us-east-1/lab/VouchDeveloper"],
        ["contexts", "lab-vouch"],
        ["current-context", "lab-vouch"],
      ].map(([section, name]) => ({ file: desk.kubeconfig, section, name, did: "added" })),
      contexts: [
        {
          clusterArn: desk.lab.cluster.arn,
          context: "lab-vouch",
          cluster: "vouch-eks/111122223333/us-east-1/lab",
          user: "vouch-eks/111122223333/us-east-1/lab/VouchDeveloper",
          status: "added",
          also: [],
          authenticationMode: "API_AND_CONFIG_MAP",
        },
      ],
      role: LAB_ROLE,
      via: [],
      server: desk.lab.vouch.url,
      identity: "ada@example.com",
      ...{ migrations: [], notSearched: [] },
      pruned: [],
      leftCurrentContexts: [],
      currentContext: { before: null, after: "lab-vouch" },
      skipped: [],
      warnings: [],
      undo: ["kubectl", "vouch", "setup", "eks", "--undo"],
    });
  });

  it("takes --context for the name of the context, as kubectl calls it, also before the command", async () => {
    assert.equal((await desk.run(["--context", "mine", ...setup()])).status, 0);
    assert.match(desk.read(".kube/config"), /^current-context: mine$/m);
  });

  it("says to programs what changes, and how it is taken back", async () => {
    const object = async (...flags: string[]) =>
      JSON.parse((await desk.run(setup("-ojson", ...flags))).stdout);
    const file = desk.write("it's mine", "");
    const plan = await object("--dry-run", "--kubeconfig", file);
    assert.deepEqual([plan.changes.length, plan.undo], [4, undefined]);
    const undo = ["kubectl", "vouch", "setup", "eks", "--undo", "--kubeconfig", file];
    assert.deepEqual((await object("--kubeconfig", file)).undo, undo);
    const { changes } = await object("--kubeconfig", file, "--namespace", "web");
    assert.deepEqual(changes, [{ file, section: "contexts", name: "lab-vouch", did: "updated" }]);
    assert.deepEqual((await object("--kubeconfig", file, "--namespace", "web")).changes, []);
  });

  it("shows a diff and writes nothing with --dry-run", async () => {
    const { status, stdout, stderr } = await desk.run(setup("--dry-run"));
    assert.equal(status, 0);
    assert.match(
      stdout,
      new RegExp(`^--- /dev/null\n\\+\\+\\+ ${desk.kubeconfig}\n@@ -0,0 \\+1,\\d+ @@\n\\+`),
    );
    assert.match(stdout, /^\+ {4}certificate-authority-data: \(\d+ characters, SHA-256 [\da-f]{8}…\)$/m);
    assert.match(stderr, /^Context lab-vouch would be added: /m);
    assert.match(
      stderr,
      new RegExp(`^Nothing was written; without --dry-run, setup writes ${desk.kubeconfig}$`, "m"),
    );
    assert.equal(fs.existsSync(path.dirname(desk.kubeconfig)), false);

    const object = JSON.parse((await desk.run(setup("--dry-run", "-o", "json"))).stdout) as object;
    assert.equal("token" in object, false);
    await desk.run(setup());
    assert.match(
      (await desk.run(setup("--dry-run"))).stderr,
      /is already up to date: .+\n.+\nNo changes would be made\.\n$/,
    );
  });

  it("shows the diff and writes with --diff, without secrets of other entries", async () => {
    desk.write(
      ".kube/config",
      "apiVersion: v1\nkind: Config\nusers:\n- name: a\n  user:\n    token: FOREIGN-CANARY\n    password: OTHER-CANARY\n",
    );
    const { stdout } = await desk.run(setup("--diff"));
    assert.match(stdout, /^\+ {4}- credential$|^\+ {6}- credential$/m);
    assert.doesNotMatch(stdout, /CANARY/);
    assert.deepEqual(contextNames(), ["lab-vouch"]);
  });

  it("takes role, region, server and way from the AWS profile", async () => {
    const via = "arn:aws:iam::111122223333:role/VouchManagement";
    const role = "arn:aws:iam::111122223333:role/VouchSpoke";
    await desk.run(["setup", "aws", "--role", role, "--via", via, "--region", LAB_REGION]);
    const env = { VOUCH_SERVER: undefined };
    const { status, stderr } = await desk.run(["setup", "eks", "--cluster", LAB_CLUSTER], { env });
    assert.equal(status, 0, stderr);
    assert.match(stderr, new RegExp(`^Role: ${role} through ${via}$`, "m"));
    assert.deepEqual(args().slice(4), [
      "--region",
      LAB_REGION,
      "--role",
      role,
      "--via",
      via,
      "--server",
      desk.lab.vouch.url,
    ]);
  });

  it("writes what --context-name, --namespace, --interactive and --account say", async () => {
    const flags = [
      "--context-name",
      "{cluster}@{region}/{account}/{role}",
      "-n",
      "payments",
      "--interactive",
    ];
    const { status, stderr } = await desk.run(setup(...flags, "--account", "ada@example.com"));
    assert.equal(status, 0, stderr);
    const [{ name, context } = { name: "", context: {} }] = kubeconfig().contexts;
    assert.equal(name, "lab@us-east-1/111122223333/VouchDeveloper");
    assert.equal(context["namespace"], "payments");
    assert.equal(exec()?.["interactiveMode"], "IfAvailable");
    assert.deepEqual(args().slice(-2), ["--account", "ada@example.com"]);
  });

  it("says how to try a context whose name the shell would split", async () => {
    const { stderr } = await desk.run(setup("--context-name", "my lab"));
    assert.match(stderr, /^Try it: `kubectl get pods --context 'my lab'`$/m);
  });

  for (const template of ["{cluster}-{nobody}", " "]) {
    it(`refuses the template ${JSON.stringify(template)}`, async () => {
      const { status, stderr } = await desk.run(setup("--context-name", template));
      assert.equal(status, 64);
      assert.match(stderr, /error: --context-name .+ \[usage\]\n/);
    });
  }

  it("writes the path that PATH has with --absolute, and does not follow its links", async () => {
    const program = desk.write("opt/store/1.2.3/kubectl-vouch", "#!/bin/sh\n");
    fs.chmodSync(program, 0o755);
    const bin = path.join(desk.home, "bin");
    fs.mkdirSync(bin);
    fs.symlinkSync(program, path.join(bin, "kubectl-vouch"));
    await desk.run(setup("--absolute"), { env: { PATH: `relative:${bin}` } });
    assert.equal(exec()?.["command"], path.join(bin, "kubectl-vouch"));
  });

  it("warns when kubectl would not find us", async () => {
    const { status, stderr } = await desk.run(setup("--absolute"), { env: { PATH: "/nonexistent" } });
    assert.equal(status, 0);
    assert.match(
      stderr,
      /^warning: kubectl-vouch is not on your PATH, so kubectl will not find it\. Install it: kubectl krew install vouch$/m,
    );
    assert.equal(exec()?.["command"], "kubectl-vouch");
  });

  it("writes no AWS_CONFIG_FILE that says what holds anyway", async () => {
    await desk.run(setup(), { env: { AWS_CONFIG_FILE: "~/.aws/config" } });
    assert.doesNotMatch(desk.read(".kube/config"), /AWS_CONFIG_FILE/);
  });

  it("keeps the AWS_CONFIG_FILE that holds now", async () => {
    const AWS_CONFIG_FILE = desk.write("aws/other", "");
    await desk.run(setup(), { env: { AWS_CONFIG_FILE } });
    assert.deepEqual(exec()?.["env"], [{ name: "AWS_CONFIG_FILE", value: AWS_CONFIG_FILE }]);
  });

  it("keeps two clusters of one name in two regions apart, and says so", async () => {
    cluster(LAB_CLUSTER, { region: "eu-west-1" });
    await desk.run(setup());
    const { status, stderr } = await desk.run(
      setup().map((word) => (word === LAB_REGION ? "eu-west-1" : word)),
    );
    assert.equal(status, 0, stderr);
    assert.match(
      stderr,
      /^ {2}\(lab-vouch is already the name of a context for a different cluster or identity\)$/m,
    );
    assert.deepEqual(contextNames(), ["lab-vouch", "lab-eu-west-1-vouch"]);
  });

  it("keeps two roles on one cluster side by side", async () => {
    const admin = secondRole();
    await desk.run(setup());
    const { status, stderr } = await desk.run(setup().map((word) => (word === LAB_ROLE ? admin : word)));
    assert.equal(status, 0, stderr);
    assert.deepEqual(contextNames(), ["lab-vouch", "lab-VouchAdmin-vouch"]);
    assert.deepEqual(
      [0, 1].map((index) => args(index)[7]),
      [LAB_ROLE, admin],
    );
  });

  it("warns of a cluster that knows no access entries", async () => {
    desk.lab.cluster.authenticationMode = "CONFIG_MAP";
    const { status, stderr } = await desk.run(setup());
    assert.equal(status, 0);
    assert.match(
      stderr,
      /^warning: The authentication mode of lab is CONFIG_MAP: access entries are ignored there/m,
    );
  });

  it("warns of a cluster without a public endpoint", async () => {
    desk.lab.cluster.endpointPublicAccess = false;
    assert.match((await desk.run(setup())).stderr, /^warning: lab does not have a public endpoint: /m);
  });

  it("says that no token can be had, though the context is written", async () => {
    desk.lab.cluster.name = LAB_CLUSTER;
    const { world } = desk.lab;
    const role = world.roles.get(LAB_ROLE);
    assert.ok(role);
    await desk.run(setup("--kubeconfig", path.join(desk.home, "other")));
    desk.advance(56 * 60_000);
    role.trust = [];
    const { status, stderr } = await desk.run(setup());
    assert.equal(status, 0, stderr);
    assert.match(stderr, /^warning: No token for context lab-vouch: .+AssumeRoleWithWebIdentity/m);
    assert.deepEqual(contextNames(), ["lab-vouch"]);
  });

  describe("refuses", () => {
    const refused = async (args: string[], env: Record<string, string | undefined> = {}) => {
      const { status, stdout, stderr } = await desk.run(args, { env });
      assert.equal(stdout, "");
      assert.equal(fs.existsSync(desk.kubeconfig), false, "nothing is written");
      const [, code = "", hint = ""] = /error: [^\n]+ \[([a-z-]+)\]\n(.+)\n$/.exec(stderr) ?? [];
      return { status, code, hint, stderr };
    };
    const swap = (from: string, to: string) => setup().map((word) => (word === from ? to : word));

    it("a namespace that no cluster can have, before anybody is asked", async () => {
      for (const name of ["Bad_NS", "-a", "a-", "a.b", "a".repeat(64)]) {
        const { status, stderr } = await refused(setup(`--namespace=${name}`));
        assert.equal(status, 64);
        assert.match(stderr, new RegExp(`"${name}" is not a valid namespace name\\.`));
      }
    });

    it("when nobody is logged in", async () => {
      desk.lab.vouch.faults.down = true;
      await desk.run(["logout"]);
      const { code, hint } = await refused(setup());
      assert.equal(code, "logged-out");
      assert.match(hint, /^Run `kubectl vouch login --server https:\/\/localhost:\d+`/);
    });

    it("when no cluster is named", async () => {
      const { status, hint } = await refused(["setup", "eks", "--role", LAB_ROLE]);
      assert.equal(status, 64);
      assert.equal(
        hint,
        "Use `--cluster NAME` (`--list` shows the clusters), or `--all` for every cluster in the account.",
      );
    });

    for (const flags of [["--match", "x"], ["--regions", "us-east-1"], ["--prune"]]) {
      it(`${flags.join(" ")} for one cluster`, async () => {
        const { status, stderr } = await refused(["setup", "eks", "--cluster", LAB_CLUSTER, ...flags]);
        assert.equal(status, 64);
        const why = `--cluster and ${flags[0]} cannot be combined: --cluster specifies a single cluster`;
        const says = flags[0] === "--prune" ? "--prune works only with --all" : why;
        assert.ok(stderr.startsWith(`error: ${says}. [usage]\n`), stderr);
      });
    }

    it("--all together with --cluster", async () => {
      const { status, stderr } = await refused(setup("--all"));
      assert.equal(status, 64);
      assert.equal(
        stderr,
        "error: --all and --cluster cannot be combined: --all means every cluster. [usage]\n`kubectl vouch setup eks --help` shows which flags can be combined.\n",
      );
    });

    it("a name that no cluster can have", async () => {
      for (const name of ["../lab", "a b", "-x", "x".repeat(101)]) {
        const { status, code } = await refused(
          swap(LAB_CLUSTER, name).map((word) => (word === name ? name : word)),
        );
        assert.ok(status === 6 ? code === "cluster-name-invalid" : status === 64, `${name}: ${code}`);
      }
    });

    type Refusal = readonly [
      what: string,
      status: number,
      code: string,
      /** Makes the trouble; gives the command line, where it is another. */
      make: () => unknown,
      hint?: RegExp,
    ];
    const refusals: readonly Refusal[] = [
      ["when the session is over", 2, "session-expired", () => desk.advance(9 * 3600_000)],
      [
        "a cluster that does not exist",
        6,
        "cluster-not-found",
        () => swap(LAB_CLUSTER, "nowhere"),
        /^List the clusters: `aws eks list-clusters --region us-east-1`, or specify a different --region\.$/,
      ],
      [
        "a cluster of another region",
        6,
        "cluster-not-found",
        () => swap(LAB_REGION, "eu-west-1"),
        /--region eu-west-1/,
      ],
      ["a region of another partition", 6, "partition-mismatch", () => swap(LAB_REGION, "cn-north-1")],
      ...["evil.example/", "us east 1", "US-EAST-1", "a.b"].map(
        (region): Refusal => [
          `${JSON.stringify(region)}, which is no region`,
          6,
          "region-invalid",
          () => swap(LAB_REGION, region),
        ],
      ),
      ["what is no role", 6, "role-arn-invalid", () => swap(LAB_ROLE, "VouchDeveloper")],
      [
        "a command line without a region, where nothing else names one",
        6,
        "region-missing",
        () => setup().toSpliced(4, 2),
      ],
      [
        "a command line without a role, where no profile names one",
        6,
        "aws-not-configured",
        () => setup().toSpliced(6, 2),
        /^Write profiles for your accounts in IAM Identity Center: `kubectl vouch setup aws --sso-start-url URL`\. To log/,
      ],
      [
        "a cluster that is being created",
        6,
        "cluster-not-ready",
        () => {
          desk.lab.cluster.status = "CREATING";
        },
        /aws eks wait cluster-active --name lab/,
      ],
      [
        "a role that does not trust the server",
        5,
        "role-not-trusted",
        () => swap(LAB_ROLE, addRole(desk.lab.world, { name: "Alien", trust: [chainTrust(LAB_ROLE)] }).arn),
      ],
      [
        "when AWS gives no answer",
        4,
        "aws-unreachable",
        () => Object.assign(desk.lab.aws.faults, { down: true }),
      ],
      [
        "when AWS throttles",
        8,
        "aws-throttled",
        () => Object.assign(desk.lab.aws.faults, { throttle: 99, only: ["eks:*"] }),
      ],
      [
        "when the Vouch server gives no answer",
        4,
        "server-unreachable",
        () => Object.assign(desk.lab.vouch.faults, { down: true }),
      ],
      [
        "a broken AWS config",
        6,
        "aws-config-invalid",
        () => {
          desk.write(".aws/config", "[profile x\nregion = us-east-1\n");
          return ["setup", "eks", "--cluster", LAB_CLUSTER];
        },
      ],
    ];
    for (const [what, status, code, make, hint = /^/] of refusals)
      it(what, async () => {
        const made = make();
        const found = await refused(Array.isArray(made) ? made : setup());
        assert.deepEqual({ status: found.status, code: found.code }, { status, code });
        assert.match(found.hint, hint);
      });

    it("a denial, which may be a mistyped cluster or region, with what is in the kubeconfig", async () => {
      desk.lab.aws.faults.deny = ["eks:DescribeCluster"];
      const name = "arn:aws:eks:eu-west-1:111122223333:cluster/labs";
      const file = desk.write("of-aws", JSON.stringify({ clusters: [{ name, cluster: {} }] }));
      const { code, stderr, hint } = await refused(setup("--kubeconfig", file));
      assert.equal(code, "aws-denied");
      assert.match(stderr, /eks:DescribeCluster on lab .*service control policy/);
      assert.match(
        hint,
        /^Check the cluster name and the region \(us-east-1, from --region\) first: AWS returns the same error for a cluster that does not exist\. The kubeconfig has cluster labs in eu-west-1\. If both are right: ask an IAM administrator/,
      );
    });

    for (const [variable, value] of [
      ["AWS_ENDPOINT_URL", "nonsense"],
      ["AWS_ENDPOINT_URL_EKS", "ftp://x"],
      ["AWS_USE_FIPS_ENDPOINT", "maybe"],
    ] as const) {
      it(`${variable}=${value}`, async () => {
        const { status, code, hint } = await refused(setup(), { [variable]: value });
        assert.deepEqual({ status, code }, { status: 6, code: "config-invalid" });
        assert.equal(hint, `Run \`unset ${variable}\` and try again.`);
      });
    }
  });
});
