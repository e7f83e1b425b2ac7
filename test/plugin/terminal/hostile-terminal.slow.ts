import assert from "node:assert/strict";
import fs from "node:fs";
import http from "node:http";
import path from "node:path";
import { parse } from "yaml";
import { addCluster, addEntry } from "../../lab/aws/world.ts";
import { LAB_CLUSTER, LAB_PIN, LAB_REGION, LAB_ROLE } from "../../lab/lab.ts";
import { listenOnLoopback } from "../../lab/loopback.ts";
import { type DeskOptions, labDesk } from "../../support/lab-desk.ts";
import { allowClusterReads, SETUP_WORDS } from "../../support/lab-words.ts";
import { scriptedTerminal } from "../../support/scripted-terminal.ts";

/** Clears the screen in 7 and in 8 bits, hides what follows, turns the direction, breaks the line, hides a letter. */
const HOSTILE = "x\u001b[2J\u009b8m\u001b]0;t\u0007\u202egnp\u2066\u200b\u00ad\u007f\u2028\r\u{e0041}y";
/** As hostile as an e-mail address can be. */
const HOSTILE_ACCOUNT = `${HOSTILE.replaceAll(/[\s@:]/g, "")}@example.com`;

const ARN = `arn:aws:iam::111122223333:role/${HOSTILE}`;

/** What must never be in what is said, nor in a file that is shown. */
const STEERING = /(?![\n\t])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u;

const ESCAPE = "\u001b";

/** What we ourselves write on a terminal: an erased line, bold, faint, colors. */
const OURS = new RegExp(`\r${ESCAPE}\\[K|${ESCAPE}\\[(?:[12]|22|3[123]|39)m`, "g");

const OUTPUTS = ["text", "json", "yaml"] as const;

/** Every command, with texts of others wherever it takes one. `%` stands for the address of a hostile server. */
const COMMANDS: readonly (readonly string[])[] = [
  [HOSTILE],
  [`--${HOSTILE}`],
  ["status", HOSTILE],
  ["status", "-o", HOSTILE],
  ["help", HOSTILE],
  ...["status", "whoami", "cache list", "config view"].map((line) => [...line.split(" "), "-owide"]),
  [`-n${HOSTILE}`, "whoami"],
  ["explain", "E3", HOSTILE],
  ["doctor", HOSTILE],
  ["login", "-o", "json", "--account", HOSTILE],
  ["logout", "-o", "json", "--account", HOSTILE],
  ...OUTPUTS.flatMap((output) => [
    ["status", "-o", output],
    ["status", "--offline", "-o", output],
    ["whoami", "-o", output],
    ["whoami", "--context", HOSTILE, "-o", output],
    ["config", "view", "--show-origin", "-o", output],
    ["cache", "list", "-o", output],
    ["explain", HOSTILE, "-o", output],
    ["token", "explain", HOSTILE, "-o", output],
    ["version", "-o", output],
  ]),
  ...["text", "json", "yaml", "junit", "github", "short", "html"].flatMap((output) => [
    ["doctor", "-o", output],
    ["doctor", "-o", output, "-v", "--offline", "--context", HOSTILE],
    [
      "doctor",
      "-o",
      output,
      "--error",
      `Error from server (Forbidden): pods is forbidden: User "${HOSTILE}" cannot list resource "pods" in API group "" in the namespace "${HOSTILE}"`,
    ],
  ]),
  ["doctor", "--all-contexts"],
  ["doctor", "--error", `error: ${HOSTILE}: You must be logged in to the server (Unauthorized)`],
  ["doctor", "--for", HOSTILE],
  ["doctor", "--only", HOSTILE],
  ["doctor", "--evidence", HOSTILE],
  ["doctor", "--principal", ARN],
  ["doctor", "--save", "%home/bundle.json"],
  [...SETUP_WORDS, "--diff"],
  [...SETUP_WORDS, "--dry-run", "--context-name", HOSTILE],
  ["setup", "eks", "--cluster", HOSTILE, "--region", LAB_REGION, "--role", LAB_ROLE],
  ["setup", "eks", "--cluster", LAB_CLUSTER, "--region", HOSTILE, "--role", ARN],
  ["setup", "eks", "--cluster", LAB_CLUSTER, "--profile", HOSTILE],
  ["setup", "eks", "--all", "--match", HOSTILE, "--region", LAB_REGION, "--role", LAB_ROLE, "--dry-run"],
  ["setup", "eks", "--list", "--region", LAB_REGION, "--role", LAB_ROLE],
  ["setup", "eks", "--list", "--profile", HOSTILE],
  ["setup", "eks", "--list", "--match", HOSTILE, "--regions", HOSTILE],
  ["setup", "eks", "--undo", "--dry-run"],
  ["setup", "aws", "--role", ARN, "--profile", HOSTILE],
  ["setup", "aws", "--role", LAB_ROLE, "--region", LAB_REGION, "--profile", HOSTILE, "--diff"],
  ["setup", "aws", "--role", LAB_ROLE, "--region", LAB_REGION, "--dry-run", "--diff"],
  ["setup", "aws", "--undo", "--dry-run"],
  ["credential", "eks", "--cluster-name", HOSTILE, "--region", LAB_REGION, "--role", ARN],
  [
    "credential",
    "eks",
    "--cluster-name",
    LAB_CLUSTER,
    "--region",
    LAB_REGION,
    "--role",
    ARN,
    "--account",
    HOSTILE,
  ],
  ["credential", "aws", "--profile", HOSTILE],
  ["credential", "aws", "--role", ARN, "--region", LAB_REGION],
  ["login", "--server", "%", "--account", HOSTILE],
  ["login", "--server", HOSTILE],
  ["login", "--account", HOSTILE, "--pin-stdin"],
  ["status", "--server", "%"],
  ["logout", "--account", HOSTILE],
  ["__complete", "status", "--output", HOSTILE],
  ["__complete", "whoami", "--context", ""],
  ["__complete", "credential", "aws", "--profile", ""],
  ["__complete", "doctor", "-n", ""],
  ["__complete", "logout", "--account", ""],
  ["completion", HOSTILE],
  ["completion", "bash"],
  ["completion", "install", "--dry-run"],
  ["cache", "clear"],
  ["logout"],
];

