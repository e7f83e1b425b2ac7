import type { Call } from "../call.ts";

/** Versions of the contract that clients in Go take. Source: plugin/KUBECTL.md, "Exec block". */
const KNOWN_VERSIONS = ["client.authentication.k8s.io/v1", "client.authentication.k8s.io/v1beta1"];

/**
 * Why kubectl would not even start the plugin, in its own words: then its answer says nothing of what kubectl does. Undefined
 * when it would. What a policy forbids is refused where programs are run.
 */
export function clientRefusal({ exec, context }: Call): string | undefined {
  if (exec === undefined) return undefined;
  const { apiVersion, interactiveMode } = exec;
  if (apiVersion === undefined || apiVersion === "")
    return `apiVersion must be specified for ${context.userName} to use exec authentication plugin`;
  if (!KNOWN_VERSIONS.includes(apiVersion)) return `exec plugin: invalid apiVersion "${apiVersion}"`;
  if (apiVersion === KNOWN_VERSIONS[0] && interactiveMode === undefined)
    return `interactiveMode must be specified for ${context.userName} to use exec authentication plugin`;
  return undefined;
}
