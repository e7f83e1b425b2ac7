import assert from "node:assert/strict";
import { editAwsConfig, sectionTexts } from "../../../plugin/setup/aws-config-edit.ts";

const set = (text: string, settings: Record<string, string | undefined>, name = "vouch") =>
  editAwsConfig(text, "/aws/config", [{ section: "profile", name, content: settings }]);
const removed = (text: string, ...names: readonly string[]) =>
  editAwsConfig(
    text,
    "f",
    names.map((name) => ({ section: "profile", name, content: undefined })),
  );

describe("editAwsConfig", () => {
  const table: [string, string, Record<string, string | undefined>, string][] = [
    ["adds a profile to an empty file", "", { a: "1", b: "2" }, "[profile vouch]\na = 1\nb = 2\n"],
    [
      "adds one behind the others",
      "[default]\nk = v # c\n",
      { a: "1" },
      "[default]\nk = v # c\n\n[profile vouch]\na = 1\n",
    ],
    [
      "adds one behind a line that is not ended",
      "[default]\nk = v",
      { a: "1" },
      "[default]\nk = v\n\n[profile vouch]\na = 1\n",
    ],
    ["adds one behind a blank line", "# c\r\n\r\n", { a: "1" }, "# c\r\n\r\n[profile vouch]\r\na = 1\r\n"],
    [
      "changes a value, with the note behind it, and nothing else",
      "[profile vouch]\n a=1 # c\nB : 2\n# d\n[x]\na = 1\n",
      { a: "9", b: "8" },
      "[profile vouch]\n a= 9\nB : 8\n# d\n[x]\na = 1\n",
    ],
    [
      "drops the comment behind a command line, which botocore would run",
      "[profile vouch]\ncredential_process = x # c\n",
      { credential_process: "y" },
      "[profile vouch]\ncredential_process = y\n",
    ],
    [
      "adds a setting behind the last, before comments and blanks",
      "[profile vouch]\r\n\ts3 =\r\n\t\tmax = 1\r\n\r\n# next\r\n[x]\r\n",
      { a: "1" },
      "[profile vouch]\r\n\ts3 =\r\n\t\tmax = 1\r\n\ta = 1\r\n\r\n# next\r\n[x]\r\n",
    ],
    ["adds settings to a section that has none", "[profile vouch]", { a: "1" }, "[profile vouch]\na = 1"],
    [
      "fills an empty value",
      "[profile vouch]\na =\nb = # c\n",
      { a: "1", b: "2" },
      "[profile vouch]\na = 1\nb = 2\n",
    ],
    [
      "replaces a value of several lines",
      "[profile vouch]\na = 1\n  2\nb = 3\n",
      { a: "9" },
      "[profile vouch]\na = 9\nb = 3\n",
    ],
    [
      "removes settings",
      "[profile vouch]\na = 1\nb = 2 # c\nc = 3\n",
      { b: undefined, d: undefined },
      "[profile vouch]\na = 1\nc = 3\n",
    ],
    ["leaves a file that says it all", "[profile vouch]\na=1\n", { a: "1" }, "[profile vouch]\na=1\n"],
  ];
  for (const [what, before, settings, after] of table)
    it(what, () => assert.equal(set(before, settings), after));

  it("knows the default profile and quoted names", () => {
    assert.equal(set("", { a: "1" }, "default"), "[default]\na = 1\n");
    assert.equal(set('[profile "vouch"]\na = 1\n', { a: "2" }), '[profile "vouch"]\na = 2\n');
  });

  it("knows sessions, and adds several sections at once", () => {
    const session = { section: "sso-session", name: "acme" };
    const after = editAwsConfig("[default]\nk = v\n[sso-session acme]\na = 1\n", "f", [
      { ...session, content: { a: "2" } },
      { section: "profile", name: "acme", content: { b: "1" } },
      { section: "profile", name: "dev", content: "[profile dev]\n# note\nc = 1" },
    ]);
    assert.equal(
      after,
      "[default]\nk = v\n[sso-session acme]\na = 2\n\n[profile acme]\nb = 1\n\n[profile dev]\n# note\nc = 1\n",
    );
    assert.equal(
      sectionTexts(after, "f")({ section: "profile", name: "dev" }),
      "[profile dev]\n# note\nc = 1",
    );
    assert.throws(() => editAwsConfig("[sso-session acme]\n".repeat(2), "f", [{ ...session, content: {} }]), {
      code: "aws-config-invalid",
      message: "sso-session acme appears twice in f, in lines 1 and 2.",
    });
  });

  it("refuses a profile or a key that stands twice", () => {
    assert.throws(() => set("[profile vouch]\n[profile vouch]\n", { a: "1" }), {
      code: "aws-config-invalid",
      message: "Profile vouch appears twice in /aws/config, in lines 1 and 2.",
    });
    assert.throws(() => set("[profile vouch]\na = 1\nA = 2\n", { a: "1" }), {
      code: "aws-config-invalid",
      message: "/aws/config sets a of profile vouch twice; the second is in line 3.",
    });
  });

  it("refuses a file it cannot read, and never starts afresh", () => {
    assert.throws(() => set("[default]\nbroken\n", { a: "1" }), { code: "aws-config-invalid" });
  });

  it("writes nothing that would read differently", () => {
    assert.throws(() => set("", { a: "x # y" }), { code: "internal" });
  });
});

describe("editAwsConfig, for a section that is removed,", () => {
  const table: [string, string, string][] = [
    ["the only one", "[profile vouch]\na = 1\n", ""],
    ["the last, with the blank line before it", "[x]\nk = v\n\n[profile vouch]\na = 1\n", "[x]\nk = v\n"],
    [
      "one in the middle",
      "[x]\nk = v\n\n[profile vouch]\n# in\na = 1\n\n# y\n[y]\n",
      "[x]\nk = v\n\n# y\n[y]\n",
    ],
    ["none that is there", "[x]\n", "[x]\n"],
  ];
  for (const [which, before, after] of table) {
    it(`removes ${which}`, () => assert.equal(removed(before, "vouch"), after));
  }

  it("removes neighbors, and changes others", () => {
    const text = "[profile a]\nk = v\n\n[profile b]\nk = v\n[profile c]\nk = v\n\n# d\n[profile d]\nk = v";
    assert.equal(removed(text, "b", "c"), "[profile a]\nk = v\n\n# d\n[profile d]\nk = v");
    assert.equal(removed(text, "a", "b", "c", "d"), "\n# d\n");
    const edits = ["b", "d"].map((name) => ({ section: "profile", name, content: { k: "1", l: "2" } }));
    assert.equal(
      editAwsConfig(text, "f", [...edits, { section: "profile", name: "c", content: undefined }]),
      "[profile a]\nk = v\n\n[profile b]\nk = 1\nl = 2\n\n# d\n[profile d]\nk = 1\nl = 2",
    );
  });

  it("is what undoes the adding", () => {
    for (const text of ["", "[x]\nk = v\n", "# c\r\n"]) {
      assert.equal(removed(set(text, { a: "1" }), "vouch"), text);
    }
  });
});
