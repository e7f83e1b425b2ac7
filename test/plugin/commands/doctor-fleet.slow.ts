/** Contexts behind black holes: each waits for its own time limit. */
import assert from "node:assert/strict";
import { blackHole, OTHER_ROLE, writeContexts } from "../../support/fleet.ts";
import { labDesk } from "../../support/lab-desk.ts";

describe("kubectl vouch doctor --all-contexts, where a server is silent", function () {
  this.timeout(120_000);
  const desk = labDesk();
  const contexts = (entries: Parameters<typeof writeContexts>[1]) => writeContexts(desk, entries);
  const ARN = "arn:aws:sts::111122223333:assumed-role/VouchDeveloper/ada-example.com";

  beforeEach(() => desk.logIn());

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
      assert.match(all.stdout, /^hole-1: N1 likely: [^\n]+\n(?:hole.*\n)*prod: ok \(.*\)\nlab: ok \(.*\)\n$/);
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
        return await desk.run(["doctor", "--all-contexts", ...flags], {
          signal: control.signal,
          env: { LANG: "C.UTF-8" },
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
});
