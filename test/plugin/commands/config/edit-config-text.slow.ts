import assert from "node:assert/strict";
import { withoutSetting, withSetting } from "../../../../plugin/commands/config/edit-config-text.ts";
import { VouchError } from "../../../../token/errors/errors.ts";
import { SETTING_NAMES, type SettingName } from "../../../../token/settings/setting-keys.ts";
import { readConfig } from "../../../../token/settings/settings.ts";
import { oddConfig } from "./odd-config.ts";

const FILE = "/home/ada/.config/kubectl-vouch/config.yaml";

const VALUES: Readonly<Record<SettingName, string | boolean>> = {
  server: "https://new.example",
  account: "new@example.com",
  keyStore: "keyring",
  cache: false,
  notify: true,
  requireClusterInfo: false,
  vouchCaBundle: "/new/ca file #1.pem",
  awsCaBundle: "/new/ca: 'x'.pem",
  stsEndpoint: "https://new-sts.example",
  eksEndpoint: "https://new-eks.example/#x",
  iamEndpoint: "http://localhost:4566",
};

const SEEDS = Array.from({ length: 500 }, (_, seed) => seed);

/** Odd files that are valid. An alias without its anchor makes some that are not. */
const TEXTS = SEEDS.map(oddConfig).filter((text) => {
  try {
    readConfig(text, FILE);
    return true;
  } catch {
    return false;
  }
});

function set(text: string, name: SettingName): string {
  return withSetting({ file: FILE, text }, name, VALUES[name]);
}

/** Undefined where others take their value from this one, which is refused. */
function orRefused<T>(text: string, work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    assert.ok(error instanceof VouchError && error.code === "config-invalid", String(error));
    assert.match(
      error.message,
      /^stsEndpoint cannot be changed in .*: \w+ uses its value/,
      JSON.stringify(text),
    );
    return undefined;
  }
}

const linesOf = (text: string) => text.replace("\ufeff", "").split(/\r?\n/);
const comments = (text: string) => text.match(/^[ \t]*#.*$/gm) ?? [];

describe("config.yaml, edited in place", () => {
  it("is tried on many files", () => {
    assert.ok(TEXTS.length > SEEDS.length * 0.7, String(TEXTS.length));
    for (const sign of ["\r\n", "\ufeff", "{", "...", "%YAML", "*x", "? ", ">-"])
      assert.ok(TEXTS.filter((text) => text.includes(sign)).length > 10, sign);
  });

  it("is the same bytes again when what was not there is set and unset", () => {
    for (const text of TEXTS) {
      const before = readConfig(text, FILE);
      for (const name of SETTING_NAMES.filter((each) => before[each] === undefined)) {
        const after = set(text, name);
        assert.deepEqual(readConfig(after, FILE), { ...before, [name]: VALUES[name] }, JSON.stringify(text));
        const back = withoutSetting({ file: FILE, text: after }, name);
        assert.equal(JSON.stringify(back), JSON.stringify(text), JSON.stringify(after));
      }
    }
  });

  it("says only that setting otherwise, and keeps its comments, when what was there is set", () => {
    for (const text of TEXTS) {
      const before = readConfig(text, FILE);
      for (const name of SETTING_NAMES.filter((each) => before[each] !== undefined)) {
        const after = orRefused(text, () => set(text, name));
        if (after === undefined) continue;
        assert.deepEqual(readConfig(after, FILE), { ...before, [name]: VALUES[name] }, JSON.stringify(text));
        assert.deepEqual(comments(after), comments(text));
        assert.equal(set(after, name), after);
      }
    }
  });

  it("says only that setting no more, and keeps the other lines, when what was there is unset", () => {
    for (const text of TEXTS) {
      const before = readConfig(text, FILE);
      for (const name of SETTING_NAMES.filter((each) => before[each] !== undefined)) {
        const after = orRefused(text, () => withoutSetting({ file: FILE, text }, name));
        if (after === undefined) continue;
        const { [name]: _gone, ...others } = before;
        assert.deepEqual(readConfig(after, FILE), others, JSON.stringify(text));
        const left = linesOf(after);
        const lost = linesOf(text).filter((line) => {
          const at = left.indexOf(line);
          if (at >= 0) left.splice(at, 1);
          return at < 0;
        });
        if (!text.includes("{"))
          assert.ok(
            lost.length <= 3 && lost.every((line) => !line.startsWith("#")),
            JSON.stringify([text, after]),
          );
      }
    }
  });

  it("is not touched when it says already what is set", () => {
    for (const text of ["cache: off # x\n", "{cache: off}", '{"server": "https://new.example"}'])
      for (const name of ["cache", "server"] as const)
        if (readConfig(text, FILE)[name] === VALUES[name])
          assert.deepEqual(readConfig(set(text, name), FILE), readConfig(text, FILE));
  });

  const REMOVED: Readonly<Record<string, readonly [string, string]>> = {
    "the first of two in brackets": ["{cache: on, notify: on}\n", "{notify: on}\n"],
    "the last of two in brackets": ["{notify: on, cache: on}\n", "{notify: on}\n"],
    "the only one, with a comma": ["{cache: on,}\n", "{}\n"],
    "a line of its own in brackets": ["{\n  cache: on,\n  notify: on\n}\n", "{\n  notify: on\n}\n"],
    "the last line in brackets": ["{\n  notify: on,\n  cache: on\n}\n", "{\n  notify: on\n}\n"],
    "with a list": ["cache:\n  - a # x\n  - b\n\nnotify: on\n", "\nnotify: on\n"],
    "without a value": ["cache:\n# x\nnotify: on\n", "# x\nnotify: on\n"],
    "without a colon": ["? cache\nnotify: on\n", "notify: on\n"],
  };
  for (const [what, [text, after]] of Object.entries(REMOVED)) {
    it(`loses one key: ${what}`, () => {
      assert.equal(withoutSetting({ file: FILE, text }, "cache"), after);
    });
  }

  const SET: Readonly<Record<string, readonly [string, string]>> = {
    "no value": ["cache: # x\n", "cache: off # x\n"],
    "a list in lines": ["cache:\n  - a\n\nnotify: on\n", "cache: off\n\nnotify: on\n"],
    "a list in brackets": ["cache: [a] # x\n", "cache: off # x\n"],
    "an alias that leads nowhere": ["cache: *x\n", "cache: off\n"],
    "nothing but null": ["null # x\n", "cache: off # x\n"],
  };
  for (const [what, [text, after]] of Object.entries(SET)) {
    it(`gets a value in place of ${what}`, () => {
      assert.equal(set(text, "cache"), after);
    });
  }

  it("is refused with what to do where the place is unclear", () => {
    for (const [text, name] of [
      ["? cache\n", "cache"],
      ["--- null\n", "cache"],
    ] as const) {
      assert.throws(() => set(text, name), {
        code: "config-invalid",
        message: /^cache cannot be changed in place in .*: .+\.$/,
        hint: `Edit the file: \`vi ${FILE}\``,
      });
    }
  });
});
