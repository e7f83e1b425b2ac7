import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { type HostileAnswer, type HostileServer, hostileServer } from "../support/hostile-server.ts";
import { type CommandResult, runCommand } from "../support/run-command.ts";
import { tempFolder } from "../support/temp-folder.ts";

const PROGRAM = path.resolve(import.meta.dirname, "../../dist/kubectl-vouch.mjs");
const API_VERSIONS = { kind: "APIVersions", versions: ["v1"] };
const REVIEW = "POST /apis/authentication.k8s.io/v1/selfsubjectreviews";
const ACCESS_REVIEW = "POST /apis/authorization.k8s.io/v1/selfsubjectaccessreviews";

/** Those that end at once; the ones that only time ends belong to the fault suite. */
const ANSWERS: readonly HostileAnswer[] = [
  "sends a body that never ends",
  "sends trailers that never end",
  "compresses a gigabyte",
  "cuts the body in the middle",
  "answers with a page",
  "answers with JSON of another kind",
];

describe("the doctor, facing an API server that", () => {
  const home = tempFolder();
  let server: HostileServer | undefined;
  afterEach(async () => {
    await server?.close();
    server = undefined;
  });

  const doctor = async (
    answer: HostileAnswer,
    honest: Readonly<Record<string, object>>,
  ): Promise<CommandResult> => {
    await server?.close();
    server = await hostileServer({ answer, honest });
    const cluster = { server: server.url, "certificate-authority": server.caFile };
    const config = {
      apiVersion: "v1",
      kind: "Config",
      "current-context": "demo",
      contexts: [{ name: "demo", context: { cluster: "demo", user: "demo" } }],
      clusters: [{ name: "demo", cluster }],
      users: [{ name: "demo", user: { token: "canary-token" } }],
    };
    fs.writeFileSync(path.join(home(), "kubeconfig"), JSON.stringify(config));
    return runCommand([process.execPath, PROGRAM, "doctor", "-o", "json"], {
      env: {
        HOME: home(),
        PATH: "/usr/bin:/bin",
        KUBECONFIG: path.join(home(), "kubeconfig"),
        HTTPS_PROXY: "http://127.0.0.1:1",
      },
    });
  };
  const isHealthy = ({ stdout }: CommandResult) => (JSON.parse(stdout) as { healthy: boolean }).healthy;

  for (const answer of ANSWERS) {
    it(`${answer}: does not know whether the context works`, async () => {
      const result = await doctor(answer, {});
      assert.deepEqual([result.status, isHealthy(result)], [79, false], result.stdout + result.stderr);
      assert.doesNotMatch(result.stdout, /canary/);
    });

    it(`${answer}, but only when asked who the caller is: no more does it`, async () => {
      const result = await doctor(answer, { "GET /api": API_VERSIONS });
      assert.deepEqual([result.status, isHealthy(result)], [79, false], result.stdout + result.stderr);
    });
  }

  it("says who the caller is and lets them list pods: knows that the context works", async () => {
    const review = { kind: "SelfSubjectReview", status: { userInfo: { username: "ada", groups: ["dev"] } } };
    const access = { kind: "SelfSubjectAccessReview", spec: {}, status: { allowed: true } };
    const answers = { "GET /api": API_VERSIONS, [REVIEW]: review };
    const unsaid = await doctor("answers with a page", answers);
    assert.deepEqual([unsaid.status, isHealthy(unsaid)], [79, false], unsaid.stdout + unsaid.stderr);
    const result = await doctor("answers with a page", { ...answers, [ACCESS_REVIEW]: access });
    assert.deepEqual([result.status, isHealthy(result)], [0, true], result.stdout + result.stderr);
  });
});
