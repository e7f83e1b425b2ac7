import assert from "node:assert/strict";
import { awsAuthTexts, matchAwsAuth, parseAwsAuth } from "../../../../doctor/eks/aws-auth/aws-auth.ts";
import type { AwsAuthEntry } from "../../../../doctor/eks/aws-auth/aws-auth-section.ts";
import { principalOfArn } from "../../../../doctor/eks/principal/principal.ts";
import { parseAwsAuth as parseInLab } from "../../../lab/kube/authentication/aws-auth.ts";

const NODE = "arn:aws:iam::555555555555:role/devel-worker-nodes-NodeInstanceRole-74RF4UBDUKL6";
const ADMIN = "arn:aws:iam::555555555555:user/admin";
const NODE_NAME = "system:node:{{EC2PrivateDNSName}}";
const EMPTY = { syntaxError: undefined, unread: "", entries: [], problems: [] };

/** `mapRoles` of a ConfigMap with this text. */
function roles(mapRoles: string) {
  return parseAwsAuth({ data: { mapRoles } })?.roles;
}

function entry(changes: Partial<AwsAuthEntry>): AwsAuthEntry {
  return { index: 0, arn: NODE, username: "u", groups: ["g"], ...changes };
}

/** What each text makes of `mapRoles`; the first four are of kubernetes-sigs/aws-iam-authenticator, pkg/mapper/configmap. */
const TEXTS: Readonly<Record<string, string>> = {
  "a plain list": `- rolearn: ${NODE}\n  username: ${NODE_NAME}\n  groups:\n    - system:bootstrappers\n    - system:nodes\n`,
  "dashes on lines of their own": `-\n  rolearn: "${NODE}"\n  username: matlan\n  groups:\n    - loadedfromconfigmap\n    - "system:master"\n`,
  "a template in quotes": `\n- rolearn: "arn:iam:123:role/me"\n  username: "{{Session}}"\n  groups:\n    - system:nodes\n`,
  "an entry without groups": `- rolearn: ${NODE}\n  username: nogroups\n`,
  "keys in any case": `- RoLeArN: ${NODE}\n  uSername: u\n  GROUPS: [g]\n`,
  "misspelt keys": `- rolearn: ${NODE}\n  group: [g]\n  user_name: u\n`,
  "glued groups": `- rolearn: ${NODE}\n  username: u\n  groups:\n    - a\n     - b\n`,
  "groups as a text": `- rolearn: ${NODE}\n  username: u\n  groups: g\n`,
  "a number in groups": `- rolearn: ${NODE}\n  username: u\n  groups: [1, g]\n`,
  "a number for a username": `- rolearn: ${NODE}\n  username: 123\n  groups: [g]\n`,
  "an entry without ARN": `- username: u\n- rolearn: ${NODE}\n  username: v\n`,
  "broken YAML": "- {rolearn: [\n",
  "a map": `rolearn: ${NODE}\n`,
  "a text": "hello",
  "an item that is a text": `- hello\n- rolearn: ${NODE}\n  username: u\n`,
  "an empty item": `-\n- rolearn: ${NODE}\n  username: u\n`,
  "a comment alone": "# nothing\n",
};

