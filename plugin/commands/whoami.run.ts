import type { AwsPlace } from "../../token/aws/aws-client.ts";
import { withRenewal } from "../../token/aws/sources/open-source.ts";
import { sts } from "../../token/aws/sts.ts";
import { type Options, ours, run } from "../../token/command/command.ts";
import { withCommands } from "../../token/command/sentence.ts";
import { VouchError } from "../../token/errors/errors.ts";
import { detectAiAgent } from "../../token/hot/ai-agent.ts";
import { unnamedAccount } from "../../token/hot/current.ts";
import {
  type AwsQuestion,
  askedBy,
  isAwsQuestion,
  type Question,
  type VouchQuestion,
} from "../../token/hot/question.ts";
import type { KubeRecord } from "../../token/kubeconfig/kubeconfig-document.ts";
import { namedKubeconfig, readChosenKubeconfigs } from "../../token/kubeconfig/kubeconfig-files.ts";
import type { KubeconfigView } from "../../token/kubeconfig/kubeconfig-view.ts";
import { shown } from "../../token/text/printable.ts";
import { clockTime, timestamp } from "../../token/text/time.ts";
import type { App } from "../app.ts";
import { askAwsToken, openAsked } from "../aws/ask-aws.ts";
import { calledCluster, clusterAddress } from "../cluster/cluster-address.ts";
import type { ClusterAccess, clusterApi } from "../cluster/cluster-api.ts";
import { requireRecordedCluster } from "../cluster/recorded-cluster.ts";
import type { BodyOf } from "../kinds/kinds.ts";
import { foreignEksUser } from "../setup/foreign-user.ts";
import { duration, isForPrograms, printObject, table } from "../terminal/output.ts";
import type { TableChoice } from "../terminal/output-choice.ts";
import { withProgress } from "../terminal/progress.ts";
import { openAccess } from "../vouch/vouch-access.ts";
import { type VouchContext, vouchContexts } from "../vouch/vouch-contexts.ts";
import {
  askCredentials,
  askToken,
  exchangeParties,
  tellIgnoredVariables,
} from "../vouch/vouch-credentials.ts";
import { chosenServer, Desk } from "../workplace/workplace.ts";

interface WhoamiOptions {
  readonly context: string | undefined;
  readonly kubeconfig: string | undefined;
  readonly namespace: string | undefined;
  /** Overrides the namespace. */
  readonly allNamespaces: boolean;
  readonly can: boolean;
  readonly output: TableChoice;
}

const VERBS = ["get", "list", "create", "update", "delete"] as const;

/** What people ask about most. The last two belong to no namespace. */
const RESOURCES = [
  { group: "", resource: "pods", namespaced: true },
  { group: "apps", resource: "deployments", namespaced: true },
  { group: "", resource: "services", namespaced: true },
  { group: "", resource: "configmaps", namespaced: true },
  { group: "", resource: "secrets", namespaced: true },
  { group: "", resource: "namespaces", namespaced: false },
  { group: "", resource: "nodes", namespaced: false },
];

/** A context of ours, and how to call its cluster as kubectl does. */
interface OpenContext {
  readonly desk: Desk;
  readonly context: VouchContext;
  readonly question: Question;
  readonly call: Omit<ClusterAccess, "token">;
}

/** Throws `context-missing`, and `cluster-mismatch` for a cluster other than the one that setup recorded. */
export async function openContext(
  caller: App,
  options: Pick<WhoamiOptions, "context" | "kubeconfig">,
): Promise<OpenContext> {
  const view = readChosenKubeconfigs(caller, options.kubeconfig);
  const context = chosenContext(view, options);
  const desk = asKubectlCalls(caller, context);
  const question = questionOf(desk, context, options);
  const address = clusterAddress(view, context);
  await requireRecordedCluster(desk, question, calledCluster(address));
  const kubeconfig = namedKubeconfig(options.kubeconfig);
  return {
    desk,
    context,
    question,
    call: { context: context.name, kubeconfig, env: desk.app.env, ...address },
  };
}

