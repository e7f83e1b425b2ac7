import assert from "node:assert/strict";
import { eksAccessEntryMissing } from "../../../../doctor/rules/mapping/eks-access-entry-missing.ts";
import { ACCOUNT, healthyBundle, ROLE_ARN, without } from "../../support/bundle.ts";
import {
  confidences,
  findingsOf,
  missingFor,
  unauthorized,
  verdicts,
} from "../../support/credential-case.ts";
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

const FAULT = mappingFault("E1");
const commands = (arn: string) => [
  `aws eks create-access-entry --cluster-name lab --region eu-west-1 --principal-arn ${arn}`,
  `aws eks associate-access-policy --cluster-name lab --region eu-west-1 --principal-arn ${arn} --policy-arn arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy --access-scope type=cluster`,
];

describe("eks-access-entry-missing", () => {
  it("creates the entry, and gives it the least policy", () => {
    assert.deepEqual(verdicts(eksAccessEntryMissing, FAULT), [
      {
        cause: "E1",
        stage: "mapping",
        severity: "error",
        confidence: "certain",
        commands: commands(ROLE_ARN),
      },
    ]);
    assert.equal(
      findingsOf(eksAccessEntryMissing, FAULT)?.[0]?.summary,
      `${ROLE_ARN} has no access entry in cluster lab.`,
    );
  });

  it("needs aws-auth to be certain where the cluster reads it too", () => {
    const bundle = unauthorized(NO_ENTRY);
    assert.deepEqual(confidences(eksAccessEntryMissing, bundle), ["E1 certain"]);
    assert.deepEqual(confidences(eksAccessEntryMissing, { ...bundle, awsAuth: { failed: "Unauthorized" } }), [
      "E1 likely",
    ]);
    assert.deepEqual(confidences(eksAccessEntryMissing, { ...bundle, awsAuth: null }), ["E1 certain"]);
  });

  it("believes DescribeAccessEntry when the list is denied", () => {
    const bundle = unauthorized({
      accessEntries: { failed: "AccessDeniedException" },
      accessEntryDetails: {
        failed: "ResourceNotFoundException: The specified principalArn could not be found.",
      },
    });
    assert.deepEqual(
      findingsOf(eksAccessEntryMissing, bundle)?.map(({ confidence, inferred }) => [confidence, inferred]),
      [["likely", true]],
    );
  });

  it("uses the role's own ARN with its path", () => {
    const arn = `arn:aws:iam::${ACCOUNT}:role/teams/web/Dev`;
    const role = { Role: { Arn: arn, RoleId: "AROAEXAMPLEEXAMPLE123", CreateDate: 1746086400 } };
    assert.deepEqual(verdicts(eksAccessEntryMissing, { ...FAULT, role })?.[0]?.commands, commands(arn));
  });

  it("leaves the path of an Identity Center role to be filled in when it is not known", () => {
    const arn = `arn:aws:iam::${ACCOUNT}:role/aws-reserved/sso.amazonaws.com/SSO_REGION/${NEW_SSO}`;
    assert.deepEqual(
      verdicts(eksAccessEntryMissing, { ...FAULT, ...SSO_CALLER })?.[0]?.commands,
      commands(arn),
    );
  });

  it("asks about somebody else, whatever the caller's own call says", () => {
    const principal = `arn:aws:iam::${ACCOUNT}:role/Support`;
    const bundle = healthyBundle({ question: { principal } });
    assert.deepEqual(
      verdicts(eksAccessEntryMissing, bundle)?.map(({ confidence, commands: [first] }) => [
        confidence,
        first,
      ]),
      [["certain", commands(principal)[0]]],
    );
  });

  it("is only likely when no answer came: it would show next", () => {
    assert.deepEqual(confidences(eksAccessEntryMissing, noAnswer(ioTimeout("10.0.0.1"), NO_ENTRY)), [
      "E1 likely",
    ]);
  });

  it("leaves it to a faulty line in aws-auth", () => {
    const bundle = unauthorized({
      ...NO_ENTRY,
      ...awsAuthWith(ROLE_ARN.replace("role/", "role/team/"), ["developers"]),
    });
    assert.deepEqual(
      findingsOf(eksAccessEntryMissing, bundle)?.map(({ confidence, inferred }) => [confidence, inferred]),
      [["likely", true]],
    );
  });

  it("cannot tell who the caller is without GetCallerIdentity", () => {
    assert.deepEqual(missingFor(eksAccessEntryMissing, without(FAULT, "callerIdentity")), [
      "callerIdentity",
      "selfSubjectReview",
    ]);
  });

  for (const [when, bundle] of Object.entries({
    "everything works": healthyBundle(),
    "the entry has the role's path, which the username has not": unauthorized({
      accessEntries: { accessEntries: [`arn:aws:iam::${ACCOUNT}:role/teams/web/Dev`] },
      accessEntryDetails: [],
    }),
    "the list is denied: that is no absence": {
      ...FAULT,
      accessEntries: { failed: "AccessDeniedException" },
    },
    "the list is its first page only": {
      ...FAULT,
      accessEntries: { accessEntries: [NODE_ARN], NextToken: "eyJ0IjoxfQ" },
    },
    "the identity was accepted (403)": forbidden({ ...mode("API"), ...NO_ENTRY }),
    "it works all the same": healthyBundle({ ...mode("API"), ...NO_ENTRY }),
    "aws-auth maps the caller": unauthorized({ ...NO_ENTRY, ...awsAuthWith(ROLE_ARN, ["developers"]) }),
    "the entry has another hash of the permission set (E4)": mappingFault("E4"),
    "an AWS call was refused, and not the cluster's": mappingFault("E8"),
    "the caller is root, whom no entry can have": {
      ...FAULT,
      callerIdentity: { UserId: ACCOUNT, Account: ACCOUNT, Arn: `arn:aws:iam::${ACCOUNT}:root` },
    },
  })) {
    it(`is silent when ${when}`, () => {
      assert.deepEqual(findingsOf(eksAccessEntryMissing, bundle), []);
    });
  }

  it("does not take a missing cluster for a missing entry", () => {
    const notThere = { failed: "ResourceNotFoundException: No cluster found for name: lab." };
    const parts = { cluster: notThere, accessEntries: notThere, accessEntryDetails: notThere };
    assert.deepEqual(confidences(eksAccessEntryMissing, unauthorized(parts)), []);
  });
});
