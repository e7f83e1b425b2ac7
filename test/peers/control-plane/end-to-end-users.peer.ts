/**
 * Real kubectl and the ways a kubeconfig may start us: versions of the contract, with and without a terminal, allowlists.
 * Needs kubectl (fetched once) and `script` of util-linux. Run by a step of CI of its own.
 */
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { CONTEXT, succeeded } from "../../end-to-end/lab-person.ts";
import { accessPolicy } from "../../lab/aws/world.ts";
import { LAB_PIN } from "../../lab/lab.ts";
import { releaseFolder } from "../../support/shipped-files.ts";
import { changedExec } from "../kubectl/kubectl-config.ts";
import { describeKubectl, POD_NAMES, withoutDiscovery } from "../kubectl/kubectl-lab.ts";
import { runInTerminal, type Typed } from "../kubectl/kubectl-terminal.ts";

const V1 = "client.authentication.k8s.io/v1";
const V1_BETA_1 = "client.authentication.k8s.io/v1beta1";

/** Those that ask for no terminal. v1beta1 may leave interactiveMode out. */
const USERS = [
  { name: "v1, Never", apiVersion: V1, interactiveMode: "Never" },
  { name: "v1, IfAvailable", apiVersion: V1, interactiveMode: "IfAvailable" },
  { name: "v1beta1, Never", apiVersion: V1_BETA_1, interactiveMode: "Never" },
  { name: "v1beta1, IfAvailable", apiVersion: V1_BETA_1, interactiveMode: "IfAvailable" },
  { name: "v1beta1, no interactiveMode", apiVersion: V1_BETA_1, interactiveMode: undefined },
] as const;

const GET_PODS = ["--context", CONTEXT, "get", "pods", "-o", "name"];
const TYPED_PIN = { after: "PIN of Yubico YubiKey 5 NFC (5.7.1): ", text: `${LAB_PIN}\r` };