export async function runWhoami(options: WhoamiOptions, caller: App): Promise<void> {
  const { desk, context, question, call } = await openContext(caller, options);
  const { app } = desk;
  const namespace = options.allNamespaces ? undefined : (options.namespace ?? context.namespace ?? "default");
  const facts = await withProgress(
    app,
    `Contacting AWS and cluster ${context.stanza.clusterName}…`,
    async () => {
      const { aws, token, expires } = await awsFacts(desk, question);
      const { clusterApi } = await import("../cluster/cluster-api.ts");
      const api = clusterApi({ ...call, token });
      const kubernetes = await api.whoami();
      return { aws, expires, kubernetes, can: options.can ? await verbMatrix(api, namespace) : undefined };
    },
  );
  if (!isForPrograms(options.output)) {
    const known = { ...facts, context, namespace, question, apiServer: call.server };
    app.io.out(asText(known, app, options.output === "wide"));
  } else {
    const { aws, expires, kubernetes, can } = facts;
    const where = namespace === undefined ? { allNamespaces: true } : { namespace };
    const matrix = can === undefined ? {} : { ...where, can };
    printObject(app, options.output, "Whoami", {
      context: context.name,
      aws,
      kubernetes,
      tokenExpires: timestamp(expires),
      ...matrix,
    });
  }
}

function chosenContext(
  view: KubeconfigView,
  { context: wanted, ...options }: Pick<WhoamiOptions, "context" | "kubeconfig">,
): VouchContext {
  const kubeconfig = namedKubeconfig(options.kubeconfig);
  const name = wanted ?? view.currentContext?.name;
  if (name === undefined) {
    throw new VouchError(
      "context-missing",
      "No context specified, and the kubeconfig does not set a current context.",
      {
        hint: withCommands`Choose one with ${run("kubectl", "config use-context NAME", { kubeconfig })}, or specify it with --context.`,
      },
    );
  }
  const context = vouchContexts(view).find((candidate) => candidate.name === name);
  if (context !== undefined) return context;
  const body = view.entries.contexts.get(name)?.body;
  if (body === undefined)
    throw new VouchError("context-missing", `Context ${name} not found in the kubeconfig.`);
  throw new VouchError(
    "context-missing",
    `Context ${name} does not get its credentials from kubectl-vouch.`,
    {
      hint: withCommands`Create one that does: ${ours("setup eks", { ...sameAs(view, body), kubeconfig })}.`,
    },
  );
}

/** The cluster and profile of another program's context, with a placeholder for an unknown cluster. */
function sameAs(view: KubeconfigView, { user }: KubeRecord): Options {
  const entry = view.entries.users.get(String(user ?? ""));
  const { clusterName: cluster = "NAME", region, profile } = (entry && foreignEksUser(entry.body)) ?? {};
  return { cluster, region, profile };
}

type Matrix = NonNullable<BodyOf<"Whoami">["can"]>;

async function verbMatrix(
  api: ReturnType<typeof clusterApi>,
  namespace: string | undefined,
): Promise<Matrix> {
  return Promise.all(
    RESOURCES.map(async ({ group, resource, namespaced }) => {
      const where = namespaced && namespace !== undefined ? { namespace } : {};
      const answers = await Promise.all(
        VERBS.map(async (verb) => ((await api.can({ verb, group, resource, ...where })) ? [verb] : [])),
      );
      return { resource, group, allowed: answers.flat() };
    }),
  );
}

interface WhoamiFacts {
  readonly context: VouchContext;
  /** Undefined: all of them. */
  readonly namespace: string | undefined;
  readonly question: Question;
  readonly apiServer: string;
  readonly aws: AwsCaller;
  readonly kubernetes: BodyOf<"Whoami">["kubernetes"];
  readonly expires: number;
  readonly can: Matrix | undefined;
}

function asText(facts: WhoamiFacts, app: App, isWide: boolean): string {
  const { context, aws, kubernetes, expires, can, namespace } = facts;
  const lines = [
    whoLine(aws),
    ...(aws.agent === undefined ? [] : [`AI agent:    ${shown(aws.agent)}`]),
    `AWS:         ${shown(aws.arn)}`,
    ...aws.via.map((role) => `  through:   ${role}`),
    `Kubernetes:  ${shown(kubernetes.username)}`,
    `  groups:    ${shown(kubernetes.groups.join(", "))}`,
    `Context:     ${shown(context.name)}, token valid for ${duration(expires - app.clock())}`,
    ...(isWide ? wideLines(facts, app) : []),
  ];
  if (can === undefined) return `${lines.join("\n")}\n`;
  const rows = can.map(({ resource, group, allowed }) => [
    group === "" ? resource : `${resource}.${group}`,
    ...VERBS.map((verb) => (allowed.includes(verb) ? "yes" : "-")),
  ]);
  return `${lines.join("\n")}\n\n${placeOf(namespace)}:\n${table([["RESOURCE", ...VERBS.map((verb) => verb.toUpperCase())], ...rows])}`;
}

function whoLine({ identity, profile }: AwsCaller): string {
  if (identity !== undefined) return `Vouch user:  ${shown(identity)}`;
  return `Profile:     ${profile === undefined ? "none (the caller's credentials)" : shown(profile)}`;
}

