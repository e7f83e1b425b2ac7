/** Contexts behind servers that accept connections and say nothing. */
import assert from "node:assert/strict";
import { blackHole, OTHER_ROLE, writeContexts } from "../../support/fleet.ts";
import { labDesk } from "../../support/lab-desk.ts";

describe("kubectl vouch doctor --all-contexts, where a server is silent", () => {
  const desk = labDesk();
  const contexts = (entries: Parameters<typeof writeContexts>[1]) => writeContexts(desk, entries);
  const ARN = "arn:aws:sts::111122223333:assumed-role/VouchDeveloper/ada-example.com";

  beforeEach(() => desk.logIn());

  it("waits for several black holes at once", async () => {
    let most = 0;
    const count = () => {
      most = Math.max(most, holes.filter((hole) => hole.isWaitedFor()).length);
    };
    const holes = await Promise.all(Array.from({ length: 6 }, () => blackHole(count)));
    try {
      const entries = holes.map(({ url }, index) => [`hole-${index + 1}`, { server: url }]);
      contexts({ ...Object.fromEntries(entries), prod: {}, lab: {} });
      const { stdout } = await desk.run(["doctor", "--all-contexts", "-o", "short"]);
      assert.match(stdout, /^(?:hole-[1-6]: N1 likely: .+\n){6}prod: ok \(.*\)\nlab: ok \(.*\)\n$/);
      assert.equal(most, holes.length);
    } finally {
      for (const hole of holes) hole.close();
    }
  });

  describe("interrupted", () => {
    const interrupted = async (...flags: string[]) => {
      const hole = await blackHole();
      contexts({ prod: {}, hole: { server: hole.url }, broken: OTHER_ROLE });
      const control = new AbortController();
      try {
        return await desk.run(["doctor", "--all-contexts", ...flags], {
          signal: control.signal,
          env: { LANG: "C.UTF-8" },
          terminals: ["stderr"],
          onErr: (text) => text.includes("Checked 2 of 3 contexts") && control.abort(),
        });
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
      assert.match(lines[2] ?? "", /^✗ broken: S\d+ likely: /);
      assert.ok(lines.includes("3 EKS contexts: 1 OK, 1 broken, 1 not checked"), stdout);
      assert.match(stderr, / Interrupted: 2 of 3 contexts checked\. \[interrupted\]$/m);
    });

    it("is JSON all the same", async () => {
      const { status, stdout } = await interrupted("-o", "json");
      assert.equal(status, 130);
      const { items, notChecked } = JSON.parse(stdout) as { items: object[]; notChecked: object[] };
      assert.equal(items.length, 2);
      assert.deepEqual(notChecked, [{ context: "hole", why: "interrupted" }]);
    });
  });
});
