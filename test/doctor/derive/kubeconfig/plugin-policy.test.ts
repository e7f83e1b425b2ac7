import assert from "node:assert/strict";
import { cleanPath, isAllowed, readPluginRules } from "../../../../doctor/derive/kubeconfig/plugin-policy.ts";

const kuberc = (body: string, version = "v1beta1") =>
  `apiVersion: kubectl.config.k8s.io/${version}\nkind: Preference\n${body}\n`;

describe("readPluginRules", () => {
  it("reads the first document that is a kuberc with policies", () => {
    const text = `kind: ConfigMap\n---\n${kuberc("credentialPluginPolicy: DenyAll")}---\n${kuberc("")}`;
    assert.deepEqual(readPluginRules(text), {
      policy: "DenyAll",
      allowlist: undefined,
      contradiction: undefined,
    });
    assert.equal(readPluginRules(kuberc("credentialPluginPolicy: DenyAll", "v1alpha1")), undefined);
    assert.equal(readPluginRules(""), undefined);
  });

  it("reads programs by either key, or by the one that kubectl 1.35 knows", () => {
    const text = kuberc(
      "credentialPluginPolicy: Allowlist\ncredentialPluginAllowlist:\n- command: aws\n- name: x\n  command: x",
    );
    assert.deepEqual(readPluginRules(text)?.allowlist, ["aws", "x"]);
    assert.equal(readPluginRules(text)?.contradiction, undefined);
    assert.equal(readPluginRules(text, ["name"])?.contradiction, "a list entry does not specify a program");
  });

  const unreadable = {
    "no YAML": "a: [",
    "a doubled key, whose last value kubectl takes": kuberc(
      "credentialPluginPolicy: AllowAll\ncredentialPluginPolicy: DenyAll",
    ),
    "an entry with two names": kuberc(
      "credentialPluginPolicy: Allowlist\ncredentialPluginAllowlist: [{name: a, command: b}]",
    ),
  };
  for (const [what, text] of Object.entries(unreadable)) {
    it(`throws for ${what}: nobody may take it for no policy`, () => {
      assert.throws(() => readPluginRules(text));
    });
  }
});

describe("isAllowed", () => {
  const rules = (...allowlist: readonly string[]) => ({
    policy: "Allowlist",
    allowlist,
    contradiction: undefined,
  });
  const lookPath = (name: string) => (name === "aws" ? "/usr/bin/aws" : name);

  it("compares texts and the paths they are found at", () => {
    const cases: readonly (readonly [list: string, command: string, allowed: boolean])[] = [
      ["aws", "aws", true],
      ["aws", "/usr/bin/aws", true],
      ["aws", "/usr/bin/../bin/aws", true],
      ["/usr/bin/aws", "aws", true],
      ["/opt/aws", "aws", false],
      ["aws", "/opt/aws", false],
      ["kubelogin", "aws", false],
    ];
    for (const [list, command, allowed] of cases)
      assert.equal(isAllowed(rules(list), command, lookPath), allowed, `${list} for ${command}`);
  });

  it("allows nothing that is nowhere, unless its name is on the list", () => {
    assert.equal(
      isAllowed(rules("/usr/bin/aws"), "asw", () => undefined),
      false,
    );
  });
});

describe("cleanPath", () => {
  it("does as Go's filepath.Clean", () => {
    // Source: golang/go, path/filepath/path_test.go, `cleantests`.
    const cases = {
      abc: "abc",
      "abc/def": "abc/def",
      a: "a",
      ".": ".",
      "..": "..",
      "../..": "../..",
      "../../abc": "../../abc",
      "/abc": "/abc",
      "/": "/",
      "": ".",
      "abc/": "abc",
      "../../": "../..",
      "/abc/": "/abc",
      "abc//def//ghi": "abc/def/ghi",
      "//abc": "/abc",
      "abc/./def": "abc/def",
      "/./abc/def": "/abc/def",
      "abc/def/ghi/../jkl": "abc/def/jkl",
      "abc/def/..": "abc",
      "abc/def/../..": ".",
      "/abc/def/../..": "/",
      "abc/def/../../..": "..",
      "/abc/def/../../..": "/",
      "abc/def/../../../ghi/jkl/../../../mno": "../../mno",
      "/../abc": "/abc",
      "abc/../../././../def": "../../def",
    };
    assert.deepEqual(Object.fromEntries(Object.keys(cases).map((file) => [file, cleanPath(file)])), cases);
  });
});
