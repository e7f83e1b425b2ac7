import assert from "node:assert/strict";
import { SETTING_NAMES, settingKey } from "../../../token/settings/setting-keys.ts";
import {
  configPath,
  keyStoreSetting,
  readConfig,
  type SettingSources,
  serverSetting,
} from "../../../token/settings/settings.ts";
import { onPosix } from "../../support/platform.ts";

const FILE = "/home/ada/.config/kubectl-vouch/config.yaml";

describe("config.yaml", () => {
  onPosix("paths", "lies in the folder of the configuration", () => {
    assert.equal(configPath("/home/ada/.config/kubectl-vouch"), FILE);
  });

  for (const text of [undefined, "", " \n", "# nothing set\n", "---\n", "null\n", "{}"]) {
    it(`sets nothing when it is ${JSON.stringify(text) ?? "not there"}`, () => {
      assert.deepEqual(readConfig(text, FILE), {});
    });
  }

  it("sets all it may, with comments between", () => {
    const text =
      "# ours\nserver: https://eu.vouch.sh # the one in Europe\naccount: ada@example.com\nkeyStore: file\n";
    assert.deepEqual(readConfig(text, FILE), {
      server: "https://eu.vouch.sh",
      account: "ada@example.com",
      keyStore: "file",
    });
  });

  it("reads a line as `config set` reads its value, quoted or not, and leaves addresses to who uses them", () => {
    const texts = [
      "on",
      "off",
      "true",
      "false",
      "keyring",
      "file",
      "ada@example.com",
      "/ca.pem",
      "maybe",
      "",
    ];
    for (const name of SETTING_NAMES) {
      const { kind, read } = settingKey(name);
      for (const text of texts) {
        const line = `${name}: ${JSON.stringify(text)}`;
        const meant = kind === "address" ? text : read(text);
        if (meant === undefined)
          assert.throws(() => readConfig(line, FILE), { code: "config-invalid" }, line);
        else assert.deepEqual(readConfig(line, FILE), { [name]: meant }, line);
      }
    }
    assert.deepEqual(readConfig("cache: off\nnotify: true\nrequireClusterInfo: true\n", FILE), {
      cache: false,
      notify: true,
      requireClusterInfo: true,
    });
  });

  const wrong: Readonly<Record<string, RegExp>> = {
    "serv: https://us.vouch.sh": /unknown setting serv; the known settings are server, account, keyStore/,
    "toString: x": /unknown setting toString; the known settings are/,
    "server: 7": /server is not a string/,
    "account: [a]": /account is not a string/,
    "server:": /server is not a string/,
    "keyStore: vault": /keyStore must be keyring or file/,
    "cache: maybe": /cache must be on or off/,
    "cache: 1": /cache must be on or off/,
    "notify: [on]": /notify must be on or off/,
    "requireClusterInfo: on": /requireClusterInfo must be true or false/,
    "vouchCaBundle: ca.pem": /vouchCaBundle must be an absolute path/,
    "account: ada": /account must be an e-mail address/,
    "keyStore: true": /keyStore is not a string/,
    "- server": /it is not a list of `name: value` lines/,
    "just text": /it is not a list of `name: value` lines/,
    "server: a\nserver: b": /line 2: Map keys must be unique/,
    "server: a\n  account: b": /line [12]: /,
    "server: a\naccount: 'b": /line [23]: /,
    "server: a\n\t- b": /line 2: /,
    "server: *nowhere": /it contains an alias or a merge that cannot be resolved/,
    "server: a\n---\nserver: b": /line [23]: /,
  };
  for (const [text, why] of Object.entries(wrong)) {
    onPosix("shell", `cannot be used with ${JSON.stringify(text)}`, () => {
      assert.throws(
        () => readConfig(text, FILE),
        (error: Error & { code?: string; hint?: string }) => {
          assert.equal(error.code, "config-invalid");
          assert.match(error.message, new RegExp(`^Cannot use ${FILE}: .*\\.$`));
          assert.match(error.message, why);
          assert.equal(error.hint, `Correct it: \`vi ${FILE}\``);
          return true;
        },
      );
    });
  }
});

const NOTHING: SettingSources = { env: {}, config: {}, fileOf: () => FILE };

describe("serverSetting", () => {
  const all: SettingSources = {
    flag: "https://flag",
    env: { VOUCH_SERVER: "https://env" },
    config: { server: "https://config" },
    fileOf: () => FILE,
  };
  const cases: Readonly<Record<string, readonly [SettingSources, string | undefined, string, string]>> = {
    "the flag before all": [all, "https://last", "https://flag", "flag --server"],
    "the variable before the file": [
      { ...all, flag: undefined },
      "https://last",
      "https://env",
      "VOUCH_SERVER",
    ],
    "the file before the last login": [
      { ...all, flag: undefined, env: { VOUCH_SERVER: "" } },
      "https://last",
      "https://config",
      FILE,
    ],
    "the last login before the default": [NOTHING, "https://last", "https://last", "last login"],
    "the default when nobody says": [NOTHING, undefined, "https://us.vouch.sh", "default"],
  };
  for (const [what, [sources, lastLogin, value, origin]] of Object.entries(cases)) {
    it(`takes ${what}, and says so`, () => {
      assert.deepEqual(serverSetting(sources, lastLogin), { value, origin });
    });
  }
});

describe("keyStoreSetting", () => {
  it("takes the flag before the file before nothing, and says so", () => {
    const config = { keyStore: "file" } as const;
    assert.deepEqual(keyStoreSetting({ ...NOTHING, flag: "keyring", config }), {
      value: "keyring",
      origin: "flag --key-store",
    });
    assert.deepEqual(keyStoreSetting({ ...NOTHING, flag: "file" }), {
      value: "file",
      origin: "flag --key-store",
    });
    assert.deepEqual(keyStoreSetting({ ...NOTHING, config }), { value: "file", origin: FILE });
    assert.deepEqual(keyStoreSetting(NOTHING), { value: undefined, origin: "default" });
  });
});
