import { ACCOUNT, awsConfig, healthyBundle, ROLE_ARN, unauthorized, without } from "../../support/bundle.ts";
import {
  awsAuthWith,
  forbidden,
  mappingFault,
  mode,
  NEW_SSO,
  NO_ENTRY,
  NODE_ARN,
  SSO_CALLER,
} from "../../support/mapping-faults.ts";
import { ioTimeout, noAnswer } from "../../support/network-faults.ts";
import { testRule } from "../../support/test-rule.ts";

const FAULT = mappingFault("E1");
const commands = (arn: string, scope = "type=namespace,namespaces=web") => [
  `aws eks create-access-entry --cluster-name lab --region eu-west-1 --principal-arn ${arn}`,
  `aws eks associate-access-policy --cluster-name lab --region eu-west-1 --principal-arn ${arn} --policy-arn arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy --access-scope ${scope}`,
];
const ARN = `arn:aws:iam::${ACCOUNT}:role/teams/web/Dev`;
const NOT_THERE = { failed: "ResourceNotFoundException: No cluster found for name: lab." };
const NEXT = { accessEntries: [NODE_ARN], NextToken: "eyJ0IjoxfQ" };
const FIRST_PAGE = { ...FAULT, accessEntries: NEXT };

/** DescribeAccessEntry's answer to who may not list entries. */
const NOT_FOUND = {
  accessEntries: { failed: "AccessDeniedException" },
  accessEntryDetails: {
    failed: "ResourceNotFoundException: The specified principalArn could not be found.",
  },
};

const TERMINAL = { differs: "from a terminal", exitCode: 0 };

testRule("mapping/eks-access-entry-missing", "E1", {
  certain: {
    "says which entry's role IAM does not have, and who created the cluster": {
      on: {
        ...FAULT,
        roles: { Roles: [{ Arn: ROLE_ARN }] },
        clusterCreator: { Arn: `arn:aws:iam::${ACCOUNT}:role/Builder`, source: "word" },
      },
      evidence: [
        /^AWS identifies the caller as /,
        "The authentication mode is API.",
        `${ROLE_ARN} is not in the list of access entries.`,
        `The cluster has an access entry for ${NODE_ARN}, but this role does not exist in IAM.`,
        `arn:aws:iam::${ACCOUNT}:role/Builder reportedly created the cluster.`,
      ],
    },
    "another identity gets in": {
      ...FAULT,
      otherObservations: [{ ...TERMINAL, callerIdentity: { Arn: `arn:aws:iam::${ACCOUNT}:role/Ops` } }],
    },
    "creates the entry, and gives it the least policy": {
      on: FAULT,
      summary: `Cluster lab does not have an access entry for ${ROLE_ARN}.`,
      commands: commands(ROLE_ARN),
    },
    "aws-auth does not map the caller either": [
      unauthorized(NO_ENTRY),
      { ...unauthorized(NO_ENTRY), awsAuth: null },
    ],
    "uses the role's own ARN with its path": {
      on: { ...FAULT, role: { Role: { Arn: ARN, RoleId: "AROAEXAMPLEEXAMPLE123", CreateDate: 1746086400 } } },
      commands: commands(ARN),
    },
    "leaves the path of an Identity Center role to be filled in when it is not known": {
      on: { ...FAULT, ...SSO_CALLER },
      commands: commands(`arn:aws:iam::${ACCOUNT}:role/aws-reserved/sso.amazonaws.com/SSO_REGION/${NEW_SSO}`),
    },
    "asks about somebody else, whatever the caller's own call says": {
      on: healthyBundle({ question: { principal: `arn:aws:iam::${ACCOUNT}:role/Support` } }),
      commands: commands(`arn:aws:iam::${ACCOUNT}:role/Support`, "type=cluster"),
    },
  },
  likely: {
    "the same identity gets in another way, and nobody says to which cluster": {
      ...FAULT,
      otherObservations: [{ ...TERMINAL, callerIdentity: { Arn: ROLE_ARN } }],
    },
    "lines of aws-auth are left out": {
      on: { ...unauthorized(NO_ENTRY), excerpts: ["awsAuth"] },
      evidence: [
        /^AWS identifies/,
        /^The authentication mode/,
        / is not in the list of access entries\.$/,
        /^aws-auth does not map \S+:role\/Dev, as far as/,
      ],
    },
    "aws-auth is not known, and the cluster reads it too": {
      ...unauthorized(NO_ENTRY),
      awsAuth: { failed: "Unauthorized" },
    },
    "believes DescribeAccessEntry when the list is denied": {
      on: unauthorized(NOT_FOUND),
      inferred: true,
    },
    "believes it of a permission set's role too, where its path is known": {
      on: unauthorized({
        ...NOT_FOUND,
        ...SSO_CALLER,
        ...awsConfig("[sso-session a]\nsso_region = eu-west-1\n"),
      }),
      inferred: true,
    },
    "no answer came: it would show next": noAnswer(ioTimeout("10.0.0.1"), NO_ENTRY),
    "leaves it to a faulty line in aws-auth": {
      on: unauthorized({
        ...NO_ENTRY,
        ...awsAuthWith(ROLE_ARN.replace("role/", "role/team/"), ["developers"]),
      }),
      inferred: true,
    },
  },
  passed: {
    "the entry has the role's path, which the username has not": unauthorized({
      accessEntries: { accessEntries: [`arn:aws:iam::${ACCOUNT}:role/teams/web/Dev`] },
      accessEntryDetails: [],
    }),
    "aws-auth maps the caller": unauthorized({ ...NO_ENTRY, ...awsAuthWith(ROLE_ARN, ["developers"]) }),
  },
  notApplicable: {
    "the same identity gets in another way": {
      ...FAULT,
      otherObservations: [{ ...TERMINAL, callerIdentity: { Arn: ROLE_ARN }, context: "lab" }],
    },
    "the identity was accepted (403)": forbidden({ ...mode("API"), ...NO_ENTRY }),
    "it works all the same": healthyBundle({ ...mode("API"), ...NO_ENTRY }),
    "the entry has another hash of the permission set (E4)": mappingFault("E4"),
    "an AWS call was refused, and not the cluster's": mappingFault("E8"),
    "the caller is root, whom no entry can have": {
      ...FAULT,
      callerIdentity: { UserId: ACCOUNT, Account: ACCOUNT, Arn: `arn:aws:iam::${ACCOUNT}:root` },
    },
  },
  unknown: {
    "entries are left out": { on: { ...FAULT, excerpts: ["accessEntries"] }, missing: "accessEntries" },
    "cannot tell who the caller is without GetCallerIdentity": {
      on: without(FAULT, "callerIdentity"),
      missing: ["callerIdentity", "selfSubjectReview"],
    },
    "the list is denied: that is no absence": {
      on: { ...FAULT, accessEntries: { failed: "AccessDeniedException" } },
      missing: "accessEntries",
    },
    "DescribeAccessEntry was asked for a permission set's role, whose path nobody knows": {
      on: unauthorized({ ...NOT_FOUND, ...SSO_CALLER }),
      missing: ["accessEntries", "accessEntryDetails", "role", "roles"],
    },
    "the list is its first page only": { on: FIRST_PAGE, missing: "accessEntries" },
    "does not take a missing cluster for a missing entry": {
      on: unauthorized({ cluster: NOT_THERE, accessEntries: NOT_THERE, accessEntryDetails: NOT_THERE }),
      missing: ["accessEntries", "accessEntryDetails", "cluster"],
    },
  },
});
