import { ours } from "../../token/command/command.ts";
import { withCommands } from "../../token/command/sentence.ts";
import { EXIT, reasonOf, VouchError } from "../../token/errors/errors.ts";
import { type CurrentSession, findSession } from "../../token/hot/current.ts";
import { KEY_STORES } from "../../token/hot/key-store-kind.ts";
import { describeSource } from "../../token/kubeconfig/context-source.ts";
import { namedKubeconfig, readChosenKubeconfigs } from "../../token/kubeconfig/kubeconfig-files.ts";
import { allSessions } from "../../token/session/current-file.ts";
import { clockTime } from "../../token/text/local-time.ts";
import { shown } from "../../token/text/printable.ts";
import { type ServerUrl, serverUrl } from "../../token/vouch/server-url.ts";
import type { App } from "../app.ts";
import type { BodyOf } from "../kinds/kinds.ts";
import {
  type CenterSessions,
  centerSessionLine,
  centerSessionObject,
  centerSessions,
  isLive,
} from "../login/center-sessions.ts";
import { duration, isForPrograms, printObject, table, timestamp } from "../terminal/output.ts";
import type { TableChoice } from "../terminal/output-choice.ts";
import { withProgress } from "../terminal/progress.ts";
import { openSession } from "../vouch/vouch-access.ts";
import { type VouchContext, vouchContexts } from "../vouch/vouch-contexts.ts";
import { type LocalState, readWorkplace, serverOrigin } from "../vouch/workplace.ts";

export interface StatusOptions {
  readonly server: string | undefined;
  readonly kubeconfig: string | undefined;
  readonly offline: boolean;
  readonly output: TableChoice;
}

/** What the server says of the session: it lives, it does not, or nothing was heard. It is lost without its secrets. */
type Verdict =
  | { readonly answer: "lives" | "ended" | "lost" | "not-asked" }
  | { readonly answer: "unknown"; readonly reason: string };

/** The exit status is 0 when logged in, and 2 when not. */
export async function runStatus(options: StatusOptions, app: App): Promise<number> {
  const workplace = readWorkplace(app);
  const { value, origin } = serverOrigin(app, workplace, options.server);
  const server = serverUrl(value);
  const session = findSession(workplace.current, server.base, workplace.config.account ?? null);
  const running = session !== undefined && session.end > app.clock() ? session : undefined;
  const verdict =
    running === undefined || options.offline
      ? NOT_ASKED
      : await askServer(app, workplace, { server, entry: running });
  const centers = await centerSessions(app);
  const authenticated = running !== undefined && !["ended", "lost"].includes(verdict.answer);
  const isAtCenter = centers.sessions.some((found) => isLive(found, app.clock()));
  const report: Report = {
    server,
    session,
    verdict,
    authenticated,
    // Anywhere; at the server that somebody names, where somebody names one.
    isLoggedIn: authenticated || (options.server === undefined && isAtCenter),
    contexts: contextsOf(app, options.kubeconfig),
    isServerNamed: origin !== "default",
    kubeconfig: namedKubeconfig(options.kubeconfig),
    centers,
    others: allSessions(workplace.current).filter(
      (other) => other.session.id !== session?.id && other.session.end > app.clock(),
    ),
  };

  if (isForPrograms(options.output)) printObject(app, options.output, "Status", asObject(report, app));
  else app.io.out(asText(report, app, options.output === "wide"));
  return report.isLoggedIn ? EXIT.ok : EXIT.logIn;
}

interface Report {
  readonly server: ServerUrl;
  readonly session: CurrentSession | undefined;
  readonly verdict: Verdict;
  /** Somebody is, at the Vouch server. */
  readonly authenticated: boolean;
  readonly isLoggedIn: boolean;
  /** Somebody named the Vouch server, or logged in there; else it is the one that everybody may use. */
  readonly isServerNamed: boolean;
  readonly contexts: readonly VouchContext[] | { readonly problem: string };
  readonly centers: CenterSessions;
  /** The file of `--kubeconfig`. */
  readonly kubeconfig: string | undefined;
  readonly others: readonly { readonly server: string; readonly session: CurrentSession }[];
}

const NOT_ASKED: Verdict = { answer: "not-asked" };

async function askServer(
  app: App,
  workplace: LocalState,
  { server, entry }: { readonly server: ServerUrl; readonly entry: CurrentSession },
): Promise<Verdict> {
  try {
    const access = await openSession(app, workplace, { server, entry }).catch(lostSession);
    if (access === undefined) return { answer: "lost" };
    const { client, session } = access;
    const { authenticated } = await withProgress(app, `Asking ${server.base}…`, () => client.status(session));
    return { answer: authenticated ? "lives" : "ended" };
  } catch (error) {
    if (error instanceof VouchError && error.code === "logged-out") return { answer: "ended" };
    return { answer: "unknown", reason: reasonOf(error) };
  }
}

function lostSession(error: unknown): undefined {
  if (!(error instanceof VouchError) || error.code !== "logged-out") throw error;
}

/** A broken kubeconfig does not hide who is logged in. */
function contextsOf(app: App, kubeconfig: string | undefined): Report["contexts"] {
  try {
    return vouchContexts(readChosenKubeconfigs(app, kubeconfig));
  } catch (error) {
    return { problem: reasonOf(error) };
  }
}

