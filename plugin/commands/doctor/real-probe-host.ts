import {
  type Case,
  caseOf,
  completeEvidence,
  type DoctorEvidence,
  gatherEvidence,
  knownValue,
  looksRedacted,
  type VouchFacts,
} from "../../../doctor/doctor.ts";
import type { ProbeHost, SourceHost, VouchHost } from "../../../doctor/probes/probe-host.ts";
import { run } from "../../../token/command/command.ts";
import { withCommands } from "../../../token/command/sentence.ts";
import { reasonOf, VouchError } from "../../../token/errors/errors.ts";
import { requireKeyAccess } from "../../../token/fido2/hid/key-access.ts";
import { readTextFile } from "../../../token/files/plain-file.ts";
import { detectAiAgent } from "../../../token/hot/ai-agent.ts";
import { type CurrentSession, findSession, unnamedAccount } from "../../../token/hot/current.ts";
import { namedKubeconfig, readChosenKubeconfigs } from "../../../token/kubeconfig/kubeconfig-files.ts";
import type { ServerUrl } from "../../../token/vouch/server-url.ts";
import type { App } from "../../app.ts";
import { askAwsCredentials, settledEndpoints } from "../../aws/ask-aws.ts";
import { programRunner } from "../../programs/program-runner.ts";
import { openAccess, openSession } from "../../vouch/vouch-access.ts";
import { askCredentials } from "../../vouch/vouch-credentials.ts";
import { chosenServer, Desk } from "../../workplace/workplace.ts";
import type { AskedOptions } from "./options.ts";

/** How long cached credentials must still live to be used for AWS, in milliseconds. */
const MIN_REMAINING_MS = 60_000;

/** The outside world, as far as the doctor is allowed to use it. */
export function realProbeHost(
  app: App,
  {
    kubeconfig,
    online,
    kuberc,
  }: {
    readonly kubeconfig: string | undefined;
    readonly online: boolean;
    /** The file of `--kuberc` on the kubectl command line that is examined. */
    readonly kuberc?: string | undefined;
  },
): ProbeHost {
  return {
    env: app.env,
    platform: app.platform,
    homeDir: app.homeDir,
    clock: app.clock,
    kubeconfig,
    online,
    dropped: app.dropped,
    readText: (file) => readTextFile(file),
    run: programRunner(app, kuberc),
    vouch: vouchHost(app),
    sources: sourceHost(app),
  };
}

function sourceHost(app: App): SourceHost {
  return {
    credentials({ env, fresh, signal, ...asked }) {
      const wish = { fresh, minRemainingMs: MIN_REMAINING_MS };
      return askAwsCredentials(new Desk({ ...app, env, signal }), asked, { wish });
    },
    endpoints: (profile, env) => settledEndpoints({ ...app, env }, { profile }),
  };
}

function vouchHost(app: App): VouchHost {
  const agent = detectAiAgent((name) => app.env[name]);
  return {
    async credentials({ server: named, role, via, region, account, fresh, signal }) {
      const desk = new Desk(app);
      const server = chosenServer(desk, named).base;
      const who = account ?? unnamedAccount(desk.workplace.current, server);
      const request = { role, via, region, server, account: who };
      const access = await openAccess(desk, request);
      return askCredentials({ ...app, signal }, access, request, { fresh, minRemainingMs: MIN_REMAINING_MS });
    },
    async endpoints(named, account) {
      const desk = new Desk(app);
      const server = chosenServer(desk, named).base;
      const who = account ?? unnamedAccount(desk.workplace.current, server);
      return (await openAccess(desk, { server, account: who })).endpoints;
    },
    async status(named, account) {
      const desk = new Desk(app);
      const { current } = desk.workplace;
      const server = chosenServer(desk, named);
      const who = account ?? unnamedAccount(current, server.base);
      const entry = findSession(current, server.base, who);
      const facts = { server: server.base, loggedIn: false, ...(agent === undefined ? {} : { agent }) };
      if (entry === undefined) return facts;
      const known = { ...facts, identity: entry.identity, sessionEnd: new Date(entry.end).toISOString() };
      if (entry.end <= app.clock()) return known;
      return { ...known, ...(await serverAnswer(desk, { server, entry })) };
    },
    keys: () => pluggedInKeys(app),
  };
}

