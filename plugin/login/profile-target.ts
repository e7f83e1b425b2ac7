import { registrationScopes } from "../../token/aws/identity-center/registration.ts";
import {
  type CredentialsPlan,
  demandsCode,
  type LoginPlan,
  planSteps,
  type SsoPlan,
} from "../../token/aws/sources/plan-kinds.ts";
import type { SharedFiles } from "../../token/aws/sources/shared-files.ts";
import type { VouchProcess } from "../../token/aws/vouch-process.ts";
import { ours, run } from "../../token/command/command.ts";
import { withCommands } from "../../token/command/sentence.ts";
import { VouchError } from "../../token/errors/errors.ts";

/** Where to log in for an AWS profile. */
export interface ProfileTarget {
  /** Undefined: nowhere at IAM Identity Center. */
  readonly center: SsoPlan | undefined;
  /** The scopes that its client at Identity Center requests. */
  readonly scopes: readonly string[];
  /** Set if its credentials come from Vouch. */
  readonly vouch: VouchProcess | undefined;
  /** Whether a role on the way demands a code of an MFA device. */
  readonly isMfaWanted: boolean;
}

/**
 * Where a profile's first credentials come from, whatever roles are assumed with them. Throws `profile-needs-no-login` if there
 * is nothing to log in to, or another program does it.
 */
export function profileTarget(plan: CredentialsPlan, profile: string, files: SharedFiles): ProfileTarget {
  const source = firstOf(plan);
  const isMfaWanted = planSteps(plan).some(demandsCode);
  const none = { center: undefined, scopes: [], vouch: undefined, isMfaWanted };
  if (source.kind === "sso") return { ...none, center: source, scopes: registrationScopes(source, files) };
  if (source.kind === "process" && source.vouch !== undefined) return { ...none, vouch: source.vouch };
  if (isMfaWanted) return none;
  throw needsNoLogin(source, profile);
}

/** The source of a chain's first credentials. */
export function firstOf(plan: CredentialsPlan): Exclude<CredentialsPlan, { readonly kind: "assume-role" }> {
  return plan.kind === "assume-role" ? firstOf(plan.source) : plan;
}

type FirstStep = ReturnType<typeof firstOf>;

/** Why a chain that begins like this has no login of its own; completes a sentence. */
export function whyNoLogin({ kind }: Exclude<FirstStep, SsoPlan | LoginPlan>): string {
  return REASONS[kind];
}

const REASONS = {
  keys: "its access key is already configured",
  process: "its credentials come from its credential_process",
  "web-identity": "its credentials come from a web identity token file",
  container: "its credentials come from the container",
  "instance-metadata": "its credentials come from the machine",
} as const;

function needsNoLogin(source: Exclude<FirstStep, SsoPlan>, profile: string): VouchError {
  if (source.kind === "login") {
    return new VouchError(
      "profile-needs-no-login",
      `AWS profile ${profile} uses a session that only the AWS CLI can start.`,
      { hint: withCommands`Run ${run("aws", "login", { profile: namedBy(source, profile) })}.` },
    );
  }
  return new VouchError(
    "profile-needs-no-login",
    `AWS profile ${profile} does not need a login: ${whyNoLogin(source)}.`,
    {
      hint: withCommands`To log in to Vouch: ${ours("login", { server: "URL" })}. To see where its keys come from: ${run("aws", "configure list", { profile })}`,
    },
  );
}

/** The profile that names the login of `aws login`. */
export function namedBy({ origin }: LoginPlan, asked: string): string {
  return "profile" in origin ? origin.profile : asked;
}
