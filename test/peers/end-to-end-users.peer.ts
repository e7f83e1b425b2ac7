/**
 * Real kubectl and the ways a kubeconfig may start us: versions of the contract, with and without a terminal, allowlists.
 * Needs kubectl (fetched once) and `script` of util-linux. Run by a step of CI of its own.
 */
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { accessPolicy } from "../lab/aws/world.ts";
import { LAB_PIN } from "../lab/lab.ts";
import { changedExec } from "./kubectl-config.ts";
import { CONTEXT, describeKubectl, POD_NAMES, succeeded } from "./kubectl-lab.ts";
import { runInTerminal } from "./kubectl-terminal.ts";

const V1 = "client.authentication.k8s.io/v1";
const V1_BETA_1 = "client.authentication.k8s.io/v1beta1";

const USERS = [
  { apiVersion: V1, interactiveMode: "Never" },
  { apiVersion: V1, interactiveMode: "IfAvailable" },
  { apiVersion: V1_BETA_1, interactiveMode: "Never" },
  { apiVersion: V1_BETA_1, interactiveMode: undefined },
] as const;

const GET_PODS = ["--context", CONTEXT, "get", "pods", "-o", "name"];

describeKubectl("a user that gets its credentials from us", (peer) => {
  before(() => peer().lab.entry.policies.push(accessPolicy("AmazonEKSEditPolicy", ["team-a"])));

  const typed = (words: readonly string[], kubeconfig: string, answers: { after: string; text: string }[]) =>
    runInTerminal([peer().program, ...words].join(" "), {
      env: { ...peer().env, KUBECONFIG: kubeconfig },
      typed: answers,
    });

  USERS.forEach(({ apiVersion, interactiveMode }, index) => {
    const name = `${apiVersion.split("/")[1]} with interactiveMode ${interactiveMode ?? "not said"}`;

    it(`applies a manifest from standard input: ${name}`, async () => {
      const file = changedExec(peer(), `user-${index}.json`, { apiVersion, interactiveMode });
      const manifest = JSON.stringify({
        apiVersion: "v1",
        kind: "ConfigMap",
        metadata: { name: `settings-${index}`, namespace: "team-a" },
      });
      const result = await peer().kubectl(["--context", CONTEXT, "apply", "-f", "-"], {
        stdin: manifest,
        env: { KUBECONFIG: file },
      });
      assert.deepEqual(result, { status: 0, stdout: `configmap/settings-${index} created\n`, stderr: "" });
    });

    it(`works in a terminal: ${name}`, async () => {
      const file = changedExec(peer(), `user-${index}.json`, { apiVersion, interactiveMode });
      assert.deepEqual(await typed(GET_PODS, file, []), {
        status: 0,
        screen: POD_NAMES.replaceAll("\n", "\r\n"),
      });
    });
  });

  for (const apiVersion of [V1, V1_BETA_1]) {
    it(`needs a terminal when interactiveMode is Always, and says it in kubectl's words: ${apiVersion}`, async () => {
      const file = changedExec(peer(), "always.json", { apiVersion, interactiveMode: "Always" });
      const env = { KUBECONFIG: file };
      const { result, traffic } = await peer().during(async () => [
        await peer().kubectl(GET_PODS, { env }),
        await peer().kubectl(["--context", CONTEXT, "get", "-o", "name", "-f", "-"], {
          env,
          stdin: '{"apiVersion":"v1","kind":"Pod","metadata":{"name":"web","namespace":"default"}}',
        }),
      ]);
      const refusal = (why: string) => ({
        status: 1,
        stdout: "",
        stderr: `getting credentials: exec plugin cannot support interactive mode: standard input is ${why}`,
      });
      assert.deepEqual(result, [refusal("not a terminal"), refusal("x")]);
      assert.equal(traffic.pluginRuns, 0);
      assert.equal((await typed(GET_PODS, file, [])).screen, POD_NAMES.replaceAll("\n", "\r\n"));
    });
  }
});

describeKubectl("a user that may ask at the terminal", (peer) => {
  const inTerminal = (env: Record<string, string> = {}) =>
    runInTerminal([peer().program, ...GET_PODS].join(" "), {
      env: {
        ...peer().env,
        KUBECONFIG: changedExec(peer(), "asks.json", { interactiveMode: "IfAvailable" }),
        ...env,
      },
      typed: [{ after: "PIN of Yubico YubiKey 5 NFC (5.7.1): ", text: `${LAB_PIN}\r` }],
    });
  const asked = () => [
    `kubectl needs a login to ${peer().lab.vouch.url} for cluster lab.`,
    "PIN of Yubico YubiKey 5 NFC (5.7.1): ",
    "Touch your security key now (it blinks)…",
  ];
  const lines = (...text: string[]) => `${text.join("\r\n")}\r\n`;

  it("logs in in the middle of a command, and shows nothing of the PIN", async () => {
    succeeded(await peer().kubectl(["vouch", "logout"]));
    assert.deepEqual(await inTerminal(), {
      status: 0,
      screen: lines(...asked(), ...POD_NAMES.trimEnd().split("\n")),
    });
  });

  it("is not asked a second time after a touch was declined, until it logs in", async () => {
    succeeded(await peer().kubectl(["vouch", "logout"]));
    peer().forgetDiscovery();
    const declined = await inTerminal({ LAB_TOUCH: "declined" });
    assert.equal(declined.screen, lines(...asked(), "x"));
    const again = await inTerminal({ LAB_TOUCH: "declined" });
    assert.match(again.screen, /^error: You are not logged in, and at \d\d:\d\d the touch was not given/);

    await peer().logIn();
    succeeded(await peer().kubectl(["vouch", "logout"]));
    assert.equal((await inTerminal()).status, 0);
  });
});

describeKubectl("a kuberc that allows some credential plugins only", (peer) => {
  const withKuberc = async (allowlist: readonly object[]) => {
    const file = path.join(peer().lab.home, ".kube", "kuberc");
    const kuberc = {
      apiVersion: "kubectl.config.k8s.io/v1beta1",
      kind: "Preference",
      credentialPluginPolicy: "Allowlist",
      credentialPluginAllowlist: allowlist,
    };
    fs.writeFileSync(file, JSON.stringify(kuberc));
    return peer().getPods();
  };
  const pods = { status: 0, stdout: POD_NAMES, stderr: "" };

  it("x", async () => {
    for (const l of [[{ name: "kubectl-vouch" }], [{ command: "kubectl-vouch" }], [{ command: path.join(peer().folder, "bin", "kubectl-vouch") }], [{ name: "aws" }]])
      console.log(JSON.stringify(l), await withKuberc(l));
    assert.ok(pods);
  });
});
