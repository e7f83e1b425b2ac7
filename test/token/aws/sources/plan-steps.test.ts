import assert from "node:assert/strict";
import { canNarrow, planSteps, stepOf } from "../../../../token/aws/sources/plan-kinds.ts";
import { planOfCase } from "./plan-of-case.ts";
import { KEYS_E, keys, LOGIN, OLD_SSO, PROCESS, role } from "./source-case.ts";

const OURS = "credential_process = kubectl-vouch credential aws --role arn:aws:iam::111122223333:role/dev\n";
const plan = (settings: string, env = {}) =>
  planOfCase({ config: `[profile p]\n${settings}[profile c]\n${keys("C")}`, profile: "p", env });

describe("the steps of a plan", () => {
  it("are the plan, and what it stands on", () => {
    const chain = plan(role("ra", "source_profile = c\n"));
    assert.deepEqual(
      planSteps(chain).map(({ kind }) => kind),
      ["assume-role", "keys"],
    );
    assert.equal(stepOf(chain, "keys")?.accessKeyId, "C");
    assert.equal(stepOf(chain, "process"), undefined);
  });

  for (const [what, settings, can] of [
    ["a role", role("ra", "source_profile = c\n"), true],
    ["a web identity", role("rw", "web_identity_token_file = /t\n"), true],
    ["a line of ours", OURS, true],
    ["a process of others", PROCESS, false],
    ["keys", keys("C"), false],
    ["Identity Center", OLD_SSO, false],
    ["a login", LOGIN, false],
  ] as const)
    it(`can ${can ? "" : "not "}be narrowed for an agent where the last one is ${what}`, () => {
      assert.equal(canNarrow(plan(settings)), can);
    });

  it("can be narrowed by a role on top of what cannot be", () => {
    assert.equal(canNarrow(plan(role("ra", "credential_source = Environment\n"), KEYS_E)), true);
  });
});
