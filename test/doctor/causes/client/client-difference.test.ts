import type { DoctorEvidence, Observation } from "../../../../doctor/evidence/evidence.ts";
import { unauthorized, without } from "../../support/bundle.ts";
import { CLIENT_FAULTS } from "../../support/client-faults.ts";
import { testRule } from "../../support/test-rule.ts";

const T9 = CLIENT_FAULTS.T9;

const ADA = { Arn: "arn:aws:sts::111122223333:assumed-role/Dev/ada" };
const BEN = { Arn: "arn:aws:sts::111122223333:assumed-role/Admin/ben" };

/** A 401, and where it works, with another version of kubectl. */
function elsewhere(there: Partial<Observation>, changes: Partial<DoctorEvidence> = {}): DoctorEvidence {
  const client = { name: "kubectl", version: "v1.34.1" };
  const way = { differs: "in WSL", exitCode: 0, client, callerIdentity: ADA, ...there };
  return unauthorized({ otherObservations: [way], ...changes });
}

testRule("client/client-difference", "T9", {
  likely: {
    "says what is other where the same identity gets in": {
      on: elsewhere({
        environment: { HOME: "/home/ada", PATH: "/usr/local/bin:/usr/bin:/bin", AWS_PROFILE: "dev" },
      }),
      inferred: true,
      summary:
        "kubectl gets a 401, but the same identity works elsewhere: something differs between the two.",
      evidence: [
        "kubectl reported that it is not authorized.",
        `It works another way: in WSL, as ${ADA.Arn}.`,
        "AWS_PROFILE is set only where it works.",
        "kubectl's version is v1.36.0 where it fails, but v1.34.1 where it works.",
      ],
    },
    "whatever the client is": elsewhere(
      { client: { name: "k9s", version: "0.50.1" } },
      { client: { name: "k9s", version: "0.40.0" } },
    ),
  },
  possible: {
    "gives two commands that tell the calls apart": {
      on: T9,
      inferred: true,
      evidence: [
        "kubectl reported that it is not authorized.",
        "The API server returns 200 for the plugin's token.",
        "HTTPS_PROXY is set.",
      ],
      commands: [
        "type -a kubectl",
        "env -u HTTPS_PROXY -u https_proxy KUBERC=off kubectl get --raw /api -v=8",
      ],
    },
  },
  passed: {
    "it works for somebody else, or nobody says for whom": [
      elsewhere({ callerIdentity: BEN }),
      unauthorized({ otherObservations: [{ differs: "in WSL", exitCode: 0 }] }),
    ],
    "the same identity gets in, and nothing else is known of it": elsewhere({ client: { name: "kubectl" } }),
  },
  notApplicable: {
    "another client": { ...T9, client: { name: "k9s" } },
    "the question is about somebody else": elsewhere({}, { question: { principal: BEN.Arn } }),
  },
  unknown: {
    "nobody tried the token": { on: without(T9, "token"), missing: "token" },
  },
});
