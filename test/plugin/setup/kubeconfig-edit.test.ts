import assert from "node:assert/strict";
import { editKubeconfig, type KubeconfigEdit } from "../../../plugin/setup/kubeconfig-edit.ts";
import { entriesOf, parseKubeconfig } from "../../../token/kubeconfig/kubeconfig-document.ts";
import { SECTION_NAMES } from "../../../token/kubeconfig/kubeconfig-view.ts";
import { onPosix } from "../../support/platform.ts";
import { oddKubeconfig, seededRandom } from "./odd-kubeconfig.ts";

const edit = (text: string, change: KubeconfigEdit) => editKubeconfig(parseKubeconfig(text, "/kc"), change);
const setCluster = (text: string, name: string, body: Record<string, unknown> | undefined) =>
  edit(text, { entries: [{ section: "clusters", name, body }] });
const setUser = (text: string, name: string, body: Record<string, unknown>) =>
  edit(text, { entries: [{ section: "users", name, body }] });

/** Lines of a text, each behind a `|`, so that a test shows indentation. */
function lines(strings: TemplateStringsArray): string {
  return strings.join("").replaceAll(/^ *\|/gm, "").replace(/^\n/, "").replace(/ *$/, "");
}

describe("editKubeconfig", () => {
  describe("adds an entry", () => {
    const added: Record<string, [string, string]> = {
      "to an empty file": [
        "",
        lines`
        |apiVersion: v1
        |kind: Config
        |clusters:
        |- cluster:
        |    server: https://x
        |  name: lab
        |`,
      ],
      "to a file of comments, without a newline at the end": [
        "# mine",
        lines`
        |# mine
        |apiVersion: v1
        |kind: Config
        |clusters:
        |- cluster:
        |    server: https://x
        |  name: lab
        |`,
      ],
      "to a section that is missing": [
        "kind: Config # c\n# end\n",
        lines`
        |kind: Config # c
        |clusters:
        |- cluster:
        |    server: https://x
        |  name: lab
        |# end
        |`,
      ],
      "to a section that is empty": [
        "clusters:   # none\nkind: Config\n",
        lines`
        |clusters:   # none
        |- cluster:
        |    server: https://x
        |  name: lab
        |kind: Config
        |`,
      ],
      "to a section that is null": [
        "clusters: null # none\n",
        lines`
        |clusters: # none
        |- cluster:
        |    server: https://x
        |  name: lab
        |`,
      ],
      "to an empty list in brackets": [
        "clusters: [] # none\nusers: []\n",
        lines`
        |clusters: # none
        |- cluster:
        |    server: https://x
        |  name: lab
        |users: []
        |`,
      ],
      "to a list in brackets": [
        "clusters: [{name: a, cluster: {}},\n]\n",
        lines`
        |clusters: [{name: a, cluster: {}}, {"cluster": {"server": "https://x"}, "name": "lab"},
        |]
        |`,
      ],
      "at the column of the others": [
        "clusters:\n    -   name: a\n        cluster:\n          server: y\n    # t\nkind: Config",
        lines`
        |clusters:
        |    -   name: a
        |        cluster:
        |          server: y
        |    - cluster:
        |        server: https://x
        |      name: lab
        |    # t
        |kind: Config`,
      ],
      "with the file's line ends, keeping its byte order mark": [
        "\ufeffkind: Config\r\nclusters:\r\n- name: a\r\n",
        "\ufeffkind: Config\r\nclusters:\r\n- name: a\r\n- cluster:\r\n    server: https://x\r\n  name: lab\r\n",
      ],
      "behind a last line that is not ended": [
        "clusters:\n- name: a",
        "clusters:\n- name: a\n- cluster:\n    server: https://x\n  name: lab",
      ],
      "before the end of the document": [
        "---\nclusters:\n- name: a\n...\n",
        "---\nclusters:\n- name: a\n- cluster:\n    server: https://x\n  name: lab\n...\n",
      ],
      "to JSON": [
        '{"clusters":[],"users":null}',
        '{"clusters":[{"cluster": {"server": "https://x"}, "name": "lab"}],"users":null}',
      ],
      "to an empty JSON file": [
        "{}\n",
        '{"apiVersion": "v1", "kind": "Config", "clusters": [{"cluster": {"server": "https://x"}, "name": "lab"}]}\n',
      ],
    };
    for (const [where, [before, after]] of Object.entries(added)) {
      it(where, () => assert.equal(setCluster(before, "lab", { server: "https://x" }), after));
    }

    it("whose values kubectl's YAML 1.1 and ours read as the same text", () => {
      const values = [
        "no",
        "y",
        "On",
        "null",
        "~",
        "1",
        "1:30",
        "0x1f",
        ".5",
        "1e3",
        "2001-01-01",
        "a: b",
        "a #b",
        "- x",
        "--x",
        "@x",
        "%x",
        "*x",
        "&x",
        "!x",
        "{",
        "[",
        "'",
        '"',
        "",
        " x",
        "x ",
        "x:",
        "a\nb",
        "a\tb",
        "\u0085",
        "\u2028",
        "\ufeff",
        "é",
        "🔑",
        "<<",
        "=",
        "arn:aws:iam::1:role/x",
        "LS0tLQ==",
        "C:\\x",
      ];
      const text = setUser("", "u", { args: values });
      assert.deepEqual(entriesOf(parseKubeconfig(text, "f").model, "users").get("u"), { args: values });
      const plain = text
        .split("\n")
        .filter((line) => /^ {4}- [^"]/.test(line))
        .map((line) => line.slice(6));
      assert.deepEqual(plain, ["--x", "arn:aws:iam::1:role/x", "LS0tLQ=="]);
    });
  });

  const odd = lines`
    |# head
    |users:
    |- name: a # first
    |  user:
    |    token: no # a word
    |    # keep
    |    exec:
    |        command: old
    |        args: # them
    |        - x
    |        - 'y'
    |        installHint: >-
    |            folded
    |            text
    |    x: 1
    |# between
    |-   user: {token: &t abc}
    |    name: b
    |kind: Config
    |`;

  it("changes only the fields that differ", () => {
    const exec = {
      command: "new",
      args: ["x", "z", "w"],
      installHint: "folded text",
      interactiveMode: "Never",
    };
    assert.equal(
      setUser(odd, "a", { token: false, exec, x: 1 }),
      odd
        .replace("command: old", "command: new")
        .replace("        - 'y'\n", "        - z\n        - w\n")
        .replace("            text\n", "            text\n        interactiveMode: Never\n"),
    );
  });

  it("touches nothing when the entry already is as desired", () => {
    assert.equal(setUser(odd, "b", { token: "abc" }), odd);
  });

  it("replaces a value in braces by one in braces", () => {
    assert.equal(
      setUser(odd, "b", { exec: { command: "new" } }),
      odd.replace("{token: &t abc}", '{"exec": {"command": "new"}}'),
    );
  });

  const fields: Record<string, [string, Record<string, unknown>, string]> = {
    "a field in lines": [
      "users:\n- name: u\n  user:\n    a: 1 # a\n    # b\n    b: 2\n",
      { b: 2 },
      "users:\n- name: u\n  user:\n    # b\n    b: 2\n",
    ],
    "all fields in lines": [
      "users:\n- name: u\n  user:\n    a: 1\n    b: 2 # b\nkind: Config\n",
      {},
      "users:\n- name: u\n  user:\n    {} # b\nkind: Config\n",
    ],
    "the first field behind a dash": [
      "users:\n- name: u\n  user:\n    l:\n    - x: 1\n      name: it # n\n",
      { l: [{ name: "it" }] },
      "users:\n- name: u\n  user:\n    l:\n    - name: it # n\n",
    ],
    "the first field in braces": [
      '{"users":[{"name":"u","user":{"a":1,"b":2,"c":3}}]}',
      { b: 2, c: 3 },
      '{"users":[{"name":"u","user":{"b":2,"c":3}}]}',
    ],
    "later fields in braces": [
      "users: [{name: u, user: {a: 1, b: 2, c: 3, }}]\n",
      { a: 1 },
      "users: [{name: u, user: {a: 1, }}]\n",
    ],
    "all fields in braces": ["users: [{name: u, user: {a: 1}}]\n", {}, "users: [{name: u, user: {}}]\n"],
    "a list that ends in a block of text": [
      "users:\n- name: u\n  user:\n    l:\n    - |\n      x\n    m: 1\n",
      { l: ["y"], m: 1 },
      'users:\n- name: u\n  user:\n    l:\n    - "y"\n    m: 1\n',
    ],
    "a block of text": [
      "users:\n- name: u\n  user:\n    t: |\n      x\n    m: 1\n",
      { t: { k: "v" }, m: 1 },
      "users:\n- name: u\n  user:\n    t:\n      k: v\n    m: 1\n",
    ],
  };
  for (const [which, [before, body, after]] of Object.entries(fields)) {
    it(`removes or replaces ${which}`, () => assert.equal(setUser(before, "u", body), after));
  }

  const removals: Record<string, [string, string]> = {
    "the first of several": [
      "clusters:\n# a\n- name: lab\n  cluster:\n    server: x # s\n# b\n- name: b\n",
      "clusters:\n# a\n# b\n- name: b\n",
    ],
    "the last of several": [
      "clusters:\n- name: b # b\n- cluster: {}\n  name: lab\nkind: Config\n",
      "clusters:\n- name: b # b\nkind: Config\n",
    ],
    "the only one": [
      "clusters: # all\n  # in\n  - name: lab\nkind: Config\n",
      "clusters: [] # all\n  # in\nkind: Config\n",
    ],
    "the only one, at the end": ["clusters:\n- name: lab", "clusters: []\n"],
    "one in brackets": [
      "clusters: [{name: a}, {name: lab}, {name: b}]\n",
      "clusters: [{name: a}, {name: b}]\n",
    ],
    "the first in brackets": ["clusters: [{name: lab}, {name: b}]\n", "clusters: [{name: b}]\n"],
    "the only one in brackets": ["clusters: [{name: lab} , ]\n", "clusters: []\n"],
    "one that is not there": ["clusters:\n- name: b\n", "clusters:\n- name: b\n"],
    "one of a section that is null": ["clusters:\nkind: Config\n", "clusters:\nkind: Config\n"],
  };
  for (const [which, [before, after]] of Object.entries(removals)) {
    it(`removes ${which}`, () => assert.equal(setCluster(before, "lab", undefined), after));
  }

  it("sets, changes and removes the current context", () => {
    const base = "kind: Config\nclusters: []\n";
    const set = edit(base, { entries: [], currentContext: "lab-vouch" });
    assert.equal(set, `${base}current-context: lab-vouch\n`);
    assert.equal(
      edit("current-context: 'a' # mine\n", { entries: [], currentContext: "on" }),
      'current-context: "on" # mine\n',
    );
    assert.equal(
      edit("a: 1\ncurrent-context: a # mine\nb: 1\n", { entries: [], currentContext: null }),
      "a: 1\nb: 1\n",
    );
    assert.equal(edit("current-context: a\nb: 1\n", { entries: [], currentContext: null }), "b: 1\n");
  });

  describe("where values are shared through anchors", () => {
    it("adds an entry however often a value is shared", () => {
      const users = Array.from(
        { length: 150 },
        (_, n) => `- name: u${n}\n  user: ${n === 0 ? "&u {token: abc}" : "*u"}\n`,
      );
      const text = `kind: Config\nusers:\n${users.join("")}`;
      const edited = setCluster(text, "lab", { server: "https://x" });
      assert.ok(edited.startsWith("kind: Config\n") && edited.includes(users.join("")));
      assert.equal(entriesOf(parseKubeconfig(edited, "/kc").model, "clusters").size, 1);
    });

    it("writes an alias of our own entry out and leaves the anchor", () => {
      const text = "clusters:\n- name: a\n  cluster: &c\n    server: https://x\n- name: lab\n  cluster: *c\n";
      assert.equal(
        setCluster(text, "lab", { server: "https://y" }),
        text.replace("  cluster: *c\n", "  cluster:\n    server: https://y\n"),
      );
    });

    it("overrides what a merge brings in", () => {
      const text = "x: &d {server: https://x, a: 1}\nclusters:\n- name: lab\n  cluster:\n    <<: *d # d\n";
      assert.equal(setCluster(text, "lab", { server: "https://y", a: 1 }), `${text}    server: https://y\n`);
    });

    const refusals: [string, string, Record<string, unknown> | undefined, RegExp][] = [
      [
        "removing an entry whose anchor others use",
        "clusters:\n- name: lab\n  cluster: &c {server: x}\n- name: b\n  cluster: *c\n",
        undefined,
        /its entries share values \(&c\)/,
      ],
      [
        "changing an entry that others repeat",
        "clusters:\n- name: lab\n  cluster: &c\n    server: x\n- name: b\n  cluster: *c\n",
        { server: "y" },
        /its entries share values \(&c\)/,
      ],
      [
        "removing what a merge brings in",
        "x: &d {a: 1}\nclusters:\n- name: lab\n  cluster:\n    <<: *d\n    server: x\n",
        { server: "x" },
        /comes from another map/,
      ],
    ];
    for (const [what, text, body, message] of refusals) {
      it(`refuses ${what}`, () => {
        assert.throws(() => setCluster(text, "lab", body), { code: "kubeconfig-invalid", message });
      });
    }
  });

  it("says what it should, whatever is changed in whatever style", () => {
    for (let seed = 1; seed <= 250; seed += 1) {
      const random = seededRandom(seed * 31);
      const document = parseKubeconfig(oddKubeconfig(seed), "/kc");
      const entries = SECTION_NAMES.flatMap((section) =>
        [...entriesOf(document.model, section), ["new", {}] as const].flatMap(([name, body]) => {
          const exec = { command: "z", args: random() < 0.5 ? [] : ["q"], env: [{ name: "A", value: "no" }] };
          const changes = [
            undefined,
            { ...body, extra: { a: [1, "x"], b: {} } },
            { fresh: "yes" },
            Object.fromEntries(Object.entries(body).slice(1)),
            { ...body, exec },
            body,
          ];
          const wanted = changes[Math.floor(random() * changes.length)];
          return random() < 0.3 ? [] : [{ section, name, body: wanted }];
        }),
      );
      const after = parseKubeconfig(editKubeconfig(document, { entries }), "/kc").model;
      for (const { section, name, body } of entries) {
        assert.deepEqual(entriesOf(after, section).get(name), body, `${section}/${name} of seed ${seed}`);
      }
    }
  });

  onPosix("shell", "refuses to end a block of text that the file leaves open", () => {
    const text = "users:\n- name: u\n  user:\n    token: |\n      abc";
    assert.throws(() => setCluster(text, "lab", {}), {
      code: "kubeconfig-invalid",
      hint: "Add a line break at its end and try again: `vi /kc`",
    });
  });
});
