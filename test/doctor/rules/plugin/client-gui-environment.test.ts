import assert from "node:assert/strict";
import { clientGuiEnvironment } from "../../../../doctor/rules/plugin/client-gui-environment.ts";
import { healthyBundle } from "../../support/bundle.ts";
import { CLIENT_FAULTS } from "../../support/client-faults.ts";
import { awsExec, confidences, findingsOf, unauthorized, verdicts } from "../../support/credential-case.ts";
import { connectError, stopped } from "../../support/kubeconfig-faults.ts";

const T3 = CLIENT_FAULTS["T3"] ?? healthyBundle();
const FOUND = { command: "aws", resolved: "/opt/homebrew/bin/aws", resolvedForGui: null, executable: true };
const environment = { HOME: "/home/ada", AWS_PROFILE: "dev" };

describe("client-gui-environment", () => {
  it("is certain when the program is on the shell's PATH and not on the desktop's", () => {
    assert.deepEqual(verdicts(clientGuiEnvironment, T3), [
      {
        cause: "T3",
        stage: "plugin",
        severity: "error",
        confidence: "certain",
        commands: [
          "kubectl config set-credentials lab --exec-command=/opt/homebrew/bin/aws --exec-arg=--region --exec-arg=eu-west-1 --exec-arg=eks --exec-arg=get-token --exec-arg=--cluster-name --exec-arg=lab --exec-arg=--output --exec-arg=json",
        ],
      },
    ]);
  });

  it("is likely when nobody said how the call failed, or what the desktop's PATH is", () => {
    assert.deepEqual(confidences(clientGuiEnvironment, { ...T3, question: {} }), ["T3 likely"]);
    const { resolvedForGui: _unknown, ...execCommand } = FOUND;
    assert.deepEqual(confidences(clientGuiEnvironment, { ...T3, execCommand }), ["T3 likely"]);
  });

  it("is likely when the exec block relies on the shell's profile", () => {
    const client = { name: "lens", graphical: true };
    const why = connectError("getting credentials: exec: executable aws failed with exit code 253");
    const bundle = stopped(`Unable to locate credentials\n${why}`, { client, environment, ...awsExec({}) });
    const [found] = verdicts(clientGuiEnvironment, bundle) ?? [];
    assert.deepEqual([found?.confidence, found?.stage], ["likely", "credentials"]);
    assert.deepEqual(found?.commands, ["kubectl config set-credentials lab --exec-env=AWS_PROFILE=dev"]);
  });

  it("is only possible, and inferred, by a 401 alone", () => {
    const bundle = unauthorized({ client: { name: "freelens" }, environment, ...awsExec({}) });
    const [found] = findingsOf(clientGuiEnvironment, bundle) ?? [];
    assert.deepEqual([found?.confidence, found?.inferred], ["possible", true]);
  });

  const silent = {
    "a program of the shell": { ...T3, client: { name: "k9s" } },
    "a program that is nowhere": { ...T3, execCommand: { command: "aws", resolved: null } },
    "an exec block with its own profile": unauthorized({ client: { name: "lens" }, environment }),
    "a context that works": healthyBundle({ client: { name: "lens", graphical: true }, execCommand: FOUND }),
  };
  for (const [name, bundle] of Object.entries(silent)) {
    it(`is silent on ${name}`, () => {
      assert.deepEqual(findingsOf(clientGuiEnvironment, bundle), []);
    });
  }
});