describe("parseAwsAuth", () => {
  for (const [what, text] of Object.entries(TEXTS)) {
    it(`reads ${what} as the lab's own parser does`, () => {
      const own = roles(text)?.entries.map(({ index: _index, ...fields }) => fields);
      assert.deepEqual(own, parseInLab({ mapRoles: text }).roles);
    });
  }

  it("counts places in the list, dropped entries included", () => {
    assert.deepEqual(roles(TEXTS["an entry without ARN"] ?? "")?.entries, [
      entry({ index: 1, username: "v", groups: [] }),
    ]);
  });

  it("reads the three sections each by itself", () => {
    const data = {
      mapRoles: "- [",
      mapUsers: `- userarn: ${ADMIN}\n  username: admin\n`,
      mapAccounts: "- 012345678901\n",
    };
    const parsed = parseAwsAuth({ data });
    assert.equal(parsed?.roles.syntaxError?.startsWith("line 1: "), true, parsed?.roles.syntaxError);
    assert.deepEqual(
      { ...parsed, roles: undefined },
      {
        roles: undefined,
        users: { ...EMPTY, entries: [{ index: 0, arn: ADMIN, username: "admin", groups: [] }] },
        accounts: ["012345678901"],
        ignoredKeys: [],
      },
    );
  });

  for (const [text, error] of [
    [`rolearn: ${NODE}\n`, "it is a map, not a list of entries"],
    ["hello", "it is a string, not a list of entries"],
    [
      `- rolearn: ${NODE}\n  username: {{SessionName}}\n`,
      "invalid map key (is a {{template}} not in quotes?)",
    ],
    ["- *gone\n", "unknown anchor 'gone' referenced"],
  ] as const) {
    it(`drops the section ${JSON.stringify(text)}`, () => {
      assert.deepEqual(roles(text), { ...EMPTY, syntaxError: error });
    });
  }

  it("drops a section that is no text, because the | is missing", () => {
    const text = `data:\n  mapRoles:\n    - rolearn: ${NODE}\n`;
    assert.deepEqual(parseAwsAuth(text)?.roles, {
      ...EMPTY,
      syntaxError: 'it is a list, not a string (is the "|" after the key missing?)',
    });
  });

  it("tells of every key that does nothing and every value that counts as empty", () => {
    const text = `- role_arn: ${NODE}\n  username: 12\n  groups: devs\n- RoleARN: ${NODE}\n  note: x\n`;
    assert.deepEqual(
      roles(text)?.problems.map(({ index, arn, kind, key, values }) => [index, arn, kind, key, ...values]),
      [
        [0, NODE, "wrong-type", "groups", "devs"],
        [0, NODE, "unknown-key", "role_arn", NODE],
        [0, NODE, "wrong-type", "username", "12"],
        [0, NODE, "no-arn", "rolearn"],
        [1, NODE, "key-case", "RoleARN", NODE],
        [1, NODE, "unknown-key", "note", "x"],
        [1, NODE, "no-username", "username"],
      ],
    );
  });

  it("takes userarn under mapRoles for a key that does nothing", () => {
    assert.deepEqual(
      roles(`- userarn: ${ADMIN}\n  username: u\n`)?.problems.map(({ kind, key }) => [kind, key]),
      [
        ["unknown-key", "userarn"],
        ["no-arn", "rolearn"],
      ],
    );
  });

  it("ignores sections in another case, and says so", () => {
    const data = { maproles: "x", MapUsers: "y", mapAccounts: "- '1'", notes: "z" };
    assert.deepEqual(parseAwsAuth({ data })?.ignoredKeys, ["maproles", "MapUsers"]);
  });

  for (const blank of ["", "  \n", '""', "''", "``"]) {
    it(`takes ${JSON.stringify(blank)} for an empty section`, () => {
      assert.deepEqual(roles(blank), EMPTY);
    });
  }

  it("reads the ConfigMap as kubectl prints it, as YAML, as JSON, and as its data alone", () => {
    const data = { mapRoles: TEXTS["a plain list"] ?? "" };
    const wanted = parseAwsAuth({ data });
    const yaml = `apiVersion: v1\nkind: ConfigMap\ndata:\n  mapRoles: |\n${data.mapRoles.replaceAll(/^/gm, "    ").trimEnd()}\n`;
    for (const written of [yaml, JSON.stringify({ kind: "ConfigMap", data }), JSON.stringify(data)]) {
      assert.deepEqual(parseAwsAuth(written), wanted);
    }
  });

  it("knows a ConfigMap without data for an empty one", () => {
    for (const empty of [{}, { metadata: { name: "aws-auth" } }, "kind: ConfigMap\n"]) {
      assert.deepEqual(parseAwsAuth(empty), { roles: EMPTY, users: EMPTY, accounts: [], ignoredKeys: [] });
    }
  });

  it("knows nothing of a section that no API server takes", () => {
    assert.equal(parseAwsAuth({ data: { mapRoles: " ".repeat(1024 * 1024 + 1) } }), undefined);
    assert.deepEqual(parseAwsAuth({ data: { mapRoles: "\n".repeat(1024 * 1024) } })?.roles, EMPTY);
  });

  it("tells none from not known", () => {
    assert.equal(parseAwsAuth(null), null);
    for (const unknown of [undefined, { failed: "Forbidden" }, "", "Error from server", ": [", "[1]"]) {
      assert.equal(parseAwsAuth(unknown), undefined);
    }
  });
});

