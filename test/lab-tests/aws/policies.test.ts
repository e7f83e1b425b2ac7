import assert from "node:assert/strict";
import { conditionsHold } from "../../lab/aws/policy/conditions.ts";
import { parseSessionPolicy } from "../../lab/aws/policy/session-policy.ts";
import { matchesAction, matchesWildcard } from "../../lab/aws/policy/wildcard.ts";

describe("matchesWildcard", () => {
  for (const [pattern, text, expected] of [
    ["*", "", true],
    ["arn:aws:eks:*:*:cluster/lab", "arn:aws:eks:us-east-1:111122223333:cluster/lab", true],
    ["cluster/la?", "cluster/la", false],
    ["cluster/la?", "cluster/lab", true],
    ["a.c", "abc", false],
    ["role/x[1]", "role/x[1]", true],
    ["Role/*", "role/x", false],
  ] as const) {
    it(`${expected ? "takes" : "refuses"} "${text}" for "${pattern}"`, () => {
      assert.equal(matchesWildcard(pattern, text), expected);
    });
  }

  it("compares actions in any case", () => {
    assert.equal(matchesAction("EKS:describe*", "eks:DescribeCluster"), true);
  });
});

describe("conditionsHold", () => {
  const context = new Map([
    ["idp:sub", ["ada@example.com"]],
    ["idp:amr", ["hwk", "pin"]],
    ["sts:rolesessionname", ["ada@example.com"]],
    ["sts:roleauthorizedbyidp", ["true"]],
    ["aws:principalarn", ["arn:aws:iam::111122223333:role/dev"]],
  ]);
  for (const [operator, key, wanted, expected] of [
    ["StringEquals", "idp:sub", "ada@example.com", true],
    ["StringEquals", "IDP:Sub", ["eve@example.com", "ada@example.com"], true],
    ["StringEquals", "idp:sub", "ADA@example.com", false],
    ["StringEqualsIgnoreCase", "idp:sub", "ADA@example.com", true],
    ["StringEquals", "idp:none", "x", false],
    ["StringEqualsIfExists", "idp:none", "x", true],
    ["StringNotEquals", "idp:none", "x", true],
    ["StringNotEquals", "idp:sub", ["ada@example.com", "x"], false],
    ["StringLike", "idp:sub", "*@example.com", true],
    ["StringNotLike", "idp:sub", "*@example.com", false],
    ["ArnLike", "aws:PrincipalArn", "arn:aws:iam::*:role/*", true],
    ["Bool", "sts:RoleAuthorizedByIdp", "True", true],
    ["Null", "idp:none", "true", true],
    ["Null", "idp:sub", "true", false],
    ["ForAnyValue:StringEquals", "idp:amr", ["pin", "otp"], true],
    ["ForAnyValue:StringEquals", "idp:none", "pin", false],
    ["ForAllValues:StringEquals", "idp:amr", ["pin", "otp"], false],
    ["ForAllValues:StringEquals", "idp:none", "pin", true],
    ["StringEquals", "sts:RoleSessionName", `\${idp:sub}`, true],
    ["StringLike", "sts:RoleSessionName", `\${idp:none}*`, false],
  ] as const) {
    it(`says ${expected} for ${operator} ${key} ${JSON.stringify(wanted)}`, () => {
      assert.equal(conditionsHold({ [operator]: { [key]: wanted } }, context), expected);
    });
  }

  it("wants every condition", () => {
    const conditions = {
      StringEquals: { "idp:sub": "ada@example.com" },
      Bool: { "sts:RoleAuthorizedByIdp": "false" },
    };
    assert.equal(conditionsHold(conditions, context), false);
  });

  it("does not pretend to know other operators", () => {
    assert.throws(() => conditionsHold({ IpAddress: { "aws:SourceIp": "10.0.0.0/8" } }, context), {
      message: "the lab's policies do not know the condition operator IpAddress",
    });
  });
});

describe("parseSessionPolicy", () => {
  const statement = { Effect: "Allow", Action: "eks:*", Resource: "*" };
  const refused = (document: unknown, message: string) =>
    assert.throws(() => parseSessionPolicy(JSON.stringify(document)), {
      code: "MalformedPolicyDocument",
      message,
    });

  it("reads one statement or several", () => {
    const expected = { effect: "Allow", actions: ["eks:*"], resources: ["*"] } as const;
    assert.deepEqual(parseSessionPolicy(JSON.stringify({ Statement: statement })), [expected]);
    assert.deepEqual(parseSessionPolicy(JSON.stringify({ Statement: [statement, statement] })), [
      expected,
      expected,
    ]);
  });

  it("refuses what is no policy", () => {
    refused([], "Syntax errors in policy.");
    refused({ Statement: [] }, "Syntax errors in policy.");
    refused({ Statement: ["x"] }, "Syntax errors in policy.");
    refused({ Statement: { ...statement, Effect: "Maybe" } }, "Syntax errors in policy.");
  });

  it("refuses what it would not evaluate", () => {
    refused(
      { Statement: { ...statement, Condition: {} } },
      "The lab does not evaluate these policy elements: Condition",
    );
  });
});
