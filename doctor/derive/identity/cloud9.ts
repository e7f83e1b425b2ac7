import type { PluginEnvironment } from "../kubeconfig/plugin-environment.ts";
import type { CredentialSource } from "./credential-source.ts";

/** Sources into which Cloud9 writes its managed credentials, in their default profile. */
const FROM_FILE: readonly (string | undefined)[] = ["credentials-file", "config-file"];

interface Cloud9Case {
  readonly pluginEnvironment: PluginEnvironment;
  readonly credentials: CredentialSource | undefined;
}

/**
 * Names of the variables that show that this is Cloud9, if the plugin uses the credentials that Cloud9 rewrites; otherwise empty.
 * Source: doctor/AWS-CREDENTIALS.md, "Credential chain".
 */
export function cloud9Variables(facts: Cloud9Case): readonly string[] {
  const names = facts.pluginEnvironment.variables.map(({ name }) => name);
  const own = names.filter((name) => name.startsWith("C9_"));
  if (own.length === 0) return own;
  const { credentials } = facts;
  const isManaged = FROM_FILE.includes(credentials?.kind) && credentials?.profile?.name === "default";
  return isManaged ? own : [];
}
