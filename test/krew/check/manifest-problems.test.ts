import assert from "node:assert/strict";
import { parse, stringify } from "yaml";
import { readManifest } from "../../../krew/check/manifest.ts";
import { manifestProblems } from "../../../krew/check/manifest-problems.ts";
import { fakeRelease } from "../../support/krew-release.ts";

const SOUND = fakeRelease("0.1.0").manifest;

/** biome-ignore lint/suspicious/noExplicitAny: broken on purpose, in every way. */
type Broken = any;

/** Problems of the sound manifest after a change. */
function changed(change: (manifest: Broken) => void, fileName = "vouch.yaml"): string[] {
  const manifest = parse(SOUND) as Broken;
  change(manifest);
  return manifestProblems(readManifest(stringify(manifest)), fileName);
}

describe("a krew manifest", () => {
  it("has no problem as we make it", () => {
    assert.deepEqual(manifestProblems(readManifest(SOUND), "vouch.yaml"), []);
  });

  const sound: Record<string, (manifest: Broken) => void> = {
    "a pre-release": (m) => (m.spec.version = "v1.0.0-rc.1+build.5"),
    "no files: everything": (m) => (m.spec.platforms[0].files = null),
    "file operations": (m) => (m.spec.platforms[0].files = [{ from: "*", to: "." }]),
    "expressions that leave no pair twice": (m) => {
      m.spec.platforms[0].selector = {
        matchExpressions: [
          { key: "os", operator: "In", values: ["linux"] },
          { key: "arch", operator: "NotIn", values: ["arm64", "arm", "386"] },
          { key: "arch", operator: "Exists" },
        ],
      };
    },
  };
  for (const [name, change] of Object.entries(sound)) {
    it(`has no problem with ${name}`, () => assert.deepEqual(changed(change), []));
  }

  const broken: Record<string, [(manifest: Broken) => void, string[]]> = {
    "another apiVersion": [
      (m) => (m.apiVersion = "v1"),
      ['has apiVersion "v1", expected "krew.googlecontainertools.github.com/v1alpha2"'],
    ],
    "another kind": [(m) => (m.kind = "Pod"), ['is of kind "Pod", expected "Plugin"']],
    "another name": [(m) => (m.metadata.name = "vouch2"), ["is called vouch.yaml, expected vouch2.yaml"]],
    "no name": [
      (m) => delete m.metadata,
      ['has the name "undefined", which krew does not take', "is called vouch.yaml, expected undefined.yaml"],
    ],
    "no version": [(m) => delete m.spec.version, ["has no version"]],
    "no v": [(m) => (m.spec.version = "0.1.0"), ['has version "0.1.0", which does not start with v']],
    "half a version": [(m) => (m.spec.version = "v1.0"), ['has version "v1.0", no semantic version']],
    "a leading zero": [(m) => (m.spec.version = "v1.02.0"), ['has version "v1.02.0", no semantic version']],
    "no short description": [(m) => (m.spec.shortDescription = ""), ["has no short description"]],
    "two lines of short description": [
      (m) => (m.spec.shortDescription = "a\nb"),
      ["has a line break in its short description"],
    ],
    "a long short description": [
      (m) => (m.spec.shortDescription = "x".repeat(51)),
      ["has a short description of 51 characters, expected at most 50"],
    ],
    "no description": [(m) => delete m.spec.description, ["has no description"]],
    "a wide description": [
      (m) => (m.spec.description = `short\n${"x".repeat(81)}`),
      [`has a line of 81 characters in its description: "${"x".repeat(81)}"`],
    ],
    "no homepage": [(m) => delete m.spec.homepage, ["has no homepage"]],
    "no platform": [(m) => (m.spec.platforms = []), ["offers no platform"]],
    "no list of platforms": [(m) => (m.spec.platforms = "linux"), ["offers no platform"]],
    "no uri": [(m) => delete m.spec.platforms[0].uri, ["platform 0: has no `uri`"]],
    "no sum": [(m) => delete m.spec.platforms[1].sha256, ["platform 1: has no `sha256`"]],
    "a sum in capitals": [
      (m) => (m.spec.platforms[0].sha256 = "A".repeat(64)),
      [`platform 0: its \`sha256\` "${"A".repeat(64)}" is no SHA-256 in lower-case hexadecimal`],
    ],
    "a short sum": [
      (m) => (m.spec.platforms[0].sha256 = "abc"),
      ['platform 0: its `sha256` "abc" is no SHA-256 in lower-case hexadecimal'],
    ],
    "a sum that is a number": [
      (m) => (m.spec.platforms[0].sha256 = 11),
      ["platform 0: its `sha256` is a number: it must be quoted"],
    ],
    "no bin": [(m) => delete m.spec.platforms[0].bin, ["platform 0: has no `bin`"]],
    "empty files": [
      (m) => (m.spec.platforms[0].files = []),
      ["platform 0: its `files` are empty: leave them out to take everything"],
    ],
    "half a file operation": [
      (m) => (m.spec.platforms[0].files = [{ from: "a" }, { to: "a" }]),
      ["platform 0: a file operation has no `to`", "platform 0: a file operation has no `from`"],
    ],
    "a path that is not clean": [
      (m) => (m.spec.platforms[0].files = [{ from: "a", to: "./b/" }]),
      ['platform 0: `to` is "./b/", expected "b"'],
    ],
    "no selector": [
      (m) => delete m.spec.platforms[5].selector,
      [
        "platform 5: selects nothing: no `selector`, or an empty one",
        "platform 5 selects no platform that krew knows",
      ],
    ],
    "empty labels": [
      (m) => (m.spec.platforms[5].selector = { matchLabels: {} }),
      ["platform 5: `matchLabels` is empty", "platform 5 selects no platform that krew knows"],
    ],
    "empty expressions": [
      (m) => (m.spec.platforms[5].selector.matchExpressions = []),
      ["platform 5: `matchExpressions` is empty", "platform 5 selects no platform that krew knows"],
    ],
    "another label": [
      (m) => (m.spec.platforms[5].selector.matchLabels.cpu = "x"),
      [
        'platform 5: selects by "cpu", but krew knows only os and arch',
        "platform 5 selects no platform that krew knows",
      ],
    ],
    "an unknown processor": [
      (m) => (m.spec.platforms[5].selector.matchLabels.arch = "x86_64"),
      ["platform 5 selects no platform that krew knows"],
    ],
    "an unknown operator": [
      (m) => (m.spec.platforms[5].selector = { matchExpressions: [{ key: "os", operator: "Like" }] }),
      ["platform 5 selects no platform that krew knows"],
    ],
    "one platform twice": [
      (m) => (m.spec.platforms[1].selector.matchLabels.arch = "amd64"),
      ["platforms 0 and 1 both select linux/amd64"],
    ],
    "an overlap by system alone": [
      (m) => delete m.spec.platforms[4].selector.matchLabels.arch,
      ["platforms 4 and 5 both select windows/arm64"],
    ],
  };
  for (const [name, [change, problems]] of Object.entries(broken)) {
    it(`is refused with ${name}`, () => assert.deepEqual(changed(change), problems));
  }

  for (const name of ["NUL", "com1", "a b", "a/b", "../x"]) {
    it(`is refused with the name "${name}"`, () => {
      assert.ok(
        changed((m) => (m.metadata.name = name), `${name}.yaml`).includes(
          `has the name "${name}", which krew does not take`,
        ),
      );
    });
  }

  it("is refused when it is called otherwise, or is no YAML map", () => {
    assert.deepEqual(
      changed(() => undefined, "vouch.yml"),
      ["is called vouch.yml, expected vouch.yaml"],
    );
    for (const text of ["- a", "text", "", "a: [", "a: 1\na: 2"]) {
      assert.throws(() => readManifest(text), /is no YAML/, text);
    }
  });
});
