import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { HOSTILE_FILES } from "../support/hostile-files.ts";
import { runCommand } from "../support/run-command.ts";
import { tempFolder } from "../support/temp-folder.ts";

const PROGRAM = path.resolve(import.meta.dirname, "../../dist/kubectl-vouch.mjs");

/** A context whose API server is nowhere: what matters is which files are opened on the way there. */
const kubeconfig = (cluster: object, user: object): string =>
  JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    "current-context": "demo",
    contexts: [{ name: "demo", context: { cluster: "demo", user: "demo" } }],
    clusters: [{ name: "demo", cluster: { server: "https://127.0.0.1:1", ...cluster } }],
    users: [{ name: "demo", user }],
  });

interface Case {
  readonly command: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Status at the end. */
  readonly status: number;
  /** What is said of a named pipe, where it is read. */
  readonly ofPipe?: RegExp;
}

type Prepare = (home: string) => Case & { readonly file: string };

const plain =
  (file: string, rest: Case): Prepare =>
  (home) => ({ file: path.join(home, file), ...rest });

/** Every file that a path, an option or a variable names, and a command that opens it. */
const CASES: Readonly<Record<string, Prepare>> = {
  "the settings": plain(".config/kubectl-vouch/config.yaml", { command: ["config", "view"], status: 6 }),
  "the list of sessions": plain(".local/state/kubectl-vouch/current.json", {
    command: ["status"],
    status: 6,
  }),
  "the journal of setup": plain(".local/state/kubectl-vouch/setup-journal.json", {
    command: ["setup", "eks", "--undo"],
    status: 6,
  }),
  "a kubeconfig": plain(".kube/config", { command: ["whoami"], status: 6 }),
  "a kubeconfig, for the doctor": plain(".kube/config", { command: ["doctor", "--offline"], status: 79 }),
  "kubectl's preferences": plain(".kube/kuberc", { command: ["doctor", "--offline"], status: 79 }),
  "the AWS config": plain(".aws/config", {
    command: ["setup", "aws", "--role", "arn:aws:iam::111122223333:role/dev", "--region", "eu-west-1"],
    status: 6,
  }),
  "the AWS credentials": plain(".aws/credentials", {
    command: ["setup", "aws", "--role", "arn:aws:iam::111122223333:role/dev", "--region", "eu-west-1"],
    status: 6,
  }),
  "a bundle of evidence": (home) => ({
    file: path.join(home, "evidence"),
    command: ["doctor", "--evidence", path.join(home, "evidence")],
    status: 6,
    // Pipes are read; this one has nothing in it.
    ofPipe: /evidence is empty\./,
  }),
  "a CA bundle": (home) => ({
    file: path.join(home, "ca.pem"),
    command: ["login", "--pin-stdin", "--server", "https://127.0.0.1:1"],
    env: { VOUCH_CA_BUNDLE: path.join(home, "ca.pem") },
    status: 6,
  }),
  "a token file of the kubeconfig": (home) => {
    write(home, ".kube/config", kubeconfig({}, { tokenFile: path.join(home, "token") }));
    const env = { HTTPS_PROXY: "http://127.0.0.1:1" };
    return { file: path.join(home, "token"), command: ["doctor", "-v"], env, status: 79 };
  },
  "a certificate authority of the kubeconfig": (home) => {
    const cluster = { "certificate-authority": path.join(home, "ca.pem") };
    write(home, ".kube/config", kubeconfig(cluster, { token: "t" }));
    const env = { HTTPS_PROXY: "http://127.0.0.1:1" };
    return { file: path.join(home, "ca.pem"), command: ["doctor"], env, status: 79 };
  },
};

function write(home: string, file: string, text: string): void {
  const target = path.join(home, file);
  fs.mkdirSync(path.dirname(target), { recursive: true, mode: 0o700 });
  fs.writeFileSync(target, text);
}

describe("where a file is looked for, and something else stands", () => {
  const home = tempFolder();

  for (const [what, prepare] of Object.entries(CASES)) {
    for (const kind of ["a named pipe", "a device"]) {
      it(`ends at once: ${kind} for ${what}`, async () => {
        const { file, command, env = {}, status, ofPipe } = prepare(home());
        fs.mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
        await HOSTILE_FILES[kind]?.(file);
        const result = await runCommand([process.execPath, PROGRAM, ...command], {
          env: { HOME: home(), PATH: "/usr/bin:/bin", NO_COLOR: "1", ...env },
        });
        const said = `${result.stdout}${result.stderr}`;
        assert.equal(result.status, status, said);
        const expected = (kind === "a named pipe" && ofPipe) || new RegExp(`it is ${kind}, not a file`);
        assert.match(said.replaceAll(/\s+/g, " "), expected);
      });
    }
  }
});
