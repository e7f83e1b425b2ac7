import { withRenewal } from "../../token/aws/sources/open-source.ts";
import { sts } from "../../token/aws/sts.ts";
import { ours } from "../../token/command/command.ts";
import { withCommands } from "../../token/command/sentence.ts";
import { VouchError } from "../../token/errors/errors.ts";
import { unnamedAccount } from "../../token/hot/current.ts";
import {
  type AwsQuestion,
  isAwsQuestion,
  type Question,
  type VouchQuestion,
} from "../../token/hot/question.ts";
import { namedKubeconfig } from "../../token/kubeconfig/kubeconfig-files.ts";
import type { App } from "../app.ts";
import { askAwsToken, openAsked } from "../aws/ask-aws.ts";
import { openAccess } from "../vouch/vouch-access.ts";
import type { VouchContext } from "../vouch/vouch-contexts.ts";
import {
  askCredentials,
  askToken,
  exchangeParties,
  tellIgnoredVariables,
} from "../vouch/vouch-credentials.ts";
import { chosenServer, Desk } from "../workplace/workplace.ts";

/** Credentials must live this long to be used, in milliseconds. */
const WISH = { fresh: false, minRemainingMs: 60_000 };

/** The identity according to AWS. */
export interface AwsCaller {
  readonly arn: string;
  readonly account: string;
  readonly userId: string;
  /** The person whom Vouch knows; undefined for an AWS profile. */
  readonly identity?: string;
  readonly profile?: string;
  /** The requested role. */
  readonly role?: string;
  readonly via: readonly string[];
}

/** The caller to AWS, and a token. */
interface AwsFacts {
  readonly aws: AwsCaller;
  /** Secret. */
  readonly token: string;
  /** Of the token, in milliseconds since 1970. */
  readonly expires: number;
}

/** A desk with the entry's variables that determine the identity. */
export function asKubectlCalls(app: App, { stanza: { source } }: VouchContext): Desk {
  return new Desk(source.kind === "vouch" ? app : { ...app, env: { ...app.env, ...source.env } });
}

/** The question that kubectl asks for a context. Throws `context-missing` for an incomplete entry. */
export function questionOf(
  desk: Desk,
  { name, stanza }: VouchContext,
  { kubeconfig }: { readonly kubeconfig: string | undefined },
): Question {
  const { clusterName: cluster, region, source } = stanza;
  const incomplete = (what: string) =>
    new VouchError("context-missing", `The user entry of context ${name} does not specify a ${what}.`, {
      hint: withCommands`Recreate it: ${ours("setup eks", { cluster, kubeconfig: namedKubeconfig(kubeconfig) })}`,
    });
  if (region === undefined) throw incomplete("region");
  const { role, via } = source;
  if (source.kind === "aws") return { cluster, region, profile: source.profile, role, via };
  if (role === undefined) throw incomplete("role");
  const { account } = source;
  const server = chosenServer(desk, source.server).base;
  return {
    ...{ cluster, region, role, via, server },
    account: account ?? unnamedAccount(desk.workplace.current, server),
  };
}

/** Asks AWS for the identity, and for a token. */
export function awsFacts(desk: Desk, question: Question): Promise<AwsFacts> {
  return isAwsQuestion(question) ? sourceFacts(desk, question) : vouchFacts(desk, question);
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
    aws: {
      ...aws,
      ...(profile === undefined ? {} : { profile }),
      ...(role === undefined ? {} : { role }),
      via,
    },
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
    token: token.token,
    expires: token.expires,
  };
}
