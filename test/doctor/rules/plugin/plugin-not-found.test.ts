import assert from "node:assert/strict";
import { pluginNotFound } from "../../../../doctor/rules/plugin/plugin-not-found.ts";
import { healthyBundle } from "../../support/bundle.ts";
import { confidences, findingsOf, unauthorized, verdicts } from "../../support/credential-case.ts";
import { connectError, KUBECONFIG_FAULTS, stopped } from "../../support/kubeconfig-faults.ts";

const ARGS =
  "--exec-arg=--region --exec-arg=eu-west-1 --exec-arg=eks --exec-arg=get-token --exec-arg=--cluster-name --exec-arg=lab --exec-arg=--output --exec-arg=json";
const NOT_FOUND = connectError("getting credentials: exec: executable aws not found");

describe("plugin-not-found", () => {
  it("is certain when the client says so and the program is on no PATH", () => {
    assert.deepEqual(verdicts(pluginNotFound, KUBECONFIG_FAULTS["K1"] ?? healthyBundle()), [
      {
        cause: "K1",
        stage: "plugin",
        severity: "error",
        confidence: "certain",
        commands: [`kubectl config set-credentials lab --exec-command=/PATH/TO/aws ${ARGS}`],
      },
    ]);
  });

  it("gives the arguments again with the full path, which kubectl would forget", () => {
    assert.deepEqual(verdicts(pluginNotFound, stopped(NOT_FOUND)), [
      {
        cause: "K1",
        stage: "plugin",
        severity: "error",
        confidence: "likely",
        commands: [`kubectl config set-credentials lab --exec-command=/usr/local/bin/aws ${ARGS}`],
      },
    ]);
  });

  it("is likely by the words alone", () => {
    const bundle = stopped(NOT_FOUND, {
      execCommand: { failed: "not looked" },
      kubeconfig: { failed: "not given" },
    });
    assert.deepEqual(confidences(pluginNotFound, bundle), ["K1 likely"]);
  });

  it("is only likely of a program of the desktop, while nobody looked with the shell's PATH", () => {
    const bundle = stopped(NOT_FOUND, { client: { name: "lens" }, execCommand: { failed: "not looked" } });
    assert.deepEqual(confidences(pluginNotFound, bundle), ["K1 likely"]);
  });

  it("is certain by the search alone, when nobody said how the call failed", () => {
    const execCommand = { command: "aws", resolved: null };
    const bundle = stopped("", { question: {}, execCommand });
    assert.deepEqual(confidences(pluginNotFound, bundle), ["K1 certain"]);
  });

  it("has a file made executable", () => {
    const why = "getting credentials: exec: fork/exec /opt/aws: permission denied";
    const execCommand = { command: "/opt/aws", resolved: "/opt/aws", executable: false };
    const [found] = verdicts(pluginNotFound, stopped(connectError(why), { execCommand })) ?? [];
    assert.deepEqual(found?.commands, ["chmod +x /opt/aws"]);
  });

  const silent = {
    "a plugin that ran and failed": stopped(
      connectError("getting credentials: exec: executable aws failed with exit code 255"),
      { execCommand: { command: "aws", resolved: null } },
    ),
    "a 401": unauthorized({ execCommand: { command: "aws", resolved: null } }),
    "a program of the desktop, whose PATH is another cause": stopped(NOT_FOUND, {
      client: { name: "lens", graphical: true },
    }),
    "a confined snap": stopped(NOT_FOUND, {
      client: { name: "kubectl", path: "/snap/bin/kubectl" },
    }),
    "a context that works": healthyBundle({ execCommand: { command: "aws", resolved: null } }),
  };
  for (const [name, bundle] of Object.entries(silent)) {
    it(`is silent on ${name}`, () => {
      assert.deepEqual(findingsOf(pluginNotFound, bundle), []);
    });
  }
});
