import type { CredentialsPlan } from "../../../token/aws/sources/plan-kinds.ts";
import type { SourceFile } from "../../evidence/evidence.ts";
import type { PluginCase } from "../kubeconfig/plugin-environment.ts";
import { cliSource } from "./aws-environment.ts";
import type { CredentialSource } from "./credential-source.ts";

/** A file that a credential source needs: its name within the folder of AWS's tools for its kind, otherwise its path. */
export type NeededFile = Pick<SourceFile, "kind"> & { readonly name: string };

/**
 * The files that the plugin's credentials depend on, besides AWS's two files, along the whole chain of roles; undefined: not
 * known.
 */
export function neededFiles(facts: SourceCase): readonly NeededFile[] | undefined {
  const plan = planOfSource(facts);
  return plan && filesOf(plan);
}

interface SourceCase extends PluginCase {
  readonly credentials: CredentialSource | undefined;
}

/** Our planner's plan; if it has none, the AWS CLI's, if that is of the same kind. */
function planOfSource(facts: SourceCase): CredentialsPlan | undefined {
  const { credentials } = facts;
  if (credentials === undefined || credentials.plan !== undefined) return credentials?.plan;
  const { kind, plan } = cliSource(facts);
  return kind === credentials.kind ? plan : undefined;
}

function filesOf(plan: CredentialsPlan): readonly NeededFile[] {
  switch (plan.kind) {
    case "sso":
    case "login":
      return [{ kind: plan.kind, name: plan.tokenFile }];
    case "web-identity":
      // Another path would depend on the client's working directory.
      return /^(?:[/\\]|[A-Za-z]:)/.test(plan.tokenFile) ? [{ kind: plan.kind, name: plan.tokenFile }] : [];
    case "assume-role":
      return filesOf(plan.source);
    default:
      return [];
  }
}
