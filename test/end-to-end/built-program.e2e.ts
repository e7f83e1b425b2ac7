import assert from "node:assert/strict";
import { once } from "node:events";
import https from "node:https";
import path from "node:path";
import { LAB_CLUSTER, LAB_PIN, LAB_REGION, LAB_ROLE, startLab } from "../lab/lab.ts";
import { installBuiltProgram } from "../lab/lab-program.ts";
import { execInfoFor } from "../support/cluster-infos.ts";
import { type LabPerson, labPerson, succeeded } from "./lab-person.ts";

const V1 = "client.authentication.k8s.io/v1";
const V1_BETA_1 = "client.authentication.k8s.io/v1beta1";

interface Answer {
  readonly apiVersion: string;
  readonly kind: string;
  readonly status: { readonly token: string; readonly expirationTimestamp: string };
}

/** The program in `dist/`, which has no switch for the lab: a session made there is all it needs. */
describe("the built program", () => {
  let person: LabPerson;
  before(async () => {
    person = labPerson(await startLab());
    installBuiltProgram(path.join(person.folder, "built"));
    const login = ["login", "--pin-stdin", "--key-store", "file"];
    succeeded(await person.vouch(login, { stdin: `${LAB_PIN}\n` }));
  });
  after(() => person?.lab.close());

  /** As kubectl would: a parent of its own for each call. */
  const run = (words: readonly string[], info: string) => {
    const program = path.join(person.folder, "built", "kubectl-vouch");
    const command = ["sh", "-c", '"$@"; exit $?', "sh", program, ...words];
    return person.run(command, { env: { KUBERNETES_EXEC_INFO: info } });
  };
  const words = () => {
    const where = ["--cluster-name", LAB_CLUSTER, "--region", LAB_REGION, "--role", LAB_ROLE];
    return ["credential", "eks", ...where, "--server", person.lab.vouch.url];
  };
  const credential = async (apiVersion: string, cluster?: object): Promise<Answer> => {
    const result = await run(words(), execInfoFor(cluster, apiVersion));
    assert.equal(result.stderr, "");
    return JSON.parse(succeeded(result)) as Answer;
  };

  it("answers from AWS, then from the cache, in the version that is asked for", async () => {
    const cold = await person.during(() => credential(V1));
    assert.deepEqual(cold.traffic, {
      pluginRuns: 0,
      vouchRequests: 1,
      awsTokens: 1,
      exchanges: 1,
      awsCalls: 1,
    });
    assert.equal(cold.result.apiVersion, V1);
    assert.equal(cold.result.kind, "ExecCredential");

    const warm = await person.during(() => credential(V1));
    assert.deepEqual(warm.result, cold.result);
    const beta = await person.during(() => credential(V1_BETA_1));
    assert.deepEqual(beta.result, { ...cold.result, apiVersion: V1_BETA_1 });
    const nothing = { pluginRuns: 0, vouchRequests: 0, awsTokens: 0, exchanges: 0, awsCalls: 0 };
    assert.deepEqual([warm.traffic, beta.traffic], [nothing, nothing]);
  });

  it("gives a token that the cluster takes", async () => {
    const { token } = (await credential(V1)).status;
    const { cluster, kube } = person.lab;
    kube.get(cluster.arn)?.clearRequests();
    const options = { ca: cluster.certificateAuthority, headers: { authorization: `Bearer ${token}` } };
    const [answer] = await once(https.get(`${cluster.endpoint}/version`, options), "response");
    answer.resume();
    const seen = kube
      .get(cluster.arn)
      ?.requests.map(({ path: asked, status, user }) => ({ asked, status, user }));
    const user = "arn:aws:sts::111122223333:assumed-role/VouchDeveloper/ada-example.com";
    assert.deepEqual(seen, [{ asked: "/version", status: 200, user }]);
  });

  it("gives a token for the recorded cluster only, also from the cache", async () => {
    await person.setUp();
    const { cluster } = person.lab;
    const caData = Buffer.from(cluster.certificateAuthority).toString("base64");
    const recorded = { server: cluster.endpoint, "certificate-authority-data": caData };
    const { result, traffic } = await person.during(() => credential(V1, recorded));
    assert.match(result.status.token, /^k8s-aws-v1\./);
    assert.equal(traffic.awsCalls, 0, "setup has minted it");

    for (const other of [{ server: "https://evil.example" }, { "insecure-skip-tls-verify": true }]) {
      const { status, stdout, stderr } = await run(words(), execInfoFor({ ...recorded, ...other }));
      assert.deepEqual([status, stdout], [6, ""]);
      assert.match(stderr, /the client calls .*; setup recorded 127\.0\.0\.1 .* \[cluster-mismatch\]\n/);
    }
  });

  it("is no more than `credential eks` and `version` to a client", async () => {
    for (const refused of [["status"], ["doctor", "--", "version"], ["credential", "aws"], ["--help"], []]) {
      const { status, stdout, stderr } = await run(refused, execInfoFor(undefined));
      assert.deepEqual([status, stdout], [64, ""], refused.join(" "));
      assert.match(stderr, /^error: KUBERNETES_EXEC_INFO is set, .* \[exec-command-refused\]\n/);
    }
    assert.match(succeeded(await run(["version"], execInfoFor(undefined))), /^kubectl-vouch \d/);
  });
});