/** What is printed for programs is the same data: one world is enough for it. */
function isOfText(command: readonly string[]): boolean {
  return !["json", "yaml", "junit", "github", "short", "html"].some((output) => command.includes(output));
}

function kubeconfig(server: string): string {
  const exec = (command: string, args: readonly string[]) => ({
    apiVersion: "client.authentication.k8s.io/v1beta1",
    command,
    args,
    env: [{ name: "AWS_PROFILE", value: HOSTILE }],
    installHint: HOSTILE,
    interactiveMode: "Never",
  });
  const ours = [
    "credential",
    "eks",
    "--cluster-name",
    HOSTILE,
    "--region",
    HOSTILE,
    "--role",
    ARN,
    "--server",
    server,
  ];
  const names = [HOSTILE, "ours", "theirs"];
  return JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    "current-context": HOSTILE,
    clusters: names.map((name) => ({
      name,
      cluster: {
        server: `https://${name === HOSTILE ? "127.0.0.1:1" : `127.0.0.1:1/${HOSTILE}`}`,
        "proxy-url": HOSTILE,
      },
    })),
    users: [
      { name: HOSTILE, user: { exec: exec("kubectl-vouch", ours) } },
      { name: "ours", user: { exec: exec("kubectl-vouch", ours) } },
      {
        name: "theirs",
        user: { exec: exec(`/nowhere/${HOSTILE}/aws`, ["eks", "get-token", "--cluster-name", HOSTILE]) },
      },
    ],
    contexts: names.map((name) => ({ name, context: { cluster: name, user: name, namespace: HOSTILE } })),
  });
}

const AWS_CONFIG = `[profile ${HOSTILE.replaceAll(/[\r\u2028]/g, "")}]\nregion = ${HOSTILE}\nrole_arn = ${ARN}\nsource_profile = ${HOSTILE}\n[profile vouch]\ncredential_process = kubectl-vouch credential aws --role '${ARN}'\nregion = ${HOSTILE}\n`;

