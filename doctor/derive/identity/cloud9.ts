import type { Facts } from "../facts.ts";
import { pluginEnvironment } from "../kubeconfig/plugin-environment.ts";

/** Sources into which Cloud9 writes its managed credentials: the default profile of the files. */
const FROM_FILE: readonly (string | undefined)[] = ["credentials-file", "config-file"];

/**
 * Names of the variables by which Cloud9 shows itself, where the plugin uses the credentials that Cloud9 rewrites; empty
 * elsewhere. Source: doctor/AWS-CREDENTIALS.md, "Credential chain".
 */
export function cloud9Variables(facts: Pick<Facts, "evidence" | "exec" | "credentials">): readonly string[] {
  const { credentials } = facts;
  const isManaged = FROM_FILE.includes(credentials?.kind) && credentials?.profile?.name === "default";
  const names = pluginEnvironment(facts).variables.map(({ name }) => name);
  return isManaged ? names.filter((name) => name.startsWith("C9_")) : [];
}
