import { parseRoleArn, requireSamePartition } from "../../token/aws/arn.ts";
import { ours } from "../../token/command/command.ts";
import { withCommands } from "../../token/command/sentence.ts";
import { type ErrorCode, VouchError } from "../../token/errors/errors.ts";
import { isClientGo } from "../../token/hot/exec-info.ts";
import type { TokenQuestion } from "../../token/hot/question.ts";
import type { Minted } from "../../token/mint/mint-token.ts";
import type { App } from "../app.ts";
import { requireClusterName } from "../cluster/cluster-name.ts";
import { requireRecordedCluster } from "../cluster/recorded-cluster.ts";
import { loginFromExec } from "../login/login-from-exec.ts";
import { notifyLogin } from "../login/notify-login.ts";
import { askToken } from "./ask-aws.ts";
import { tellIgnoredVariables } from "./ignored-variables.ts";
import { type RoleOptions, resolveRole } from "./role-choice.ts";
import { openAccess } from "./vouch-access.ts";
import { askingContext } from "./vouch-contexts.ts";
import { credentialServer, readWorkplace } from "./workplace.ts";

/** What kubectl's command line asks for; what is missing comes from the profile and the settings. */
export interface ExecQuestion extends RoleOptions {
  readonly clusterName: string;
  /** `spec.cluster` of KUBERNETES_EXEC_INFO, not checked. */
  readonly calledCluster?: unknown;
}

/** Failures that a login would fix. */
const FIXED_BY_LOGIN: readonly ErrorCode[] = ["logged-out", "session-expired", "session-refused"];

/**
 * The token kubectl asks for, from the cache or from AWS. With `--interactive` in the kubeconfig, and somebody at the
 * terminal, a missing session is fixed by a login. That the API server seems to refuse us is said on stderr.
 */
export async function execToken(options: ExecQuestion, app: App): Promise<Minted["token"]> {
  const question = readTokenQuestion(options, app);
  requireRecordedCluster(app, question, options.calledCluster);
  const minted = await mintOrLogIn(question, app, { isServerTyped: options.server !== undefined });
  if (minted.renewed) tellRefusal(app, question);
  return minted.token;
}

function readTokenQuestion(options: ExecQuestion, app: App): TokenQuestion {
  const cluster = options.clusterName;
  requireClusterName(cluster);
  const { role, via, region, account, ...choice } = resolveRole(options, app);
  if (region === undefined)
    throw new VouchError("region-missing", `The region of cluster ${cluster} is not known.`);
  for (const arn of [...via, role]) requireSamePartition(parseRoleArn(arn), region.value);
  const server = credentialServer(app, readWorkplace(app), choice.server).base;
  return { cluster, region: region.value, role, via, server, account };
}

async function mintOrLogIn(
  question: TokenQuestion,
  app: App,
  typed: { readonly isServerTyped: boolean },
): Promise<Minted> {
  try {
    return await mint(question, app);
  } catch (error) {
    if (!(error instanceof VouchError) || !FIXED_BY_LOGIN.includes(error.code)) throw error;
    if (!(await loginFromExec(app, question, typed))) {
      await notifyLogin(app, readWorkplace(app), question);
      throw withServer(error, question);
    }
    return mint(question, app);
  }
}

/** Says where to log in: the last login may have been at another server than this context's. */
function withServer(error: VouchError, { server }: TokenQuestion): VouchError {
  return new VouchError(error.code, error.message, {
    cause: error,
    hint: withCommands`Run ${ours("login", { server })} and touch your security key.`,
  });
}

async function mint(question: TokenQuestion, app: App): Promise<Minted> {
  const access = await openAccess(app, readWorkplace(app), question);
  tellIgnoredVariables(app, access, question.region);
  return askToken(
    app,
    access,
    question,
    isClientGo(app.env["KUBERNETES_EXEC_INFO"]) ? app.parentId : undefined,
  );
}

function tellRefusal(app: App, question: TokenQuestion): void {
  const context = askingContext(app, question)?.name ?? `${question.cluster}-vouch`;
  app.io.err(
    `kubectl-vouch: the API server of ${question.cluster} seems to have refused the token; a fresh one was fetched.\n` +
      `${withCommands`If it is refused again: ${ours("doctor", { context })}`}\n`,
  );
}
