import assert from "node:assert/strict";
import { findRow } from "../../doctor/catalogue/rows.ts";
import { diagnose } from "../../doctor/check/diagnose.ts";
import { deriveFacts } from "../../doctor/derive/derive.ts";
import type { DoctorEvidence, EvidencePart } from "../../doctor/evidence/evidence.ts";
import { failureOf } from "../../doctor/evidence/evidence.ts";
import { RULES } from "../../doctor/rules/index.ts";
import { suspects } from "../../doctor/suspects/suspects.ts";
import { FAULTS } from "./support/faults.ts";

/** What an ordinary developer is refused: he may describe the cluster, and nothing else of EKS, IAM or RBAC. */
const REFUSED_TO_DEVELOPERS: Partial<Record<EvidencePart, string>> = {
  clusters: "AccessDeniedException: not authorized to perform: eks:ListClusters",
  accessEntries: "AccessDeniedException: not authorized to perform: eks:ListAccessEntries",
  accessEntryDetails: "AccessDeniedException: not authorized to perform: eks:DescribeAccessEntry",
  associatedPolicies: "AccessDeniedException: not authorized to perform: eks:ListAssociatedAccessPolicies",
  identityProviders: "AccessDeniedException: not authorized to perform: eks:ListIdentityProviderConfigs",
  role: "AccessDenied: not authorized to perform: iam:GetRole",
  openIdConnectProviders: "AccessDenied: not authorized to perform: iam:ListOpenIDConnectProviders",
  awsAuth: 'configmaps "aws-auth" is forbidden',
  rbac: "clusterroles.rbac.authorization.k8s.io is forbidden",
  namespaces: "namespaces is forbidden",
};

/** The same without `eks:DescribeCluster`. */
const REFUSED_TO_THE_BLIND: typeof REFUSED_TO_DEVELOPERS = {
  ...REFUSED_TO_DEVELOPERS,
  cluster: "AccessDeniedException: not authorized to perform: eks:DescribeCluster",
};

/** The bundle that somebody with such rights would have gathered. What failed already fails as it did. */
function seenBy(bundle: DoctorEvidence, refused: typeof REFUSED_TO_DEVELOPERS): DoctorEvidence {
  const parts = Object.entries(refused).flatMap(([part, failed]) => {
    const isAsked = bundle[part as EvidencePart] !== undefined;
    return isAsked && failureOf(bundle[part as EvidencePart]) === undefined ? [[part, { failed }]] : [];
  });
  return { ...bundle, ...Object.fromEntries(parts) };
}

const isSame = (cause: string, row: string) =>
  cause === row || findRow(row)?.sameAs?.includes(cause) || findRow(cause)?.sameAs?.includes(row);

type Place = "first" | "ranked" | "unknown" | "wrong" | "wrong and certain";

/** Where the true row stands in what the doctor says. */
function placeOf(row: string, bundle: DoctorEvidence): Place {
  const facts = deriveFacts(bundle);
  const diagnosis = diagnose(RULES, facts);
  const [root] = diagnosis.rootCauses;
  if (root !== undefined) {
    const explained = root.consequences.some(({ cause }) => isSame(cause, row));
    if (isSame(root.cause, row)) return "first";
    if (root.confidence === "certain") return "wrong and certain";
    return explained ? "ranked" : "wrong";
  }
  const suspicions = suspects(diagnosis, facts);
  assert.ok(suspicions.length <= 5);
  if (suspicions.length === 0) return "unknown";
  const rank = suspicions.findIndex(({ causes }) => causes.some((cause) => isSame(cause, row)));
  if (rank < 0) return "wrong";
  return rank === 0 ? "first" : "ranked";
}

/** How many faults, for each place; and which stand nowhere. */
function judge(refused: typeof REFUSED_TO_DEVELOPERS) {
  const places = FAULTS.map(({ row, bundle }) => ({ row, place: placeOf(row, seenBy(bundle, refused)) }));
  const share = (...wanted: readonly Place[]) =>
    places.filter(({ place }) => wanted.includes(place)).length / places.length;
  const rows = (wanted: Place) => places.flatMap(({ row, place }) => (place === wanted ? [row] : []));
  return { share, rows };
}

describe("what the doctor says to somebody who may see little", () => {
  it("is, with eks:DescribeCluster alone, the cause first in 70 of 100 faults, and among five in 95", () => {
    const { share, rows } = judge(REFUSED_TO_DEVELOPERS);
    assert.ok(share("first") >= 0.7, `first: ${share("first")}`);
    assert.ok(share("first", "ranked") >= 0.95, `wrong: ${rows("wrong")}, unknown: ${rows("unknown")}`);
    assert.deepEqual(rows("wrong and certain"), []);
  });

  it("is without any right in AWS hardly less, and never wrong and certain", () => {
    const { share, rows } = judge(REFUSED_TO_THE_BLIND);
    assert.ok(share("first") >= 0.7, `first: ${share("first")}`);
    assert.ok(share("first", "ranked") >= 0.95, `wrong: ${rows("wrong")}, unknown: ${rows("unknown")}`);
    assert.deepEqual(rows("wrong and certain"), []);
  });

  it("names no row that a rule has ruled out, and none twice", () => {
    for (const { bundle } of FAULTS) {
      const facts = deriveFacts(seenBy(bundle, REFUSED_TO_DEVELOPERS));
      const diagnosis = diagnose(RULES, facts);
      const open = diagnosis.outcomes.flatMap(({ rule, status }) =>
        status === "unknown" ? rule.causes : [],
      );
      const named = suspects(diagnosis, facts).flatMap(({ causes }) => causes);
      assert.deepEqual(
        named.filter((cause) => !open.includes(cause)),
        [],
      );
      assert.deepEqual(named, [...new Set(named)]);
    }
  });

  it("is no suspicion at all where the cause is known or the call works", () => {
    for (const { bundle } of FAULTS) {
      const facts = deriveFacts(bundle);
      const diagnosis = diagnose(RULES, facts);
      if (diagnosis.rootCauses.length > 0) assert.deepEqual(suspects(diagnosis, facts), []);
    }
  });
});
