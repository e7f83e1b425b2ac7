import assert from "node:assert/strict";
import { clientLateRefresh } from "../../../../doctor/rules/client/client-late-refresh.ts";
import { healthyBundle, without } from "../../support/bundle.ts";
import { CLIENT_FAULTS } from "../../support/client-faults.ts";
import { confidences, findingsOf, unauthorized, verdicts } from "../../support/credential-case.ts";
import { V1BETA1 } from "../../support/kubeconfig-faults.ts";

const T13 = CLIENT_FAULTS["T13"] ?? healthyBundle();

describe("client-late-refresh", () => {
  it("is likely of an end that is named too late, once the call works again", () => {
    assert.deepEqual(verdicts(clientLateRefresh, T13), [
      { cause: "T13", stage: "client", severity: "error", confidence: "likely", commands: [] },
    ]);
    assert.deepEqual(findingsOf(clientLateRefresh, T13)?.[0]?.evidence, [
      "expirationTimestamp is 2026-01-15T12:30:00Z, but the token expires at 2026-01-15T12:15:00.000Z.",
      "k9s had been running for 60 minutes.",
      "A fresh token is accepted now.",
    ]);
  });

  it("is likely of a plugin that names no end", () => {
    const pluginRun = { exitCode: 0, stderr: "", credential: { apiVersion: V1BETA1, hasToken: true } };
    assert.deepEqual(confidences(clientLateRefresh, { ...T13, pluginRun }), ["T13 likely"]);
  });

  it("is silent on an end that comes before the real one, on a call that never recovers, and without the token", () => {
    const { pluginRun } = healthyBundle();
    assert.ok(pluginRun !== undefined);
    assert.deepEqual(findingsOf(clientLateRefresh, { ...T13, pluginRun }), []);
    const client = { name: "k9s", runSeconds: 3600 };
    assert.deepEqual(findingsOf(clientLateRefresh, unauthorized({ client })), []);
    assert.deepEqual(findingsOf(clientLateRefresh, without(T13, "token")), []);
  });
});
