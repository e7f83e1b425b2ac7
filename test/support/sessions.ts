import type { CurrentSession } from "../../token/hot/current.ts";
import type { VouchSession } from "../../token/vouch/session/vouch-session.ts";

/** A person who logs in at a server, with an id for that login. */
export interface Login {
  readonly server: string;
  readonly entry: CurrentSession;
  readonly session: VouchSession;
}

/** What a login of this person leaves, as the program would write it. It ends eight hours after `now`. */
export function login(identity: string, id: string, { server = "https://us.vouch.sh", now = 0 } = {}): Login {
  const end = now + 8 * 3600_000;
  return {
    server,
    entry: { identity, id, end, sessionName: identity, keyStore: "file" },
    session: {
      server,
      identity,
      subject: "5f2b9b4a-8f0e-4c57-9d53-6a2b8f5f9a10",
      accessToken: `canary-access-token-${id}`,
      clientId: "client",
      keyId: "key",
      issuedAt: now,
      expiresAt: end,
      endpoints: {},
    },
  };
}

/** A session id that ends with this number. */
export function sessionId(number: number): string {
  return `0b9c3f6e-4f0a-4a57-9d53-${String(number).padStart(12, "0")}`;
}