describe("awsAuthTexts", () => {
  it("gives the sections as they are written, and nothing of what nobody could read", () => {
    assert.deepEqual(awsAuthTexts({ data: { mapRoles: "x", mapusers: "y" } }), {
      mapRoles: "x",
      mapusers: "y",
    });
    assert.deepEqual(awsAuthTexts({ failed: "Forbidden" }), {});
    assert.deepEqual(awsAuthTexts(null), {});
  });
});

describe("matchAwsAuth", () => {
  const DEV = "arn:aws:iam::111122223333:role/Dev";
  const line = (key: string, arn: string, username: string) =>
    `- ${key}: ${arn}\n  username: ${username}\n  groups: [${username}]\n`;
  const match = (data: Readonly<Record<string, string>>, arn: string) => {
    const [awsAuth, principal] = [parseAwsAuth({ data }), principalOfArn(arn)];
    return awsAuth && principal && matchAwsAuth(awsAuth, principal);
  };
  const session = "arn:aws:sts::111122223333:assumed-role/Dev/ada@example.com";

  it("finds the role of a session, in any case, and the later of two lines", () => {
    const mapRoles = line("rolearn", DEV, "first") + line("rolearn", DEV.toUpperCase(), "last");
    assert.deepEqual(match({ mapRoles }, session), { by: "mapRoles", username: "last", groups: ["last"] });
  });

  it("leaves templates as they are", () => {
    const mapRoles = `- rolearn: ${DEV}\n  username: "dev:{{SessionName}}"\n  groups: ["{{AccountID}}"]\n`;
    assert.deepEqual(match({ mapRoles }, session), {
      by: "mapRoles",
      username: "dev:{{SessionName}}",
      groups: ["{{AccountID}}"],
    });
  });

  it("asks roles before users, and finds a role in mapUsers", () => {
    const mapUsers = line("userarn", DEV, "user");
    assert.deepEqual(match({ mapUsers }, session), { by: "mapUsers", username: "user", groups: ["user"] });
    assert.equal(match({ mapUsers, mapRoles: line("rolearn", DEV, "role") }, session)?.by, "mapRoles");
  });

  it("matches users with their path", () => {
    const arn = "arn:aws:iam::111122223333:user/staff/ada";
    assert.equal(match({ mapUsers: line("userarn", arn, "ada") }, arn)?.username, "ada");
    assert.equal(match({ mapUsers: line("userarn", arn.replace("staff/", ""), "ada") }, arn), undefined);
  });

  it("gives a whole account the name of the ARN and no groups, after the lines", () => {
    const mapAccounts = '- "111122223333"\n';
    assert.deepEqual(match({ mapAccounts }, session), { by: "mapAccounts", username: DEV, groups: [] });
    assert.equal(match({ mapAccounts, mapRoles: line("rolearn", DEV, "role") }, session)?.by, "mapRoles");
  });

  for (const arn of [
    "arn:aws:iam::111122223333:role/team/Dev",
    session,
    "arn:aws:iam::111122223333:role/Developers",
    "arn:aws:iam::999988887777:role/Dev",
    "arn:aws-cn:iam::111122223333:role/Dev",
    '"arn:aws:iam::111122223333:role/Dev "',
  ]) {
    it(`does not take ${arn} for the caller`, () => {
      assert.equal(match({ mapRoles: line("rolearn", arn, "u") }, session), undefined);
    });
  }
});
