import type { ExchangeParties } from "../aws/exchange.ts";
import { ours } from "../command/command.ts";
import { withCommands } from "../command/sentence.ts";
import { VouchError } from "../errors/errors.ts";
import { sessionFolder } from "../hot/state-files.ts";
import type { SessionPlace } from "../session/session-store.ts";
import type { CredentialsSource } from "./mint-source.ts";
import type { TokenRequest } from "./mint-token.ts";
import { loggedOut, roleCredentials } from "./role-credentials.ts";

/** What a session needs to give credentials. */
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
