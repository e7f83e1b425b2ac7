import assert from "node:assert/strict";
import path from "node:path";
import { OPTIONS } from "../../../plugin/commands/setup/setup-eks.options.ts";
import { labDesk } from "../../support/lab-desk.ts";
import { suiteOnPosix } from "../../support/platform.ts";

const ROLE = "arn:aws:iam::111122223333:role/Dev";
const HOP = "arn:aws:iam::111122223333:role/Hop";

/** Each with what its profile's program needs to be asked about, and as it is to be printed. */
const COMMANDS = [
  `--cluster lab --cluster-id 0c3a5e1e-7b6f-4a57-9d53-6a2b8f5f9a10 --region us-east-1 --profile run --role ${ROLE} --via ${HOP} --session-name ada --describe-profile run --context-name x --namespace web --proxy-url http://127.0.0.1:9 --use --absolute --interactive --migrate --dry-run --diff --output json --agent-role ${HOP} --protected`,
  "--profile run --all --match prod --tag env=prod --tag team --regions us-east-1 --regions eu-west-1 --prune --migrate --in-place",
  "--cluster lab --ambient",
  "--list --profile run --match prod",
];

/** They stand beside no program: a role of Vouch runs none, and `--undo` nothing at all. */
const WITHOUT_PROGRAM = ["server", "account", "undo"];

suiteOnPosix("lab", "the command that agrees to a credential_process", () => {
  const desk = labDesk();
  beforeEach(() =>
    desk.write(".aws/config", "[profile run]\nregion = us-east-1\ncredential_process = /bin/echo\n"),
  );

  const words = (line: string) => line.split(" ");
  /** An option, and the values behind it. */
  const options = (line: string) => line.split(/ (?=--)/).sort();
  async function offered(line: string): Promise<string | undefined> {
    const run = { terminal: "none", env: { AWS_PROFILE: "run" } } as const;
    const { stderr } = await desk.run(["setup", "eks", ...words(line)], run);
    return /To allow it: `kubectl vouch setup eks (.*)`/.exec(stderr)?.[1];
  }

  for (const line of COMMANDS)
    it(`is the very same with one flag more: ${line.slice(0, 40)}`, async () => {
      assert.deepEqual(options((await offered(line)) ?? ""), options(`${line} --approve-process`));
    });

  for (const several of ["--all-profiles", "--profile r*"])
    it(`agrees to that one program, with ${several}`, async () => {
      const agreed = await offered(`--all ${several}`);
      assert.deepEqual(options(agreed ?? ""), ["--all", "--approve-process", "--profile run"]);
    });

  it("names the file of --kubeconfig for any folder", async () => {
    const file = path.resolve("other");
    const line = "--cluster lab --profile run --kubeconfig";
    assert.deepEqual(
      options((await offered(`${line} other`)) ?? ""),
      options(`${line} ${file} --approve-process`),
    );
  });

  it("was tried with each option there is", () => {
    const tried = COMMANDS.flatMap((line) => words(line)).flatMap((word) =>
      word.startsWith("--") ? [word.slice(2)] : [],
    );
    const others = [...WITHOUT_PROGRAM, "all-profiles", "kubeconfig", "approve-process"];
    const shown = Object.entries(OPTIONS).flatMap(([name, option]) => ("hidden" in option ? [] : [name]));
    assert.deepEqual([...new Set([...tried, ...others])].sort(), shown.sort());
  });
});