describe("what reaches a terminal, with hostile names everywhere", () => {
  const desk = labDesk();
  let hostile: http.Server;
  let url = "";
  before(async () => {
    hostile = http.createServer((request, response) => {
      const status = request.url?.includes("register") ? 403 : 400;
      response.writeHead(status, { "content-type": "application/json", "x-request-id": "x\u009b2J" });
      response.end(
        JSON.stringify({
          error: HOSTILE,
          error_description: HOSTILE,
          message: HOSTILE,
          Message: HOSTILE,
          code: HOSTILE,
        }),
      );
    });
    url = `http://127.0.0.1:${(await listenOnLoopback(hostile)).port}`;
  });
  beforeEach(() => allowClusterReads(desk.lab));
  after(() => hostile.close());

  async function run(command: readonly string[], options: DeskOptions = {}) {
    const terminal = scriptedTerminal(command[0] === "login" ? [LAB_PIN, "1"] : []);
    const args = command.map((word) => (word === "%" ? url : word.replace("%home", desk.home)));
    const answersSecret = command[0] === "credential" || command.includes("explain");
    const stdin = command.includes("--pin-stdin") ? LAB_PIN : HOSTILE;
    const result = await desk.run(args, { terminal, answersSecret, stdin, ...options });
    return { ...result, terminal: terminal.shown() };
  }

  const worlds: Readonly<Record<string, () => DeskOptions>> = {
    "in files": () => {
      desk.write(".kube/config", kubeconfig(desk.lab.vouch.url));
      desk.write(".aws/config", AWS_CONFIG);
      desk.write(".config/kubectl-vouch/config.yaml", JSON.stringify({ account: HOSTILE_ACCOUNT }));
      return { terminals: ["stdout", "stderr"] };
    },
    "in files, and of a server that is hostile": () => {
      desk.write(".kube/config", kubeconfig(url));
      return { env: { VOUCH_SERVER: url, AWS_ENDPOINT_URL: url, AWS_ENDPOINT_URL_STS: url } };
    },
    "in the environment": () => ({
      env: {
        AWS_PROFILE: HOSTILE,
        AWS_REGION: HOSTILE,
        KUBECONFIG: HOSTILE,
        VOUCH_SERVER: HOSTILE,
        HTTPS_PROXY: HOSTILE,
      },
    }),
    "in a login": () => {
      const file = ".local/state/kubectl-vouch/current.json";
      const current = JSON.parse(desk.read(file));
      const [entry] = Object.values(current.servers) as {
        current: string;
        sessions: Record<string, { identity: string }>;
      }[];
      const [session] = Object.values(entry?.sessions ?? {});
      assert.ok(entry && session);
      entry.current = HOSTILE;
      entry.sessions = { [HOSTILE]: { ...session, identity: HOSTILE } };
      fs.writeFileSync(path.join(desk.home, file), JSON.stringify(current), { mode: 0o600 });
      return { terminals: ["stderr"] };
    },
    "of AWS and the cluster": () => {
      const { lab } = desk;
      lab.cluster.accessEntries.delete(LAB_ROLE);
      const role = lab.world.roles.get(LAB_ROLE);
      assert.ok(role);
      addEntry(lab.cluster, role, { username: `ada-${HOSTILE}`, kubernetesGroups: [HOSTILE] });
      addCluster(lab.world, { name: HOSTILE });
      lab.vouch.faults.policyRefusal = HOSTILE;
      return {};
    },
  };
  for (const [what, hostileWorld] of Object.entries(worlds)) {
    it(`steers and deceives nobody: ${what}`, async () => {
      const steering: string[] = [];
      const isFull = what === "in files";
      for (const command of isFull ? COMMANDS : COMMANDS.filter(isOfText)) {
        desk.logIn();
        if (what.startsWith("of AWS")) await desk.run(SETUP_WORDS);
        const { stdout, stderr, terminal } = await run(command, hostileWorld());
        for (const [stream, text] of Object.entries({ stdout, stderr, terminal }))
          if (STEERING.test(text.replaceAll(OURS, "")))
            steering.push(
              `${stream} of ${JSON.stringify(command)}: ${JSON.stringify(
                text
                  .replaceAll(OURS, "")
                  .split("\n")
                  .find((line) => STEERING.test(line)),
              )}`,
            );
        if (command.includes("json") && stdout !== "") JSON.parse(stdout);
        if (command.includes("yaml") && stdout !== "") parse(stdout);
      }
      assert.deepEqual(steering, []);
    });
  }

  it("says in JSON and YAML what is so, escaped", async () => {
    desk.logIn();
    const options = worlds["in files"]?.();
    const names = async (output: "json" | "yaml") => {
      const { stdout } = await run(["status", "-o", output], options);
      return (parse(stdout) as { contexts: { name: string; role: string }[] }).contexts.map(
        ({ name, role }) => [name, role],
      );
    };
    const expected = [
      [HOSTILE, ARN],
      ["ours", ARN],
    ];
    assert.deepEqual([await names("json"), await names("yaml")], [expected, expected]);
  });
});