function asObject(
  { server, session, verdict, isLoggedIn, contexts, centers, others }: Report,
  app: App,
): BodyOf<"Status"> {
  const isList = Array.isArray(contexts);
  return {
    authenticated: isLoggedIn,
    server: server.base,
    ...(session === undefined
      ? {}
      : {
          email: session.identity,
          expiresAt: timestamp(session.end),
          expiresInSeconds: Math.max(0, Math.floor((session.end - app.clock()) / 1000)),
          keyStore: session.keyStore,
        }),
    verified: verdict.answer === "lives",
    ...(verdict.answer === "unknown" ? { notVerifiedBecause: verdict.reason } : {}),
    contexts: isList ? contexts.map(contextObject) : [],
    ...(isList ? {} : { kubeconfigProblem: (contexts as { problem: string }).problem }),
    otherSessions: others.map((other) => ({
      server: other.server,
      email: other.session.identity,
      expiresAt: timestamp(other.session.end),
    })),
    identityCenterSessions: centers.sessions.map((found) => centerSessionObject(app, found)),
    ...(centers.problem === undefined ? {} : { profilesProblem: centers.problem }),
  };
}

function contextObject({
  name,
  isCurrent,
  path,
  stanza,
}: VouchContext): BodyOf<"Status">["contexts"][number] {
  const { clusterName: cluster, region, source } = stanza;
  const profile = source.kind === "profile" ? { profile: source.profile } : {};
  return { name, current: isCurrent, cluster, region, role: source.role, ...profile, kubeconfig: path };
}

function asText(report: Report, app: App, isWide: boolean): string {
  const { server, session, contexts, centers, kubeconfig, others } = report;
  const lines = isWithoutVouch(report) ? [] : [`Server:     ${server.base}`, ...sessionLines(report, app)];
  if (session !== undefined) lines.push(`Secrets:    ${KEY_STORES[session.keyStore]}`);
  if (!Array.isArray(contexts))
    lines.push(`Contexts:   unknown: ${(contexts as { problem: string }).problem}`);
  else if (contexts.length === 0)
    lines.push(
      withCommands`Contexts:   none; ${ours("setup eks", { cluster: "NAME", kubeconfig })} makes one`,
    );
  else if (!isWide)
    for (const [index, context] of contexts.entries())
      lines.push(`${index === 0 ? "Contexts:" : "         "}   ${contextLine(context as VouchContext)}`);
  for (const other of others)
    lines.push(
      `Also:       ${shown(other.session.identity)} at ${other.server}, ${duration(other.session.end - app.clock())} left`,
    );
  for (const found of centers.sessions) lines.push(`AWS:        ${centerSessionLine(app, found)}`);
  if (centers.problem !== undefined) lines.push(`AWS:        unknown: ${shown(centers.problem)}`);
  const text = `${lines.join("\n")}\n`;
  return isWide && Array.isArray(contexts) && contexts.length > 0
    ? `${text}\n${contextTable(contexts as readonly VouchContext[])}`
    : text;
}

/** Whoever has contexts of AWS profiles alone, and no Vouch server, is told of none. */
function isWithoutVouch({ contexts, isServerNamed }: Report): boolean {
  const isOfProfiles =
    Array.isArray(contexts) &&
    contexts.length > 0 &&
    (contexts as readonly VouchContext[]).every(({ stanza }) => stanza.source.kind !== "vouch");
  return isOfProfiles && !isServerNamed;
}

function contextTable(contexts: readonly VouchContext[]): string {
  const rows = contexts.map(({ name, isCurrent, path, stanza }) => [
    isCurrent ? "*" : "",
    name,
    stanza.clusterName,
    stanza.region ?? "?",
    describeSource(stanza.source),
    path,
  ]);
  return table([["CURRENT", "NAME", "CLUSTER", "REGION", "ROLE", "KUBECONFIG"], ...rows]);
}

function sessionLines({ server, session, verdict, authenticated }: Report, app: App): string[] {
  const login = withCommands`${ours("login", { server: server.base })}`;
  if (session === undefined) {
    return [
      `Session:    nobody is logged in; run ${login}`,
      `            (never used Vouch before? ${withCommands`${ours("enroll", { server: server.base })}`} registers you)`,
    ];
  }
  const who = `Logged in:  ${shown(session.identity)}`;
  if (session.end <= app.clock())
    return [who, `Session:    ended at ${clockTime(session.end, app.clock())}; run ${login}`];
  if (verdict.answer === "lost")
    return [who, `Session:    its secrets are gone from this machine; run ${login}`];
  if (!authenticated) return [who, `Session:    ended by the server; run ${login}`];
  const left = `Session:    until ${clockTime(session.end, app.clock())}, ${duration(session.end - app.clock())} left`;
  return [who, verdict.answer === "unknown" ? `${left} (not verified: ${shown(verdict.reason)})` : left];
}

function contextLine({ name, isCurrent, stanza }: VouchContext): string {
  const current = isCurrent ? " (current)" : "";
  return shown(
    `${name}${current}: ${stanza.clusterName} in ${stanza.region ?? "?"} as ${describeSource(stanza.source)}`,
  );
}