/** Whether the session's secrets are here, and whether the server confirms that it is active, or its error. */
async function serverAnswer(
  desk: Desk,
  { server, entry }: { readonly server: ServerUrl; readonly entry: CurrentSession },
): Promise<Pick<VouchFacts, "loggedIn" | "serverConfirms" | "serverProblem" | "endpoints">> {
  let recorded: Pick<VouchFacts, "endpoints"> = {};
  try {
    const { client, session, endpoints } = await openSession(desk, { server, entry });
    recorded = { endpoints };
    const { authenticated } = await client.status(session);
    return { ...recorded, loggedIn: true, serverConfirms: authenticated };
  } catch (error) {
    const serverProblem = reasonOf(error);
    const code = error instanceof VouchError ? error.code : undefined;
    if (code === "logged-out") return { loggedIn: false, serverProblem };
    return {
      ...recorded,
      loggedIn: true,
      serverProblem,
      ...(code === "session-refused" ? { serverConfirms: false } : {}),
    };
  }
}

async function pluggedInKeys(app: App): Promise<{ readonly name: string; readonly readable: boolean }[]> {
  const keys = await (await app.securityKeys()).list();
  return keys.map(({ name, path }) => ({ name, readable: mayOpen(path) }));
}

function mayOpen(path: string): boolean {
  try {
    requireKeyAccess(path);
    return true;
  } catch (error) {
    return !(error instanceof VouchError && error.code === "security-key-unreadable");
  }
}

interface CompleteOptions extends Pick<AskedOptions, "context" | "kubeconfig"> {
  /** Print no names. */
  readonly redact: boolean;
  readonly progress: (text: string) => void;
}

interface CompletedBundle {
  readonly evidence: DoctorEvidence;
  /** The context through which the cluster was read; undefined: the current one. */
  readonly adminContext: string | undefined;
}

/**
 * The bundle of a user with few permissions, completed with those of the user who runs this. Only a context for exactly the
 * bundle's cluster is used. Throws `context-missing` if there is none, `cluster-mismatch` if the specified one is for a different
 * cluster, `evidence-invalid` for a redacted bundle.
 */
export async function completeBundle(
  app: App,
  bundle: DoctorEvidence,
  options: CompleteOptions,
): Promise<CompletedBundle> {
  const { kubeconfig, progress, redact } = options;
  if (looksRedacted(bundle))
    throw new VouchError(
      "evidence-invalid",
      "The names in this case are redacted, so it cannot be completed.",
      {
        hint: "Ask for the case with its real names, saved without --redact: `kubectl vouch doctor --save case.json`.",
      },
    );
  const asked = caseOf(bundle);
  const context = contextFor(app, asked, options);
  const gathered = await gatherEvidence({
    host: realProbeHost(app, { kubeconfig, online: true }),
    question: { ...asked.question, context },
    scope: "cluster",
    now: app.clock(),
    signal: app.signal,
    progress,
  });
  requireSameCluster(bundle, gathered, { ...asked, redact });
  const { evidence, ...completion } = completeEvidence(bundle, gathered);
  const by = knownValue(gathered.callerIdentity)?.Arn ?? `context ${context}`;
  const about = asked.principal === undefined ? "" : `, about ${asked.principal}`;
  const [first, ...lines] = completionLines(completion, redact);
  app.io.err(`${first}${redact ? "" : `, as ${by}${about}`}.\n`);
  for (const line of lines) app.io.err(`${line}\n`);
  const current = readChosenKubeconfigs(app, kubeconfig).currentContext?.name;
  return { evidence, adminContext: context === current ? undefined : context };
}

