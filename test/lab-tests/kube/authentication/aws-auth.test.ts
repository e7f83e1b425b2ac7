import assert from "node:assert/strict";
import { parseAwsAuth } from "../../../lab/kube/authentication/aws-auth.ts";

const NODE = "arn:aws:iam::555555555555:role/devel-worker-nodes-NodeInstanceRole-74RF4UBDUKL6";
const ADMIN = "arn:aws:iam::555555555555:user/admin";
const NODE_USER = "system:node:{{EC2PrivateDNSName}}";
const NODE_GROUPS = ["system:bootstrappers", "system:nodes"];

function roles(mapRoles: string) {
  const { roles: parsed, errors } = parseAwsAuth({ mapRoles });
  return { roles: parsed, errors };
}

/** The ConfigMaps are those of kubernetes-sigs/aws-iam-authenticator, pkg/mapper/configmap/yaml. */
describe("aws-auth, as the authenticator reads it", () => {
  const whole = {
    mapRoles: `- rolearn: ${NODE}\n  username: ${NODE_USER}\n  groups:\n    - system:bootstrappers\n    - system:nodes\n`,
    mapUsers: `- userarn: ${ADMIN}\n  username: admin\n  groups:\n    - system:masters\n`,
    mapAccounts: `- "555555555555"\n`,
  };

  it("knows roles, users and accounts", () => {
    assert.deepEqual(parseAwsAuth(whole), {
      roles: [{ arn: NODE, username: NODE_USER, groups: NODE_GROUPS }],
      users: [{ arn: ADMIN, username: "admin", groups: ["system:masters"] }],
      accounts: ["555555555555"],
      errors: [],
    });
  });

  it("takes inner keys in any case", () => {
    assert.deepEqual(roles(`- RoLeArN: ${NODE}\n  uSername: u\n  GROUPS: [g]\n`), {
      roles: [{ arn: NODE, username: "u", groups: ["g"] }],
      errors: [],
    });
  });

  it("ignores top-level keys in another case", () => {
    const { mapRoles, mapUsers, mapAccounts } = whole;
    assert.deepEqual(parseAwsAuth({ maproles: mapRoles, MapUsers: mapUsers, mapaccounts: mapAccounts }), {
      roles: [],
      users: [],
      accounts: [],
      errors: [],
    });
  });

  it("ignores inner keys that are spelled otherwise", () => {
    assert.deepEqual(roles(`- rolearn: ${NODE}\n  group: [g]\n  user_name: u\n`), {
      roles: [{ arn: NODE, username: "", groups: [] }],
      errors: [],
    });
  });

  it("glues two groups when one is a space too deep", () => {
    const text = `- rolearn: ${NODE}\n  username: u\n  groups:\n    - system:bootstrappers\n     - system:nodes\n`;
    assert.deepEqual(roles(text).roles[0]?.groups, ["system:bootstrappers - system:nodes"]);
  });

  it("drops a section that is no YAML, and keeps the others", () => {
    const {
      roles: parsed,
      users,
      accounts,
      errors,
    } = parseAwsAuth({ ...whole, mapRoles: "- {rolearn: [\n" });
    assert.deepEqual(
      [parsed, users.length, accounts, errors.length, errors[0]?.startsWith("yaml: line ")],
      [[], 1, ["555555555555"], 1, true],
    );
  });

  it("drops an entry without ARN, and keeps the others", () => {
    assert.deepEqual(roles(`- username: u\n- rolearn: ${NODE}\n`), {
      roles: [{ arn: NODE, username: "", groups: [] }],
      errors: ["one of rolearn or SSO must be supplied"],
    });
  });

  it("keeps an entry whose groups are a string, without groups", () => {
    assert.deepEqual(roles(`- rolearn: ${NODE}\n  groups: system:masters\n  username: u\n`), {
      roles: [{ arn: NODE, username: "u", groups: [] }],
      errors: ["json: cannot unmarshal string into Go struct field RoleMapping.groups of type []string"],
    });
  });

  for (const [value, type] of [
    ["123", "number"],
    ["yes", "bool"],
    ["[a]", "array"],
  ]) {
    it(`takes username ${value} as empty`, () => {
      assert.deepEqual(roles(`- rolearn: ${NODE}\n  username: ${value}\n`), {
        roles: [{ arn: NODE, username: "", groups: [] }],
        errors: [`json: cannot unmarshal ${type} into Go struct field RoleMapping.username of type string`],
      });
    });
  }

  it("refuses a section that is no list", () => {
    assert.deepEqual(roles(`rolearn: ${NODE}\n`), {
      roles: [],
      errors: ["json: cannot unmarshal object into Go value of type []config.RoleMapping"],
    });
  });

  for (const empty of ["", "  \n", '""', "''", "``"]) {
    it(`takes ${JSON.stringify(empty)} as an empty section`, () => {
      assert.deepEqual(roles(empty), { roles: [], errors: [] });
    });
  }

  it("keeps the text of an account id without quotes", () => {
    assert.deepEqual(parseAwsAuth({ mapAccounts: "- 012345678901\n- '555555555555'\n" }).accounts, [
      "012345678901",
      "555555555555",
    ]);
  });
});
