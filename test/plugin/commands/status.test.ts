import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { parse } from "yaml";
import { clockTime } from "../../../token/text/time.ts";
import { LAB_CLUSTER, LAB_REGION, LAB_ROLE } from "../../lab/lab.ts";
import { labDeskAtRest } from "../../support/lab-desk.ts";
import { suiteOnPosix } from "../../support/platform.ts";

const HOUR = 3600_000;

/** A kubeconfig with one context of ours. */
function kubeconfig(context: string, { current = "" } = {}): string {
  return `apiVersion: v1
kind: Config
${current === "" ? "" : `current-context: ${current}\n`}clusters:
- {name: c-${context}, cluster: {server: "https://127.0.0.1:1"}}
contexts:
- {name: ${context}, context: {cluster: c-${context}, user: u-${context}}}
- {name: foreign-${context}, context: {cluster: c-${context}, user: somebody}}
users:
- name: u-${context}
  user:
    exec:
      apiVersion: client.authentication.k8s.io/v1
      command: kubectl-vouch
      args: [credential, eks, --cluster-name, ${LAB_CLUSTER}, --region, ${LAB_REGION}, --role, "${LAB_ROLE}"]
- {name: somebody, user: {exec: {apiVersion: client.authentication.k8s.io/v1, command: aws, args: [eks, get-token]}}}
`;
}