describeKubectl("a user that gets its credentials from us", (peer, release) => {
  before(() => peer().lab.entry.policies.push(accessPolicy("AmazonEKSEditPolicy", ["team-a"])));

  const getPodsInTerminal = (
    kubeconfig: string,
    { env = {}, typed = [] }: { env?: Record<string, string>; typed?: readonly Typed[] } = {},
  ) =>
    runInTerminal([peer().program, ...GET_PODS].join(" "), {
      env: { ...peer().env, KUBECONFIG: kubeconfig, ...env },
      typed,
    });
  const onScreen = (...lines: string[]) => lines.map((line) => `${line}\r\n`).join("");
  const pods = POD_NAMES.trimEnd().split("\n");

  USERS.forEach(({ name, ...fields }, index) => {
    describe(name, () => {
      const kubeconfig = () => changedExec(peer(), `user-${index}.json`, fields);

      it("applies a manifest from standard input, at the price of a warm call", async () => {
        const manifest = {
          apiVersion: "v1",
          kind: "ConfigMap",
          metadata: { name: `settings-${index}`, namespace: "team-a" },
        };
        succeeded(await peer().getPods());
        const { result, traffic } = await peer().during(() =>
          peer().kubectl(["--context", CONTEXT, "apply", "-f", "-"], {
            stdin: JSON.stringify(manifest),
            env: { KUBECONFIG: kubeconfig() },
          }),
        );
        const stdout = `configmap/settings-${index} created\n`;
        assert.deepEqual(result, { status: 0, stdout, stderr: "" });
        // kubectl has two clients then, and each asks for a token: that is no refusal.
        assert.deepEqual(traffic, {
          pluginRuns: 2,
          vouchRequests: 0,
          awsTokens: 0,
          exchanges: 0,
          awsCalls: 0,
        });
      });

      it("works in a terminal", async () => {
        assert.deepEqual(await getPodsInTerminal(kubeconfig()), { status: 0, screen: onScreen(...pods) });
      });
    });
  });

  for (const apiVersion of [V1, V1_BETA_1]) {
    describe(`${apiVersion.split("/")[1]}, Always`, () => {
      const kubeconfig = () => changedExec(peer(), "always.json", { apiVersion, interactiveMode: "Always" });

      it("is not even started without a terminal, and kubectl says so", async () => {
        const env = { KUBECONFIG: kubeconfig() };
        const manifest =
          '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"no","namespace":"team-a"}}';
        const { result, traffic } = await peer().during(() =>
          peer().kubectl(["--context", CONTEXT, "apply", "-f", "-"], { env, stdin: manifest }),
        );
        const why = "exec plugin cannot support interactive mode: standard input is not a terminal";
        assert.equal(result.status, 1);
        assert.ok(result.stderr.includes(`getting credentials: ${why}`), result.stderr);
        assert.equal(traffic.pluginRuns, 0);
      });

      it("works in a terminal", async () => {
        assert.deepEqual(await getPodsInTerminal(kubeconfig()), { status: 0, screen: onScreen(...pods) });
      });
    });
  }

  describe("asking at the terminal", () => {
    const kubeconfig = () => changedExec(peer(), "asks.json", { interactiveMode: "IfAvailable" });
    const asked = () => [
      `kubectl needs a login to ${peer().lab.vouch.url} for cluster lab.`,
      TYPED_PIN.after,
      "Touch your security key now (it blinks)…",
    ];
    beforeEach(async () => void succeeded(await peer().kubectl(["vouch", "logout"])));
    afterEach(() => peer().logIn());

    // The core that ships asks for a key that is plugged in, and there is none.
    if (releaseFolder() === undefined) {
      it("logs in in the middle of a command, and shows nothing of the PIN", async () => {
        const result = await getPodsInTerminal(kubeconfig(), { typed: [TYPED_PIN] });
        assert.deepEqual(result, { status: 0, screen: onScreen(...asked(), ...pods) });
      });

      it("takes a declined touch for an answer, until somebody logs in", async () => {
        peer().forgetDiscovery();
        const declined = { env: { LAB_TOUCH: "declined" }, typed: [TYPED_PIN] };
        const first = await getPodsInTerminal(kubeconfig(), declined);
        assert.equal(
          withoutDiscovery(first.screen),
          onScreen(
            ...asked(),
            "error: The login was declined on Yubico YubiKey 5 NFC (5.7.1). [security-key-declined]",
            "Run `kubectl vouch login` and touch the key when it blinks.",
            "Unable to connect to the server: getting credentials: exec: executable kubectl-vouch failed with exit code 3",
          ),
        );
        const second = await getPodsInTerminal(kubeconfig(), declined);
        assert.match(
          withoutDiscovery(second.screen),
          /^error: You are not logged in, and at (?:\d{4}-\d\d-\d\d )?\d\d:\d\d UTC\S* the touch was declined; not prompting again\. \[session-expired\]\r\nRun `kubectl vouch login --server https:\/\/localhost:\d+` and touch your security key\.\r\nUnable to connect/,
        );

        await peer().logIn();
        succeeded(await peer().kubectl(["vouch", "logout"]));
        assert.equal((await getPodsInTerminal(kubeconfig(), { typed: [TYPED_PIN] })).status, 0);
      });
    }

    it("asks nobody where there is no terminal", async () => {
      const { status, stderr } = await peer().getPods({ env: { KUBECONFIG: kubeconfig() } });
      assert.equal(status, 1);
      assert.ok(stderr.startsWith(`error: You are not logged in to ${peer().lab.vouch.url}. [logged-out]\n`));
    });
  });

  describe("a kuberc with a list of allowed credential plugins", () => {
    const file = () => path.join(peer().lab.home, ".kube", "kuberc");
    const getPods = (entry: Readonly<Record<string, string>>) => {
      const kuberc = {
        apiVersion: "kubectl.config.k8s.io/v1beta1",
        kind: "Preference",
        credentialPluginPolicy: "Allowlist",
        credentialPluginAllowlist: [entry],
      };
      fs.writeFileSync(file(), JSON.stringify(kuberc));
      return peer().getPods();
    };
    afterEach(() => fs.rmSync(file(), { force: true }));
    const granted = { status: 0, stdout: POD_NAMES, stderr: "" };

    it("lets us run by our name, by its older field, or by our full path", async () => {
      const ours = path.join(peer().folder, "bin", "kubectl-vouch");
      assert.deepEqual(await getPods({ command: "kubectl-vouch" }), granted);
      assert.deepEqual(await getPods({ name: "kubectl-vouch" }), granted);
      assert.deepEqual(await getPods({ command: ours }), granted);
    });

    // kuberc is beta since 1.35; what is older does not look at it.
    it(release === "v36" ? "keeps us out when we are not in it" : "means nothing yet", async () => {
      const ours = path.join(peer().folder, "bin", "kubectl-vouch");
      const refused = {
        status: 1,
        stdout: "",
        stderr: `Unable to connect to the server: getting credentials: plugin path "${ours}" is not permitted by the credential plugin allowlist\n`,
      };
      assert.deepEqual(await getPods({ command: "aws" }), release === "v36" ? refused : granted);
    });
  });
});
