import type { CredentialsPlan } from "../../token/aws/sources/plan-kinds.ts";
import { debug } from "../../token/debug.ts";
import { VouchError } from "../../token/errors/errors.ts";
import { ANY_REGION, contextPlan, profileOfSource } from "../aws/source-plan.ts";
import type { VouchContext } from "../vouch/vouch-contexts.ts";
import type { Desk } from "../vouch/workplace.ts";
import { firstOf } from "./profile-target.ts";

/** The first source of an AWS profile's credentials. */
export interface FirstPlan {
  readonly profile: string;
  readonly plan: ReturnType<typeof firstOf>;
}

/** The first source of a context's credentials; neither for a context of Vouch, which reads no AWS files. */
export interface ContextStart {
  readonly first: FirstPlan | undefined;
  /** Why its AWS profile, or its caller, gives no credentials, as far as AWS's files tell. */
  readonly problem: VouchError | undefined;
}

export function contextStart({ aws }: Desk, { name, stanza: { source } }: VouchContext): ContextStart {
  if (source.kind === "vouch") return { first: undefined, problem: undefined };
  const first = firstPlan(profileOfSource(source, aws.env), () =>
    contextPlan(source, ANY_REGION, aws, `context ${name}`),
  );
  return first instanceof VouchError ? { first: undefined, problem: first } : { first, problem: undefined };
}

/** The first source of a profile, or the error, returned so that it does not hide the other profiles. */
export function firstPlan(profile: string, planOf: () => CredentialsPlan): FirstPlan | VouchError {
  try {
    return { profile, plan: firstOf(planOf()) };
  } catch (error) {
    if (!(error instanceof VouchError)) throw error;
    debug(`ignoring AWS profile ${profile}: ${error.message}`);
    return error;
  }
}
