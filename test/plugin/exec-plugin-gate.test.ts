import assert from "node:assert/strict";
import fs from "node:fs";
import { run } from "../../plugin/cli.ts";
import { execInfoFor } from "../support/cluster-infos.ts";
import { fakeApp } from "../support/fake-app.ts";
import { helpTexts } from "../support/help-sheet.ts";
import { tempFolder } from "../support/temp-folder.ts";

/** Every command there is, as the sheet of the help tells. */
const COMMANDS = [...helpTexts().keys()]
  .filter((command) => command !== "")
  .map((command) => command.split(" "));

const REFUSED = [
  ...COMMANDS.filter((words) => !["credential eks", "version"].includes(words.join(" "))),
  [],
  ["--help"],
  ["--version"],
  ["help", "credential", "eks"],
  ["__complete", ""],
  ["doctor", "--", "credential", "eks"],
  ["--color", "never", "credential", "eks"],
  ["credential"],
  ["credential", "--help"],
  ["credential", "--", "eks"],
  ["credential eks"],
  ["Version"],
  ["frobnicate"],
];

describe("a client's credential plugin, as KUBERNETES_EXEC_INFO shows it", () => {
  const home = tempFolder();
  const call = async (args: readonly string[], execInfo: string) => {
    const env = { HOME: home(), KUBERNETES_EXEC_INFO: execInfo };
    const app = fakeApp({ home: home(), env, clock: Date.now });
    return { status: await run(args, app), ...app.written };
  };

  for (const args of REFUSED) {
    it(`is not \`kubectl-vouch ${args.join(" ")}\``, async () => {
      for (const info of [execInfoFor(undefined), "{}", "x"]) {
        const { status, stdout, stderr } = await call(args, info);
        assert.deepEqual([status, stdout], [64, ""]);
        assert.match(
          stderr,
          /^error: KUBERNETES_EXEC_INFO is set, as when kubectl runs a credential plugin; in that case, only `credential eks` and `version` are allowed\. \[exec-command-refused\]\n/,
        );
      }
      assert.deepEqual(fs.readdirSync(home()), []);
    });
  }

  it("knows all commands", () => {
    assert.ok(COMMANDS.length > 20, COMMANDS.join());
  });

  it("is told how a kubeconfig entry of `aws` comes to run us", async () => {
    const { stderr } = await call(["credential", "aws", "--role", "x"], execInfoFor(undefined));
    assert.match(stderr, /`aws eks get-token` .*: `kubectl vouch setup eks --cluster NAME --migrate`\n$/);
  });

  it("is `version`, and `credential eks`", async () => {
    assert.equal((await call(["version"], execInfoFor(undefined))).status, 0);
    assert.match(
      (await call(["credential", "eks"], execInfoFor(undefined))).stderr,
      /--cluster-name is required/,
    );
  });

  for (const blank of ["", " \n"]) {
    it(`may be anything when the variable says nothing: ${JSON.stringify(blank)}`, async () => {
      assert.equal((await call(["--help"], blank)).status, 0);
    });
  }
});
