import { type DoctorEvidence, known } from "../evidence.ts";
import { pluginPolicy } from "../facts/plugin-policy.ts";
import type { Call } from "./call.ts";

/** Versions of the contract that clients in Go take. Source: eks-auth, A7. */
const KNOWN_VERSIONS = ["client.authentication.k8s.io/v1", "client.authentication.k8s.io/v1beta1"];

/** The minor version of kubectl that first asks a policy. Source: plugin, 1.8. */
const POLICY_SINCE = 35;

/**
 * Why kubectl would not even start the plugin, in its own words: then its answer says nothing of what kubectl does. Undefined
 * when it would, or nobody can tell.
 */
export function clientRefusal(evidence: DoctorEvidence, { exec, context }: Call): string | undefined {
  if (exec === undefined) return undefined;
  const { apiVersion, interactiveMode } = exec;
  if (apiVersion !== undefined && !KNOWN_VERSIONS.includes(apiVersion))
    return `exec plugin: invalid apiVersion "${apiVersion}"`;
  if (apiVersion === KNOWN_VERSIONS[0] && interactiveMode === undefined)
    return `interactiveMode must be specified for ${context.userName} to use exec authentication plugin`;
  const policy = pluginPolicy(evidence, exec);
  if (policy?.verdict !== "denied" || !asksPolicy(evidence)) return undefined;
  return policy.policy === "DenyAll"
    ? `plugin "${exec.command}" not allowed: policy set to "DenyAll"`
    : `plugin path "${exec.command}" is not permitted by the credential plugin allowlist`;
}

function asksPolicy(evidence: DoctorEvidence): boolean {
  const client = known(evidence.client);
  const minor = /^v1\.(\d+)\./.exec(client?.version ?? "")?.[1];
  return client?.name === "kubectl" && Number(minor ?? 0) >= POLICY_SINCE;
}
