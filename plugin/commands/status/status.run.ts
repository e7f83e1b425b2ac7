import { ours } from "../../../token/command/command.ts";
import { withCommands } from "../../../token/command/sentence.ts";
import { type ErrorCode, EXIT, reasonOf, VouchError } from "../../../token/errors/errors.ts";
import { type CurrentSession, findSession } from "../../../token/hot/current.ts";
import { KEY_STORES } from "../../../token/hot/key-store-kind.ts";
import { describeIdentity, safeguardsObject } from "../../../token/kubeconfig/identity.ts";
import { namedKubeconfig, readChosenKubeconfigs } from "../../../token/kubeconfig/kubeconfig-files.ts";
import { allSessions } from "../../../token/session/current-file.ts";
import { shown } from "../../../token/text/printable.ts";
import { clockTime, timestamp } from "../../../token/text/time.ts";
import { type ServerUrl, serverUrl } from "../../../token/vouch/server-url.ts";
import type { App } from "../../app.ts";
import type { BodyOf } from "../../kinds/kinds.ts";
import {
  awsLoginLine,
  awsLoginObject,
  awsSessions,
  type ContextStart,
  centerSessionLine,
  centerSessionObject,
  contextStart,
  type FirstPlan,
  serves,
} from "../../login/aws-sessions.ts";
import { duration, endObject, isForPrograms, printObject, table } from "../../terminal/output.ts";
import type { TableChoice } from "../../terminal/output-choice.ts";
import { withProgress } from "../../terminal/progress.ts";
import { openSession } from "../../vouch/vouch-access.ts";
import { type VouchContext, vouchContexts } from "../../vouch/vouch-contexts.ts";
import { Desk, serverOrigin } from "../../workplace/workplace.ts";

interface StatusOptions {
  readonly server: string | undefined;
  readonly kubeconfig: string | undefined;
  readonly offline: boolean;
  readonly output: TableChoice;
}

/** The exit status is 0 if everyone who has to be is logged in, and 2 if not. */
export async function runStatus(options: StatusOptions, app: App): Promise<number> {
  const report = await statusReport(options, app);
  if (isForPrograms(options.output)) printObject(app, options.output, "Status", statusObject(report, app));
  else app.io.out(statusText(report, app, options.output === "wide"));
  return isLoggedIn(report, app.clock()) ? EXIT.ok : EXIT.logIn;
}

type StatusReport = Awaited<ReturnType<typeof statusReport>>;

/** Who is logged in, how long, and for which contexts. */
async function statusReport(options: StatusOptions, app: App) {
  const desk = new Desk(app);
  const { workplace } = desk;
  const { value, origin } = serverOrigin(desk, options.server);
  const server = serverUrl(value);
  const session = findSession(workplace.current, server.base, workplace.config.account);
  const running = session !== undefined && session.end > app.clock() ? session : undefined;
  const verdict =
    running === undefined || options.offline ? NOT_ASKED : await askServer(desk, { server, entry: running });
  const found = contextsOf(app, options.kubeconfig);
  const contexts = found.contexts.map((context) => ({ ...context, ...contextStart(desk, context) }));
  const firsts = contexts.flatMap(({ first }) => first ?? []);
  // Without any context, the server of the last login counts too. Otherwise it is the public default.
  const isNamed = origin === "last login" ? contexts.length === 0 : origin !== "default";
  return {
    ...found,
    contexts,
    server,
    session,
    verdict,
    // Whether a user is logged in to the Vouch server.
    authenticated: running !== undefined && !["ended", "lost"].includes(verdict.answer),
    // Whether the user specified the Vouch server or has a context that uses it.
    isVouchMeant:
      isNamed || contexts.some(({ stanza }) => stanza.source.kind === "vouch") || firsts.some(isVouch),
    kubeconfig: namedKubeconfig(options.kubeconfig),
    aws: await awsSessions(desk, firsts),
    others: allSessions(workplace.current).filter(
      (other) => other.session.id !== session?.id && other.session.end > app.clock(),
    ),
  };
}

const NOT_ASKED: Verdict = { answer: "not-asked" };

async function askServer(
  desk: Desk,
  { server, entry }: { readonly server: ServerUrl; readonly entry: CurrentSession },
): Promise<Verdict> {
  try {
    const access = await openSession(desk, { server, entry }).catch(lostSession);
    if (access === undefined) return { answer: "lost" };
    const { client, session } = access;
    const { authenticated } = await withProgress(desk.app, `Contacting ${server.base}…`, () =>
      client.status(session),
    );
    return { answer: authenticated ? "lives" : "ended" };
  } catch (error) {
    if (error instanceof VouchError && error.code === "logged-out") return { answer: "ended" };
    return { answer: "unknown", reason: reasonOf(error) };
  }
}

function lostSession(error: unknown): undefined {
  if (!(error instanceof VouchError) || error.code !== "logged-out") throw error;
}

