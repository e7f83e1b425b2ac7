import {
  AWS_AUTH_FAULTS,
  entryCommands,
  line,
  NODE_LINE,
  patchCommands,
  unmapped,
} from "../../support/aws-auth-faults.ts";
import { ROLE_ARN, without } from "../../support/bundle.ts";
import { mode } from "../../support/mapping-faults.ts";
import { testRule } from "../../support/test-rule.ts";

const BIND = "kubectl create rolebinding vouch-dev -n web --clusterrole=view --group=vouch-dev";
const FAULT = AWS_AUTH_FAULTS.A1;

const CALLER = "arn:aws:sts::111122223333:assumed-role/Dev/ada@example.com";
const OPS = "arn:aws:iam::111122223333:role/Ops";

testRule("mapping/aws-auth-entry-missing", "A1", {
  certain: {
    "adds the caller, by eksctl, by kubectl, or by an access entry": {
      on: FAULT,
      inferred: true,
      commands: [
        `eksctl create iamidentitymapping --cluster lab --region eu-west-1 --arn ${ROLE_ARN} --username 'Dev:{{SessionName}}' --group vouch-dev`,
        BIND,
        ...patchCommands({
          mapRoles: `${NODE_LINE}- rolearn: ${ROLE_ARN}\n  username: Dev:{{SessionName}}\n  groups:\n    - vouch-dev\n`,
        }),
        BIND,
        ...entryCommands("CONFIG_MAP"),
      ],
    },
    "says that there is no ConfigMap at all": {
      on: { ...FAULT, awsAuth: null },
      summary: `ConfigMap aws-auth does not exist, so it does not map ${ROLE_ARN}.`,
    },
    "says who created the cluster, who may let the caller in": {
      on: { ...FAULT, clusterCreator: { Arn: OPS, source: "cloudtrail" } },
      evidence: [
        /^The caller is /,
        "aws-auth maps arn:aws:iam::111122223333:role/NodeRole.",
        `CloudTrail reports that ${OPS} created the cluster.`,
        "The authentication mode is CONFIG_MAP.",
      ],
    },
    "says which named role IAM does not have": {
      on: {
        ...unmapped({ mapRoles: `${NODE_LINE}${line(OPS)}` }, mode("CONFIG_MAP")),
        roles: { Roles: [{ Arn: ROLE_ARN }, { Arn: "arn:aws:iam::111122223333:role/NodeRole" }] },
      },
      evidence: [
        /^The caller is /,
        /^aws-auth maps /,
        `${OPS} does not exist in IAM.`,
        "The authentication mode is CONFIG_MAP.",
      ],
    },
  },
  likely: {
    "the caller may be the creator, whom no line lets in": {
      ...without(FAULT, "question"),
      apiServer: { failed: "not asked" },
      selfSubjectReview: { failed: "not asked" },
    },
    "the mode is not known": unmapped(
      {},
      { cluster: { failed: "denied" }, accessEntries: { failed: "denied" } },
    ),
  },
  possible: {
    "somebody's word says that the caller created the cluster, who needs no line": {
      ...FAULT,
      clusterCreator: { Arn: CALLER, source: "word" },
    },
  },
  notApplicable: {
    "CloudTrail says that the caller created the cluster, who needs no line": {
      ...FAULT,
      clusterCreator: { Arn: CALLER, source: "cloudtrail" },
    },
    "leaves it to the missing entry (E1) where the cluster reads entries": [
      unmapped({}, mode("API_AND_CONFIG_MAP")),
      unmapped({}, mode("API")),
    ],
  },
  unknown: {
    "lines are left out": { on: { ...FAULT, excerpts: ["awsAuth"] }, missing: "awsAuth" },
    "nobody could read aws-auth": {
      on: { ...FAULT, awsAuth: { failed: "Unauthorized" } },
      missing: "awsAuth",
    },
  },
});
