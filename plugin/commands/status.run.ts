import { EXIT, reasonOf, VouchError } from "../../token/errors/errors.ts";
import { type CurrentSession, findSession } from "../../token/hot/current.ts";
import { namedKubeconfig, readChosenKubeconfigs } from "../../token/kubeconfig/kubeconfig-files.ts";
import { allSessions } from "../../token/session/current-file.ts";
import { type ServerUrl, serverUrl } from "../../token/vouch/server-url.ts";
import type { App } from "../app.ts";
import { awsSessions, contextStart, type FirstPlan } from "../login/aws-sessions.ts";
import { isForPrograms, printObject } from "../terminal/output.ts";
import type { TableChoice } from "../terminal/output-choice.ts";
import { withProgress } from "../terminal/progress.ts";
import { openSession } from "../vouch/vouch-access.ts";
import { type VouchContext, vouchContexts } from "../vouch/vouch-contexts.ts";
import { Desk, serverOrigin } from "../workplace/workplace.ts";
import { statusObject } from "./status.object.ts";
import { isLoggedIn, type StatusReport, type Verdict } from "./status.report.ts";
import { statusText } from "./status.text.ts";

export interface StatusOptions {
  readonly server: string | undefined;
  readonly kubeconfig: string | undefined;
  readonly offline: boolean;
  readonly output: TableChoice;
}

/** The exit status is 0 if everybody is logged in who has to be, and 2 if not. */
export async function runStatus(options: StatusOptions, app: App): Promise<number> {
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
  const isNamed = origin === "last login" ? contexts.length === 0 : origin !== "default";
  const report: StatusReport = {
    ...found,
    contexts,
    server,
    session,
    verdict,
    authenticated: running !== undefined && !["ended", "lost"].includes(verdict.answer),
    isVouchMeant:
      isNamed || contexts.some(({ stanza }) => stanza.source.kind === "vouch") || firsts.some(isVouch),
    kubeconfig: namedKubeconfig(options.kubeconfig),
    aws: await awsSessions(desk, firsts),
    others: allSessions(workplace.current).filter(
      (other) => other.session.id !== session?.id && other.session.end > app.clock(),
    ),
  };

  if (isForPrograms(options.output)) printObject(app, options.output, "Status", statusObject(report, app));
  else app.io.out(statusText(report, app, options.output === "wide"));
  return isLoggedIn(report, app.clock()) ? EXIT.ok : EXIT.logIn;
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
): { readonly contexts: readonly VouchContext[] } & Pick<StatusReport, "kubeconfigProblem"> {
  try {
    return {
      contexts: vouchContexts(readChosenKubeconfigs(app, kubeconfig)),
      kubeconfigProblem: undefined,
    };
  } catch (error) {
    return { contexts: [], kubeconfigProblem: reasonOf(error) };
  }
}

function isVouch({ plan }: FirstPlan): boolean {
  return plan.kind === "process" && plan.vouch !== undefined;
}
