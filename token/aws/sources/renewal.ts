import { edit, ours, run, unsetVariables } from "../../command/command.ts";
import { type Sentence, sentence, withCommands } from "../../command/sentence.ts";
import { withHints } from "../../errors/errors.ts";
import type { CredentialsPlan } from "./plan-kinds.ts";
import { planSteps } from "./plan-steps.ts";

/** The variables that together are one set of keys. */
const KEY_VARIABLES = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"];

/**
 * What to run to get other credentials when AWS refuses those of a plan; `asked` is the requested profile, undefined for the caller's
 * own credentials. Undefined if all that one can do is clear the cache.
 */
export function renewalHint(plan: CredentialsPlan, asked: string | undefined): string | undefined {
  const renewal = renewalOf(plan, asked);
  if (renewal === undefined) return undefined;
  const isKept = plan.kind === "assume-role" || plan.kind === "sso";
  return isKept
    ? withCommands`Run ${ours("cache clear")} and try again. If AWS still rejects the credentials, renew them. ${renewal}`
    : withCommands`${renewal}`;
}

function renewalOf(plan: CredentialsPlan, asked: string | undefined): Sentence | undefined {
  const source = planSteps(plan).at(-1) ?? plan;
  const at = "profile" in source.origin ? source.origin : undefined;
  const login = () =>
    sentence`Log in again: ${ours("login", { profile: asked ?? at?.profile, force: true })}`;
  switch (source.kind) {
    case "keys":
      if (at === undefined)
        return sentence`Set new keys or run ${unsetVariables(...KEY_VARIABLES)}, then try again.`;
      return source.sessionToken === undefined
        ? sentence`Set new keys in the profile: ${run("aws", "configure", { profile: at.profile })}`
        : sentence`Fetch new keys with the program that wrote the old ones: ${edit(at.file, at.line)}`;
    case "sso":
      return login();
    case "login":
      return sentence`Log in again: ${run("aws", "login", { profile: at?.profile })}`;
    case "process":
      if (source.vouch !== undefined) return login();
      return (
        at &&
        sentence`Renew the credentials that the profile's credential_process returns: ${edit(at.file, at.line)}`
      );
    default:
      return undefined;
  }
}

/** Runs work that calls AWS with credentials; if AWS refuses them, the error carries the hint. */
export async function withRenewal<T>(hint: string | undefined, work: Promise<T>): Promise<T> {
  return withHints(() => ({ "aws-credentials-refused": hint }), work);
}
