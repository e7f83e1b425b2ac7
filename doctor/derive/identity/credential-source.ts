import type { CredentialsPlan } from "../../../token/aws/sources/plan-kinds.ts";
import type { SourceFile } from "../../evidence/evidence.ts";
import type { ExecBlock } from "../kubeconfig/exec-block.ts";
import {
  type PluginCase,
  type PluginEnvironment,
  pluginEnvironment,
  pluginVariable,
} from "../kubeconfig/plugin-environment.ts";
import { type AwsOrder, awsProfiles, type MergedProfile, orderOfCli, ordersOf } from "./aws-profile-chain.ts";
import { type CredentialSource, chosenProfile, sourceInOrder } from "./aws-source.ts";

/**
 * Which credentials the exec plugin uses, and why, in the order of the program that runs. For ours this is decided by the planner
 * that is also used for tokens, so the two never disagree. Undefined for plugins whose order is not known. The role of the
 * machine is what remains if nothing else provides credentials; no service is queried for it here.
 *
 * Source: doctor/AWS-CREDENTIALS.md, "Credential chain", "Whose profile, whose keys".
 */
export function credentialSource(facts: PluginCase): CredentialSource | undefined {
  const { exec } = facts;
  if (exec === undefined || exec.tool === "other") return undefined;
  if (isVouchBlock(exec)) {
    const why = `${exec.program} uses its Vouch session; AWS variables and profiles are ignored`;
    const none = { profile: undefined, plan: undefined, fault: undefined };
    return { ...none, kind: "vouch", chain: [], why, isSure: true };
  }
  return sourceInOrders(ordersOf(exec), facts);
}

/** Credentials that an unknown plugin uses if it looks for them in the order of the AWS CLI. */
export function cliSource(facts: PluginCase): CredentialSource {
  return sourceInOrders(ordersOf({ tool: "aws" }), facts);
}

function sourceInOrders(
  [usual, ...others]: readonly [AwsOrder, ...AwsOrder[]],
  facts: PluginCase,
): CredentialSource {
  const { exec, evidence } = facts;
  const environment = pluginEnvironment(facts);
  const by = (order: AwsOrder) =>
    sourceInOrder(order, { flag: exec?.profile, environment, profiles: awsProfiles(evidence, order.reader) });
  const source = by(usual);
  const isSame = ({ kind, why }: CredentialSource) => kind === source.kind && why === source.why;
  if (others.every((order) => isSame(by(order)))) return source;
  const order = orderOfCli(evidence);
  return order === undefined ? { ...source, isSure: false } : by(order);
}

/** Whether a context of ours uses an AWS profile, or the credentials of its caller. */
export function isOwnSourceBlock(exec: ExecBlock | undefined): boolean {
  return exec !== undefined && exec.tool === "kubectl-vouch" && !isVouchBlock(exec);
}

/**
 * The region that AWS's variables and the profile give, as the program that runs reads them; if that is not known, as the AWS CLI
 * does.
 */
export function configuredRegion(facts: PluginCase): string | undefined {
  const { exec, evidence } = facts;
  const { tool } = exec ?? { tool: "aws" as const };
  const order = (tool === "aws" ? orderOfCli(evidence) : undefined) ?? ordersOf({ tool })[0];
  const environment = pluginEnvironment(facts);
  const [variable] = order.regionVariables.flatMap((name) => pluginVariable(environment, name) ?? []);
  if (variable !== undefined) return variable.value;
  const { name } = chosenProfile(exec?.profile, environment, order);
  return awsProfiles(evidence, order.reader).byName.get(name)?.settings["region"];
}

/** Whether a context uses a Vouch session, not an AWS profile or the caller's environment. */
export function isVouchBlock({ tool, profile, isAmbient }: ExecBlock): boolean {
  return tool === "vouch" || (tool === "kubectl-vouch" && profile === undefined && !isAmbient);
}

/** Name of the profile in force; undefined if none was chosen or profiles do not matter. */
export function profileInForce(source: CredentialSource | undefined): string | undefined {
  return (
    source?.chain[0]?.name ?? (source?.profile?.chosenBy === "default" ? undefined : source?.profile?.name)
  );
}

/** The first profile along the chain that has one of these settings. */
export function profileWith(
  source: CredentialSource | undefined,
  ...keys: readonly string[]
): MergedProfile | undefined {
  return source?.chain.find(({ settings }) => keys.some((key) => settings[key] !== undefined));
}

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

/** Sources into which Cloud9 writes its managed credentials, in their default profile. */
const FROM_FILE: readonly (string | undefined)[] = ["credentials-file", "config-file"];

/**
 * Names of the variables that show that this is Cloud9, if the plugin uses the credentials that Cloud9 rewrites; otherwise empty.
 * Source: doctor/AWS-CREDENTIALS.md, "Credential chain".
 */
export function cloud9Variables(
  facts: SourceCase & { readonly pluginEnvironment: PluginEnvironment },
): readonly string[] {
  const names = facts.pluginEnvironment.variables.map(({ name }) => name);
  const own = names.filter((name) => name.startsWith("C9_"));
  if (own.length === 0) return own;
  const { credentials } = facts;
  const isManaged = FROM_FILE.includes(credentials?.kind) && credentials?.profile?.name === "default";
  return isManaged ? own : [];
}
