/**
 * Real kubectl asks more than once: after a 401, after a failure of the plugin, and when many of it run at the same
 * time. What people and servers see of that. Needs kubectl (fetched once). Run by a step of CI of its own.
 */
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { CONTEXT, succeeded, type Traffic } from "../../end-to-end/lab-person.ts";
import { LAB_ROLE, type Lab } from "../../lab/lab.ts";
import { describeKubectl, POD_NAMES, withoutDiscovery } from "../kubectl/kubectl-lab.ts";

const NO_TRAFFIC: Traffic = { pluginRuns: 0, vouchRequests: 0, awsTokens: 0, exchanges: 0, awsCalls: 0 };

/** What is said once in a burst of refusals. */
const HINT = `kubectl-vouch: the API server of lab probably rejected the token; a new one was fetched.
If it is rejected again: \`kubectl vouch doctor --context ${CONTEXT}\`
`;

/** kubectl's own words for a 401. Source: doctor/EKS-ACCESS.md, "Words of 401". */
const UNAUTHORIZED = {
  warm: "error: You must be logged in to the server (Unauthorized)\n",
  cold: "error: You must be logged in to the server (the server has asked for the client to provide credentials)\n",
};

/** How often kubectl runs the plugin for one `get pods` that is refused. Source: plugin/KUBECTL.md, "After a 401". */
const RUNS = { warm: 2, cold: 6 };

/** How often, with a cold discovery, when the plugin itself fails. */
const FAILING_RUNS = 5;

