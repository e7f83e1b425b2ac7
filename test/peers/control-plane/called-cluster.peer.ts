/**
 * Which cluster kubectl says it calls, and that a token goes to no other: real kubectl with changed kubeconfigs and flags,
 * before a server that writes down what it is given.
 */
import assert from "node:assert/strict";
import fs from "node:fs";
import https from "node:https";
import path from "node:path";
import { CONTEXT, succeeded } from "../../end-to-end/lab-person.ts";
import { LAB_CLUSTER } from "../../lab/lab.ts";
import { listenOnLoopback } from "../../lab/loopback.ts";
import { makeLabCa } from "../../lab/tls.ts";
import { changedKubeconfig, type Kubeconfig } from "../kubectl/kubectl-config.ts";
import { describeKubectl, POD_NAMES } from "../kubectl/kubectl-lab.ts";

/** A server with a CA of its own that keeps the bearer tokens it hears. */
async function startThief() {
  const ca = await makeLabCa("somebody else's CA");
  const heard: string[] = [];
  const certificate = await ca.issue(["localhost", "127.0.0.1"]);
  const server = https.createServer(certificate, ({ headers }, response) => {
    heard.push(headers.authorization ?? "");
    response.writeHead(403).end();
  });
  const caData = Buffer.from(ca.cert).toString("base64");
  return { ...(await listenOnLoopback(server)), heard, caData };
}

