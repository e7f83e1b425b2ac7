import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { parse } from "yaml";
import { succeeded } from "../end-to-end/lab-person.ts";
import { addRole, CLUSTER_READS, chainTrust, LAB_ADMIN_KEY } from "../lab/aws/world.ts";
import { LAB_CLUSTER, LAB_PIN, LAB_REGION, LAB_ROLE, type Lab, startLab } from "../lab/lab.ts";
import { installBuiltProgram } from "../lab/lab-program.ts";
import { leaksIn, secretsBelow } from "../support/canaries.ts";
import { type CommandResult, runCommand } from "../support/run-command.ts";
import { makeRogue } from "./rogue.ts";
import { type Rogue, STEERING_ROWS, type SteeringRow } from "./rows.ts";
import { isOnPage } from "./security-page.ts";
import { type Gate, setTraps, type Traps } from "./traps.ts";

const ADMIN = "arn:aws:iam::111122223333:user/lab-admin";
const AWS_CONFIG = `[profile base]
aws_access_key_id = ${LAB_ADMIN_KEY.accessKeyId}
aws_secret_access_key = ${LAB_ADMIN_KEY.secretAccessKey}
[profile dev]
role_arn = arn:aws:iam::111122223333:role/reader
source_profile = base
[default]
role_arn = arn:aws:iam::111122223333:role/reader
source_profile = base
`;

/** How long a program that was started may take to leave its mark, in milliseconds. */
const MARK_MS = 300;

/** Whose credentials a context asks for, by its arguments. */
const KINDS = {
  "a Vouch context": ["--role", LAB_ROLE],
  "an AWS profile": ["--profile", "dev"],
  "the caller's own credentials": ["--ambient"],
} as const;

type Kind = keyof typeof KINDS;
const SOURCES = ["an AWS profile", "the caller's own credentials"] as const;

interface Call {
  /** A Vouch context unless given. */
  readonly kind?: Kind;
  /** The context's own unless given. */
  readonly server?: string;
  /** What client-go says of the cluster; it says nothing unless the context asks it to. */
  readonly cluster?: Readonly<Record<string, string>>;
  /** What ships, without the lab's key, instead of the lab's program. */
  readonly isBuilt?: boolean;
}

/**
 * Each variable at its worst in the exec block of a kubeconfig, and our program run as kubectl runs it: no identity token,
 * session, signature or key reaches a host that no login settled, and no program of somebody else runs.
 */
