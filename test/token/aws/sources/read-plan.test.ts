import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { readAwsFiles, witnessedPlan } from "../../../../token/aws/sources/read-plan.ts";
import { throughRoles } from "../../../../token/aws/sources/source-plan.ts";
import type { Env } from "../../../../token/env.ts";
import { awsMachine } from "../../../support/aws-machine.ts";
import { onPosix } from "../../../support/platform.ts";
import { tempFolder } from "../../../support/temp-folder.ts";
import { planWords } from "./plan-words.ts";
import { assertRefused } from "./refusal.ts";
import { KEYS_E, keys, role } from "./source-case.ts";
import { ROLE } from "./source-lab.ts";

const LATER_MS = 10_000;

describe("a plan that is read", () => {
  const folder = tempFolder();
  const config = () => path.join(folder(), ".aws", "config");
  const credentials = () => path.join(folder(), ".aws", "credentials");
  beforeEach(() => {
    fs.mkdirSync(path.dirname(config()));
    fs.writeFileSync(config(), `[profile a]\n${role("ra", "source_profile = c\n")}`);
    fs.writeFileSync(credentials(), `[c]\n${keys("C")}`);
  });

  interface Asked {
    readonly profile?: string | undefined;
    readonly role?: string;
    readonly via?: readonly string[];
    readonly env?: Env;
    readonly sessionName?: string;
    readonly clock?: () => number;
  }
  const read = (asked: Asked = {}) => {
    const { role: arn, via = [], sessionName, env = {}, clock = () => Date.now() + LATER_MS } = asked;
    const profile = "profile" in asked ? asked.profile : "a";
    const region = "eu-west-1";
    const files = readAwsFiles(awsMachine(folder(), env, clock));
    const { plan, witnesses } = witnessedPlan({ profile, region }, files, env);
    return {
      files: files.files,
      plan: throughRoles(plan, { via, role: arn, region, sessionName }),
      witnesses,
    };
  };
  const witnessed = (asked: Asked = {}) => read(asked).witnesses?.map(([file]) => file);

  it("is made from both files, which tell of a change", () => {
    const { plan, witnesses, files } = read();
    assert.equal(planWords(plan), "ra by C");
    assert.deepEqual(
      witnesses?.map(([file]) => file),
      [config(), credentials()],
    );
    for (const [, identity] of witnesses ?? []) assert.match(identity, /^\d+\.\d+\.\d+\.\d+\.\d+$/);
    assert.deepEqual([files.configPath, files.credentialsPath], [config(), credentials()]);
    fs.appendFileSync(config(), "# one more\n");
    assert.notDeepEqual(read().witnesses, witnesses);
  });

  it("has a file that is not there as a state of its own", () => {
    fs.rmSync(credentials());
    fs.writeFileSync(config(), `[profile a]\n${keys("C")}`);
    assert.deepEqual(read().witnesses?.at(1), [credentials(), "-"]);
  });

  onPosix(
    "paths",
    "tells nothing by a file that was written just now, or is named by the working directory",
    () => {
      assert.equal(witnessed({ clock: Date.now }), undefined);
      for (const [name, file] of [
        ["AWS_CONFIG_FILE", config()],
        ["AWS_SHARED_CREDENTIALS_FILE", credentials()],
      ] as const)
        assert.equal(witnessed({ env: { [name]: path.relative(process.cwd(), file) } }), undefined);
    },
  );

  onPosix("paths", "is made from the files that the variables name, below the home too", () => {
    const other = path.join(folder(), "other");
    fs.writeFileSync(other, `[profile a]\n${keys("D")}`);
    for (const name of [other, "~/other"]) {
      const env = { AWS_CONFIG_FILE: name };
      assert.equal(planWords(read({ env }).plan), "D");
      assert.deepEqual(witnessed({ env }), [other, credentials()]);
    }
    assert.equal(planWords(read({ env: { AWS_CONFIG_FILE: "/dev/null" }, profile: "c" }).plan), "C");
    assert.equal(witnessed({ env: { AWS_CONFIG_FILE: "/dev/null" }, profile: "c" }), undefined);
  });

  it("tells nothing under a profile whose source is a variable, and all without one", () => {
    fs.writeFileSync(config(), `[profile a]\n${role("ra", "credential_source = Environment\n")}`);
    assert.equal(witnessed({ env: KEYS_E }), undefined);
    assert.deepEqual(witnessed({ env: KEYS_E, profile: undefined }), [config(), credentials()]);
  });

  it("ends with the roles of the command line, in sessions of one name if it says one", () => {
    const asked = { role: ROLE("last"), via: [ROLE("one"), ROLE("two"), ROLE("two")] };
    assert.equal(planWords(read(asked).plan), "last by two by one by ra by C");
    const named = planWords(read({ ...asked, sessionName: "n" }).plan);
    assert.equal(named, "last[name=n] by two[name=n] by one[name=n] by ra by C");
    const twice = read({ role: ROLE("x"), via: [ROLE("x")] }).plan;
    assert.equal(planWords(twice), "x by ra by C");
    assert.deepEqual(read(asked).plan.origin, { option: "--role" });
  });

  for (const [what, spoil, code, says] of [
    [
      "a folder",
      () => fs.rmSync(config()) ?? fs.mkdirSync(config()),
      "file-unreadable",
      /config cannot be read: it is a directory/,
    ],
    [
      "not UTF-8",
      () => fs.writeFileSync(credentials(), Buffer.from([0x5b, 0xe4, 0x5d])),
      "file-unreadable",
      /credentials cannot be read: it is not UTF-8 text/,
    ],
    [
      "UTF-16",
      () => fs.writeFileSync(config(), Buffer.from("\ufeff[default]", "utf16le")),
      "file-unreadable",
      /its text is UTF-16/,
    ],
    [
      "broken",
      () => fs.writeFileSync(config(), "[profile a\n"),
      "aws-config-invalid",
      /Cannot use .*config: line 1/,
    ],
    [
      "a pipe",
      () => fs.rmSync(config()) ?? fs.symlinkSync("/dev/zero", config()),
      "file-unreadable",
      /it is a device/,
    ],
  ] as const)
    onPosix("modes", `is none where a file is ${what}`, async () => {
      spoil();
      await assertRefused(async () => read(), { code, exit: 6, says });
    });

  // Nothing is kept from root.
  if (process.getuid?.() !== 0)
    onPosix("modes", "is none where a file may not be read", async () => {
      fs.chmodSync(config(), 0);
      await assertRefused(async () => read(), {
        code: "file-unreadable",
        exit: 6,
        says: /permission denied/,
      });
    });
});
