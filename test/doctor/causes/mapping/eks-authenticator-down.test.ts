import { ROLE_ARN, unauthorized, without } from "../../support/bundle.ts";
import { awsAuthWith, forbidden, mappingFault, mode, NO_ENTRY } from "../../support/mapping-faults.ts";
import { testRule } from "../../support/test-rule.ts";

const FAULT = mappingFault("E15");

testRule("mapping/eks-authenticator-down", "E15", {
  likely: {
    "says to wait, and where the administrator sees why": {
      on: FAULT,
      commands: [
        "kubectl auth whoami",
        "aws logs filter-log-events --log-group-name /aws/eks/lab/cluster --log-stream-name-prefix authenticator --region eu-west-1",
      ],
      inferred: true,
    },
    "tells who else is rejected": {
      on: {
        ...FAULT,
        otherObservations: [
          { differs: "as role Ops", stderr: "error: You must be logged in to the server (Unauthorized)" },
          { differs: "as role Admin", stderr: "" },
        ],
      },
      evidence: [/^STS accepts/, /^The access entry/, "It is also rejected this way: as role Ops."],
    },
    "aws-auth maps the caller": unauthorized({
      ...mode("CONFIG_MAP"),
      ...NO_ENTRY,
      ...awsAuthWith(ROLE_ARN, ["developers"]),
    }),
  },
  notApplicable: {
    "the identity was accepted": forbidden({}),
    "the question is about nodes": {
      ...FAULT,
      question: { stderr: "kubelet: Unable to register node with API server: Unauthorized" },
    },
    "the entry is for a deleted role": mappingFault("E3"),
    "the entry is new": mappingFault("E10"),
    "STS accepts it for another cluster": { ...FAULT, tokenNames: [{ name: "other", accepted: true }] },
    "STS does not accept the token": { ...FAULT, tokenNames: [{ name: "lab", accepted: false }] },
  },
  unknown: {
    "it is not known whether STS accepts the token": {
      on: without(FAULT, "tokenNames"),
      missing: "tokenNames",
    },
    "the entry's date is not known": {
      on: { ...FAULT, accessEntryDetails: [{ accessEntry: { principalArn: ROLE_ARN, type: "STANDARD" } }] },
      missing: ["role", "accessEntryDetails"],
    },
  },
});
