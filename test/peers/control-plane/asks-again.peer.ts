/**
 * Programs that need the token more than once, and whose second call must not be taken for a refusal: two kubectls, a shell
 * with curl, helm, Kubernetes' own clients for Python and JavaScript. Needs kubectl and helm (fetched once), curl, and Python's
 * client where the AWS CLI is; a step of CI of its own.
 */
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { CONTEXT, type LabPerson, labPerson, succeeded } from "../../end-to-end/lab-person.ts";
import { LAB_CLUSTER, LAB_REGION, LAB_ROLE, startLab } from "../../lab/lab.ts";
import { execInfoFor } from "../../support/cluster-infos.ts";
import { awsCli } from "../aws-cli/programs.ts";
import { fetchHelm, fetchKubectl } from "../kubectl/fetch.ts";

const ROOT = path.resolve(import.meta.dirname, "../../..");

describe("a program that asks again", () => {
  let person: LabPerson;
  let kubeconfig = "";
  before(async () => {
    person = labPerson(await startLab());
    await person.logIn();
    await person.setUp();
    kubeconfig = path.join(person.lab.home, ".kube/config");
  });
  after(() => person.lab.close());
  beforeEach(() => person.clearCache());

  /** Runs it; nothing of ours may be said, and one exchange is enough. */
  const quietly = async (command: readonly string[], env: Record<string, string> = {}) => {
    const { result, traffic } = await person.during(() => person.run(command, { env }));
    succeeded(result);
    assert.doesNotMatch(result.stderr, /kubectl-vouch/);
    assert.equal(traffic.exchanges, 1);
    return { stdout: result.stdout, runs: traffic.pluginRuns };
  };
  const ask = () =>
    `kubectl-vouch credential eks --cluster-name ${LAB_CLUSTER} --region ${LAB_REGION} --role ${LAB_ROLE} --server ${person.lab.vouch.url}`;

  for (const [what, env] of Object.entries({
    "says nothing of what it wants": {},
    "says what it wants, as kubectl does": { KUBERNETES_EXEC_INFO: execInfoFor(undefined) },
  })) {
    it(`is a shell that ${what}`, async () => {
      const script = `set -e; for i in 1 2 3 4; do ${ask()} > /dev/null; done`;
      assert.equal((await quietly(["sh", "-c", script], env)).runs, 4);
    });
  }

  it("is curl in a loop", async () => {
    const text = fs.readFileSync(kubeconfig, "utf8");
    const [, server] = /server: (\S+)/.exec(text) ?? [];
    const [, authority = ""] = /certificate-authority-data: (\S+)/.exec(text) ?? [];
    const url = `${server}/api/v1/namespaces/default/pods`;
    const ca = path.join(person.folder, "cluster-ca.pem");
    fs.writeFileSync(ca, Buffer.from(authority, "base64"));
    const token = `$(${ask()} | sed 's/.*"token":"\\([^"]*\\)".*/\\1/')`;
    const script = `set -e; for i in 1 2 3; do printf 'header = "Authorization: Bearer %s"' "${token}" | curl -sSf --config - --cacert ${ca} -o /dev/null -w '%{http_code} ' ${url}; done`;
    assert.equal((await quietly(["sh", "-c", script])).stdout, "200 200 200 ");
  });

  it("is one kubectl after the other in a script", async () => {
    const kubectl = await fetchKubectl("v36");
    const get = `${kubectl} --context ${CONTEXT} get pods -o name`;
    assert.equal((await quietly(["sh", "-c", `${get} && ${get} && ${get}`])).runs, 3);
  });

  it("is one helm after the other in a script", async () => {
    const list = `HELM_DRIVER=configmap ${await fetchHelm("v36")} --kube-context ${CONTEXT} list --short`;
    assert.equal((await quietly(["sh", "-c", `${list} && ${list} && ${list}`])).runs, 3);
  });

  it("is Python's client, made anew for each call", async () => {
    // That of the peers' AWS CLI has Kubernetes' client.
    const { python } = awsCli(1);
    const script = `
from kubernetes import client, config
for _ in range(3):
    api = config.new_client_from_config(config_file="${kubeconfig}", context="${CONTEXT}")
    print(len(client.CoreV1Api(api).list_namespaced_pod("default").items))
`;
    assert.equal((await quietly([python, "-c", script])).stdout, "2\n2\n2\n");
  });

  it("is JavaScript's client, made anew for each call", async () => {
    const script = `
import { CoreV1Api, KubeConfig } from "@kubernetes/client-node";
for (let i = 0; i < 3; i += 1) {
  const config = new KubeConfig();
  config.loadFromFile(${JSON.stringify(kubeconfig)});
  config.setCurrentContext(${JSON.stringify(CONTEXT)});
  const { items } = await config.makeApiClient(CoreV1Api).listNamespacedPod({ namespace: "default" });
  console.log(items.length);
}
`;
    const file = path.join(ROOT, "node_modules/.cache/asks-again.mjs");
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, script);
    assert.equal((await quietly([process.execPath, file])).stdout, "2\n2\n2\n");
  });
});
