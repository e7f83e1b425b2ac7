import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import type { DoctorEvidence } from "../../../doctor/evidence/evidence.ts";
import { redactEvidence } from "../../../doctor/evidence/redact.ts";
import type { BodyOf } from "../../../plugin/kinds/kinds.ts";
import { FAULTS } from "../../doctor/support/faults.ts";
import { accessPolicy, addEntry, addRole } from "../../lab/aws/world.ts";
import { LAB_CLUSTER, LAB_REGION, LAB_ROLE } from "../../lab/lab.ts";
import { toolsBeside } from "../../support/admin-tools.ts";
import { labDesk } from "../../support/lab-desk.ts";
import { suiteOnPosix } from "../../support/platform.ts";
import { scriptedTerminal } from "../../support/scripted-terminal.ts";

type CaseList = BodyOf<"DoctorCaseList">;

suiteOnPosix("lab", "kubectl vouch doctor --evidence for several cases", () => {
  const desk = labDesk();
  const bundleOf = (row: string) => (FAULTS.find((fault) => fault.row === row) ?? assert.fail(row)).bundle;
  const write = (name: string, bundle: DoctorEvidence) => desk.write(name, JSON.stringify(bundle));
  /** The same case of another role. */
  const ofRole = (bundle: DoctorEvidence, role: string) =>
    JSON.parse(JSON.stringify(bundle).replaceAll(/(role\/)Dev\b/g, `$1${role}`)) as DoctorEvidence;
  const judged = async (...words: string[]) => {
    const { status, stdout, stderr } = await desk.run(["doctor", ...words, "-o", "json"]);
    assert.match(stdout, /^\{/, stderr);
    return { status, list: JSON.parse(stdout) as CaseList };
  };

  it("judges all of a folder, and prints one plan for the cluster of what they hold", async () => {
    write("cases/b.json", ofRole(bundleOf("E1"), "Ops"));
    write("cases/a.json", bundleOf("E1"));
    desk.write("cases/notes.txt", "x");
    const folder = path.join(desk.home, "cases");
    const { status, stdout } = await desk.run(["doctor", "--evidence", folder]);
    assert.equal(status, 79);
    assert.match(
      stdout,
      /^✗ \S+a\.json \(arn:\S+\/Dev\/\S+\): E1 certain: .*\n✗ \S+b\.json \(arn:\S+\/Ops\/\S+\): E1 certain: /,
    );
    assert.match(stdout, /^Plan for cluster lab \(eu-west-1\): 4 steps\.$/m);
    assert.match(stdout, /^\S+notes\.txt: skipped, not a \.json file$/m);
    const { list } = await judged("--evidence", folder);
    assert.deepEqual(
      list.plans[0]?.steps.map(({ cases, commands: [command] }) => [
        cases.map((file) => path.basename(file)).join(),
        command?.split(" ").slice(2, 3).join(),
      ]),
      [
        ["a.json", "create-access-entry"],
        ["b.json", "create-access-entry"],
        ["a.json", "associate-access-policy"],
        ["b.json", "associate-access-policy"],
      ],
    );
  });

  it("has a plan for each cluster", async () => {
    const other = JSON.parse(
      JSON.stringify(bundleOf("E1"))
        .replaceAll("cluster/lab", "cluster/prod")
        .replaceAll("0123456789ABCDEF0123456789ABCDEF", "1123456789ABCDEF0123456789ABCDEF"),
    ) as DoctorEvidence;
    const { list } = await judged(
      "--evidence",
      write("a.json", bundleOf("E1")),
      "--evidence",
      write("b.json", other),
    );
    assert.deepEqual(
      list.plans.map(({ steps }) => steps.flatMap(({ cases }) => cases.map((file) => path.basename(file)))),
      [
        ["a.json", "a.json"],
        ["b.json", "b.json"],
      ],
    );
  });

  it("judges the others if one is unreadable, redacted or given twice, and says which", async () => {
    const one = write("a.json", bundleOf("E1"));
    const twin = write("b.json", bundleOf("E1"));
    const redacted = write("c.json", redactEvidence(bundleOf("E3"), { names: true }));
    const broken = desk.write("d.json", "$ ls\n");
    const gone = path.join(desk.home, "gone.json");
    const loop = path.join(desk.home, "loop.json");
    fs.symlinkSync(loop, loop);
    const files = [one, twin, redacted, broken, gone, loop].flatMap((file) => ["--evidence", file]);
    const { status, list } = await judged(...files);
    assert.equal(status, 79);
    assert.deepEqual(
      list.items.map(({ file }) => file),
      [one],
    );
    assert.deepEqual(list.skipped, [{ file: twin, why: `the same case as ${one}` }]);
    assert.deepEqual(
      list.notChecked.map(({ file, why }) => [path.basename(file), why.split(/[:,]/)[0]]),
      [
        ["c.json", "its names are redacted"],
        ["d.json", "Nothing in it was recognized"],
        ["gone.json", `${gone} not found.`],
        ["loop.json", `${loop} cannot be read`],
      ],
    );
  });

  it("ends with 79 for a case that cannot be judged, even if the others are healthy", async () => {
    const one = desk.write("d.json", "$ ls\n");
    const { status, stdout } = await desk.run(["doctor", "--evidence", one, "--evidence", `${one}2`]);
    assert.equal(status, 79);
    assert.match(stdout, /^\S+d\.json: not checked, /m);
  });

  it("does not judge with --complete what is about a cluster that the admin has no context for", async () => {
    const files = [
      "--evidence",
      write("a.json", bundleOf("E1")),
      "--evidence",
      write("b.json", bundleOf("E3")),
    ];
    const { status, list } = await judged(...files, "--complete");
    assert.equal(status, 79);
    assert.deepEqual(
      list.notChecked.map(({ file, why }) => [
        path.basename(file),
        /^No context here is for cluster lab \(/.test(why),
      ]),
      [
        ["a.json", true],
        ["b.json", true],
      ],
    );
    assert.deepEqual([list.items, list.plans], [[], []]);
  });

  it("says of a folder without cases that there are none", async () => {
    const { status, stderr } = await desk.run(["doctor", "--evidence", desk.home]);
    assert.equal(status, 6);
    assert.match(
      stderr,
      /^error: No case found in \S+: no file there ends in \.json\. \[evidence-invalid\]$/m,
    );
  });

  it("excludes what is about one case", async () => {
    const two = ["doctor", "--evidence", "a", "--evidence", "b"];
    for (const more of [
      ["--for", "list pods"],
      ["--save", "x"],
      ["--redact"],
      ...["github", "html", "junit", "message"].map((format) => ["-o", format]),
      ["--error", "x"],
      ["-n", "web"],
    ]) {
      const { status, stderr } = await desk.run([...two, ...more]);
      assert.equal(status, 64, more.join(" "));
      assert.match(stderr, /^error: --evidence for several cases and .* cannot be combined\. \[usage\]$/m);
    }
    const { status, stderr } = await desk.run(["doctor", "--evidence", "a", "--fix"]);
    assert.equal(status, 64);
    assert.match(stderr, /--evidence case\.json --complete --fix/);
  });

  describe("with --complete --fix", () => {
    const TESTER = "arn:aws:iam::111122223333:role/Tester";

    /** A case about somebody else, saved by the developer, who may then administer the cluster. */
    async function saved(): Promise<string> {
      const { world, cluster } = desk.lab;
      desk.logIn();
      const place = ["--cluster", LAB_CLUSTER, "--region", LAB_REGION, "--role", LAB_ROLE];
      assert.equal((await desk.run(["setup", "eks", ...place])).status, 0);
      addRole(world, { name: "Tester" });
      const file = path.join(desk.home, "case.json");
      const about = ["--principal", TESTER, "--for", "list pods -n payments"];
      await desk.run(["doctor", "--context", `${LAB_CLUSTER}-vouch`, ...about, "--save", file]);
      const bundle = JSON.parse(fs.readFileSync(file, "utf8")) as DoctorEvidence;
      const stderr = "error: You must be logged in to the server (Unauthorized)\n";
      write("case.json", { ...bundle, question: { ...bundle.question, exitCode: 1, stderr } });
      const role = world.roles.get(LAB_ROLE) ?? assert.fail();
      world.roles.set(LAB_ROLE, {
        ...role,
        allows: [{ actions: ["eks:*", "iam:Get*"], resources: ["*"] }],
      });
      addEntry(cluster, role, { policies: [accessPolicy("AmazonEKSClusterAdminPolicy")] });
      return file;
    }

    const fix = async (answers: readonly string[], file: string) => {
      const terminal = scriptedTerminal(answers);
      const env = { PATH: toolsBeside(desk.home, desk.lab.env["PATH"] ?? "") };
      const args = ["doctor", "--evidence", file, "--complete", "--fix"];
      const result = await desk.run(args, { terminal, env });
      terminal.verify();
      return { ...result, shown: terminal.shown() };
    };

    it("is not needed where the admin asks about the principal: --principal --fix does the same", async () => {
      await saved();
      // The API server remembers for a while what it denied.
      desk.advance(60_000);
      const about = ["--principal", TESTER, "--for", "list pods -n payments"];
      const env = { PATH: toolsBeside(desk.home, desk.lab.env["PATH"] ?? "") };
      const args = ["doctor", "--context", `${LAB_CLUSTER}-vouch`, ...about, "--fix", "--yes"];
      const { status, stdout, stderr } = await desk.run(args, { env });
      assert.equal(status, 0, stdout + stderr);
      assert.match(stderr, /^Step 2: done\. To undo it:$/m);
      assert.match(stdout, /✓ Allowed by AmazonEKSViewPolicy on namespace payments/);
    });

    it("asks for each step, with what it changes and how to undo it", async () => {
      const file = await saved();
      const { cluster } = desk.lab;
      const no = await fix(["n"], file);
      assert.equal(no.status, 79, no.stderr);
      assert.match(no.stderr, /^Step 2: skipped, because step 1 was not done\.$/m);
      assert.equal(cluster.accessEntries.has(TESTER), false);

      const yes = await fix(["y", "y"], file);
      assert.equal(yes.status, 0, yes.stderr);
      assert.match(yes.shown, /^Step 1 of 2: Create an access entry for \S+Tester\. Do it\? \[y\/N\] /m);
      assert.match(yes.stderr, /^now: none\nthen: an access entry with no groups$/m);
      assert.match(yes.stderr, /^Step 1: done\. To undo it:\n {2}aws eks delete-access-entry .*Tester$/m);
      assert.match(yes.stderr, /^now: not associated\nthen: namespace payments$/m);
      assert.match(yes.stderr, /^ {2}aws eks disassociate-access-policy .*AmazonEKSViewPolicy$/m);
      assert.deepEqual(
        cluster.accessEntries.get(TESTER)?.policies.map(({ accessScope }) => accessScope.namespaces),
        [["payments"]],
      );
    });
  });
});
