import assert from "node:assert/strict";
import { once } from "node:events";
import net from "node:net";
import { stringify } from "yaml";
import type { DoctorReport } from "../../../doctor/report/report-schema.ts";
import { LAB_CLUSTER, LAB_REGION, LAB_ROLE } from "../../lab/lab.ts";
import { labDesk } from "../../support/lab-desk.ts";

interface Entry {
  readonly server?: string;
  readonly role?: string;
  readonly user?: object;
}

describe("kubectl vouch doctor --all-contexts", function () {
  this.timeout(120_000);
  const desk = labDesk();
  const ARN = "arn:aws:sts::111122223333:assumed-role/VouchDeveloper/ada-example.com";

  /** A kubeconfig with a context for each entry. */
  const contexts = (entries: Record<string, Entry>) => {
    const { cluster, vouch } = desk.lab;
    const ca = Buffer.from(cluster.certificateAuthority).toString("base64");
    const words = ["credential", "eks", "--cluster-name", LAB_CLUSTER, "--region", LAB_REGION];
    const exec = (role: string) => ({
      apiVersion: "client.authentication.k8s.io/v1",
      command: "kubectl-vouch",
      args: [...words, "--role", role, "--server", vouch.url],
      interactiveMode: "Never",
      provideClusterInfo: true,
    });
    desk.write(
      ".kube/config",
      stringify({
        apiVersion: "v1",
        kind: "Config",
        clusters: Object.entries(entries).map(([name, { server = cluster.endpoint }]) => ({
          name,
          cluster: { server, "certificate-authority-data": ca },
        })),
        contexts: Object.keys(entries).map((name) => ({ name, context: { cluster: name, user: name } })),
        users: Object.entries(entries).map(([name, { role = LAB_ROLE, user = { exec: exec(role) } }]) => ({
          name,
          user,
        })),
      }),
    );
  };
  const LOCAL: Entry = { server: "https://127.0.0.1:9", user: { "client-certificate-data": "eA==" } };
  const GKE: Entry = { server: "https://34.1.2.3", user: { exec: { command: "gke-gcloud-auth-plugin" } } };
  const OWN: Entry = { server: "https://k8s.example", user: { token: "canary" } };
  const OTHER_ROLE = { role: `${LAB_ROLE}2` };

  /** A server that takes connections and says nothing. */
  const blackHole = async () => {
    const sockets = new Set<net.Socket>();
    const server = net.createServer((socket) => sockets.add(socket)).listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as net.AddressInfo;
    const close = () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    };
    return { url: `https://127.0.0.1:${port}`, close };
  };

  beforeEach(() => desk.logIn());

  it("is one line for each context, then a summary, and 79 where one is broken", async () => {
    contexts({ prod: {}, broken: OTHER_ROLE, "kind-dev": LOCAL, gke: GKE, own: OWN });
    const { status, stdout, stderr } = await desk.run(["doctor", "--all-contexts"], {
      env: { LANG: "C.UTF-8" },
    });
    assert.equal(status, 79, stderr);
    const [first, second, ...rest] = stdout.split("\n");
    assert.equal(first, `✓ prod: OK (${ARN})`);
    assert.match(second ?? "", /^✗ broken: S\d+ certain: .*VouchDeveloper2/);
    assert.deepEqual(rest, [
      "- kind-dev: skipped, it is that of a cluster on this machine",
      "- gke: skipped, it is that of a GKE cluster",
      "- own: skipped, nothing in the kubeconfig says that it is that of an EKS cluster",
      "",
      "2 EKS contexts: 1 OK, 1 broken; 3 others skipped",
      "The whole report: `kubectl vouch doctor --context broken`; of each context: -v",
      "",
    ]);
  });

  it("looks into all files of KUBECONFIG", async () => {
    contexts({ prod: {} });
    const first = desk.write("first", desk.read(".kube/config"));
    contexts({ broken: OTHER_ROLE });
    const env = { KUBECONFIG: `${first}:${desk.kubeconfig}` };
    const { status, stdout } = await desk.run(["doctor", "--all-contexts"], { env });
    assert.equal(status, 79);
    assert.match(stdout, /^\S prod: OK .*\n\S broken: S\d+ certain: /);
  });

  it("prints with --redact what it prints for one context: no names and accounts", async () => {
    contexts({ prod: {}, broken: OTHER_ROLE, gke: GKE });
    for (const output of ["text", "json", "junit", "short"]) {
      const { stdout } = await desk.run(["doctor", "--all-contexts", "--redact", "-o", output]);
      assert.doesNotMatch(stdout, /111122223333|VouchDeveloper|kubectl vouch doctor --context/, output);
      assert.match(stdout, /broken/, output);
    }
  });

  it("ends with 0 where all are healthy", async () => {
    contexts({ prod: {}, lab: {} });
    const { status, stdout } = await desk.run(["doctor", "--all-contexts"], { env: { LANG: "C" } });
    assert.equal(status, 0);
    assert.equal(stdout, `+ prod: OK (${ARN})\n+ lab: OK (${ARN})\n\n2 EKS contexts: 2 OK\n`);
  });

  it("names the kubeconfig that was given in what it prints", async () => {
    contexts({ broken: OTHER_ROLE });
    const flags = ["--all-contexts", "--kubeconfig", desk.kubeconfig];
    const { stdout } = await desk.run(["doctor", ...flags], { env: { KUBECONFIG: undefined } });
    assert.ok(
      stdout.includes(`\`kubectl vouch doctor --context broken --kubeconfig ${desk.kubeconfig}\``),
      stdout,
    );
  });

  it("prints the whole report of each with -v, the summary last", async () => {
    contexts({ prod: {}, broken: OTHER_ROLE, gke: GKE });
    const { stdout } = await desk.run(["doctor", "--all-contexts", "-v"]);
    assert.match(stdout, /^Context prod: kubeconfig /m);
    assert.match(stdout, /^Context broken: kubeconfig /m);
    assert.match(stdout, /^Fix S\d+/m);
    assert.match(
      stdout,
      /\n- gke: skipped, it is that of a GKE cluster\n\n2 EKS contexts: 1 OK, 1 broken; 1 other skipped\n$/,
    );
  });

  describe("--match", () => {
    it("chooses contexts by their names", async () => {
      contexts({ "prod-a": {}, "prod-b": {}, "dev-a": OTHER_ROLE });
      const { status, stdout } = await desk.run(["doctor", "--match", "prod-[ab]", "-o", "short"]);
      assert.equal(status, 0);
      assert.equal(stdout, `prod-a: ok (${ARN})\nprod-b: ok (${ARN})\n`);
    });

    it("says what there is where none fits", async () => {
      contexts({ "prod-a": {}, gke: GKE });
      const { status, stdout, stderr } = await desk.run(["doctor", "--match", "x*"]);
      assert.deepEqual({ status, stdout }, { status: 6, stdout: "" });
      assert.equal(
        stderr,
        "error: No context has a name like x*. There are: gke, prod-a. [context-missing]\n" +
          "Give another pattern, in quotes so that your shell leaves it alone: --match 'pr*'\n",
      );
    });

    it("says so where it chose only others", async () => {
      contexts({ "prod-a": {}, gke: GKE });
      const { status, stderr } = await desk.run(["doctor", "--match", "g*"]);
      assert.equal(status, 6);
      assert.match(
        stderr,
        /^error: No context with a name like g\* is that of an EKS cluster: gke is that of a GKE cluster\. \[context-not-eks\]\n/,
      );
    });

    it("is refused beside what means one context", async () => {
      contexts({ "prod-a": {} });
      for (const flags of [
        ["--context", "prod-a"],
        ["--fix"],
        ["--pre"],
        ["--save", "x"],
        ["--evidence", "x"],
      ]) {
        const { status, stderr } = await desk.run(["doctor", "--match", "p*", ...flags]);
        assert.equal(status, 64, stderr);
        assert.match(
          stderr,
          /--match .*exclude each other|exclude each other: .*--match|--evidence and --match/,
        );
      }
    });
  });

  it("prints one object for programs", async () => {
    contexts({ prod: {}, broken: OTHER_ROLE, gke: GKE });
    const { status, stdout } = await desk.run(["doctor", "--all-contexts", "-o", "json"]);
    assert.equal(status, 79);
    const { items, ...rest } = JSON.parse(stdout) as { items: DoctorReport[] };
    assert.deepEqual(
      items.map(({ kind, context, healthy }) => [kind, context, healthy]),
      [
        ["DoctorReport", "prod", true],
        ["DoctorReport", "broken", false],
      ],
    );
    assert.deepEqual(rest, {
      apiVersion: "vouch.kubectl/v1",
      kind: "DoctorReportList",
      skipped: [{ context: "gke", why: "it is that of a GKE cluster" }],
      notChecked: [],
      summary: { ok: 1, broken: 1, unknown: 0, skipped: 1, notChecked: 0 },
    });
  });

  it("is one JUnit suite for each context", async () => {
    contexts({ prod: {}, broken: OTHER_ROLE, gke: GKE });
    const { stdout } = await desk.run(["doctor", "--all-contexts", "-o", "junit"]);
    const suites = [
      ...stdout.matchAll(/<testsuite name="([^"]+)" tests="\d+" failures="(\d+)" errors="(\d+)"/g),
    ];
    assert.deepEqual(
      suites.map(([, name, failures, errors]) => [name, failures, errors]),
      [
        ["prod", "0", "0"],
        ["broken", "1", "0"],
        ["gke", "0", "0"],
      ],
    );
    assert.match(stdout, /<skipped message="it is that of a GKE cluster"\/>/);
  });

  it("takes no longer for several black holes than for one", async () => {
    const hole = await blackHole();
    try {
      contexts({ hole: { server: hole.url } });
      const time = async (...flags: string[]) => {
        const start = Date.now();
        const { stdout } = await desk.run(["doctor", ...flags, "-o", "short"]);
        return { stdout, tookMs: Date.now() - start };
      };
      const one = await time("--context", "hole");
      const holes = Object.fromEntries(
        [1, 2, 3, 4, 5, 6].map((number) => [`hole-${number}`, { server: hole.url }]),
      );
      contexts({ ...holes, prod: {}, lab: {} });
      const all = await time("--all-contexts");
      assert.match(
        all.stdout,
        /^hole-1: unknown \(unreachable\)\n(?:hole.*\n)*prod: ok \(.*\)\nlab: ok \(.*\)\n$/,
      );
      assert.ok(all.tookMs < 1.5 * one.tookMs, `${all.tookMs} ms for all, ${one.tookMs} ms for one`);
    } finally {
      hole.close();
    }
  });

  describe("interrupted", () => {
    const interrupted = async (...flags: string[]) => {
      const hole = await blackHole();
      contexts({ prod: {}, hole: { server: hole.url }, broken: OTHER_ROLE });
      const control = new AbortController();
      setTimeout(() => control.abort(), 3000);
      try {
        const start = Date.now();
        const result = await desk.run(["doctor", "--all-contexts", ...flags], {
          signal: control.signal,
          env: { LANG: "C.UTF-8" },
        });
        assert.ok(Date.now() - start < 4500, "it ends at once");
        return result;
      } finally {
        hole.close();
      }
    };

    it("prints what is known so far, and ends with 130", async () => {
      const { status, stdout, stderr } = await interrupted();
      assert.equal(status, 130);
      const lines = stdout.split("\n");
      assert.equal(lines[0], `✓ prod: OK (${ARN})`);
      assert.equal(lines[1], "? hole: not checked, interrupted");
      assert.match(lines[2] ?? "", /^✗ broken: S\d+ certain: /);
      assert.ok(lines.includes("3 EKS contexts: 1 OK, 1 broken, 1 not checked"), stdout);
      assert.match(stderr, /^error: Interrupted: 2 of 3 contexts checked\. \[interrupted\]$/m);
    });

    it("is JSON all the same", async () => {
      const { status, stdout } = await interrupted("-o", "json");
      assert.equal(status, 130);
      const { items, notChecked } = JSON.parse(stdout) as { items: object[]; notChecked: object[] };
      assert.equal(items.length, 2);
      assert.deepEqual(notChecked, [{ context: "hole", why: "interrupted" }]);
    });
  });

  it("says how far it is on a terminal, and one line in a pipe", async () => {
    contexts({ prod: {}, lab: {} });
    const { stderr } = await desk.run(["doctor", "--all-contexts"], { terminals: ["stderr"] });
    assert.match(stderr, /Checked 1 of 2 contexts…/);
    const piped = await desk.run(["doctor", "--all-contexts"]);
    assert.match(piped.stderr, /^(?:Checking 2 contexts…\n)?$/);
  });
});