describeKubectl("the cluster that kubectl calls", (peer) => {
  let thief: Awaited<ReturnType<typeof startThief>>;
  before(async () => {
    thief = await startThief();
  });
  after(() => thief.close());
  beforeEach(() => {
    thief.heard.length = 0;
  });

  const get = (kubeconfig: string | undefined, ...flags: string[]) =>
    peer().kubectl(["--context", CONTEXT, "get", "pods", "-o", "name", ...flags], {
      ...(kubeconfig === undefined ? {} : { env: { KUBECONFIG: kubeconfig } }),
    });
  const cluster = (name: string, change: (cluster: Record<string, unknown>) => void) =>
    changedKubeconfig(peer(), name, ({ clusters }) => {
      for (const { cluster: body } of clusters) change(body);
    });
  const withThief = (change: (config: Kubeconfig) => void = () => undefined) =>
    changedKubeconfig(peer(), "thief.yaml", (config) => {
      for (const { cluster: body } of config.clusters)
        Object.assign(body, {
          server: `https://localhost:${thief.port}`,
          "certificate-authority-data": thief.caData,
        });
      change(config);
    });
  const refused = async (kubeconfig: string | undefined, ...flags: string[]) => {
    const { status, stderr } = await get(kubeconfig, ...flags);
    assert.equal(status, 1);
    assert.match(stderr, /No token for cluster lab .* setup recorded 127\.0\.0\.1 .*\[cluster-mismatch\]\n/);
    assert.match(stderr, /executable kubectl-vouch failed with exit code 6/);
    assert.deepEqual(thief.heard, []);
  };

  it("is said by an entry of ours, and is the recorded one", async () => {
    assert.deepEqual(await get(undefined), { status: 0, stdout: POD_NAMES, stderr: "" });
  });

  it("gets no token when the kubeconfig names another server and CA", async () => {
    assert.equal((await get(undefined)).status, 0, "there is a token in the cache");
    await refused(withThief());
    await peer().clearCache();
    await refused(withThief());
  });

  it("gets no token when only the CA is another, or one more is trusted", async () => {
    await refused(
      cluster("ca.yaml", (body) => {
        body["certificate-authority-data"] = thief.caData;
      }),
    );
    await refused(
      cluster("cas.yaml", (body) => {
        const pem = (data: unknown) => Buffer.from(String(data), "base64").toString();
        const both = `${pem(body["certificate-authority-data"])}\n${pem(thief.caData)}\n`;
        body["certificate-authority-data"] = Buffer.from(both).toString("base64");
      }),
    );
  });

  it("gets no token when certificates are not checked, by the kubeconfig or by a flag", async () => {
    await refused(
      cluster("unchecked.yaml", (body) => {
        delete body["certificate-authority-data"];
        body["insecure-skip-tls-verify"] = true;
      }),
    );
    await refused(undefined, "--insecure-skip-tls-verify");
    await refused(undefined, "--insecure-skip-tls-verify", "--server", `https://127.0.0.1:${thief.port}`);
  });

  it("gets no token by another name or host", async () => {
    await refused(undefined, "--tls-server-name", "localhost");
    await refused(undefined, "--server", `https://localhost:${thief.port}`);
  });

  it("is the recorded one also through a tunnel, with its name", async () => {
    const { port } = new URL(peer().lab.cluster.endpoint);
    const { status, stderr } = await get(
      undefined,
      ...["--server", `https://localhost:${port}`, "--tls-server-name", "127.0.0.1"],
    );
    assert.equal(status, 0, stderr);
  });

  it("is the recorded one also with the CA in a file, and in base64 of several lines", async () => {
    const { certificateAuthority } = peer().lab.cluster;
    fs.writeFileSync(path.join(peer().folder, "ca.pem"), certificateAuthority);
    const file = cluster("ca-file.yaml", (body) => {
      delete body["certificate-authority-data"];
      body["certificate-authority"] = "ca.pem";
    });
    const lines = cluster("ca-lines.yaml", (body) => {
      const data = String(body["certificate-authority-data"]);
      body["certificate-authority-data"] = data.replaceAll(/.{64}/g, "$&\n");
    });
    for (const kubeconfig of [file, lines]) {
      const { status, stderr } = await get(kubeconfig);
      assert.equal(status, 0, stderr);
    }
  });

  it("is answered with as many settings for the plugin as Linux lets pass", async () => {
    const kubeconfig = cluster("large.yaml", (body) => {
      const extension = { audience: "x".repeat(120_000) };
      body["extensions"] = [{ name: "client.authentication.k8s.io/exec", extension }];
    });
    for (const cache of ["warm", "cold"]) {
      if (cache === "cold") await peer().clearCache();
      const { status, stderr } = await get(kubeconfig);
      assert.equal(status, 0, stderr);
    }
  });

  it("is anybody where the entry does not say it, until requireClusterInfo is set", async () => {
    const unsaid = withThief(({ users }) => {
      for (const { user } of users) Object.assign(user.exec, { provideClusterInfo: false });
    });
    await get(unsaid);
    assert.match(thief.heard[0] ?? "", /^Bearer k8s-aws-v1\./, "that is what the setting is for");
    thief.heard.length = 0;

    const folder = path.join(peer().lab.home, ".config", "kubectl-vouch");
    const file = path.join(folder, "config.yaml");
    fs.mkdirSync(folder, { recursive: true });
    try {
      fs.writeFileSync(file, "requireClusterInfo: true\n");
      await peer().setUp();
      for (const _cache of ["warm", "warm again"]) {
        const { stderr } = await get(unsaid);
        assert.match(
          stderr,
          /does not pass the cluster that it connects to, but requireClusterInfo is set\. \[cluster-mismatch\]/,
        );
      }
      assert.deepEqual(thief.heard, []);
      assert.equal((await get(undefined)).status, 0);
    } finally {
      fs.rmSync(file);
      await peer().setUp();
    }
  });

  it("is written into the entry by --migrate too", async () => {
    const role = "arn:aws:iam::111122223333:role/VouchDeveloper";
    const ofRole = ["--role-arn", role];
    const kubeconfig = changedKubeconfig(peer(), "aws.yaml", ({ users }) => {
      const args = ["eks", "get-token", "--cluster-name", LAB_CLUSTER, "--region", "us-east-1", ...ofRole];
      for (const { user } of users)
        Object.assign(user.exec, { command: "aws", args, provideClusterInfo: false });
    });
    const words = ["setup", "eks", "--cluster", LAB_CLUSTER, "--migrate", "--kubeconfig", kubeconfig];
    const where = ["--region", "us-east-1", "--role", role];
    succeeded(await peer().vouch([...words, ...where]));
    assert.doesNotMatch(fs.readFileSync(kubeconfig, "utf8"), /get-token/);
    assert.equal((await get(kubeconfig)).status, 0);
  });

  it("cannot start another command of ours, with whatever variables", async () => {
    for (const args of [["status"], ["doctor", "--", "get", "pods"], ["credential", "aws"]]) {
      const env = [{ name: "KUBERNETES_EXEC_INFO", value: "" }];
      const kubeconfig = changedKubeconfig(peer(), "other.yaml", ({ users }) => {
        for (const { user } of users) Object.assign(user.exec, { args, env });
      });
      const { status, stderr } = await get(kubeconfig);
      assert.equal(status, 1);
      assert.match(stderr, /only `credential eks` and `version` are allowed\. \[exec-command-refused\]/);
      assert.match(stderr, /executable kubectl-vouch failed with exit code 64/);
    }
  });
});
