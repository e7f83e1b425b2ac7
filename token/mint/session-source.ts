import { narrowing } from "../aws/agent-policies.ts";
import type { TemporaryCredentials } from "../aws/aws-credentials.ts";
import { type ExchangeParties, type ExchangeRequest, exchange } from "../aws/exchange.ts";
import { ours } from "../command/command.ts";
import { withCommands } from "../command/sentence.ts";
import { VouchError } from "../errors/errors.ts";
import type { Asker } from "../hot/key.ts";
import { partitionOfRegion } from "../hot/partition.ts";
import type { RoleQuestion } from "../hot/question.ts";
import { sessionFolder } from "../hot/state-files.ts";
import { VERSION } from "../hot/version.ts";
import { sessionHolder } from "../session/session-secrets.ts";
import type { SessionPlace } from "../session/session-store.ts";
import { type CredentialsOptions, cachedCredentials } from "./credentials-cache.ts";
import type { CredentialsSource, Gone } from "./mint-source.ts";
import type { TokenRequest } from "./mint-token.ts";

/** What a session needs to provide credentials. */
export interface SessionParties {
  readonly place: SessionPlace;
  readonly parties: ExchangeParties;
  readonly now: () => number;
  /** False: nothing is cached, and nothing cached is used. */
  readonly cache?: boolean;
  readonly signal: AbortSignal;
}

/** A session at a Vouch server, as a source of credentials for a role. Login creates its folder, and logout removes it. */
export function sessionSource(
  request: TokenRequest,
  { place, parties, now, cache = true, signal }: SessionParties,
): CredentialsSource {
  const { session, server } = request;
  return {
    folder: sessionFolder(place.state, session.id),
    end: session.end,
    gone: loggedOut(request),
    aboutToEnd: () =>
      new VouchError("session-expired", `The session of ${session.identity} at ${server} is about to end.`, {
        hint: withCommands`Run ${ours("login", { server })} and touch your security key.`,
      }),
    credentials: ({ fresh, minRemainingMs }) =>
      roleCredentials(place, request, {
        parties,
        fresh: fresh || !cache,
        keep: cache,
        minRemainingMs,
        now,
        signal,
      }),
  };
}

/** A request for a role, and who is asking. */
export type CredentialsRequest = RoleQuestion & Asker & Pick<ExchangeRequest, "isLast">;

/** The role's credentials, from the key store or from STS. */
export function roleCredentials(
  { state, keyStore }: SessionPlace,
  request: CredentialsRequest,
  { parties, ...options }: CredentialsOptions & { readonly parties: ExchangeParties },
): Promise<TemporaryCredentials> {
  const holder = sessionHolder(request.session.id, sessionFolder(state, request.session.id));
  const place = { keyStore, holder, gone: loggedOut(request) };
  const wanted = { key: credentialsKey(request), words: request.role };
  return cachedCredentials(place, wanted, options, () => exchange(request, parties));
}

/** The error for a session whose folder is gone. */
function loggedOut({ session, server }: Pick<CredentialsRequest, "session" | "server">): Gone {
  return (cause) =>
    new VouchError("logged-out", `${session.identity} has been logged out of ${server} in the meantime.`, {
      cause,
    });
}

/** Everything that affects the credentials. The region only selects the STS host, so clusters in different regions share them. */
function credentialsKey({
  server,
  session,
  role,
  via,
  region,
  agent,
  isLast = true,
}: CredentialsRequest): string {
  return JSON.stringify([
    VERSION,
    server,
    session.identity,
    session.id,
    role,
    via,
    partitionOfRegion(region).id,
    narrowing({ agent }, isLast),
  ]);
}
