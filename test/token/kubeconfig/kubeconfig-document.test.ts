import assert from "node:assert/strict";
import { entriesOf, parseKubeconfig } from "../../../token/kubeconfig/kubeconfig-document.ts";
import { onPosix } from "../../support/platform.ts";

const refuses = (what: string, text: string, why: string) =>
  onPosix("shell", `refuses ${what}`, () => {
    assert.throws(() => parseKubeconfig(text, "/home/ada/.kube/config"), {
      code: "kubeconfig-invalid",
      message: `Cannot use kubeconfig /home/ada/.kube/config: ${why}.`,
      hint: "Correct the file, then check it: `kubectl config view --kubeconfig=/home/ada/.kube/config`",
    });
  });

// What kubectl 1.32.4 refuses and accepts was tried with `kubectl config view --raw -o json`.
describe("parseKubeconfig", () => {
  describe("as kubectl", () => {
    refuses("a section that is text", "clusters: foo", "its clusters are not a list");
    refuses("a section that is a map", "users: {}", "its users are not a list");
    refuses("an item that is text", "contexts: [foo]", "item 1 of its contexts is not a map");
    refuses(
      "a body that is text",
      "users:\n- {name: u, user: x}",
      "the user of item 1 of its users is not a map",
    );
    refuses(
      "a name that YAML 1.1 takes for a number",
      "clusters:\n- name: 123",
      "the name of item 1 of its clusters is not a string",
    );
    refuses(
      "a name that YAML 1.1 takes for a boolean",
      "clusters:\n- name: y",
      "the name of item 1 of its clusters is not a string",
    );
    refuses("a name given twice", "users:\n- name: a\n- name: b\n- name: a", 'its users name "a" twice');
    refuses("two entries without a name", "users:\n- user: {}\n-", 'its users name "" twice');
    refuses("another kind", "kind: Pod", "its kind is not Config");
    refuses("another version", "apiVersion: v2\nkind: Config", "its apiVersion is not v1");
    refuses(
      "a current context that is a number",
      "current-context: 12",
      "its current-context is not a string",
    );
    refuses("plain text", "hello", "it is not a map");
    refuses("a list", "- a", "it is not a map");
    refuses("a tab as indentation", "clusters:\n\t- name: a", "line 2: a tab is used as indentation");
    refuses(
      "an alias without anchor",
      "clusters: *a",
      "it contains an alias or a merge that cannot be resolved",
    );

    it("accepts missing, empty and nameless parts", () => {
      const { model } = parseKubeconfig("clusters:\nusers: null\ncontexts:\n-\n- name: c\n", "f");
      assert.deepEqual(entriesOf(model, "clusters"), new Map());
      assert.deepEqual(entriesOf(model, "users"), new Map());
      assert.deepEqual(
        entriesOf(model, "contexts"),
        new Map([
          ["", {}],
          ["c", {}],
        ]),
      );
    });

    it("takes a time, a date and an octal number as go-yaml does", () => {
      const text = "users:\n- name: u\n  user: {token: 1:30, a: 2001-01-01, b: 017}\n";
      const { model } = parseKubeconfig(text, "f");
      assert.deepEqual(entriesOf(model, "users").get("u"), { token: "1:30", a: "2001-01-01", b: 15 });
    });

    refuses("a directive alone", "# x\n%FOO bar\n", "it has a directive (%) but no document");

    it("follows anchors and merges", () => {
      const text =
        "x: &b {server: https://b, a: 1}\nclusters:\n- name: c\n  cluster:\n    <<: *b\n    a: 2\n";
      assert.deepEqual(entriesOf(parseKubeconfig(text, "f").model, "clusters").get("c"), {
        server: "https://b",
        a: 2,
      });
    });
  });

  for (const text of ["", "# only a comment\n", "---\n", "\ufeff", "{}", "null\n"]) {
    it(`takes ${JSON.stringify(text)} for an empty kubeconfig`, () => {
      assert.deepEqual(parseKubeconfig(text, "f").model, {});
    });
  }

  describe("as kubectl, and notes what no edit may touch:", () => {
    const notes = (what: string, text: string, expected: { model: object; line: number; why: string }) =>
      it(what, () => {
        const { model, passedOver } = parseKubeconfig(text, "f");
        const [uneditable] = passedOver;
        assert.deepEqual({ model, line: uneditable?.line, why: uneditable?.why }, expected);
      });
    const SECOND = (line: number) =>
      `line ${line} starts a second YAML document, but kubectl reads only the first`;

    notes("a second document", "clusters: []\n---\nusers: []\n", {
      model: { clusters: [] },
      line: 2,
      why: SECOND(2),
    });
    notes("a second one that is broken", "---\nclusters: []\n...\n# x\n---\nx: [\n", {
      model: { clusters: [] },
      line: 5,
      why: SECOND(5),
    });
    notes("a second one that is empty", "clusters: []\n---\n", {
      model: { clusters: [] },
      line: 2,
      why: SECOND(2),
    });
    notes("a first one that is empty", "---\n---\nclusters: []\n", { model: {}, line: 2, why: SECOND(2) });
    notes("a key given twice, of which the last counts", "users: []\nkind: Config\nusers:\n", {
      model: { users: null, kind: "Config" },
      line: 3,
      why: "lines 1 and 3 have the same key; kubectl uses the last one",
    });
    notes("one on a single line", '{"kind": "Config", "current-context": "a", "current-context": "b"}', {
      model: { kind: "Config", "current-context": "b" },
      line: 1,
      why: "line 1 has the same key twice; kubectl uses the last one",
    });
    it("but not an ordinary file, nor a merge key that stands twice", () => {
      assert.deepEqual(parseKubeconfig("---\nclusters: []\n...\n", "f").passedOver, []);
      const merges = "a: &a {x: 1}\nb: &b {y: 1}\nc:\n  <<: *a\n  <<: *b\n";
      assert.deepEqual(parseKubeconfig(merges, "f").passedOver, []);
    });
  });

  it("never quotes the file", () => {
    const secret = "canary-7f3a";
    for (const text of [
      `users:\n- name: u\n  user: {token: ${secret}\n`,
      `users: "${secret}`,
      `a: b\n${secret}\n`,
      `? ${secret} : x : y`,
    ]) {
      assert.throws(
        () => parseKubeconfig(text, "f"),
        (error: Error) => !JSON.stringify([error.message, error.stack, error.cause]).includes(secret),
      );
    }
  });

  it("refuses a file that unfolds into a giant", () => {
    const levels = Array.from(
      { length: 9 },
      (_, index) => `l${index + 1}: &l${index + 1} [${Array(9).fill(`*l${index}`).join(", ")}]`,
    );
    assert.throws(() => parseKubeconfig(`l0: &l0 [a]\n${levels.join("\n")}\n`, "f"), {
      code: "kubeconfig-invalid",
    });
  });
});
