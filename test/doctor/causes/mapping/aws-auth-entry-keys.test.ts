import {
  AWS_AUTH_FAULTS,
  DEV_USER,
  groupsOf,
  NODE_LINE,
  patchCommands,
  refused,
  unmapped,
} from "../../support/aws-auth-faults.ts";
import { ROLE_ARN } from "../../support/bundle.ts";
import { testRule } from "../../support/test-rule.ts";

const NAME = '"Dev:{{SessionName}}"';

function entryText(...lines: readonly string[]): string {
  return `${NODE_LINE}- ${lines.join("\n  ")}\n`;
}

const OTHER_CASE = entryText(`roleARN: ${ROLE_ARN}`, `username: ${NAME}`, "groups: [developers]");

testRule("mapping/aws-auth-entry-keys", "A7", {
  certain: {
    "gives an entry the ARN that is under role_arn": {
      on: AWS_AUTH_FAULTS.A7,
      commands: patchCommands({
        mapRoles: entryText(`rolearn: ${ROLE_ARN}`, `username: ${NAME}`, "groups: [ developers ]"),
      }),
    },
    "finds userarn under mapRoles, which EKS drops": unmapped({
      mapRoles: entryText(`userarn: ${ROLE_ARN}`, `username: ${NAME}`, "groups: [developers]"),
    }),
    "takes sso away from beside the ARN, for which EKS drops the entry": {
      on: unmapped({
        mapRoles: entryText(
          "sso: {permissionSetName: Dev}",
          `rolearn: ${ROLE_ARN}`,
          `username: ${NAME}`,
          "groups: [developers]",
        ),
      }),
      commands: patchCommands({
        mapRoles: entryText(`rolearn: ${ROLE_ARN}`, `username: ${NAME}`, "groups: [ developers ]"),
      }),
    },
    "gives the caller the groups that are under group, or that are a text": {
      on: ["group: [developers]", "groups: developers"].map((wrong) =>
        refused(
          DEV_USER,
          { mapRoles: entryText(`rolearn: ${ROLE_ARN}`, `username: ${NAME}`, wrong) },
          groupsOf(DEV_USER),
        ),
      ),
      commands: patchCommands({
        mapRoles: entryText(`rolearn: ${ROLE_ARN}`, `username: ${NAME}`, "groups:", "  - developers"),
      }),
    },
    "only warns of entries of others, and leaves notes alone": {
      on: unmapped({
        mapRoles: entryText(
          "role_arn: arn:aws:iam::111122223333:role/Ops",
          "username: ops",
          "comment: ask Ada",
        ),
      }),
      severity: "warning",
    },
    "finds a number as username, and a missing username, which make the name empty": [
      entryText(`rolearn: ${ROLE_ARN}`, "username: 123", "groups: [developers]"),
      entryText(`rolearn: ${ROLE_ARN}`, "groups: [developers]"),
    ].map((mapRoles) => refused("", { mapRoles }, groupsOf("", "developers"))),
  },
  likely: {
    "keys in another case": unmapped({ mapRoles: OTHER_CASE }),
  },
  passed: {
    "keys in another case, where the caller gets in": refused(DEV_USER, { mapRoles: OTHER_CASE }),
  },
});
