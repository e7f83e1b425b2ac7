import assert from "node:assert/strict";
import { vouchLoggedOut } from "../../../../doctor/rules/credentials/vouch-logged-out.ts";
import { awsConfig, confidences, findingsOf, pluginFailed, verdicts } from "../../support/credential-case.ts";

const NOBODY = "Nobody is logged in to https://us.vouch.sh.";
const OUT = { vouch: { server: "https://us.vouch.sh", loggedIn: false } };

describe("vouch-logged-out", () => {
  it("is certain when this machine has no session", () => {
    assert.deepEqual(verdicts(vouchLoggedOut, pluginFailed(NOBODY, { vouch: true, changes: OUT })), [
      {
        cause: "V1",
        stage: "credentials",
        severity: "error",
        confidence: "certain",
        commands: ["kubectl vouch login --server https://us.vouch.sh"],
      },
    ]);
  });

  it("believes the plugin's words, less sure where the session is not known", () => {
    const { vouch: _, ...bundle } = pluginFailed(NOBODY, { vouch: true });
    assert.deepEqual(confidences(vouchLoggedOut, bundle), ["V1 likely"]);
  });

  it("finds it behind a profile with our helper, and explains the helper's failure", () => {
    const changes = {
      ...OUT,
      ...awsConfig(
        "[profile dev]\ncredential_process = kubectl-vouch credential aws --role arn:aws:iam::111122223333:role/Dev\n",
      ),
    };
    const words = `Error when retrieving credentials from custom-process: ${NOBODY}`;
    const [finding] = findingsOf(vouchLoggedOut, pluginFailed(words, { changes })) ?? [];
    assert.deepEqual([finding?.cause, finding?.explains], ["V1", ["L13"]]);
  });

  it("is only possible when a token is given all the same", () => {
    const bundle = pluginFailed("", {
      vouch: true,
      changes: { ...OUT, pluginRun: { exitCode: 0, stderr: "" } },
    });
    assert.deepEqual(confidences(vouchLoggedOut, bundle), ["V1 possible"]);
  });

  it("believes our words where not even the kubeconfig is known", () => {
    const { vouch: _, kubeconfig: __, ...bundle } = pluginFailed(NOBODY, { vouch: true });
    assert.deepEqual(verdicts(vouchLoggedOut, bundle)?.[0]?.commands, [
      "kubectl vouch login --server https://us.vouch.sh",
    ]);
  });

  it("does not take a session that may have ended for none", () => {
    const vouch = { ...OUT.vouch, sessionEnd: "2026-01-15T11:00:00Z" };
    const { gatheredAt: _, ...bundle } = pluginFailed("It broke.", { vouch: true, changes: { vouch } });
    assert.deepEqual(confidences(vouchLoggedOut, bundle), []);
  });

  it("is silent for a context that has nothing to do with Vouch, and where somebody is logged in", () => {
    assert.deepEqual(
      confidences(vouchLoggedOut, pluginFailed("Unable to locate credentials", { changes: OUT })),
      [],
    );
    assert.deepEqual(confidences(vouchLoggedOut, pluginFailed("It broke.", { vouch: true })), []);
  });
});
