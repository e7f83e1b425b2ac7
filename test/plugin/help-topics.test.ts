import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { run } from "../../plugin/cli.ts";
import { EXIT_STATUSES, TOPICS, VARIABLES } from "../../plugin/manual/topics.ts";
import { EXIT } from "../../token/errors/errors.ts";
import { SETTING_NAMES, settingKey } from "../../token/settings/setting-keys.ts";
import { namesOnPage } from "../steering/security-page.ts";
import { fakeApp } from "../support/fake-app.ts";
import { onPosix } from "../support/platform.ts";

const ROOT = path.resolve(import.meta.dirname, "../..");

describe("kubectl vouch help TOPIC", () => {
  const help = async (...words: string[]) => {
    const app = fakeApp({ home: "/home/ada", env: { HOME: "/home/ada", XDG_STATE_HOME: "/state" } });
    const status = await run(["help", ...words], app);
    return { status, ...app.written };
  };

  for (const topic of Object.keys(TOPICS)) {
    it(`explains ${topic}, in lines that fit`, async () => {
      const { status, stdout, stderr } = await help(topic);
      assert.deepEqual({ status, stderr }, { status: 0, stderr: "" });
      assert.ok(stdout.endsWith("\n") && stdout.length > 300);
      for (const line of stdout.split("\n")) assert.ok(line.length <= 130, line);
    });
  }

  it("fits a narrow terminal, and a wide one", async () => {
    for (const columns of [60, 120]) {
      const app = fakeApp({ home: "/home/ada", env: { HOME: "/home/ada" }, columns });
      assert.equal(await run(["help", "environment"], app), 0);
      const longest = Math.max(...app.written.stdout.split("\n").map((line) => line.length));
      assert.ok(longest <= columns && longest > columns - 20, `${longest} of ${columns}`);
    }
  });

  onPosix("paths", "names the files of this machine", async () => {
    const { stdout } = await help("files");
    assert.match(stdout, /^\/home\/ada\/\.config\/kubectl-vouch\/config\.yaml +your settings/m);
    assert.match(stdout, /^\/state\/kubectl-vouch\/current\.json +who is logged in/m);
  });

  it("knows every exit status, as EXIT-STATUS.md has them", () => {
    assert.deepEqual(
      EXIT_STATUSES.map(([status]) => status),
      Object.values(EXIT),
    );
    const page = fs.readFileSync(path.join(ROOT, "plugin/EXIT-STATUS.md"), "utf8");
    const rows = [...page.matchAll(/^\| (\d+) *\| (.*?) *\| (.*?) *\|$/gm)].map(([, status, ...words]) => [
      Number(status),
      ...words,
    ]);
    assert.deepEqual(rows, EXIT_STATUSES);
  });

  it("names the variables of ours and of the settings, and none that is not on the page of all", () => {
    const named = Object.keys(VARIABLES).flatMap((names) => names.split(", "));
    const known = namesOnPage();
    const ofSettings = SETTING_NAMES.flatMap((name) => settingKey(name).stronger?.match(/[A-Z_]{4,}/g) ?? []);
    const own = known.filter((name) => name.startsWith("VOUCH_"));
    assert.ok(own.length >= 3 && ofSettings.length >= 6);
    assert.deepEqual(
      [...own, ...ofSettings].filter((name) => !named.includes(name)),
      [],
    );
    assert.deepEqual(
      named.filter((name) => !known.includes(name)),
      [],
    );
  });

  it("is the help of a command where it is one, and names what is neither", async () => {
    assert.match((await help("login")).stdout, /^kubectl vouch login\n/);
    assert.deepEqual(await help("environment", "-o", "json"), await help("environment"));
    const { status, stderr } = await help("nothing");
    assert.equal(status, 64);
    assert.match(stderr, /No help found for "nothing"\./);
  });
});
