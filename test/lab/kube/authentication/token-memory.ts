import type { LabClock } from "../../clock.ts";
import type { Authenticate } from "./authenticator.ts";
import type { KubeUser } from "./kube-identity.ts";

/**
 * For how long an API server lets somebody in by a token that it has let in, without asking again; a refusal it forgets at
 * once. Source: kubernetes/kubernetes, pkg/kubeapiserver/options/authentication.go, TokenSuccessCacheTTL.
 */
const REMEMBERED_MS = 10_000;

interface TokenMemory {
  remembering(authenticate: Authenticate): Authenticate;
  forget(): void;
}

/** The cache between an API server and its authenticator. */
export function tokenMemory(clock: LabClock): TokenMemory {
  const known = new Map<string, { readonly user: KubeUser; readonly until: number }>();
  return {
    remembering: (authenticate) => async (token) => {
      const before = known.get(token);
      if (before !== undefined && clock() < before.until) return before.user;
      const user = await authenticate(token);
      known.set(token, { user, until: clock() + REMEMBERED_MS });
      return user;
    },
    forget: () => known.clear(),
  };
}
