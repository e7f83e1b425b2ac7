import type { SourcePlan } from "../../token/aws/sources/plan-kinds.ts";
import { debug } from "../../token/debug.ts";
import { reasonOf } from "../../token/errors/errors.ts";
import type { StatedSource } from "../../token/kubeconfig/context-source.ts";
import type { App } from "../app.ts";
import { ANY_REGION, contextPlan, profileOfSource } from "../aws/source-plan.ts";
import { firstOf } from "./profile-target.ts";

/** What an AWS profile's credentials begin with. */
export interface FirstSource {
  readonly profile: string;
  readonly plan: ReturnType<typeof firstOf>;
}

/** What contexts begin with that are by an AWS profile, or by their caller. */
export function firstSources(app: App, contexts: readonly StatedSource[]): FirstSource[] {
  return contexts.flatMap((source) => {
    if (source.kind === "vouch") return [];
    return firstSource(profileOfSource(source, app.env), () => contextPlan(source, ANY_REGION, app)) ?? [];
  });
}

/** Undefined for a profile that is no source: it does not hide the others. */
export function firstSource(profile: string, planOf: () => SourcePlan): FirstSource | undefined {
  try {
    return { profile, plan: firstOf(planOf()) };
  } catch (error) {
    debug(`AWS profile ${profile} was left out: ${reasonOf(error)}`);
    return undefined;
  }
}
