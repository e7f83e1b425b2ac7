import assert from "node:assert/strict";
import { RULES } from "../../doctor/causes/index.ts";
import { diagnose } from "../../doctor/check/diagnose.ts";
import { deriveFacts } from "../../doctor/derive/derive.ts";
import type { DoctorEvidence, PluginRun } from "../../doctor/evidence/evidence.ts";
import { REFUSED_TO_DEVELOPERS, REFUSED_TO_THE_BLIND, seenBy } from "../support/few-rights.ts";
import { CREDENTIAL_FAULTS } from "./support/credential-faults.ts";
import { FAULTS } from "./support/faults.ts";
import { connectError, edited, stopped, V1, V1ALPHA1, V1BETA1 } from "./support/kubeconfig-faults.ts";
import { networkFault } from "./support/network-faults.ts";

const on = (bundle: DoctorEvidence) => diagnose(RULES, deriveFacts(bundle));

/** What the doctor calls broken, and what it warns of. */
function names(bundle: DoctorEvidence): readonly string[] {
  const { rootCauses, warnings } = on(bundle);
  return [...rootCauses.map(({ cause }) => cause), ...warnings.map(({ cause }) => `warning ${cause}`)];
}

describe("one fault", () => {
  for (const { row, bundle } of FAULTS) {
    it(`has one name, and no warning beside it: ${row}`, () => {
      const views = [REFUSED_TO_DEVELOPERS, REFUSED_TO_THE_BLIND].map((refused) => seenBy(bundle, refused));
      for (const view of [bundle, ...views]) assert.ok(names(view).length <= 1, names(view).join());
    });
  }

  /** `{"kind": "ExecCredential", …`, as somebody pastes what the plugin prints. */
  const head = (apiVersion: string) =>
    `{"kind": "ExecCredential", "apiVersion": "${apiVersion}", "spec": {}, "status": {"`;
  const answered = (answer: Partial<PluginRun>) => ({ exitCode: 0, stderr: "", ...answer });
  const differs = (given: string) =>
    connectError(
      `getting credentials: exec plugin is configured to use API version ${V1BETA1}, plugin returned version ${given}`,
    );
  const decoding = connectError(
    "getting credentials: decoding stdout: yaml: found character that cannot start any token",
  );

  for (const [title, stderr, pluginRun, expected] of [
    [
      "an answer of another version, by its fields",
      differs(V1ALPHA1),
      answered({ credential: { apiVersion: V1ALPHA1, hasToken: true } }),
      "K3",
    ],
    [
      "an answer of another version without a token",
      differs(V1ALPHA1),
      answered({ credential: { apiVersion: V1ALPHA1, hasToken: false } }),
      "K3",
    ],
    [
      "an answer of another version, of which the beginning is known",
      differs(V1ALPHA1),
      answered({ stdoutHead: head(V1ALPHA1) }),
      "K3",
    ],
    [
      "an answer of another version, by its beginning alone",
      "",
      answered({ stdoutHead: head(V1ALPHA1) }),
      "K3",
    ],
    [
      "an answer of another version, which printed something else when it was run again",
      differs(V1ALPHA1),
      answered({ stdoutHead: "Welcome" }),
      "K3",
    ],
    [
      "an answer without a token",
      "",
      answered({ credential: { apiVersion: V1BETA1, hasToken: false } }),
      "K6",
    ],
    ["a banner", decoding, answered({ stdoutHead: "Welcome\n{" }), "K6"],
    [
      "a banner, which was not there when it was run again",
      decoding,
      answered({ credential: { apiVersion: V1, hasToken: true } }),
      "K6",
    ],
  ] as const) {
    it(`of the plugin's output has one name: ${title}`, () => {
      assert.deepEqual(names(stopped(stderr, { pluginRun, ...(stderr === "" ? { question: {} } : {}) })), [
        expected,
      ]);
    });
  }

  it("of the exec block's version has one name, also where the plugin was run and answered in its own (K2)", () => {
    const bundle = stopped(`error: exec plugin: invalid apiVersion "${V1ALPHA1}"\n`, {
      ...edited([V1BETA1, V1ALPHA1]),
      pluginRun: answered({ credential: { apiVersion: V1BETA1, hasToken: true } }),
    });
    assert.deepEqual(names(bundle), ["K2"]);
  });

  it("of the session has one name, whether it is gone or over", () => {
    const { V1: loggedOut, V2: expired } = CREDENTIAL_FAULTS;
    if (loggedOut === undefined || expired?.vouch === undefined) throw new Error("there are such bundles");
    assert.deepEqual(names({ ...loggedOut, vouch: expired.vouch }), ["V2"]);
  });

  it("of the address that is called has one name, whatever else is so at the cluster's own (N1)", () => {
    const { kubeconfig } = networkFault("N1");
    if (kubeconfig === undefined) throw new Error("the bundle has a kubeconfig");
    for (const row of ["N4", "N7"]) assert.deepEqual(names({ ...networkFault(row), kubeconfig }), ["N1"]);
  });
});