describe("an exec block's env", () => {
  let lab: Lab;
  let traps: Traps;
  let aws: Gate;
  let rogue: Rogue;
  let folder = "";

  before(async () => {
    folder = fs.mkdtempSync(path.join(fs.realpathSync(os.tmpdir()), "vouch-steering-"));
    lab = await startLab();
    addRole(lab.world, { name: "reader", trust: [chainTrust(ADMIN)], allows: [CLUSTER_READS] });
    fs.mkdirSync(path.join(lab.home, ".aws"));
    fs.writeFileSync(path.join(lab.home, ".aws", "config"), AWS_CONFIG);
    traps = await setTraps(folder);
    aws = await traps.gate(Number(new URL(lab.aws.url).port));
    succeeded(
      await runCommand(["kubectl-vouch", "login", "--pin-stdin", "--key-store", "file"], {
        env: { ...lab.env, AWS_ENDPOINT_URL: `https://127.0.0.1:${aws.port}` },
        stdin: `${LAB_PIN}\n`,
      }),
    );
    for (const source of Object.values(KINDS))
      succeeded(
        await runCommand(
          ["kubectl-vouch", "setup", "eks", "--cluster", LAB_CLUSTER, "--region", LAB_REGION, ...source],
          { env: { ...lab.env, AWS_ENDPOINT_URL: `https://127.0.0.1:${aws.port}` } },
        ),
      );
    const key = JSON.parse(fs.readFileSync(path.join(keysFolder(), "client-key.json"), "utf8")) as {
      kid: string;
    };
    installBuiltProgram(path.join(folder, "built"));
    rogue = makeRogue(folder, { traps, victimHome: lab.home, keyId: key.kid });
  });
  after(async () => {
    await traps?.close();
    await lab?.close();
    fs.rmSync(folder, { recursive: true, force: true });
  });

  const keysFolder = () => path.join(lab.home, ".local/share/kubectl-vouch/keys");

  /** Neither token nor credentials in the cache. */
  const forget = () => {
    const state = path.join(lab.home, ".local/state/kubectl-vouch");
    for (const name of fs.readdirSync(keysFolder()))
      if (name.startsWith("aws")) fs.rmSync(path.join(keysFolder(), name));
    for (const file of fs.readdirSync(path.join(state, "sessions"), { recursive: true }) as string[])
      if (/(?:token|told|aws)-/.test(file)) fs.rmSync(path.join(state, "sessions", file));
    fs.rmSync(path.join(state, "marks"), { recursive: true, force: true });
    for (const home of [lab.home, rogue.home])
      fs.rmSync(path.join(home, ".local/state/kubectl-vouch/profiles"), { recursive: true, force: true });
  };

  /** client-go sets its own variable last. */
  const asKubectl = (
    execEnv: Readonly<Record<string, string>>,
    { kind = "a Vouch context", server = lab.vouch.url, isBuilt = false, cluster }: Call = {},
  ): Promise<CommandResult> => {
    const [labBin = ""] = lab.env["PATH"]?.split(":") ?? [];
    const bin = isBuilt ? path.join(folder, "built") : labBin;
    const info = {
      kind: "ExecCredential",
      apiVersion: "client.authentication.k8s.io/v1",
      spec: { interactive: true, ...(cluster === undefined ? {} : { cluster }) },
    };
    const where = ["--cluster-name", LAB_CLUSTER, "--region", LAB_REGION, ...KINDS[kind]];
    const words = [
      "credential",
      "eks",
      ...where,
      ...(kind === "a Vouch context" ? ["--server", server] : []),
    ];
    // A parent of its own: a failure is told to each once.
    const command = ["/bin/sh", "-c", '"$@"; exit $?', "sh", path.join(bin, "kubectl-vouch"), ...words];
    return runCommand(command, {
      env: {
        HOME: lab.home,
        LAB_DATABASE_HOME: lab.home,
        PATH: "/usr/bin:/bin",
        ...execEnv,
        KUBERNETES_EXEC_INFO: JSON.stringify(info),
      },
    });
  };

  const tryIt = async (env: Readonly<Record<string, string>>, call?: Call): Promise<CommandResult> => {
    forget();
    const result = await asKubectl(env, call);
    if (call?.isBuilt) await delay(MARK_MS);
    assert.deepEqual(traps.heard(), [], `${JSON.stringify(env)}: ${result.stderr}`);
    assert.equal(fs.existsSync(rogue.mark), false, `${JSON.stringify(env)} ran a program`);
    if (!Object.keys(env).some((name) => name.startsWith("NODE_"))) {
      const secrets = [lab.home, rogue.home].flatMap(secretsBelow);
      assert.deepEqual(leaksIn(result.stderr, secrets), [], JSON.stringify(env));
    }
    return result;
  };

  it("reads no variable that SECURITY.md does not name, nor do libraries", async () => {
    const file = path.join(folder, "reads.json");
    const recorder = path.join(import.meta.dirname, "record-reads.mjs");
    const env = { RECORD_READS: file, NODE_OPTIONS: `--import=${recorder}` };
    assert.match((await tryIt(env)).stdout, /"token":"k8s-aws-v1\./);
    const read = JSON.parse(fs.readFileSync(file, "utf8")) as string[];
    assert.deepEqual(
      read.filter((name) => !isOnPage(name) && !Object.hasOwn(env, name) && !name.startsWith("LAB_")),
      [],
    );
  });

  const calls = ({ server, isBuilt = false }: SteeringRow): Call[] =>
    [undefined, server?.(rogue)].map((named) => ({
      isBuilt,
      ...(named === undefined ? {} : { server: named }),
    }));

  for (const row of STEERING_ROWS) {
    it(`steers nothing by ${row.names.join(", ")}`, async () => {
      for (const call of calls(row).slice(0, row.server === undefined ? 1 : 2))
        for (const env of row.worst(rogue)) {
          const { status, stdout, stderr } = await tryIt(env, call);
          const said = `${JSON.stringify(env)} ended with ${status}: ${stderr}`;
          if (row.outcome === "same") assert.match(stdout, /"token":"k8s-aws-v1\./, said);
          else assert.deepEqual([stdout, status !== 0 && status !== 70], ["", true], said);
        }
    });
  }

  for (const kind of SOURCES) {
    describe(`of ${kind}`, () => {
      for (const row of STEERING_ROWS)
        it(`steers nothing by ${row.names.join(", ")}`, async () => {
          for (const env of row.worst(rogue)) {
            const { status, stdout, stderr } = await tryIt(env, { kind });
            const said = `${JSON.stringify(env)} ended with ${status}: ${stderr}`;
            if (row.outcome === "same" && !row.isAwsQuestion)
              assert.match(stdout, /"token":"k8s-aws-v1\./, said);
            else assert.ok(status === 0 || (stdout === "" && status !== 70), said);
          }
        });
    });
  }

  describe("where the person requires that the client says which cluster it calls", () => {
    const config = () => path.join(lab.home, ".config/kubectl-vouch/config.yaml");
    before(() => {
      fs.mkdirSync(path.dirname(config()), { recursive: true });
      fs.writeFileSync(config(), "requireClusterInfo: true\n");
    });
    after(() => fs.rmSync(config()));

    for (const kind of Object.keys(KINDS) as Kind[])
      for (const row of STEERING_ROWS)
        it(`gives no token of ${kind} for ${row.names.join(", ")}`, async () => {
          for (const env of row.worst(rogue)) {
            const { status, stdout, stderr } = await tryIt(env, { kind });
            const said = `${JSON.stringify(env)} ended with ${status}: ${stderr}`;
            assert.deepEqual([stdout, status !== 0 && status !== 70], ["", true], said);
          }
        });

    it("gives no token from the cache that was minted for somebody who says it", async () => {
      const { clusters } = parse(fs.readFileSync(path.join(lab.home, ".kube/config"), "utf8"));
      forget();
      assert.match((await asKubectl({}, { cluster: clusters[0].cluster })).stdout, /"token":"k8s-aws-v1\./);
      const { status, stdout } = await asKubectl({ XDG_CONFIG_HOME: path.join(folder, "empty") });
      assert.deepEqual([stdout, status !== 0 && status !== 70], ["", true]);
    });
  });

  describe("where AWS's place in the network is the attacker's", () => {
    before(() => {
      aws.isTurned = true;
    });
    after(() => {
      aws.isTurned = false;
    });
    for (const row of STEERING_ROWS.filter(({ onHisNetwork }) => onHisNetwork)) {
      it(`gets nothing told by ${row.names.join(", ")}`, async () => {
        for (const env of row.worst(rogue)) assert.notEqual((await tryIt(env)).status, 0);
      });
    }
  });

  describe("where the Vouch server's place in the network is the attacker's", () => {
    before(async () => {
      await lab.vouch.close();
      Object.assign(lab.vouch, { close: async () => undefined });
      await traps.replace(Number(new URL(lab.vouch.url).port));
    });
    for (const row of STEERING_ROWS.filter(({ onHisNetwork }) => onHisNetwork)) {
      it(`gets nothing told by ${row.names.join(", ")}`, async () => {
        for (const env of row.worst(rogue)) assert.notEqual((await tryIt(env)).status, 0);
      });
    }
  });
});
