import assert from "node:assert/strict";
import vm from "node:vm";
import { transform } from "esbuild";
import { oldNodeGuard } from "../../krew/old-node.ts";

const GUARD = oldNodeGuard(">=22.19");

/** What the guard does on a Node of this version. */
function runOn(node: string): { readonly said: string; readonly status: number | undefined } {
  let said = "";
  let status: number | undefined;
  vm.runInNewContext(GUARD, {
    process: {
      versions: { node },
      execPath: "/opt/node",
      stderr: { write: (text: string) => (said += text) },
      exit: (code: number) => (status ??= code),
    },
  });
  return { said, status };
}

describe("the guard against an old Node", () => {
  for (const version of ["0.12.18", "8.17.0", "20.20.2", "22.0.0", "22.9.9", "22.18.0"]) {
    it(`ends the program on ${version}`, () => {
      assert.deepEqual(runOn(version), {
        said: `error: kubectl-vouch needs Node 22.19 or newer, but this is Node ${version} (/opt/node).
Install kubectl-vouch with a bundled Node (\`kubectl krew install vouch\`), or install a newer Node: https://nodejs.org/en/download
`,
        status: 1,
      });
    });
  }

  for (const version of ["22.19.0", "22.23.2", "22.100.0", "23.0.0", "24.1.0", "100.0.0", "26.0.0-nightly"]) {
    it(`lets ${version} through`, () => {
      assert.deepEqual(runOn(version), { said: "", status: undefined });
    });
  }

  it("is in the oldest syntax, and one line", async () => {
    await transform(GUARD, { target: "es5" });
    assert.doesNotMatch(GUARD, /\n|=>|`.*\$\{|\b(?:let|const)\b/);
  });

  it("is not made of a range it does not understand", () => {
    for (const range of ["^22.19", ">=22", ">=22.19.0", "*"]) {
      assert.throws(() => oldNodeGuard(range), /is not like ">=22\.19"/);
    }
  });
});
