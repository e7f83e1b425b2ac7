import { reasonOf, VouchError } from "../../token/errors/errors.ts";
import type { Desk } from "../vouch/workplace.ts";
import { type AwsLogin, awsLogins } from "./aws-logins.ts";
import { type CenterStatus, centerSessions } from "./center-sessions.ts";
import type { FirstPlan } from "./first-source.ts";

/** Who is logged in for AWS profiles, as far as the files tell. */
export interface AwsSessions {
  readonly centers: readonly CenterStatus[];
  readonly logins: readonly AwsLogin[];
  /** Why the AWS profiles, or the files of their logins, could not be read. */
  readonly problem: string | undefined;
}

/** The sessions of any AWS profile, and those that contexts need. Nobody is asked. */
export async function awsSessions(desk: Desk, needed: readonly FirstPlan[]): Promise<AwsSessions> {
  try {
    const centers = await centerSessions(desk, needed);
    return { centers, logins: await awsLogins(desk.app, needed), problem: undefined };
  } catch (error) {
    if (!(error instanceof VouchError) || error.code === "interrupted") throw error;
    return { centers: [], logins: [], problem: reasonOf(error) };
  }
}
