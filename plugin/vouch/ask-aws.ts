import type { TemporaryCredentials } from "../../token/aws/aws-credentials.ts";
import type { ExchangeParties } from "../../token/aws/exchange.ts";
import { sts } from "../../token/aws/sts.ts";
import { detectAiAgent } from "../../token/hot/ai-agent.ts";
import type { RoleQuestion, VouchQuestion } from "../../token/hot/question.ts";
import type { CredentialsOptions } from "../../token/mint/credentials-cache.ts";
import { type Minted, mintToken, vouchRequest } from "../../token/mint/mint-token.ts";
import { type CredentialsRequest, roleCredentials, sessionSource } from "../../token/mint/session-source.ts";
import type { App } from "../app.ts";
import { clusterGuard } from "../cluster/recorded-cluster.ts";
import type { VouchAccess } from "./vouch-access.ts";

/** The role's credentials, from the key store or from STS. */
export function askCredentials(
  app: App,
  access: VouchAccess,
  request: RoleQuestion & Pick<CredentialsRequest, "isLast">,
  options: Omit<CredentialsOptions, "now" | "signal">,
): Promise<TemporaryCredentials> {
  const asker = { session: access.entry, agent: detectAiAgent((name) => app.env[name]) };
  return roleCredentials(
    access.place,
    { ...request, ...asker },
    {
      ...options,
      ...(access.cache ? {} : { fresh: true, keep: false }),
      parties: exchangeParties(app, access, request.region),
      now: app.clock,
      signal: app.signal,
    },
  );
}

/** A token for the cluster, from the cache or from STS; `askerId` is the process ID of the client-go client that it is for. */
export function askToken(
  app: App,
  access: VouchAccess,
  question: VouchQuestion,
  askerId: number | undefined,
): Promise<Minted> {
  const request = vouchRequest(question, access.entry, app.env);
  const { place, cache } = access;
  const common = { now: app.clock, cache, signal: app.signal };
  const parties = exchangeParties(app, access, question.region);
  const source = sessionSource(request, { ...common, place, parties });
  const guard = () => clusterGuard(app, question);
  return mintToken(request, { ...common, state: place.state, source, guard, parentId: askerId });
}

/** The parties to the exchange for AWS credentials. */
export function exchangeParties(
  app: App,
  { client, session, endpoints }: VouchAccess,
  region: string,
): ExchangeParties {
  return {
    sts: sts(region, { env: app.env, endpoints }),
    idToken: (role) => client.awsIdToken(session, role),
  };
}
