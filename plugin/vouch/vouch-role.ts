import type { TemporaryCredentials } from "../../token/aws/aws-credentials.ts";
import type { CurrentSession } from "../../token/hot/current.ts";
import type { RoleRequest } from "../../token/hot/question.ts";
import type { CredentialsWish } from "../../token/mint/mint-source.ts";
import type { CredentialsRequest } from "../../token/mint/role-credentials.ts";
import type { App } from "../app.ts";
import { askCredentials } from "./ask-aws.ts";
import { tellIgnoredVariables } from "./ignored-variables.ts";
import { openAccess, requireSession } from "./vouch-access.ts";
import { credentialServer, readWorkplace } from "./workplace.ts";

/** Which role of Vouch's, and what for. */
interface AskedVouchRole extends Omit<RoleRequest, "server">, Pick<CredentialsRequest, "isLast"> {
  /** Undefined: the settings say which. */
  readonly server: string | undefined;
}

interface OpenedVouchRole {
  readonly session: CurrentSession;
  /** The session's secrets are opened only now. */
  credentials(wish: CredentialsWish): Promise<TemporaryCredentials>;
}

/** A role for whoever is logged in, in a call that nobody types. Throws `logged-out` or `session-expired`. */
export function openVouchRole(app: App, asked: AskedVouchRole): OpenedVouchRole {
  const workplace = readWorkplace(app);
  const request = { ...asked, server: credentialServer(app, workplace, asked.server).base };
  return {
    session: requireSession(app, workplace, request),
    async credentials(wish) {
      const access = await openAccess(app, workplace, request);
      tellIgnoredVariables(app, access, request.region);
      return askCredentials(app, access, request, wish);
    },
  };
}
