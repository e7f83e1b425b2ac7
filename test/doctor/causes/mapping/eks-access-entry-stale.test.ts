import { entry, ROLE_ARN, unauthorized, without } from "../../support/bundle.ts";
import {
  awsAuthWith,
  forbidden,
  mappingFault,
  mode,
  USER_ARN,
  USER_CALLER,
} from "../../support/mapping-faults.ts";
import { testRule } from "../../support/test-rule.ts";

const FAULT = mappingFault("E3");
const role = (changes: object) => ({
  role: {
    Role: {
      Arn: ROLE_ARN,
      RoleId: "AROAEXAMPLEEXAMPLE123",
      RoleName: "Dev",
      CreateDate: "2025-12-01T08:00:00Z",
      ...changes,
    },
  },
});
const place = `--cluster-name lab --region eu-west-1 --principal-arn ${ROLE_ARN}`;
const USER_ENTRY = {
  accessEntries: { accessEntries: [USER_ARN] },
  ...entry({ principalArn: USER_ARN, username: USER_ARN }),
};
const user = (CreateDate: string) => ({
  user: { User: { Arn: USER_ARN, UserId: "AIDAEXAMPLEEXAMPLE123", CreateDate } },
});
const UNASKED = unauthorized({ role: { failed: "AccessDenied" } });

testRule("mapping/eks-access-entry-stale", "E3", {
  certain: {
    "a user was recreated": {
      on: unauthorized({ ...USER_CALLER, ...USER_ENTRY, ...user("2025-12-01T08:00:00Z") }),
      summary: `The access entry for ${USER_ARN} in lab is older than the user: it was created for a deleted user of the same name.`,
      evidence: [
        "The user was created at 2025-12-01T08:00:00Z; its access entry was created at 2025-06-02T08:00:00Z.",
        "EKS matches by the user's unique ID, which changed.",
      ],
    },
    "only the list of roles has the role's date": unauthorized({
      role: { failed: "AccessDenied" },
      roles: {
        Roles: [{ Arn: ROLE_ARN, RoleId: "AROAEXAMPLEEXAMPLE123", CreateDate: "2025-12-01T08:00:00Z" }],
      },
    }),
    "keeps groups and a username of one's own, and looks at what is not known first": {
      on: {
        ...without(FAULT, "associatedPolicies"),
        ...entry({ kubernetesGroups: ["devs", "ops"], username: "dev:{{SessionName}}" }),
      },
      commands: [
        `aws eks list-associated-access-policies ${place}`,
        `aws eks delete-access-entry ${place}`,
        `aws eks create-access-entry ${place} --kubernetes-groups devs ops --username 'dev:{{SessionName}}'`,
        `aws eks associate-access-policy ${place} --policy-arn POLICY_ARN --access-scope type=SCOPE`,
      ],
    },
  },
  likely: {
    "takes an entry under another path for one of a deleted role, dates or not": unauthorized({
      accessEntries: { accessEntries: [ROLE_ARN.replace("role/", "role/old/")] },
      accessEntryDetails: [],
      ...role({ CreateDate: "2025-05-01T08:00:00Z" }),
    }),
    "explains rights that come from aws-auth instead": forbidden(
      { ...awsAuthWith(ROLE_ARN, ["developers"]), ...role({}) },
      "dev:ada-example.com",
    ),
    "does not judge by dates when the session runs under an older id (L12)": {
      on: unauthorized(role({ RoleId: "AROANEWNEWNEWNEWNEW99" })),
      inferred: true,
    },
  },
  possible: {
    "nor is it known that the token is right": { on: without(UNASKED, "tokenNames"), inferred: true },
  },
  passed: {
    "they were made in the same second": unauthorized(role({ CreateDate: "2025-06-02T08:00:00Z" })),
  },
  notApplicable: {
    "the refusal names the entry's own user": forbidden(role({})),
    "the cluster does not read entries": { ...FAULT, ...mode("CONFIG_MAP") },
  },
});
