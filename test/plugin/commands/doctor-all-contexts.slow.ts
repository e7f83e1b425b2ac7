import assert from "node:assert/strict";
import type { DoctorReport } from "../../../doctor/report/report-schema.ts";
import { GKE, LOCAL, OTHER_ROLE, OWN, writeContexts } from "../../support/fleet.ts";
import { labDesk } from "../../support/lab-desk.ts";

describe("kubectl vouch doctor --all-contexts", () => {
  const desk = labDesk();
  const contexts = (entries: Parameters<typeof writeContexts>[1]) => writeContexts(desk, entries);
  const ARN = "arn:aws:sts::111122223333:assumed-role/VouchDeveloper/ada-example.com";

  beforeEach(() => desk.logIn());

  it("is one line for each context, then a summary, and 79 where one is broken", async () => {
    contexts({ prod: {}, broken: OTHER_ROLE, "kind-dev": LOCAL, gke: GKE, own: OWN });
    const { status, stdout, stderr } = await desk.run(["doctor", "--all-contexts"], {
      env: { LANG: "C.UTF-8" },
    });
    assert.equal(status, 79, stderr);
    const [first, second, ...rest] = stdout.split("\n");
    assert.equal(first, `✓ prod: OK (${ARN})`);
    assert.match(second ?? "", /^✗ broken: S\d+ likely: .*VouchDeveloper2/);
    assert.deepEqual(rest, [
      "- kind-dev: skipped, it is for a cluster on this machine",
      "- gke: skipped, it is for a GKE cluster",
      "- own: skipped, nothing in the kubeconfig indicates an EKS cluster",
      "",
      "2 EKS contexts: 1 OK, 1 broken; 3 others skipped",
      "Full report: `kubectl vouch doctor --context broken`; for every context: -v",
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
    assert.match(stdout, /^\S prod: OK .*\n\S broken: S\d+ likely: /);
  });

  it("prints with --redact what it prints for one context: no names and accounts", async () => {
    contexts({ prod: {}, broken: OTHER_ROLE, gke: GKE });
    for (const output of ["text", "json", "junit", "short", "html"]) {
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
    assert.match(stdout, /^Fix \(/m);
    assert.match(
      stdout,
      /\n- gke: skipped, it is for a GKE cluster\n\n2 EKS contexts: 1 OK, 1 broken; 1 other skipped\n$/,
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
        "error: No context name matches x*. Contexts: gke, prod-a. [context-missing]\n" +
          "Use a different pattern, in quotes so that your shell does not expand it: --match 'pr*'\n",
      );
    });

    it("says so where it chose only others", async () => {
      contexts({ "prod-a": {}, gke: GKE });
      const { status, stderr } = await desk.run(["doctor", "--match", "g*"]);
      assert.equal(status, 6);
      assert.match(
        stderr,
        /^error: No context that matches g\* is for an EKS cluster: gke is for a GKE cluster\. \[context-not-eks\]\n/,
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
        assert.match(stderr, /--match .*cannot be combined|--evidence and --match/);
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
      skipped: [{ context: "gke", why: "it is for a GKE cluster" }],
      notChecked: [],
      summary: { ok: 1, broken: 1, unknown: 0, skipped: 1, notChecked: 0 },
    });
  });

  it("is one JUnit test for each context", async () => {
    contexts({ prod: {}, broken: OTHER_ROLE, gke: GKE });
    const { stdout } = await desk.run(["doctor", "--all-contexts", "-o", "junit"]);
    const tests = [...stdout.matchAll(/<testcase classname="doctor" name="([^"]+)"(?:>\s+<(\w+))?/g)];
    assert.deepEqual(
      tests.map(([, name, outcome]) => [name, outcome]),
      [
        ["prod", undefined],
        ["broken", "failure"],
        ["gke", "skipped"],
      ],
    );
    assert.match(stdout, /<skipped message="it is for a GKE cluster"\/>/);
  });

  it("says how far it is on a terminal, and one line in a pipe", async () => {
    contexts({ prod: {}, lab: {} });
    for (const { faults } of desk.lab.kube.values()) faults.slowMs = 250;
    const { stderr } = await desk.run(["doctor", "--all-contexts"], { terminals: ["stderr"] });
    assert.match(stderr, /Checked 1 of 2 contexts…/);
    const piped = await desk.run(["doctor", "--all-contexts"], { showsProgress: true });
    assert.equal(piped.stderr, "Checking 2 contexts…\n");
  });
});
