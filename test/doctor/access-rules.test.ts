import assert from "node:assert/strict";
import { diagnose } from "../../doctor/check/diagnose.ts";
import { deriveFacts } from "../../doctor/derive/derive.ts";
import type { DoctorEvidence } from "../../doctor/evidence/evidence.ts";
import { AUTHORIZATION_FAULTS, LIST_PODS, policy } from "./support/authorization-faults.ts";
import { AWS_AUTH_FAULTS, awsAuth, line, NODE_LINE } from "./support/aws-auth-faults.ts";
import { ACCOUNT, healthyBundle, healthyVouchBundle, ROLE_ARN, without } from "./support/bundle.ts";
import { unauthorized } from "./support/credential-case.ts";
import { entry, mode, NO_ENTRY, policies } from "./support/mapping-faults.ts";
import { rulesOf } from "./support/rules-of.ts";

const RULES = rulesOf(/^(?:A|R|P(?!1[124]$)|T2$)/);
const FAULTS: Readonly<Record<string, DoctorEvidence>> = { ...AWS_AUTH_FAULTS, ...AUTHORIZATION_FAULTS };
/** Causes that are the same thing seen otherwise: a possible creator (A14) is seen by what the line lacks. */
const FIRST: Readonly<Record<string, string>> = { A14: "R1" };

function found(bundle: DoctorEvidence): readonly string[] {
  const { rootCauses, warnings } = diagnose(RULES, deriveFacts(bundle));
  return [
    ...rootCauses.map(({ cause, confidence }) => `${cause} ${confidence}`),
    ...warnings.map(({ cause }) => `${cause} warning`),
  ];
}

function parts(bundle: DoctorEvidence): (keyof DoctorEvidence)[] {
  return (Object.keys(bundle) as (keyof DoctorEvidence)[]).filter(
    (part) => !["apiVersion", "kind"].includes(part),
  );
}

describe("every rule on aws-auth, policies and RBAC", () => {
  for (const [row, bundle] of Object.entries(FAULTS)) {
    it(`names ${row} first`, () => {
      assert.equal(diagnose(RULES, deriveFacts(bundle)).rootCauses[0]?.cause, FIRST[row] ?? row);
    });

    it(`is certain of nothing else than ${row}, whatever piece is missing or refused`, () => {
      for (const part of parts(bundle)) {
        const isPlain = ["gatheredAt", "question"].includes(part);
        const variant = isPlain ? without(bundle, part) : { ...bundle, [part]: { failed: "denied" } };
        const wrong = diagnose(RULES, deriveFacts(variant)).rootCauses.filter(
          ({ cause, confidence }) => confidence === "certain" && cause !== row,
        );
        assert.deepEqual(wrong, [], part);
      }
    });
  }

  const healthy = {
    "an aws context": healthyBundle(),
    "a Vouch context": healthyVouchBundle(),
    "somebody whom aws-auth maps": healthyBundle({
      ...mode("CONFIG_MAP"),
      ...NO_ENTRY,
      ...awsAuth({ mapRoles: NODE_LINE + line(ROLE_ARN, "[system:masters]") }),
      selfSubjectReview: {
        status: {
          userInfo: { username: "Dev:ada-example.com", groups: ["system:masters", "system:authenticated"] },
        },
      },
    }),
  };
  for (const [name, bundle] of Object.entries(healthy)) {
    it(`blames nothing in ${name}, whatever piece is missing`, () => {
      assert.deepEqual(found(bundle), []);
      for (const part of parts(bundle)) assert.deepEqual(found(without(bundle, part)), [], part);
    });

    it(`blames nothing in ${name} after a 401 alone`, () => {
      const { question, apiServer, selfSubjectReview, accessReviews } = unauthorized();
      const refused = { ...bundle, question, apiServer, selfSubjectReview, accessReviews } as DoctorEvidence;
      assert.deepEqual(found(refused), []);
    });
  }

  // doctor/EKS-ACCESS.md, "Not faults".
  const innocent: Readonly<Record<string, DoctorEvidence>> = {
    "an empty list of can-i --list": healthyBundle({
      question: { command: "kubectl get pods -n web", exitCode: 0, stderr: "", attempt: LIST_PODS },
      rbac: { items: [] },
    }),
    "namespaces: [] with type: cluster": healthyBundle(policies([policy("View")])),
    "no IAM policy on the role": healthyBundle({
      cluster: { failed: "AccessDeniedException: not authorized to perform: eks:DescribeCluster" },
      accessEntries: { failed: "AccessDeniedException: not authorized to perform: eks:ListAccessEntries" },
    }),
    "a role listed under mapUsers": healthyBundle({
      ...NO_ENTRY,
      ...awsAuth({
        mapUsers: `- userarn: ${ROLE_ARN}\n  username: "Dev:{{SessionName}}"\n  groups: [system:masters]\n`,
      }),
    }),
    "an entry's path that the username has not": healthyBundle({
      ...entry({ principalArn: `arn:aws:iam::${ACCOUNT}:role/team/Dev` }),
      accessEntries: { accessEntries: [`arn:aws:iam::${ACCOUNT}:role/team/Dev`] },
    }),
  };
  for (const [name, bundle] of Object.entries(innocent)) {
    it(`blames nobody for ${name}`, () => {
      assert.deepEqual(found(bundle), []);
    });
  }

  it("names a fault of aws-auth and a faulty line of somebody else apart", () => {
    const mapRoles = `${NODE_LINE}${line(`arn:aws:iam::${ACCOUNT}:role/team/Dev`)}${line(`arn:aws:sts::${ACCOUNT}:assumed-role/Ops/bob`)}`;
    assert.deepEqual(found({ ...AWS_AUTH_FAULTS.A2, ...awsAuth({ mapRoles }) }), [
      "A2 certain",
      "A3 warning",
    ]);
  });
});
