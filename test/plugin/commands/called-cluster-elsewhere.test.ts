/**
 * Credentials that are found without our folders: an exec block that leads these folders elsewhere changes nothing about who may be
 * given a token.
 */
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { answerWarm } from "../../../token/hot/answer.ts";
import { nodeHost } from "../../../token/node-host.ts";
import { LAB_ADMIN_KEY } from "../../lab/aws/world.ts";
import { LAB_CLUSTER, LAB_REGION } from "../../lab/lab.ts";
import { execInfoFor } from "../../support/cluster-infos.ts";
import { labDeskAtRest } from "../../support/lab-desk.ts";
import { suiteOnPosix } from "../../support/platform.ts";

const KEYS = {
  AWS_ACCESS_KEY_ID: LAB_ADMIN_KEY.accessKeyId,
  AWS_SECRET_ACCESS_KEY: LAB_ADMIN_KEY.secretAccessKey,
};
const WHERE = ["credential", "eks", "--cluster-name", LAB_CLUSTER, "--region", LAB_REGION];

/** By what the token is asked for, and the variables of the shell. */
const SOURCES: Readonly<Record<string, readonly [flags: readonly string[], env: Record<string, string>]>> = {
  "an AWS profile": [["--profile", "dev"], {}],
  "the environment": [["--ambient"], KEYS],
};

suiteOnPosix("lab", "the cluster that a client calls, where our folders are led elsewhere", () => {
  const desk = labDeskAtRest();
  let parentId = 5000;
  const info = (fields: object = {}) => ({
    server: desk.lab.cluster.endpoint,
    "certificate-authority-data": Buffer.from(desk.lab.cluster.certificateAuthority).toString("base64"),
    ...fields,
  });
  const evil = () => info({ server: "https://evil.example" });
  const elsewhere = (...names: string[]) =>
    Object.fromEntries(names.map((name) => [name, path.join(desk.home, "elsewhere", name)]));

  /** Variables of an exec block that each have led to a token. HOME has the files of AWS, by a link. */
  const led = (): Readonly<Record<string, Record<string, string>>> => {
    const home = path.join(desk.home, "other-home");
    fs.mkdirSync(home, { recursive: true });
    if (!fs.existsSync(path.join(home, ".aws")))
      fs.symlinkSync(path.join(desk.home, ".aws"), path.join(home, ".aws"));
    return {
      XDG_STATE_HOME: elsewhere("XDG_STATE_HOME"),
      XDG_CONFIG_HOME: elsewhere("XDG_CONFIG_HOME"),
      both: elsewhere("XDG_STATE_HOME", "XDG_CONFIG_HOME"),
      HOME: { HOME: home },
    };
  };

  beforeEach(() => {
    const keys = Object.entries(KEYS).map(([name, value]) => `${name.toLowerCase()} = ${value}`);
    desk.write(".aws/config", `[profile dev]\nregion = ${LAB_REGION}\n${keys.join("\n")}\n`);
    desk.write(".config/kubectl-vouch/config.yaml", "requireClusterInfo: true\n");
  });

  for (const [source, [flags, shell]] of Object.entries(SOURCES)) {
    const setUp = () =>
      desk.run(["setup", "eks", "--cluster", LAB_CLUSTER, ...region(flags), ...flags], { env: shell });
    /** By the full program, as a client of its own. */
    const ask = (asked: unknown, env: Record<string, string>) => {
      parentId += 1;
      const all = { ...shell, ...env, KUBERNETES_EXEC_INFO: execInfoFor(asked) };
      return desk.run([...WHERE, ...flags], {
        env: all,
        answersSecret: true,
        parentId,
        databaseHome: desk.home,
      });
    };
    /** By the warm path. */
    const isWarm = (asked: unknown, env: Record<string, string>) => {
      parentId += 1;
      const program: NodeJS.Process = Object.create(process, {
        argv: { value: ["node", "program", ...WHERE, ...flags] },
        env: { value: { HOME: desk.home, ...shell, ...env, KUBERNETES_EXEC_INFO: execInfoFor(asked) } },
      });
      const host = { ...nodeHost(program), now: () => desk.lab.clock(), parentId: () => parentId };
      return answerWarm({ ...host, print: () => undefined });
    };

    it(`gets a token by ${source} only as setup recorded it, from the full program and from the cache`, async () => {
      assert.equal((await setUp()).status, 0);
      for (const [what, env] of Object.entries({ nothing: {}, ...led() })) {
        const { status, stderr } = await ask(info(), env);
        assert.equal(status, 0, `${what}: ${stderr}`);
        for (const asked of [evil(), undefined, info({ "certificate-authority-data": "QQ==" })]) {
          const refused = await ask(asked, env);
          assert.deepEqual([refused.status, refused.stdout], [6, ""], what);
          assert.match(refused.stderr, /\[cluster-mismatch\]|^$/, what);
          assert.equal(isWarm(asked, env), false, what);
        }
      }
    });

    it(`is not required to be said where nothing says so, by ${source}`, async () => {
      desk.write(".config/kubectl-vouch/config.yaml", "");
      assert.equal((await setUp()).status, 0);
      for (const env of Object.values(led())) assert.equal((await ask(undefined, env)).status, 0);
    });

    it(`gets no token from a cache that is switched off, by ${source}`, async () => {
      desk.write(".config/kubectl-vouch/config.yaml", "cache: false\n");
      assert.equal((await setUp()).status, 0);
      for (const env of Object.values(led())) {
        assert.equal((await ask(info(), env)).status, 0);
        assert.equal(isWarm(info(), env), false);
      }
      assert.equal(fs.globSync("**/token-*.json", { cwd: desk.home }).length, 0);
    });
  }
});

function region(flags: readonly string[]): readonly string[] {
  return flags.includes("--ambient") ? ["--region", LAB_REGION] : [];
}