function placeOf(namespace: string | undefined): string {
  return namespace === undefined
    ? "In all namespaces"
    : `In namespace ${shown(namespace)} (namespaces and nodes: cluster-wide)`;
}

function wideLines({ aws, question, apiServer, expires }: WhoamiFacts, app: App): string[] {
  return [
    `Account:     ${shown(aws.account)}`,
    `User ID:     ${shown(aws.userId)}`,
    ...(aws.role === undefined ? [] : [`Role:        ${aws.role}`]),
    `Cluster:     ${shown(question.cluster)} in ${question.region}, at ${shown(apiServer)}`,
    ...(isAwsQuestion(question) ? [] : [`Vouch:       ${question.server}`]),
    `Token:       until ${clockTime(expires, app.clock())}`,
  ];
}

/** Credentials must live this long to be used, in milliseconds. */
const WISH = { fresh: false, minRemainingMs: 60_000 };

type AwsCaller = BodyOf<"Whoami">["aws"];

/** The caller to AWS, with the credentials, and a token. */
interface AwsFacts {
  readonly aws: AwsCaller;
  readonly place: Pick<AwsPlace, "credentials" | "endpoints">;
  /** Secret. */
  readonly token: string;
  /** Of the token, in milliseconds since 1970. */
  readonly expires: number;
}

/** A desk with the entry's variables that determine the identity. */
function asKubectlCalls(app: App, { stanza: { source } }: VouchContext): Desk {
  return new Desk(source.kind === "vouch" ? app : { ...app, env: { ...app.env, ...source.env } });
}

/** The question that kubectl asks for a context. Throws `context-missing` for an incomplete entry. */
export function questionOf(
  desk: Desk,
  { name, stanza }: VouchContext,
  { kubeconfig }: { readonly kubeconfig: string | undefined },
): Question {
  const { clusterName: cluster, clusterId, region, source } = stanza;
  const incomplete = (what: string) =>
    new VouchError("context-missing", `The user entry of context ${name} does not specify a ${what}.`, {
      hint: withCommands`Recreate it: ${ours("setup eks", { cluster, kubeconfig: namedKubeconfig(kubeconfig) })}`,
    });
  if (region === undefined) throw incomplete("region");
  const agent = detectAiAgent((variable) => desk.app.env[variable]);
  const { role, via } = askedBy(agent, source, stanza.safeguards.agentRole);
  const place = { cluster, clusterId, region };
  if (source.kind === "aws") {
    const { profile, sessionName } = source;
    return { ...place, profile, role, via, sessionName };
  }
  if (role === undefined) throw incomplete("role");
  const { account } = source;
  const server = chosenServer(desk, source.server).base;
  return {
    ...{ ...place, role, via, server },
    account: account ?? unnamedAccount(desk.workplace.current, server),
  };
}

/** Asks AWS for the identity, and for a token. */
export async function awsFacts(desk: Desk, question: Question): Promise<AwsFacts> {
  const agent = detectAiAgent((name) => desk.app.env[name]);
  const { aws, ...facts } = await (isAwsQuestion(question)
    ? sourceFacts(desk, question)
    : vouchFacts(desk, question));
  return { ...facts, aws: { ...aws, agent } };
}

async function sourceFacts(desk: Desk, question: AwsQuestion): Promise<AwsFacts> {
  const { app } = desk;
  const opened = await openAsked(desk, question, {});
  const credentials = await opened.credentials(WISH);
  const { callerIdentity } = sts(question.region, { env: app.env, endpoints: opened.endpoints });
  const aws = await withRenewal(opened.renewal, callerIdentity(credentials));
  const { token } = await askAwsToken(desk, question, { askerId: app.processId, opened });
  const { profile, role, via } = question;
  return {
    aws: { ...aws, profile, role, via },
    place: { credentials, endpoints: opened.endpoints },
    token: token.token,
    expires: token.expires,
  };
}

async function vouchFacts(desk: Desk, question: VouchQuestion): Promise<AwsFacts> {
  const { app } = desk;
  const access = await openAccess(desk, question);
  tellIgnoredVariables(app, access, question.region);
  const credentials = await askCredentials(app, access, question, WISH);
  const aws = await exchangeParties(app, access, question.region).sts.callerIdentity(credentials);
  const { token } = await askToken(app, access, question, app.processId);
  return {
    aws: { ...aws, role: question.role, via: question.via, identity: access.entry.identity },
    place: { credentials, endpoints: access.endpoints },
    token: token.token,
    expires: token.expires,
  };
}
