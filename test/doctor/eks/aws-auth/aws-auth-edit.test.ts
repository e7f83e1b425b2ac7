import assert from "node:assert/strict";
import { parseAwsAuth } from "../../../../doctor/eks/aws-auth/aws-auth.ts";
import {
  addToSection,
  changeEntry,
  newEntry,
  removeEntry,
} from "../../../../doctor/eks/aws-auth/aws-auth-edit.ts";

const TEXT = `# nodes first
- rolearn: arn:aws:iam::1:role/Node # do not touch
  username: system:node:{{EC2PrivateDNSName}}
  groups:
    - system:nodes
- RoleARN: arn:aws:iam::1:role/team/Dev
  username: "dev:{{SessionName}}"
  group: [developers]
`;
const NODES = TEXT.slice(0, TEXT.indexOf("- RoleARN"));

describe("changeEntry", () => {
  it("writes the ARN in the place and case where EKS reads it, and leaves the rest", () => {
    assert.equal(
      changeEntry(TEXT, 1, { section: "mapRoles", arn: "arn:aws:iam::1:role/Dev" }),
      `${NODES}- rolearn: arn:aws:iam::1:role/Dev\n  username: "dev:{{SessionName}}"\n  group: [ developers ]\n`,
    );
  });

  it("lets a key that does nothing give way", () => {
    assert.equal(
      changeEntry(TEXT, 1, { section: "mapRoles", drop: "group", groups: ["developers"] }),
      `${NODES}- RoleARN: arn:aws:iam::1:role/team/Dev\n  username: "dev:{{SessionName}}"\n  groups:\n    - developers\n`,
    );
  });

  it("adds what is not there", () => {
    assert.equal(
      changeEntry("- userarn: arn:aws:iam::1:user/ada\n", 0, { section: "mapUsers", username: "ada" }),
      "- userarn: arn:aws:iam::1:user/ada\n  username: ada\n",
    );
  });

  it("quotes a username that would be a map", () => {
    const text = changeEntry(TEXT, 1, { section: "mapRoles", username: "{{SessionName}}" }) ?? "";
    assert.equal(parseAwsAuth({ data: { mapRoles: text } })?.roles.entries[1]?.username, "{{SessionName}}");
  });

  it("does not touch a text that it cannot read, or an entry that is not there", () => {
    assert.equal(changeEntry("- [", 0, { section: "mapRoles", arn: "x" }), undefined);
    assert.equal(changeEntry(TEXT, 2, { section: "mapRoles", arn: "x" }), undefined);
    assert.equal(changeEntry("- text\n", 0, { section: "mapRoles", arn: "x" }), undefined);
  });
});

describe("removeEntry", () => {
  it("takes one entry out", () => {
    assert.equal(removeEntry(TEXT, 1, "mapRoles"), NODES);
  });

  it("does not touch a text that it cannot read, or an entry that is not there", () => {
    assert.equal(removeEntry("- [", 0, "mapRoles"), undefined);
    assert.equal(removeEntry(TEXT, 2, "mapRoles"), undefined);
  });
});

describe("addToSection", () => {
  const ENTRY = { arn: "arn:aws:iam::1:role/Dev", username: "Dev:{{SessionName}}", groups: ["developers"] };
  const ADDED =
    "- rolearn: arn:aws:iam::1:role/Dev\n  username: Dev:{{SessionName}}\n  groups:\n    - developers\n";

  it("adds it at the end, whatever the last line looks like", () => {
    assert.equal(addToSection(`${NODES.trimEnd()}`, ENTRY, "mapRoles"), NODES + ADDED);
    assert.equal(addToSection(`${NODES}\n\n`, ENTRY, "mapRoles"), NODES + ADDED);
  });

  it("adds it as deep as the others, for EKS reads nothing behind a dedent", () => {
    const indented = (text: string) => text.replaceAll(/^(?=.)/gm, "  ");
    assert.equal(addToSection(indented(NODES), ENTRY, "mapRoles"), indented(NODES + ADDED));
  });

  for (const text of [
    "[{rolearn: arn:aws:iam::1:role/Node}]\n",
    `${NODES}...\n`,
    `${NODES}---\n- rolearn: x\n`,
    "- {{broken\n",
    `${NODES}garbage\n`,
  ]) {
    it(`does not touch ${JSON.stringify(text)}, where EKS would not read it`, () => {
      assert.equal(addToSection(text, ENTRY, "mapRoles"), undefined);
    });
  }

  for (const empty of ["", '""', "[]", "null\n"]) {
    it(`starts a section that is ${JSON.stringify(empty)}`, () => {
      assert.equal(addToSection(empty, ENTRY, "mapRoles"), ADDED);
    });
  }

  for (const [username, groups] of [
    ["{{SessionName}}", ["a:b", "- x", "yes"]],
    ["ada: x", []],
    ["#1", ["*"]],
    ["ada:", ["devs:"]],
    ["y", ["N", "on"]],
  ] as const) {
    it(`writes ${username} with ${JSON.stringify(groups)} so that it is read back`, () => {
      const arn = `${ENTRY.arn}${username}`;
      const text = newEntry({ arn, username, groups }, "mapUsers");
      assert.deepEqual(parseAwsAuth({ data: { mapUsers: text } })?.users.entries, [
        { index: 0, arn, username, groups },
      ]);
    });
  }
});
