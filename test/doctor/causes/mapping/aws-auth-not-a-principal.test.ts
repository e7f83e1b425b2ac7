import {
  AWS_AUTH_FAULTS,
  CALLER_COMMANDS,
  EDIT_COMMANDS,
  line,
  NODE_LINE,
  unmapped,
} from "../../support/aws-auth-faults.ts";
import { ACCOUNT } from "../../support/bundle.ts";
import { USER_CALLER } from "../../support/mapping-faults.ts";
import { testRule } from "../../support/test-rule.ts";

const entryOf = (of: string) =>
  unmapped({
    mapRoles: NODE_LINE + line(`arn:aws:eks:eu-west-1:${ACCOUNT}:access-entry/lab/${of}/a6c8b0d2-e4f6-0819`),
  });

testRule("mapping/aws-auth-not-a-principal", "A9", {
  certain: {
    "writes the role for its access entry, with a path or without": {
      on: [entryOf(`role/${ACCOUNT}/Dev`), entryOf(`role/${ACCOUNT}/team/Dev`)],
      summary: /an access entry/,
      commands: CALLER_COMMANDS,
    },
    "warns of the access entry of somebody else": {
      on: [entryOf(`role/${ACCOUNT}/Ops`), entryOf("role/444455556666/Dev"), entryOf(`user/${ACCOUNT}/Dev`)],
      severity: "warning",
    },
    "writes the role for the instance profile of the same name": {
      on: AWS_AUTH_FAULTS.A9,
      commands: CALLER_COMMANDS,
    },
    "warns of a Fargate profile": {
      on: unmapped({
        mapRoles: `${NODE_LINE}- rolearn: arn:aws:eks:eu-west-1:${ACCOUNT}:fargateprofile/lab/batch/8ec2c1f1\n  username: "system:node:{{SessionName}}"\n  groups: [system:nodes]\n`,
      }),
      severity: "warning",
    },
  },
  possible: {
    "for an IAM group, whose members nobody can see": {
      on: unmapped(
        { mapUsers: line(`arn:aws:iam::${ACCOUNT}:group/developers`, "[developers]", "dev") },
        USER_CALLER,
      ),
      commands: EDIT_COMMANDS,
    },
  },
});
