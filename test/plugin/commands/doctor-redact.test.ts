import assert from "node:assert/strict";
import path from "node:path";
import { FAULTS } from "../../doctor/support/faults.ts";
import { labDesk } from "../../support/lab-desk.ts";
import { suiteOnPosix } from "../../support/platform.ts";

const CANARY = "Cnry7wJalrXUtnFEMI9K7";

suiteOnPosix("lab", "doctor --redact", () => {
  const desk = labDesk();
  const saved = (name: string) => {
    const { bundle } = FAULTS.find(({ row }) => row === name) ?? {};
    assert.ok(bundle);
    return desk.write("case.json", JSON.stringify(bundle));
  };

  for (const format of ["text", "json", "yaml", "junit", "github", "short", "html"]) {
    it(`prints ${format} without names and accounts, and the same cause`, async () => {
      const file = saved("E1");
      const plain = await desk.run(["doctor", "--evidence", file, "-o", format]);
      const redacted = await desk.run(["doctor", "--evidence", file, "-o", format, "--redact"]);
      assert.equal(redacted.status, plain.status);
      assert.match(plain.stdout, /111122223333/);
      assert.doesNotMatch(redacted.stdout, /111122223333/);
      assert.match(
        redacted.stdout,
        /eks-access-entry-missing|E1 certain|E1 \(certain\)|\(E1, certain\)|type="E1" message="certain: /,
      );
    });
  }

  it("saves a case that nobody is invited to complete, as that cannot work", async () => {
    const args = ["doctor", "--evidence", saved("E1"), "-o", "message"];
    const kept = path.join(desk.home, "kept.json");
    assert.match((await desk.run(args)).stdout, / --complete$/m);
    const redacted = await desk.run([...args, "--redact", "--save", kept]);
    assert.doesNotMatch(redacted.stdout, / --complete$/m);
    assert.match(redacted.stdout, /The names in this message are redacted\./);
    const { status, stderr } = await desk.run(["doctor", "--evidence", kept, "--complete"]);
    assert.equal(status, 6);
    assert.match(
      stderr,
      /^error: The names in this case are redacted, so it cannot be completed\. \[evidence-invalid\]\nAsk for the case with its real names, saved without --redact: /m,
    );
  });

  it("repeats no secret of pasted words, with names and without", async () => {
    const words = `error: kubelogin get-token --api-key ${CANARY} --oidc-secret ${CANARY}: exec: executable kubelogin failed with exit code 1`;
    const file = saved("E1");
    for (const more of [[], ["--redact"], ["-o", "json"], ["-o", "junit"], ["-o", "html"]]) {
      const kept = path.join(desk.home, "kept.json");
      const { stdout, stderr } = await desk.run([
        "doctor",
        "--evidence",
        file,
        "--error",
        words,
        "--save",
        kept,
        "-v",
        ...more,
      ]);
      assert.ok(![stdout, stderr, desk.read("kept.json")].join().includes(CANARY), `${more}`);
    }
  });

  const refused: Readonly<Record<string, readonly string[]>> = {
    "--list and --redact": ["--list", "--redact"],
    "--list and --save": ["--list", "--save", "x"],
    "--list and --fix": ["--list", "--fix"],
    "--list and --only": ["--list", "--only", "E1"],
    "--list and the command after --": ["--list", "--", "get", "pods"],
    "--redact and --fix": ["--redact", "--fix"],
    "--evidence and --offline": ["--evidence", "x", "--offline"],
    "--evidence and --kubeconfig": ["--evidence", "x", "--kubeconfig", "y"],
  };
  for (const [pair, args] of Object.entries(refused)) {
    it(`refuses ${pair}`, async () => {
      const { status, stderr } = await desk.run(["doctor", ...args]);
      assert.equal(status, 64);
      assert.ok(stderr.includes(`error: ${pair} cannot be combined. [usage]`), stderr);
    });
  }
});
