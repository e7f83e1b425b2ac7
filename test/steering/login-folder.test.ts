import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { loginTokenFile } from "../../token/aws/sources/cache-names.ts";
import { lendSession } from "../lab/aws/signin/lend-session.ts";
import { addRole } from "../lab/aws/world.ts";
import { LAB_CLUSTER, LAB_REGION } from "../lab/lab.ts";
import { labDesk } from "../support/lab-desk.ts";
import { suiteOnPosix } from "../support/platform.ts";

const SESSION = "arn:aws:sts::111122223333:assumed-role/Console/ada";
const INFO = JSON.stringify({
  kind: "ExecCredential",
  apiVersion: "client.authentication.k8s.io/v1",
  spec: { interactive: false },
});

suiteOnPosix(
  "lab",
  "AWS_LOGIN_CACHE_DIRECTORY in an exec block's env, for a profile with login_session",
  () => {
    const desk = labDesk();
    const OURS = path.join(".aws/login/cache", loginTokenFile(SESSION));
    /** Somebody's login, kept there; gives its access key id. */
    const logIn = (name: string, file: string) => {
      const role = addRole(desk.lab.world, { name });
      const login = lendSession(desk.lab.world, { role, now: desk.lab.clock(), leftMs: 600_000 });
      desk.write(file, JSON.stringify(login.file));
      return (login.file["accessToken"] as { accessKeyId: string }).accessKeyId;
    };
    const ask = (env: Readonly<Record<string, string>>) =>
      desk.run(
        ["credential", "eks", "--cluster-name", LAB_CLUSTER, "--region", LAB_REGION, "--profile", "console"],
        { answersSecret: true, terminal: "none", env: { ...env, KUBERNETES_EXEC_INFO: INFO } },
      );
    /** Who signed the token. */
    const signer = async (env: Readonly<Record<string, string>>) => {
      const { stdout, stderr } = await ask(env);
      const token: string = stdout === "" ? assert.fail(stderr) : JSON.parse(stdout).status.token;
      const url = new URL(Buffer.from(token.replace("k8s-aws-v1.", ""), "base64url").toString());
      return url.searchParams.get("X-Amz-Credential")?.split("/")[0];
    };

    let own: string;
    beforeEach(() => {
      desk.write(".aws/config", `[profile console]\nlogin_session = ${SESSION}\n`);
      own = logIn("Console", OURS);
    });

    it("gives a token of who is logged in there: of the folder's author", async () => {
      const before = desk.read(OURS);
      const his = logIn("Rogue", `rogue/${loginTokenFile(SESSION)}`);
      assert.equal(await signer({}), own);
      assert.equal(await signer({ AWS_LOGIN_CACHE_DIRECTORY: path.join(desk.home, "rogue") }), his);
      assert.equal(await signer({}), own);
      assert.equal(desk.read(OURS), before);
    });

    it("gives none where nobody is", async () => {
      fs.mkdirSync(path.join(desk.home, "empty"), { recursive: true });
      const { status, stdout, stderr } = await ask({
        AWS_LOGIN_CACHE_DIRECTORY: path.join(desk.home, "empty"),
      });
      assert.deepEqual([status, stdout], [2, ""]);
      assert.match(stderr, /\[aws-login-needed\]/);
    });
  },
);