/** A broken kubeconfig does not hide the session. */
function contextsOf(
  app: App,
  kubeconfig: string | undefined,
): { readonly contexts: readonly VouchContext[]; readonly kubeconfigProblem?: string } {
  try {
    return { contexts: vouchContexts(readChosenKubeconfigs(app, kubeconfig)) };
  } catch (error) {
    return { contexts: [], kubeconfigProblem: reasonOf(error) };
  }
}

function isVouch({ plan }: FirstPlan): boolean {
  return plan.kind === "process" && plan.vouch !== undefined;
}

/** The server's answer about the session: alive, ended, or none. `lost`: its secrets are gone from this machine. */
type Verdict =
  | { readonly answer: "lives" | "ended" | "lost" | "not-asked" }
  | { readonly answer: "unknown"; readonly reason: string };

type ContextStatus = VouchContext & ContextStart;

/**
 * Whether everyone who has to be is logged in: at Vouch if that is meant, and wherever else contexts need it. If neither says
 * who, any user anywhere will do. False if the contexts, or their credential sources, are unknown. A profile that gives nothing
 * needs no login, which would not help: in a script, `status || login` would ask for one in vain.
 */
function isLoggedIn(
  { isVouchMeant, authenticated, contexts, kubeconfigProblem, aws }: StatusReport,
  now: number,
): boolean {
  if (kubeconfigProblem !== undefined) return false;
  if (contexts.length === 0 && !isVouchMeant) return aws.centers.some(({ token }) => serves(token, now));
  const isKnown =
    contexts.every(({ problem }) => problem === undefined || !UNREADABLE.includes(problem.code)) &&
    (aws.problem === undefined || contexts.every(({ stanza }) => stanza.source.kind === "vouch"));
  const needed = [...aws.centers.filter((session) => session.needed !== undefined), ...aws.logins];
  return (!isVouchMeant || authenticated) && isKnown && needed.every(({ token }) => serves(token, now));
}

/** Errors in AWS's files, which leave it unknown whether a profile in them needs a login. */
const UNREADABLE: readonly ErrorCode[] = ["aws-config-invalid", "file-unreadable"];

/** For a person; wide: with a table of the contexts. Vouch is left out if contexts do without it and nobody logged in there. */
function statusText(report: StatusReport, app: App, isWide: boolean): string {
  const { server, session, isVouchMeant, contexts, aws, others } = report;
  const isWithoutVouch = !isVouchMeant && session === undefined && contexts.length > 0;
  const lines = isWithoutVouch ? [] : [`Server:     ${server.base}`, ...sessionLines(report, app)];
  if (session !== undefined) {
    // There, who else can read them is not checked.
    const isUnchecked = app.platform === "win32" && session.keyStore === "file";
    lines.push(`Secrets:    ${isUnchecked ? "in files in your profile" : KEY_STORES[session.keyStore]}`);
  }
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
    `${describeIdentity(stanza.source)}${safeguardWords(stanza)}`,
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
    `${name}${current}: ${stanza.clusterName} in ${stanza.region ?? "?"} as ${describeIdentity(stanza.source)}${safeguardWords(stanza)}`,
  );
}

function safeguardWords({ safeguards: { agentRole, isProtected } }: ContextStatus["stanza"]): string {
  return `${agentRole === undefined ? "" : ` (AI agents: ${agentRole})`}${isProtected ? " (protected)" : ""}`;
}

/** For programs. */
function statusObject(report: StatusReport, app: App): BodyOf<"Status"> {
  const { server, session, verdict, authenticated, contexts, kubeconfigProblem, aws, others } = report;
  return {
    authenticated,
    server: server.base,
    email: session?.identity,
    ...(session && endObject(session.end, app.clock())),
    keyStore: session?.keyStore,
    verified: verdict.answer === "lives",
    notVerifiedBecause: verdict.answer === "unknown" ? verdict.reason : undefined,
    contexts: contexts.map(contextObject),
    kubeconfigProblem,
    otherSessions: others.map((other) => ({
      server: other.server,
      email: other.session.identity,
      expiresAt: timestamp(other.session.end),
    })),
    identityCenterSessions: aws.centers.map((found) => centerSessionObject(app, found)),
    awsLogins: aws.logins.map((found) => awsLoginObject(app, found)),
    profilesProblem: aws.problem,
  };
}

function contextObject({
  name,
  isCurrent,
  path,
  stanza,
  problem,
}: ContextStatus): BodyOf<"Status">["contexts"][number] {
  const { clusterName: cluster, region, source, safeguards } = stanza;
  const profile = source.kind === "vouch" || source.profile === undefined ? {} : { profile: source.profile };
  return {
    ...{ name, current: isCurrent, cluster, region, role: source.role, ...profile, kubeconfig: path },
    ...safeguardsObject(safeguards),
    ...(problem === undefined ? {} : { problem: reasonOf(problem) }),
  };
}
