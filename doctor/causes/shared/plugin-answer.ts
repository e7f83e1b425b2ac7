import type { PluginRun } from "../../evidence/evidence.ts";

/**
 * Messages of a client if the plugin's output is no valid answer: K6. Source: client-go, plugin/pkg/client/auth/exec/exec.go,
 * `refreshCredsLocked`; plugin/KUBECTL.md, "Words of kubectl".
 */
export const UNREADABLE =
  /decoding stdout: (?!no kind "ExecCredential")|plugin returned version client\.authentication\.k8s\.io\/__internal|exec plugin (?:didn't return a (?:status field|token or cert\/key pair)|returned only certificate or key)|failed parsing client (?:key\/|leaf )?certificate/;

/**
 * Messages of a client if the plugin answers in a different version: K3. An empty answer is read as version `__internal`, which is K6. The second one
 * is of a client that does not know the version of the answer at all.
 */
export const DIFFERS =
  /configured to use API version (?<wanted>[\w./]+), plugin returned version (?<given>client\.authentication\.k8s\.io\/v\w+)|no kind "ExecCredential" is registered for version "(?<unknown>client\.authentication\.k8s\.io\/v\w+)"/;

/** The version of the ExecCredential that a run printed, even if only its beginning is known. */
export function answeredVersion(run: PluginRun | undefined): string | undefined {
  const { credential, stdoutHead = "" } = run ?? {};
  if (credential !== undefined) return credential.apiVersion;
  if (!/^\s*\{[\s\S]*"kind"\s*:\s*"ExecCredential"/.test(stdoutHead)) return undefined;
  return /"apiVersion"\s*:\s*"(client\.authentication\.k8s\.io\/v\w+)"/.exec(stdoutHead)?.[1];
}
