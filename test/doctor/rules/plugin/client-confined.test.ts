import assert from "node:assert/strict";
import { clientConfined } from "../../../../doctor/rules/plugin/client-confined.ts";
import { healthyBundle } from "../../support/bundle.ts";
import { confidences, verdicts } from "../../support/credential-case.ts";

const SNAP = { name: "flux", path: "/snap/bin/flux" };
const NOT_FOUND = {
  exitCode: 1,
  stderr: "Unable to connect to the server: getting credentials: exec: executable aws not found\n",
};

describe("client-confined", () => {
  it("is likely when a snap misses what the shell has", () => {
    assert.deepEqual(verdicts(clientConfined, healthyBundle({ client: SNAP, question: NOT_FOUND })), [
      {
        cause: "L14",
        stage: "plugin",
        severity: "error",
        confidence: "likely",
        commands: ["sudo snap remove flux", "sudo snap install flux --classic"],
      },
    ]);
  });

  it("is only possible when the shell has it neither", () => {
    const execCommand = { command: "aws", resolved: null };
    const pluginRun = { failed: "aws is not there" };
    const bundle = healthyBundle({ client: SNAP, question: NOT_FOUND, execCommand, pluginRun });
    assert.deepEqual(confidences(clientConfined, bundle), ["L14 possible"]);
  });

  it("is silent for a plain client, for a desktop's PATH (T3), and for a snap that works", () => {
    assert.deepEqual(confidences(clientConfined, healthyBundle({ question: NOT_FOUND })), []);
    const lens = { name: "lens", path: "/opt/Lens/lens", graphical: true };
    assert.deepEqual(confidences(clientConfined, healthyBundle({ client: lens, question: NOT_FOUND })), []);
    assert.deepEqual(confidences(clientConfined, healthyBundle({ client: SNAP })), []);
  });
});
