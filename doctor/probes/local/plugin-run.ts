import { withoutDebugLines } from "../../../token/debug.ts";
import { PROTECTED } from "../../../token/kubeconfig/identity.ts";
import { maskText } from "../../../token/masking/mask-text.ts";
import { jsonRecord } from "../../../token/record.ts";
import { EXEC_API, isKnownVersion } from "../../derive/kubeconfig/exec-block.ts";
import type { PluginRun } from "../../evidence/evidence.ts";
import { type ReadCredential, readExecCredential, tokenFacts } from "../../evidence/exec-credential.ts";
import { type CalledContext, readCalledContext } from "../called-context.ts";
import type { Probes } from "../probe.ts";
import type { RunResult } from "../probe-host.ts";
import { execInfo } from "./exec-info.ts";

/** How much is kept of an answer that is no ExecCredential, in characters. */
const HEAD_LIMIT = 200;

export const PLUGIN_PROBES = {
  /**
   * Runs the plugin as kubectl does, with its own env and KUBERNETES_EXEC_INFO, but not interactively, so that no tool asks for a
   * touch, a PIN or an MFA code.
   */
  pluginRun: {
    needs: ["kubeconfig"],
    doing: "running the credential plugin",
    ask: async ({ evidence, host, signal, secrets }) => {
      const call = readCalledContext(evidence, host);
      if (call?.exec === undefined || call.command === undefined) return undefined;
      const refusal = clientRefusal(call);
      if (refusal !== undefined) throw new Error(refusal);
      const env = {
        ...host.env,
        ...(call.isOurs ? {} : host.dropped),
        ...call.exec.env,
        KUBERNETES_EXEC_INFO: execInfo(call, host),
      };
      // The doctor only reads, and nobody is to be asked.
      const args = call.exec.args.filter((word) => !call.isOurs || word !== PROTECTED);
      const result = await host.run({ plugin: call.command, args }, { env, signal });
      const printed = jsonRecord(result.stdout);
      const answer = printed?.["kind"] === "ExecCredential" ? readExecCredential(printed) : undefined;
      secrets.token = answer?.token;
      return pluginRun(result, answer);
    },
  },
  /** The token, without its secret parts. */
  token: {
    needs: ["pluginRun"],
    doing: "reading the token",
    ask: async ({ host: { clock }, secrets }) =>
      secrets.token === undefined ? undefined : tokenFacts(secrets.token, clock()),
  },
} satisfies Probes;

/**
 * Why kubectl would not even start the plugin, in kubectl's own words, since the plugin's answer then says nothing about kubectl.
 * Undefined if it would. Programs that a policy forbids are refused where they are run.
 */
function clientRefusal({ exec, context }: CalledContext): string | undefined {
  const { apiVersion = "", interactiveMode } = exec ?? {};
  if (apiVersion === "")
    return `apiVersion must be specified for ${context.userName} to use exec authentication plugin`;
  if (!isKnownVersion(apiVersion)) return `exec plugin: invalid apiVersion "${apiVersion}"`;
  if (apiVersion === EXEC_API.v1 && interactiveMode === undefined)
    return `interactiveMode must be specified for ${context.userName} to use exec authentication plugin`;
  return undefined;
}

function pluginRun(
  { exitCode, stderr, stdout, seconds }: RunResult,
  answer: ReadCredential | undefined,
): PluginRun {
  const head = maskText(stdout).slice(0, HEAD_LIMIT);
  return {
    exitCode,
    stderr: maskText(withoutDebugLines(stderr)),
    seconds: Math.round(seconds * 10) / 10,
    ...(answer === undefined && (head !== "" || exitCode === 0) ? { stdoutHead: head } : {}),
    ...(answer === undefined ? {} : { credential: answer.credential }),
  };
}