describeKubectl("a burst of calls", (peer) => {
  const getPods = () => peer().during(() => peer().getPods());
  const granted = { status: 0, stdout: POD_NAMES, stderr: "" };
  const discovery = async (state: "warm" | "cold") => {
    succeeded(await peer().getPods());
    if (state === "cold") peer().forgetDiscovery();
  };

  const removeEntry = async () => {
    const { cluster, kube } = peer().lab;
    cluster.accessEntries.delete(LAB_ROLE);
    await kube.get(cluster.arn)?.forgetTokens();
  };

  describe("of refusals by the API server", () => {
    beforeEach(() => peer().clearCache());
    afterEach(() => void peer().lab.cluster.accessEntries.set(LAB_ROLE, peer().lab.entry));

    for (const state of ["warm", "cold"] as const) {
      it(`costs one fresh mint and one hint, discovery ${state}`, async () => {
        await discovery(state);
        await removeEntry();
        const { result, traffic } = await getPods();
        assert.deepEqual(
          { ...result, stderr: withoutDiscovery(result.stderr) },
          { status: 1, stdout: "", stderr: HINT + UNAUTHORIZED[state] },
        );
        const { pluginRuns, awsTokens, exchanges, awsCalls } = traffic;
        assert.deepEqual(
          { pluginRuns, awsTokens, exchanges, awsCalls },
          { pluginRuns: RUNS[state], awsTokens: 1, exchanges: 1, awsCalls: 1 },
        );
      });

      it(`is forgotten once the entry is back, discovery ${state}`, async () => {
        await discovery(state);
        await removeEntry();
        assert.equal((await peer().getPods()).status, 1);
        peer().lab.cluster.accessEntries.set(LAB_ROLE, peer().lab.entry);
        const { result, traffic } = await getPods();
        assert.deepEqual(result, granted);
        assert.deepEqual(traffic, { ...NO_TRAFFIC, pluginRuns: 1 });
      });
    }

    it("names the context that is in use, whatever it is called", async () => {
      const setup = [
        "vouch",
        "setup",
        "eks",
        "--cluster",
        "lab",
        "--region",
        "us-east-1",
        "--role",
        LAB_ROLE,
      ];
      succeeded(
        await peer().kubectl([...setup, "--context-name", "here", "--kubeconfig", `${peer().folder}/own`]),
      );
      peer().lab.cluster.accessEntries.delete(LAB_ROLE);
      // The API server remembers for a while that it accepted the token with which setup has looked.
      await peer().clearCache();
      const { stderr } = await peer().kubectl(["--context", "here", "auth", "whoami"], {
        env: { KUBECONFIG: `${peer().folder}/own` },
      });
      assert.equal(stderr, HINT.replace(CONTEXT, "here") + UNAUTHORIZED.warm);
    });
  });

  describe("of failures of ours", () => {
    beforeEach(() => peer().clearCache());
    afterEach(() => restoreEverything());
    const restoreEverything = () => {
      const { vouch, aws } = peer().lab;
      Object.assign(vouch.faults, { down: false, rateLimit: undefined });
      Object.assign(aws.faults, { down: false, deny: [] });
    };
    const failed = (ours: string, exit: number) => ({
      status: 1,
      stdout: "",
      stderr: `${ours}Unable to connect to the server: getting credentials: exec: executable kubectl-vouch failed with exit code ${exit}\n`,
    });
    /** kubectl with a cold discovery, which insists the most. */
    const fails = async (env: Readonly<Record<string, string>> = {}) => {
      peer().forgetDiscovery();
      const { result, traffic } = await peer().during(() => peer().getPods({ env }));
      return { traffic, result: { ...result, stderr: withoutDiscovery(result.stderr) } };
    };

    describe("without a session", () => {
      after(() => peer().logIn());

      it("says once that nobody is logged in, and asks no server", async () => {
        succeeded(await peer().kubectl(["vouch", "logout"]));
        const { url } = peer().lab.vouch;
        const { result, traffic } = await fails();
        const message = `error: You are not logged in to ${url}. [logged-out]\nRun \`kubectl vouch login --server ${url}\` and touch your security key.\n`;
        assert.deepEqual(result, failed(message, 2));
        assert.deepEqual(traffic, { ...NO_TRAFFIC, pluginRuns: FAILING_RUNS });
      });
    });

    const cases = [
      {
        name: "the Vouch server is down",
        fault: ({ vouch }: Lab) => {
          vouch.faults.down = true;
        },
        message: ({ vouch }: Lab) =>
          `error: ${new URL(vouch.url).host} closed the connection before it answered. [server-unreachable]\n` +
          "Check the address and your network, then try again.\n",
        exit: 4,
        traffic: {},
      },
      {
        name: "the Vouch server wants fewer requests",
        fault: ({ vouch }: Lab) => {
          vouch.faults.rateLimit = { times: 1000, retryAfter: 0 };
        },
        message: ({ vouch }: Lab) =>
          `error: ${new URL(vouch.url).host} rejected the request for an AWS ID token (HTTP 429): too many requests came from this machine. Server message: "Too Many Requests". [rate-limited]\n` +
          "Wait 0 s and try again.\n",
        exit: 8,
        // One attempt with its three repetitions.
        traffic: { vouchRequests: 4 },
      },
      {
        name: "STS refuses the role",
        fault: ({ aws }: Lab) => {
          aws.faults.deny = ["sts:AssumeRoleWithWebIdentity"];
        },
        message: ({ aws }: Lab) =>
          `error: AWS rejected sts:AssumeRoleWithWebIdentity on ${LAB_ROLE} (${new URL(aws.url).host}): AccessDenied: Not authorized to perform sts:AssumeRoleWithWebIdentity. [role-not-trusted]\n` +
          "Ask an IAM administrator to allow the Vouch server in the role's trust policy.\n",
        exit: 5,
        traffic: { vouchRequests: 1, awsTokens: 1, exchanges: 1, awsCalls: 1 },
      },
      {
        name: "AWS is down",
        fault: ({ aws }: Lab) => {
          aws.faults.down = true;
        },
        message: ({ aws }: Lab) =>
          `error: No response to sts:AssumeRoleWithWebIdentity on ${LAB_ROLE} (${new URL(aws.url).host}): socket hang up. [aws-unreachable]\n` +
          "Check your network and proxy (HTTPS_PROXY, NO_PROXY), then try again.\n",
        exit: 4,
        traffic: { vouchRequests: 1, awsTokens: 1 },
      },
    ];
    for (const { name, fault, message, exit, traffic: expected } of cases) {
      it(`says once that ${name}, and works again at once when that is over`, async () => {
        fault(peer().lab);
        const { result, traffic } = await fails();
        assert.deepEqual(result, failed(message(peer().lab), exit));
        assert.deepEqual(traffic, { ...NO_TRAFFIC, pluginRuns: FAILING_RUNS, ...expected });
        restoreEverything();
        assert.deepEqual(await peer().getPods(), granted);
      });
    }

    it("says once that our own settings are broken", async () => {
      const config = path.join(peer().folder, "kubectl-vouch", "config.yaml");
      fs.mkdirSync(path.dirname(config));
      fs.writeFileSync(config, "keyStore: pocket\n");
      const { result, traffic } = await fails({ XDG_CONFIG_HOME: peer().folder });
      const message = `error: Cannot use ${config}: keyStore must be keyring or file. [config-invalid]\nCorrect it: \`vi ${config}\`\n`;
      assert.deepEqual(result, failed(message, 6));
      assert.deepEqual(traffic, { ...NO_TRAFFIC, pluginRuns: FAILING_RUNS });
    });
  });

  it("of twenty kubectl at once makes one exchange", async () => {
    await peer().clearCache();
    const { result, traffic } = await peer().during(() =>
      Promise.all(Array.from({ length: 20 }, () => peer().getPods())),
    );
    assert.deepEqual(
      result,
      Array.from({ length: 20 }, () => granted),
    );
    const { pluginRuns, awsTokens, exchanges, awsCalls } = traffic;
    assert.deepEqual(
      { pluginRuns, awsTokens, exchanges, awsCalls },
      { pluginRuns: 20, awsTokens: 1, exchanges: 1, awsCalls: 1 },
    );
  });
});
