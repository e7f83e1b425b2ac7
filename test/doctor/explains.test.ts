import assert from "node:assert/strict";
import { diagnosisOf } from "../../doctor/check/diagnose.ts";
import { type Outcome, runRule } from "../../doctor/check/run-rule.ts";
import { deriveFacts } from "../../doctor/derive/derive.ts";
import type { DoctorEvidence } from "../../doctor/evidence/evidence.ts";
import { RULES } from "../../doctor/rules/index.ts";
import { ALL_FAULTS } from "./support/all-faults.ts";
import { awsConfig, keysRefused, pluginFailed, without } from "./support/bundle.ts";
import { VARIANTS } from "./support/variants.ts";

const HELPER = "credential_process = kubectl-vouch credential aws --role arn:aws:iam::111122223333:role/Dev";

/** Cases that are no fault's: what two rules see of one failure. */
const OTHERS: Readonly<Record<string, DoctorEvidence>> = {
  "our helper, with nobody logged in": pluginFailed(
    "Error when retrieving credentials from custom-process: Nobody is logged in to https://us.vouch.sh.",
    { changes: awsConfig(`[profile dev]\n${HELPER}\n`) },
  ),
  "keys in the environment that AWS does not know": keysRefused(
    "An error occurred (InvalidClientTokenId) when calling the GetCallerIdentity operation: The security token included in the request is invalid.",
    { environment: { AWS_ACCESS_KEY_ID: "AKIAEXAMPLEEXAMPLE12", AWS_SECRET_ACCESS_KEY: "***" } },
  ),
};

const CONFINED = ALL_FAULTS.find(({ row }) => row === "L14") ?? assert.fail();

/** What a rule says it explains, and the case in which the diagnosis would be another if it did not. */
const FELT: Readonly<Record<string, string>> = {
  "kubeconfig-shadowed-entry > K10": "K8",
  "aws-keys-override-profile > E1": "L4",
  "aws-keys-override-profile > L6": "keys in the environment that AWS does not know",
  "aws-account-differs > E1": "L7",
  "aws-instance-role > E1": "L8-bastion-answers-in-a-cron-job-of-root",
  "vouch-agent-read-only > P11": "V5",
  "vouch-logged-out > L13": "our helper, with nobody logged in",
  "client-terraform-identity > E1": "T11",
  "client-terraform-identity > L7": "T11-kubernetes-provider-lacks-the-role-of-the-aws-provider",
  "client-terraform-runner > E1": "T7",
  "client-ci-kubeconfig > L3": "T6",
  "client-confined > K1": "L14 without the program",
  "network-private-dns > N3": "N5-public-address-inside-the-vpc",
  "network-security-group-closed > N2": "N4-security-group-knows-only-the-nodes",
  "eks-nobody-mapped > E1": "M4",
  "eks-permission-set-renewed > E1": "E4-migrating-the-line-says-invalid-principal",
  "eks-access-entry-overrides-aws-auth > E5": "E11",
  "aws-auth-glued-groups > R1": "A6",
  "aws-auth-duplicate > R1": "A8",
  "aws-auth-map-accounts > R1": "A11",
  "aws-auth-creator > R7": "A14-creator-got-a-line-for-viewers",
};

const CASES: ReadonlyMap<string, DoctorEvidence> = new Map([
  ...ALL_FAULTS.map(({ row, name, bundle }): [string, DoctorEvidence] => [row + name, bundle]),
  ...VARIANTS.map(({ name, bundle }): [string, DoctorEvidence] => [name, bundle]),
  ...Object.entries(OTHERS),
  ["L14 without the program", without(CONFINED.bundle, "execCommand")],
]);

const edgesOf = (outcome: Outcome): string[] =>
  outcome.status === "found"
    ? outcome.findings.flatMap(({ code, explains = [] }) => explains.map((cause) => `${code} > ${cause}`))
    : [];

/** Root causes and warnings, if the rules said less of what they explain. */
function diagnosisWithout(edge: string | undefined, bundle: DoctorEvidence): readonly string[] {
  const facts = deriveFacts(bundle);
  const outcomes = RULES.map((rule): Outcome => {
    const outcome = runRule(rule, facts);
    if (outcome.status !== "found") return outcome;
    const less = outcome.findings.map((finding) => ({
      ...finding,
      explains: finding.explains?.filter((cause) => `${finding.code} > ${cause}` !== edge),
    }));
    return { ...outcome, findings: less };
  });
  const { rootCauses, warnings } = diagnosisOf(outcomes, facts);
  return [...rootCauses, ...warnings].map(({ severity, cause }) => `${severity} ${cause}`);
}

describe("what a cause says it explains", () => {
  for (const [edge, name] of Object.entries(FELT))
    it(`decides: ${edge} in ${name}`, () => {
      const bundle = CASES.get(name) ?? assert.fail(`there is no case ${name}`);
      assert.notDeepEqual(diagnosisWithout(edge, bundle), diagnosisWithout(undefined, bundle));
    });

  it("is said nowhere in vain", () => {
    const said = [...CASES.values()].flatMap((bundle) => {
      const facts = deriveFacts(bundle);
      return RULES.flatMap((rule) => edgesOf(runRule(rule, facts)));
    });
    assert.deepEqual([...new Set(said)].sort(), Object.keys(FELT).sort());
  });
});
