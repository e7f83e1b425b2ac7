import type { DoctorEvidence } from "../../../../doctor/evidence/evidence.ts";
import { unauthorized, without } from "../../support/bundle.ts";
import { cliError, mappingFault, refusedCall } from "../../support/mapping-faults.ts";
import { testRule } from "../../support/test-rule.ts";

const step = (from: string, to: string) =>
  refusedCall(
    `aws eks update-cluster-config --name prod --region us-east-1 --access-config authenticationMode=${to}`,
    cliError(
      "InvalidParameterException",
      "UpdateClusterConfig",
      `Unsupported authentication mode update from ${from} to ${to}`,
    ),
  );

/** The same, as an attempt to cure a refusal. */
function attempted(cluster: string, changes: Partial<DoctorEvidence> = {}): DoctorEvidence {
  const { command = "", stderr = "" } = step("CONFIG_MAP", "API").question ?? {};
  return unauthorized({
    fixAttempts: [
      { command: "aws eks list-clusters", exitCode: 254, stderr: "AccessDeniedException" },
      { command: command.replace("prod", cluster), exitCode: 254, stderr },
    ],
    ...changes,
  });
}

testRule("mode/eks-mode-step-refused", "M3", {
  certain: {
    "warns of a step that was tried to cure something else": {
      on: attempted("lab"),
      severity: "warning",
      summary: "Cluster lab cannot change from CONFIG_MAP to API: the mode must change one step at a time.",
      evidence: [
        "An attempt to fix it failed: “Unsupported authentication mode update from CONFIG_MAP to API”.",
      ],
    },
    "goes both steps, and waits after each": {
      on: mappingFault("M3"),
      commands: [
        "aws eks update-cluster-config --name lab --region eu-west-1 --access-config authenticationMode=API_AND_CONFIG_MAP",
        "aws eks wait cluster-active --name lab --region eu-west-1",
        "aws eks update-cluster-config --name lab --region eu-west-1 --access-config authenticationMode=API",
        "aws eks wait cluster-active --name lab --region eu-west-1",
      ],
    },
    "knows that the mode cannot be changed back": {
      on: step("API", "API_AND_CONFIG_MAP"),
      summary: "Cluster prod cannot change from API to API_AND_CONFIG_MAP: the mode cannot be changed back.",
    },
    "knows that it is already in that mode": {
      on: step("API", "API"),
      summary: "Cluster prod cannot change from API to API: it is already in that mode.",
    },
  },
  notApplicable: {
    "it was tried in another cluster": attempted("prod"),
    "a legal step, which something else refuses (M6)": mappingFault("M6"),
  },
  unknown: {
    "nobody said which call was refused": {
      on: without(mappingFault("M3"), "question"),
      missing: "question",
    },
  },
});
