import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { run } from "../../plugin/cli.ts";
import { type FakeAppOptions, fakeApp } from "../support/fake-app.ts";
import { helpTexts } from "../support/help-sheet.ts";
import { onPosix } from "../support/platform.ts";
import { tempFolder } from "../support/temp-folder.ts";

/** A web token. */
const JWT = `eyJhbGciOiJIUzI1NiJ9.${"eyJzdWIiOiJhZGEifQ".repeat(3)}.c2lnbmF0dXJlLXNpZ25hdHVyZQ`;

/** What users type, what is wrong with it, and what to type instead. */
const MISTAKES = fs
  .readFileSync(path.join(import.meta.dirname, "mistakes.txt"), "utf8")
  .split("\n")
  .filter((row) => row !== "" && !row.startsWith("#"))
  .map((row) => row.split(" → ") as [line: string, message: string, hint: string]);

/** A test of a hint; PowerShell needs quotes around numbers and `--`. */
function hinted(hint: string, title: string, test: () => Promise<void>): void {
  if (/`[^`]* (?:--|\d\w*)[ `]/.test(hint)) onPosix("shell", title, test);
  else it(title, test);
}

describe("the command line", () => {
  const home = tempFolder();
  const call = async (args: string[], options: Partial<FakeAppOptions> = {}) => {
    const app = fakeApp({ home: home(), clock: Date.now, ...options });
    return { status: await run(args, app), ...app.written };
  };

  for (const group of ["", "setup", "credential", "token", "config", "cache", "completion"]) {
    it(`shows the help when nothing is asked of \`kubectl vouch ${group}\``, async () => {
      const words = group === "" ? [] : [group];
      const { status, stdout, stderr } = await call(words);
      assert.deepEqual({ status, stderr }, { status: 0, stderr: "" });
      assert.equal(stdout, helpTexts().get(group));
      assert.match(stdout, /^kubectl vouch.*\n\n.+\n\nCommands:\n/);
      assert.deepEqual(await call(["--color=never", ...words]), { status, stdout, stderr });
    });
  }

  const see = (command = "") => `See \`kubectl vouch${command} --help\`.`;
  const refused = (message: string, hint: string) => ({
    status: 64,
    stdout: "",
    stderr: `error: ${message} [usage]\n${hint}\n`,
  });
  const refusals: Record<string, [string, string]> = {
    logn: ["kubectl vouch: unknown command logn.", `Did you mean \`login\`? ${see()}`],
    STATUS: ["kubectl vouch: unknown command STATUS.", `Did you mean \`status\`? ${see()}`],
    frobnicate: ["kubectl vouch: unknown command frobnicate.", see()],
    "setup esk": ["kubectl vouch setup: unknown command esk.", `Did you mean \`eks\`? ${see(" setup")}`],
    "setup --cluster lab": ["Specify what to set up: eks or aws.", see(" setup")],
    "-o json credential": ["Specify which credentials: eks or aws.", see(" credential")],
    "token -ojson": ["Specify a command: explain.", see(" token")],
    "config --show-origin": ["Specify a command: view, list, set or unset.", see(" config")],
    "--context lab": ["No command is specified.", see()],
    "-n web doctr": ["kubectl vouch: unknown command doctr.", `Did you mean \`doctor\`? ${see()}`],
    "setup --cluster lab esk": [
      "kubectl vouch setup: unknown command esk.",
      `Did you mean \`eks\`? ${see(" setup")}`,
    ],
    "--ofline status": [
      "kubectl vouch status: unknown option --ofline.",
      `Did you mean \`--offline\`? ${see(" status")}`,
    ],
    "login --tmeout 3": [
      "kubectl vouch login: unknown option --tmeout.",
      `Did you mean \`--timeout\`? ${see(" login")}`,
    ],
    "login --pin=24681357": [
      "kubectl vouch login: unknown option --pin.",
      `Did you mean \`--pin-stdin\`? ${see(" login")}`,
    ],
    "status --no-color": [
      "kubectl vouch status: unknown option --no-color.",
      `Did you mean \`--color\`? ${see(" status")}`,
    ],
    "status -x": ["kubectl vouch status: unknown option -x.", see(" status")],
    "status --toString x": ["kubectl vouch status: unknown option --toString.", see(" status")],
    "status -xjson": ["kubectl vouch status: unknown option -x.", see(" status")],
    "completion bash -ojson": ["kubectl vouch completion bash: unknown option -o.", see(" completion bash")],
    "status lab": ['kubectl vouch status: unexpected argument "lab".', see(" status")],
    "status -- lab": ['kubectl vouch status: unexpected argument "lab".', see(" status")],
    "explain E3 E4": ['kubectl vouch explain: unexpected argument "E4".', see(" explain")],
    "status \u001b[31m": ['kubectl vouch status: unexpected argument "\\u001b[31m".', see(" status")],
    "doctor get pods -n web": [
      'kubectl vouch doctor: unexpected argument "get".',
      `The command to run goes after --: \`kubectl vouch doctor -- get pods -n web\`. ${see(" doctor")}`,
    ],
    "exec PASSWORD=hunter2hunter2 mysql": [
      'kubectl vouch exec: unexpected argument "PASSWORD=***".',
      `The command to run goes after --: \`kubectl vouch exec -- COMMAND\`. ${see(" exec")}`,
    ],
    // Neither a PIN nor a token is shown again.
    "login 24681357": ["kubectl vouch login: unexpected argument.", see(" login")],
    "login -p24681357": ["kubectl vouch login: unknown option -p.", see(" login")],
    "keys 24681357": ["kubectl vouch keys: unknown command.", see(" keys")],
    [`token ${JWT}`]: ["kubectl vouch token: unknown command.", see(" token")],
    [JWT]: ["kubectl vouch: unknown command ***.", see("")],
    "login --24681357": ["kubectl vouch login: unknown option.", see(" login")],
    [`status --${JWT}`]: ["kubectl vouch status: unknown option.", see(" status")],
    [`setup ${JWT}`]: ["kubectl vouch setup: unknown command ***.", see(" setup")],
    [`status -x${JWT}`]: ["kubectl vouch status: unknown option -x.", see(" status")],
    [`status -o ${JWT}`]: ['--output must be text, wide, json or yaml, not "***".', see(" status")],
    // A word is no value of a switch.
    "status --offline true": ['kubectl vouch status: unexpected argument "true".', see(" status")],
    "token explain a b": ["kubectl vouch token explain: unexpected argument.", see(" token explain")],
    "setup eks --cluster": ["--cluster needs a value.", see(" setup eks")],
    "setup eks -n": ["-n needs a value.", see(" setup eks")],
    "login --timeout": ["--timeout needs a value.", see(" login")],
    "login --account": ["--account needs a value.", see(" login")],
    "setup eks --all --regions": ["--regions needs a value.", see(" setup eks")],
    "credential eks": ["--cluster-name is required.", see(" credential eks")],
    "config set server": ["kubectl vouch config set: <value> is missing.", see(" config set")],
    "config set": ["kubectl vouch config set: <setting> <value> are missing.", see(" config set")],
    "config set region ": ["<value> is empty.", "Specify a value."],
    "whoami --context -lead": [
      "--context needs a value.",
      `A value that begins with a dash goes after =: \`--context=VALUE\`. ${see(" whoami")}`,
    ],
    "status -o xml": ['--output must be text, wide, json or yaml, not "xml".', see(" status")],
    "status --color red": ['--color must be auto, always or never, not "red".', see(" status")],
    "status --server a --server b": ["--server is specified 2 times.", "Specify it once."],
    "version -o json -o yaml": ["-o is specified 2 times.", "Specify it once."],
    "version -ojson -oyaml": ["-o is specified 2 times.", "Specify it once."],
    "version -ojsn": ['--output must be text, json or yaml, not "jsn".', see(" version")],
    "version -owide": ['--output must be text, json or yaml, not "wide".', see(" version")],
    "setup eks -owide": ['--output must be text, json or yaml, not "wide".', see(" setup eks")],
    "setup eks -A": ["kubectl vouch setup eks: unknown option -A.", see(" setup eks")],
    // Not the value: a PIN may stand there.
    "login --pin-stdin=24681357": ["--pin-stdin must be true or false.", see(" login")],
    "status --offline=maybe": ["--offline must be true or false.", see(" status")],
    "--offline=1 status": ["--offline must be true or false.", see(" status")],
    "doctor -v=2": ["-v must be true or false.", see(" doctor")],
    "setup eks --context a --context-name b": [
      "--context and --context-name cannot be combined.",
      see(" setup eks"),
    ],
    "version -o=": ["-o is empty.", "Specify a value or omit the option."],
    "status --server=": ["--server is empty.", "Specify a value or omit the option."],
  };
  for (const [line, [message, hint]] of Object.entries(refusals)) {
    hinted(hint, `refuses \`${line}\``, async () => {
      assert.deepEqual(await call(line.split(" ")), refused(message, hint));
    });
  }

  for (const [line, message, hint] of MISTAKES) {
    hinted(hint, `understands \`${line}\``, async () => {
      // Names that may be typed without their options.
      const aws = path.join(home(), ".aws/config");
      const kubeconfig = path.join(home(), ".kube/config");
      for (const file of [aws, kubeconfig]) fs.mkdirSync(path.dirname(file), { recursive: true });
      fs.writeFileSync(aws, "[profile dev]\nregion = us-east-1\n", { mode: 0o600 });
      const contexts = ["lab-dev", "lab-prod"].map((name) => ({ name, context: { cluster: name } }));
      fs.writeFileSync(kubeconfig, JSON.stringify({ contexts }), { mode: 0o600 });
      assert.deepEqual(await call(line.split(" "), { terminal: "none" }), refused(message, hint));
    });
  }

  it("explains an error code, with what to do and where to read more", async () => {
    const { status, stdout } = await call(["explain", "e3"]);
    assert.equal(status, 0);
    assert.match(
      stdout,
      /^E3 {2}.+\n {2}Symptoms: .+\n {2}What to do: +Cluster admin: delete the access entry(?:.+\n)+ {2}Read more: +https:\S+\/CODES\.md#e3\n {2}Read more: +https:\/\/docs\.aws\./,
    );
  });

  it("understands at least 150 of them", () => {
    assert.ok(
      MISTAKES.length >= 150,
      `{
  "status": 64
  "stderr": "error: The command to run is missing. [usage]\\nPut it after --, for example \`kubectl vouch exec -- aws s3 ls\`.\\n"
  "stdout": ""
}`,
    );
  });

  for (const line of [
    "--color=never version --output=json",
    "version -ojson",
    "-ojson version",
    "-o json version",
    "version -o=json --color never",
    "--debug=false version -o json",
  ]) {
    it(`takes \`${line}\``, async () => {
      const taken = await call(line.split(" "));
      assert.deepEqual(taken, await call(["version", "-o", "json"]));
      assert.equal(taken.status, 0);
    });
  }

  it("says that it is our bug when something unexpected is thrown, and whom to tell", async () => {
    const { status, stdout, stderr } = await call(["token", "explain"]);
    assert.deepEqual({ status, stdout }, { status: 70, stdout: "" });
    assert.match(
      stderr,
      /^error: This is a bug in kubectl-vouch \S+: this test did not expect standard input to be read \[internal\]\nAssertionError.*\n {4}at .*\nReport it with the command, this text and the output with --debug\.\n$/s,
    );
  });

  it("tells a thrown word too", async () => {
    const clock = () => {
      throw "a word";
    };
    const { status, stderr } = await call(["token", "explain", "x"], { clock });
    assert.equal(status, 70);
    assert.match(stderr, /^error: This is a bug in kubectl-vouch \S+: a word \[internal\]\n/);
  });

  it("refuses to run with the check of certificates switched off", async () => {
    const { status, stderr } = await call(["version"], { env: { NODE_TLS_REJECT_UNAUTHORIZED: "0" } });
    assert.equal(status, 6);
    assert.match(stderr, /^error: NODE_TLS_REJECT_UNAUTHORIZED=0 would disable .+ \[tls-check-disabled\]\n/);
  });

  it("refuses to run where Node would print what is sent", async () => {
    for (const NODE_DEBUG of ["http", "HTTPS,x", "tls", "net", "h*", "*", "module"]) {
      const { status, stderr } = await call(["version"], { env: { NODE_DEBUG } });
      assert.equal(status, 6);
      assert.match(stderr, /^error: NODE_DEBUG would make Node print secrets\. \[node-debug-set\]\n/);
    }
    assert.equal((await call(["version"], { env: { NODE_DEBUG: "" } })).status, 0);
  });

  describe("color", () => {
    const RED = "\u001b[31merror:\u001b[39m";
    const error = async (args: string[], env = {}, terminals: FakeAppOptions["terminals"] = []) =>
      (await call(["token", "explain", "{", ...args], { env, terminals })).stderr.split(" The input")[0];

    it("is for terminals", async () => {
      assert.equal(await error([], {}, ["stderr"]), RED);
      assert.equal(await error([], {}, ["stdout"]), "error:");
    });

    it("is off for NO_COLOR and TERM=dumb, unless --color says otherwise", async () => {
      assert.equal(await error([], { NO_COLOR: "1" }, ["stderr"]), "error:");
      assert.equal(await error([], { NO_COLOR: "" }, ["stderr"]), RED);
      assert.equal(await error([], { TERM: "dumb" }, ["stderr"]), "error:");
      assert.equal(await error(["--color", "always"], { NO_COLOR: "1" }), RED);
      assert.equal(await error(["--color=never"], { FORCE_COLOR: "1" }, ["stderr"]), "error:");
    });

    it("is on for FORCE_COLOR, also in a pipe", async () => {
      assert.equal(await error([], { FORCE_COLOR: "1" }), RED);
      assert.equal(await error([], { FORCE_COLOR: "0" }, ["stderr"]), "error:");
    });
  });
});
