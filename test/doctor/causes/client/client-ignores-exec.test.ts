import type { DoctorEvidence, Observation } from "../../../../doctor/evidence/evidence.ts";
import { healthyBundle, NAMES_ADA, unauthorized, without } from "../../support/bundle.ts";
import { CLIENT_FAULTS } from "../../support/client-faults.ts";
import { testRule } from "../../support/test-rule.ts";

const T4 = CLIENT_FAULTS.T4;
const refused = { exitCode: 1, stderr: "HTTP-Code: 401\nMessage: Unauthorized" };
const OTHER = { ...T4, client: { name: "javascript", version: "0.16.0" } };

const ADA = { Arn: "arn:aws:sts::111122223333:assumed-role/Dev/ada" };

const KUBECTL = { differs: "with kubectl", exitCode: 0, client: { name: "kubectl" } };

/** A 401 of a client that is no suspect, of which nobody tried the token. */
function beside(...otherObservations: readonly Observation[]): DoctorEvidence {
  const bundle = healthyBundle({ client: { name: "javascript" }, question: refused, otherObservations });
  return without(bundle, "apiServer");
}

testRule("client/client-ignores-exec", "T4", {
  certain: {
    "an anonymous call by a release that is known for it": {
      on: T4,
      commands: "pip install --upgrade 'kubernetes!=32.0.0'",
    },
    "another release, where kubectl gets in": OTHER,
    "an anonymous call, while kubectl works with the same identity": {
      on: without(
        { ...OTHER, otherObservations: [KUBECTL, { ...KUBECTL, callerIdentity: ADA }] },
        "apiServer",
      ),
      evidence: [
        'The API server reports user "system:anonymous": no token was sent.',
        `It works another way: with kubectl, as ${ADA.Arn}.`,
      ],
    },
  },
  likely: {
    "by a 401 while kubectl works with the same identity": beside({ ...KUBECTL, callerIdentity: ADA }),
    "another release that nobody compared with kubectl": without(OTHER, "apiServer"),
  },
  possible: {
    "by a 401 while another client of the same kind works": {
      on: beside({ ...KUBECTL, client: { name: "python" }, callerIdentity: ADA }),
      inferred: true,
    },
  },
  notApplicable: {
    "kubectl, and a 403 that names somebody": [unauthorized(), { ...T4, question: NAMES_ADA }],
  },
});
