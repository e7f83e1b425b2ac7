import { ours } from "../../token/command/command.ts";
import { withCommands } from "../../token/command/sentence.ts";
import { reasonOf } from "../../token/errors/errors.ts";
import { KEY_STORES } from "../../token/hot/key-store-kind.ts";
import { describeIdentity } from "../../token/kubeconfig/identity.ts";
import { shown } from "../../token/text/printable.ts";
import { clockTime } from "../../token/text/time.ts";
import type { App } from "../app.ts";
import { awsLoginLine, centerSessionLine } from "../login/aws-sessions.ts";
import { duration, table } from "../terminal/output.ts";
import type { ContextStatus, StatusReport } from "./status.report.ts";

/** For a person; wide: with a table of the contexts. Vouch is left out if contexts do without it and nobody logged in there. */
export function statusText(report: StatusReport, app: App, isWide: boolean): string {
  const { server, session, isVouchMeant, contexts, aws, others } = report;
  const isWithoutVouch = !isVouchMeant && session === undefined && contexts.length > 0;
  const lines = isWithoutVouch ? [] : [`Server:     ${server.base}`, ...sessionLines(report, app)];
  if (session !== undefined) lines.push(`Secrets:    ${KEY_STORES[session.keyStore]}`);
  lines.push(...contextLines(report, isWide));
  for (const other of others)
    lines.push(
      `Also:       ${shown(other.session.identity)} at ${other.server}, ${duration(other.session.end - app.clock())} left`,
    );
  const sessions = [
    ...aws.centers.map((found) => centerSessionLine(app, found)),
    ...aws.logins.map((found) => awsLoginLine(app, found)),
    ...(aws.problem === undefined ? [] : [`unknown: ${shown(aws.problem)}`]),
  ];
  lines.push(...sessions.map((session) => `AWS:        ${session}`));
  const text = `${lines.join("\n")}\n`;
  return isWide && contexts.length > 0 ? `${text}\n${contextTable(contexts)}${problemsBelow(report)}` : text;
}

function contextLines(report: StatusReport, isWide: boolean): readonly string[] {
  const { contexts, kubeconfigProblem, kubeconfig } = report;
  if (kubeconfigProblem !== undefined) return [`Contexts:   unknown: ${kubeconfigProblem}`];
  if (contexts.length === 0)
    return [
      withCommands`Contexts:   none; ${ours("setup eks", { cluster: "NAME", kubeconfig })} creates one`,
    ];
  if (isWide) return [];
  return contexts.flatMap((context, index) => [
    `${index === 0 ? "Contexts:" : "         "}   ${contextLine(context)}`,
    ...problemsOf(context, report).map((problem) => `            problem: ${problem}`),
  ]);
}

/** What is wrong with a context's AWS profile, and the fix, unless the same is said about all profiles. */
function problemsOf({ problem }: ContextStatus, { aws }: StatusReport): string[] {
  if (problem === undefined || reasonOf(problem) === aws.problem) return [];
  return [shown(`${problem.message} ${problem.hint}`)];
}

function problemsBelow(report: StatusReport): string {
  const problems = report.contexts.flatMap((context) =>
    problemsOf(context, report).map((problem) => `${shown(context.name)}: ${problem}\n`),
  );
  return problems.length === 0 ? "" : `\n${problems.join("")}`;
}

function contextTable(contexts: readonly ContextStatus[]): string {
  const rows = contexts.map(({ name, isCurrent, path, stanza }) => [
    isCurrent ? "*" : "",
    name,
    stanza.clusterName,
    stanza.region ?? "?",
    describeIdentity(stanza.source),
    path,
  ]);
  return table([["CURRENT", "NAME", "CLUSTER", "REGION", "ROLE", "KUBECONFIG"], ...rows]);
}

function sessionLines({ server, session, verdict, authenticated }: StatusReport, app: App): string[] {
  const login = withCommands`${ours("login", { server: server.base })}`;
  if (session === undefined) {
    return [
      `Session:    not logged in; run ${login}`,
      `            (new to Vouch? Enroll first: ${withCommands`${ours("enroll", { server: server.base })}`})`,
    ];
  }
  const who = `Logged in:  ${shown(session.identity)}`;
  if (session.end <= app.clock())
    return [who, `Session:    ended at ${clockTime(session.end, app.clock())}; run ${login}`];
  if (verdict.answer === "lost")
    return [who, `Session:    its secrets are no longer on this machine; run ${login}`];
  if (!authenticated) return [who, `Session:    ended by the server; run ${login}`];
  const left = `Session:    until ${clockTime(session.end, app.clock())}, ${duration(session.end - app.clock())} left`;
  return [who, verdict.answer === "unknown" ? `${left} (not verified: ${shown(verdict.reason)})` : left];
}

function contextLine({ name, isCurrent, stanza }: ContextStatus): string {
  const current = isCurrent ? " (current)" : "";
  return shown(
    `${name}${current}: ${stanza.clusterName} in ${stanza.region ?? "?"} as ${describeIdentity(stanza.source)}`,
  );
}
