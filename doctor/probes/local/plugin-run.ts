import { withoutDebugLines } from "../../../token/debug.ts";
import { explainToken } from "../../../token/eks/explain-token.ts";
import { maskText } from "../../../token/masking/mask-text.ts";
import { isRecord } from "../../../token/record.ts";
import type { PluginRun, TokenFacts } from "../../evidence/evidence.ts";
import { readCall } from "../call.ts";
import { clientRefusal } from "../cluster/client-refusal.ts";
import { defineProbe, type Probe } from "../probe.ts";
import type { RunResult } from "../probe-host.ts";
import type { ProbeSecrets } from "../probe-secrets.ts";
import { execInfo } from "./exec-info.ts";

/** What is kept of an answer that is no ExecCredential, in characters. */
const HEAD_LIMIT = 200;

/**
 * The plugin, run as kubectl runs it: its own env, KUBERNETES_EXEC_INFO, but nobody to ask, so that no tool asks for a
 * touch, a PIN or an MFA code.
 */
export function pluginRunProbe(secrets: ProbeSecrets): Probe {
  return defineProbe({
    gathers: "pluginRun",
    needs: ["kubeconfig"],
    worksOffline: false,
    doing: "running the credential plugin",
    ask: async (evidence, host, signal) => {
      const call = readCall(evidence, host);
      if (call?.exec === undefined || call.command === undefined) return undefined;
      const refusal = clientRefusal(call);
      if (refusal !== undefined) throw new Error(refusal);
      const env = {
        ...host.env,
        ...(call.isOurs ? {} : host.dropped),
        ...call.exec.env,
        KUBERNETES_EXEC_INFO: execInfo(call, host),
      };
      const result = await host.run({ plugin: call.command, args: call.exec.args }, { env, signal });
      const answer = readCredential(result.stdout);
      secrets.token = answer?.token;
      return pluginRun(result, answer);
    },
  });
}

/** The token without its secret parts. */
export function tokenProbe(secrets: ProbeSecrets): Probe {
  return defineProbe({
    gathers: "token",
    needs: ["pluginRun"],
    worksOffline: false,
    doing: "reading the token",
    ask: async (_evidence, { clock }) => {
      if (secrets.token === undefined) return undefined;
      const { signedAt, endsAt, ...rest } = explainToken(secrets.token, clock());
      return { ...rest, ...moment("signedAt", signedAt), ...moment("endsAt", endsAt) };
    },
  });
}

function moment(
  name: "signedAt" | "endsAt",
  epochMs: number | undefined,
): Partial<Pick<TokenFacts, "signedAt" | "endsAt">> {
  return epochMs === undefined ? {} : { [name]: new Date(epochMs).toISOString() };
}

interface Answer {
  readonly apiVersion: string;
  readonly expirationTimestamp: string | undefined;
  readonly token: string | undefined;
}

/** An ExecCredential; undefined for anything else. */
function readCredential(stdout: string): Answer | undefined {
  try {
    const value: unknown = JSON.parse(stdout);
    if (!isRecord(value) || value["kind"] !== "ExecCredential") return undefined;
    const status = isRecord(value["status"]) ? value["status"] : {};
    const { token, expirationTimestamp } = status;
    return {
      apiVersion: String(value["apiVersion"] ?? ""),
      token: typeof token === "string" && token !== "" ? token : undefined,
      expirationTimestamp: typeof expirationTimestamp === "string" ? expirationTimestamp : undefined,
    };
  } catch {
    return undefined;
  }
}

function pluginRun({ exitCode, stderr, stdout, seconds }: RunResult, answer: Answer | undefined): PluginRun {
  const head = maskText(stdout).slice(0, HEAD_LIMIT);
  return {
    exitCode,
    stderr: maskText(withoutDebugLines(stderr)),
    seconds: Math.round(seconds * 10) / 10,
    ...(answer === undefined && head !== "" ? { stdoutHead: head } : {}),
    ...(answer === undefined ? {} : { credential: credential(answer) }),
  };
}

function credential({
  apiVersion,
  expirationTimestamp,
  token,
}: Answer): NonNullable<PluginRun["credential"]> {
  return {
    apiVersion,
    hasToken: token !== undefined,
    ...(expirationTimestamp === undefined ? {} : { expirationTimestamp }),
  };
}
