import type { IdentityCenter } from "../identity-center-model.ts";
import type { LabWorld } from "../model.ts";

/** An account with nothing and nobody in it. */
export function emptyWorld(accountId: string): LabWorld {
  return {
    accountId,
    partition: "aws",
    roles: new Map(),
    users: new Map(),
    oidcProviders: new Map(),
    sessions: new Map(),
    clusters: [],
    identityCenter: emptyIdentityCenter(),
    signInSessions: new Map(),
  };
}

function emptyIdentityCenter(): IdentityCenter {
  return {
    startUrl: "https://lab.awsapps.com/start",
    region: "us-east-1",
    sessionSeconds: 28_800,
    accessTokenSeconds: 3600,
    pageSize: 100,
    accounts: [],
    assignments: [],
    person: "away",
    clients: new Map(),
    devices: new Map(),
    codes: new Map(),
    sessions: [],
  };
}
