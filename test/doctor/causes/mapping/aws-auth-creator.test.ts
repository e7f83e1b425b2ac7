import type { ClusterCreator } from "../../../../doctor/evidence/evidence.ts";
import {
  AWS_AUTH_FAULTS,
  awsAuth,
  EDIT_COMMANDS,
  entryCommands,
  line,
  NODE_LINE,
} from "../../support/aws-auth-faults.ts";
import { ROLE_ARN } from "../../support/bundle.ts";
import { mode } from "../../support/mapping-faults.ts";
import { testRule } from "../../support/test-rule.ts";

const CREATOR: ClusterCreator = {
  Arn: "arn:aws:sts::111122223333:assumed-role/Dev/ada@example.com",
  source: "cloudtrail",
};
const MASTERS = awsAuth({
  mapRoles:
    NODE_LINE + line(ROLE_ARN, "[viewers]") + line("arn:aws:iam::111122223333:role/Ops", "[system:masters]"),
});
const FAULT = AWS_AUTH_FAULTS.A14;

testRule("mapping/aws-auth-creator", "A14", {
  certain: {
    "CloudTrail names the caller, whoever else is administrator": {
      on: { ...FAULT, ...MASTERS, clusterCreator: CREATOR },
      inferred: false,
      explains: ["R1", "R4", "R7", "E5"],
      summary:
        "The caller created the cluster, but the aws-auth mapping (Dev:{{SessionName}}) replaced full admin access.",
      evidence: [
        "The authentication mode is CONFIG_MAP, in which the cluster creator is an admin without any mapping.",
        `CloudTrail reports that ${CREATOR.Arn} created the cluster.`,
        "aws-auth maps the caller to username Dev:{{SessionName}}, groups viewers.",
      ],
    },
  },
  likely: {
    "somebody's word names the caller": {
      on: { ...FAULT, clusterCreator: { ...CREATOR, source: "word" } },
      evidence: [
        /^The authentication mode is CONFIG_MAP/,
        `${CREATOR.Arn} reportedly created the cluster.`,
        /^aws-auth maps the caller to/,
      ],
    },
  },
  possible: {
    "is no more, because the evidence does not tell who the creator is": {
      on: FAULT,
      inferred: true,
      commands: [...EDIT_COMMANDS, ...entryCommands("CONFIG_MAP")],
    },
  },
  notApplicable: {
    "aws-auth has an administrator, or the cluster uses access entries": [
      { ...FAULT, ...MASTERS },
      { ...FAULT, ...mode("API_AND_CONFIG_MAP") },
    ],
    "somebody else created the cluster": {
      ...FAULT,
      clusterCreator: { ...CREATOR, Arn: "arn:aws:iam::111122223333:role/Ops" },
    },
  },
  unknown: {
    "lines are left out, which may name an administrator": {
      on: { ...FAULT, excerpts: ["awsAuth"] },
      missing: "awsAuth",
    },
  },
});
