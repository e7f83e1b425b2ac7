import {
  AWS_AUTH_FAULTS,
  EDIT_COMMANDS,
  entryCommands,
  line,
  NODE_LINE,
  unmapped,
} from "../../support/aws-auth-faults.ts";
import { ROLE_ARN, without } from "../../support/bundle.ts";
import { USER_ARN, USER_CALLER } from "../../support/mapping-faults.ts";
import { testRule } from "../../support/test-rule.ts";

const FAULT = AWS_AUTH_FAULTS.A4;

testRule("mapping/aws-auth-syntax", "A4", {
  certain: {
    "says that the whole section is dropped, and how to get in another way": {
      on: FAULT,
      summary:
        "mapRoles in aws-auth cannot be parsed, so EKS ignores all its roles, including those of nodes: line 9: All mapping items must start at the same column.",
      commands: [...EDIT_COMMANDS, ...entryCommands()],
    },
    "finds a template without quotes, which YAML reads as a map": unmapped({
      mapRoles: NODE_LINE + line(ROLE_ARN, "[developers]", "{{SessionName}}"),
    }),
    "says that what stands behind the list is dropped: after a dedent, and as a second document": {
      on: [
        ` ${NODE_LINE.replaceAll("\n", "\n ").trimEnd()}\n${line(ROLE_ARN)}`,
        `${NODE_LINE}---\n${line(ROLE_ARN)}`,
      ].map((mapRoles) => unmapped({ mapRoles })),
      summary: `The mapRoles list in aws-auth ends before "- rolearn: ${ROLE_ARN}"; EKS ignores everything from there on.`,
      commands: [...EDIT_COMMANDS, ...entryCommands()],
    },
    "only warns when it is the section of others": {
      on: [
        unmapped({ mapUsers: "- userarn: [\n" }),
        unmapped({ mapUsers: `[]\n---\n${line(USER_ARN)}` }),
        unmapped(
          { mapRoles: "- rolearn: [\n", mapUsers: line(`${USER_ARN}x`, "[developers]", "ada") },
          USER_CALLER,
        ),
      ],
      severity: "warning",
      commands: EDIT_COMMANDS,
    },
  },
  passed: {
    "nothing but marks and comments behind the list": unmapped({ mapRoles: `---\n${NODE_LINE}...\n# end\n` }),
  },
  likely: {
    "the text does not name the caller, or a longer name begins like theirs": [
      `${ROLE_ARN}elopers`,
      "arn:aws:iam::111122223333:role/Ops",
    ].map((arn) => unmapped({ mapRoles: `${line(arn)}   groups: [\n` })),
  },
  unknown: {
    "aws-auth is not known": { on: without(FAULT, "awsAuth"), missing: "awsAuth" },
  },
});