/** What came of completing a case; the first line is without its period. */
export function completionLines(
  { added, corrected, missing, otherAccount }: Omit<ReturnType<typeof completeEvidence>, "evidence">,
  redact: boolean,
): readonly [string, ...string[]] {
  return [
    added.length === 0 ? "Nothing could be added" : `Added ${added.join(", ")}`,
    ...(corrected.length === 0
      ? []
      : [`The cluster differs from the case, and its current state is used: ${corrected.join(", ")}`]),
    ...missing.map(({ part, reason }) => `Still missing: ${part}${redact ? "" : `: ${reason}`}`),
    ...(otherAccount === undefined
      ? []
      : [
          `Check who this is: the case's principal is in a different AWS account than the cluster${redact ? "" : ` (${otherAccount})`}.`,
        ]),
  ];
}

/** A bundle may claim that its server is another cluster's endpoint, and fixes are written for what it claims. */
export function requireSameCluster(
  bundle: DoctorEvidence,
  gathered: DoctorEvidence,
  { cluster, redact }: Case & Pick<CompleteOptions, "redact">,
): void {
  const here = knownValue(gathered.cluster)?.cluster;
  const there = knownValue(bundle.cluster)?.cluster;
  const isSameArn = there?.arn === undefined || here?.arn === undefined || there.arn === here.arn;
  if (here === undefined || (here.name === cluster && isSameArn)) return;
  throw new VouchError(
    "cluster-mismatch",
    redact
      ? "A different cluster has the address of the case's cluster."
      : `The case is about cluster ${there?.arn ?? cluster}, but that address belongs to ${here.arn ?? here.name}.`,
    {
      hint: "Its kubeconfig specifies a different cluster, the cluster was recreated, or the case was edited: ask for a new one.",
    },
  );
}

/** The context that was named, else the first for the bundle's cluster; its server must be the bundle's. */
export function contextFor(
  app: App,
  { cluster, server, region }: Case,
  { kubeconfig, context, redact }: Pick<CompleteOptions, "context" | "kubeconfig" | "redact">,
): string {
  const { entries, currentContext } = readChosenKubeconfigs(app, kubeconfig);
  const serverOf = (name: string) => {
    const { cluster: entry } = entries.contexts.get(name)?.body ?? {};
    return entries.clusters.get(String(entry))?.body["server"];
  };
  const update = run("aws", "eks update-kubeconfig", {
    name: cluster,
    region,
    kubeconfig: namedKubeconfig(kubeconfig),
  });
  if (context !== undefined && !entries.contexts.has(context))
    throw new VouchError("context-missing", `Context ${context} not found in the kubeconfig.`);
  if (server === undefined) {
    throw new VouchError("evidence-invalid", "The case does not identify its cluster.", {
      hint: "It needs the kubeconfig or the output of DescribeCluster: save it again with `kubectl vouch doctor --save FILE`.",
    });
  }
  if (context !== undefined) {
    if (serverOf(context) === server) return context;
    throw new VouchError(
      "cluster-mismatch",
      redact
        ? `Context ${context} is for a different cluster than the case.`
        : `Context ${context} is for ${String(serverOf(context) ?? "no cluster")}, but the case is about ${server}.`,
      redact
        ? {}
        : { hint: withCommands`Specify a context for cluster ${cluster}, or create one: ${update}.` },
    );
  }
  const names = [...entries.contexts.keys()].filter((name) => serverOf(name) === server);
  const chosen = names.find((name) => name === currentContext?.name) ?? names[0];
  if (chosen !== undefined) return chosen;
  throw new VouchError(
    "context-missing",
    `No context here is for ${redact ? "the cluster" : `cluster ${cluster} (${server})`} of the case.`,
    redact ? {} : { hint: withCommands`Create one with your own permissions and try again: ${update}.` },
  );
}