suiteOnPosix("lab", "kubectl vouch status", () => {
  const desk = labDeskAtRest();
  const sessionEnd = () => {
    const { servers } = JSON.parse(desk.read(".local/state/kubectl-vouch/current.json")) as {
      servers: Record<string, { sessions: Record<string, { end: number }> }>;
    };
    return servers[desk.lab.vouch.url]?.sessions["ada@example.com"]?.end ?? 0;
  };
  const iso = (time: number) => `${new Date(time).toISOString().slice(0, 19)}Z`;

  it("says that nobody is logged in, ends with 2, and knows what newcomers need", async () => {
    const { url } = desk.lab.vouch;
    const { status, stdout, stderr } = await desk.run(["status"]);
    assert.deepEqual(
      { status, stderr, stdout },
      {
        status: 2,
        stderr: "",
        stdout:
          `Server:     ${url}\n` +
          `Session:    not logged in; run \`kubectl vouch login --server ${url}\`\n` +
          `            (new to Vouch? Enroll first: \`kubectl vouch enroll --server ${desk.lab.vouch.url}\`)\n` +
          "Contexts:   none; `kubectl vouch setup eks --cluster NAME` creates one\n",
      },
    );
  });

  it("says who is logged in, how long, where the secrets are, and for which contexts", async () => {
    desk.logIn();
    desk.write(".kube/config", kubeconfig("lab-vouch", { current: "lab-vouch" }));
    const { status, stdout, stderr } = await desk.run(["status"]);
    assert.equal(status, 0);
    assert.equal(stderr, "");
    assert.equal(
      stdout,
      `Server:     ${desk.lab.vouch.url}\n` +
        "Logged in:  ada@example.com\n" +
        `Session:    until ${clockTime(sessionEnd(), desk.lab.clock())}, 7 h 59 min left\n` +
        "Secrets:    in files that only you can read\n" +
        `Contexts:   lab-vouch (current): lab in us-east-1 as ${LAB_ROLE}\n`,
    );
  });

  it("lists the contexts as a table with -o wide", async () => {
    desk.logIn();
    const file = desk.write(".kube/config", kubeconfig("lab-vouch", { current: "lab-vouch" }));
    const { status, stdout } = await desk.run(["status", "-owide"]);
    assert.equal(status, 0);
    const [head, contexts] = stdout.split("\n\n");
    assert.equal(`${head}\n`, (await desk.run(["status"])).stdout.replace(/^Contexts.*\n/m, ""));
    assert.equal(
      contexts,
      `CURRENT  NAME       CLUSTER  REGION     ROLE${" ".repeat(LAB_ROLE.length - 4)}  KUBECONFIG\n` +
        `*        lab-vouch  lab      us-east-1  ${LAB_ROLE}  ${file}\n`,
    );
    desk.write(".kube/config", "");
    assert.match((await desk.run(["status", "-owide"])).stdout, /\nContexts: {3}none; /);
  });

  it("prints one object for programs, as JSON and as YAML", async () => {
    desk.logIn();
    const file = desk.write(".kube/config", kubeconfig("lab-vouch"));
    const { status, stdout } = await desk.run(["status", "-o", "json"]);
    assert.equal(status, 0);
    const { expiresInSeconds, ...rest } = JSON.parse(stdout) as { expiresInSeconds: number };
    assert.ok(expiresInSeconds > 8 * 3600 - 120 && expiresInSeconds <= 8 * 3600, String(expiresInSeconds));
    const expected = {
      apiVersion: "vouch.kubectl/v1",
      kind: "Status",
      authenticated: true,
      server: desk.lab.vouch.url,
      email: "ada@example.com",
      expiresAt: iso(sessionEnd()),
      keyStore: "file",
      verified: true,
      contexts: [
        {
          name: "lab-vouch",
          current: false,
          cluster: LAB_CLUSTER,
          region: LAB_REGION,
          role: LAB_ROLE,
          kubeconfig: file,
        },
      ],
      otherSessions: [],
      identityCenterSessions: [],
      awsLogins: [],
    };
    assert.deepEqual(rest, expected);

    const yaml = await desk.run(["status", "--output=yaml"]);
    const { expiresInSeconds: _seconds, ...same } = parse(yaml.stdout) as { expiresInSeconds: number };
    assert.deepEqual(same, expected);
  });

  it("prints an object also when nobody is logged in", async () => {
    const { status, stdout } = await desk.run(["status", "-o", "json"]);
    assert.equal(status, 2);
    assert.deepEqual(JSON.parse(stdout), {
      apiVersion: "vouch.kubectl/v1",
      kind: "Status",
      authenticated: false,
      server: desk.lab.vouch.url,
      verified: false,
      contexts: [],
      otherSessions: [],
      identityCenterSessions: [],
      awsLogins: [],
    });
  });

  it("says that a session is over", async () => {
    desk.logIn();
    desk.advance(9 * HOUR);
    const { status, stdout } = await desk.run(["status"]);
    assert.equal(status, 2);
    assert.match(
      stdout,
      new RegExp(
        `\nLogged in: {2}ada@example\\.com\nSession: {4}ended at ${clockTime(sessionEnd(), desk.lab.clock())}; run \`kubectl vouch login --server ${desk.lab.vouch.url}\`\n`,
      ),
    );
    const { authenticated, expiresInSeconds } = JSON.parse((await desk.run(["status", "-o", "json"])).stdout);
    assert.deepEqual({ authenticated, expiresInSeconds }, { authenticated: false, expiresInSeconds: 0 });
  });

  it("says that the server is not heard, and does not call the session verified", async () => {
    desk.logIn();
    desk.lab.vouch.faults.down = true;
    const { status, stdout } = await desk.run(["status"]);
    assert.equal(status, 0);
    assert.match(stdout, /^Session: .+ left \(not verified: .+\)$/m);
    const object = JSON.parse((await desk.run(["status", "-o", "json"])).stdout) as Record<string, unknown>;
    assert.equal(object["verified"], false);
    assert.match(String(object["notVerifiedBecause"]), /localhost:\d+/);
  });

  it("asks nobody with --offline", async () => {
    desk.logIn();
    desk.lab.vouch.clearRequests();
    const { status, stdout } = await desk.run(["status", "--offline", "-o", "json"]);
    assert.equal(status, 0);
    assert.equal((JSON.parse(stdout) as { verified: boolean }).verified, false);
    assert.deepEqual(desk.lab.vouch.requests, []);
  });

  it("lists the contexts of all files in KUBECONFIG, the first of a name as kubectl does", async () => {
    const one = desk.write("one", kubeconfig("a", { current: "a" }));
    const two = desk.write("two", kubeconfig("b", { current: "b" }));
    const KUBECONFIG = [one, path.join(desk.home, "missing"), two, one].join(":");
    const { stdout } = await desk.run(["status", "-o", "json"], { env: { KUBECONFIG } });
    const { contexts } = JSON.parse(stdout) as { contexts: Record<string, unknown>[] };
    assert.deepEqual(
      contexts.map(({ name, current, kubeconfig: file }) => [name, current, file]),
      [
        ["a", true, one],
        ["b", false, two],
      ],
    );
  });

  it("reads the file that --kubeconfig names", async () => {
    const file = desk.write("other", kubeconfig("other"));
    const { stdout } = await desk.run(["status", "--kubeconfig", file]);
    assert.match(stdout, /^Contexts: {3}other: lab in us-east-1/m);
  });

  it("still says who is logged in when the kubeconfig is broken", async () => {
    desk.logIn();
    desk.write(".kube/config", "contexts: [\n");
    const { status, stdout } = await desk.run(["status"]);
    assert.equal(status, 2);
    assert.match(stdout, /\nLogged in: {2}ada@example\.com\n/);
    assert.match(
      stdout,
      new RegExp(`\nContexts: {3}unknown: Cannot use kubeconfig ${desk.kubeconfig}: .+\n$`),
    );
    const object = JSON.parse((await desk.run(["status", "-o", "json"])).stdout) as Record<string, unknown>;
    assert.deepEqual(object["contexts"], []);
    assert.match(
      String(object["kubeconfigProblem"]),
      new RegExp(`^Cannot use kubeconfig ${desk.kubeconfig}: `),
    );
  });

  it("mentions who is logged in elsewhere", async () => {
    desk.logIn();
    const { status, stdout } = await desk.run(["status", "--server", "https://us.vouch.sh"]);
    assert.equal(status, 2);
    assert.match(
      stdout,
      new RegExp(`\nAlso: {7}ada@example\\.com at ${desk.lab.vouch.url}, 7 h 59 min left\n$`),
    );
  });

  it("says that the secrets of a session are gone", async () => {
    desk.logIn();
    fs.rmSync(path.join(desk.home, ".local/share/kubectl-vouch/keys"), { recursive: true });
    const { status, stdout } = await desk.run(["status"]);
    assert.equal(status, 2);
    assert.match(
      stdout,
      /^Session: {4}its secrets are no longer on this machine; run `kubectl vouch login /m,
    );
  });

  it("refuses plain http to another machine, whatever a variable allows", async () => {
    const { status, stderr } = await desk.run(
      ["status", "--offline", "--server", "http://vouch.example.com"],
      {
        env: { VOUCH_ALLOW_INSECURE: "1" },
      },
    );
    assert.equal(status, 6);
    assert.match(stderr, /\[server-url-invalid\]/);
  });

  it("takes a broken current.json for nobody", async () => {
    desk.write(".local/state/kubectl-vouch/current.json", "{");
    assert.equal((await desk.run(["status"])).status, 2);
  });

  it("names the folder of ours that cannot be read", async () => {
    desk.write(".config/kubectl-vouch/config.yaml/inside", "");
    const { status, stdout, stderr } = await desk.run(["status"]);
    assert.deepEqual({ status, stdout }, { status: 6, stdout: "" });
    assert.match(stderr, /config\.yaml cannot be read: it is a directory\. \[file-unreadable\]\n/);
  });

  it("says that the server ended the session", async () => {
    desk.logIn();
    desk.lab.vouch.revokeSessions();
    const { status, stdout } = await desk.run(["status"]);
    assert.equal(status, 2);
    assert.match(stdout, /^Session: {4}ended by the server; run `kubectl vouch login --server /m);
  });
});
