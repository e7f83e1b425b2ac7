import { reasonOf } from "../../token/errors/errors.ts";
import { timestamp } from "../../token/text/time.ts";
import type { App } from "../app.ts";
import type { BodyOf } from "../kinds/kinds.ts";
import { awsLoginObject, centerSessionObject } from "../login/aws-sessions.ts";
import { endObject } from "../terminal/output.ts";
import type { ContextStatus, StatusReport } from "./status.report.ts";

/** For programs. */
export function statusObject(report: StatusReport, app: App): BodyOf<"Status"> {
  const { server, session, verdict, authenticated, contexts, kubeconfigProblem, aws, others } = report;
  return {
    authenticated,
    server: server.base,
    ...(session === undefined
      ? {}
      : {
          email: session.identity,
          ...endObject(session.end, app.clock()),
          keyStore: session.keyStore,
        }),
    verified: verdict.answer === "lives",
    ...(verdict.answer === "unknown" ? { notVerifiedBecause: verdict.reason } : {}),
    contexts: contexts.map(contextObject),
    ...(kubeconfigProblem === undefined ? {} : { kubeconfigProblem }),
    otherSessions: others.map((other) => ({
      server: other.server,
      email: other.session.identity,
      expiresAt: timestamp(other.session.end),
    })),
    identityCenterSessions: aws.centers.map((found) => centerSessionObject(app, found)),
    awsLogins: aws.logins.map((found) => awsLoginObject(app, found)),
    ...(aws.problem === undefined ? {} : { profilesProblem: aws.problem }),
  };
}

function contextObject({
  name,
  isCurrent,
  path,
  stanza,
  problem,
}: ContextStatus): BodyOf<"Status">["contexts"][number] {
  const { clusterName: cluster, region, source } = stanza;
  const profile = source.kind === "vouch" || source.profile === undefined ? {} : { profile: source.profile };
  return {
    ...{ name, current: isCurrent, cluster, region, role: source.role, ...profile, kubeconfig: path },
    ...(problem === undefined ? {} : { problem: reasonOf(problem) }),
  };
}
