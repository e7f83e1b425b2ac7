import type { VouchHop, VouchRole } from "../../token/aws/sources/opened-source.ts";
import { unnamedAccount } from "../../token/hot/current.ts";
import type { RoleQuestion } from "../../token/hot/question.ts";
import { askCredentials } from "./ask-aws.ts";
import { tellIgnoredVariables } from "./ignored-variables.ts";
import { openAccess, requireSession } from "./vouch-access.ts";
import { credentialServer, type Desk } from "./workplace.ts";

/** The role of Vouch that is asked for, and what for. */
interface AskedVouchRole extends Omit<RoleQuestion, "server">, VouchHop {
  /** Undefined: the settings decide. */
  readonly server: string | undefined;
}

/**
 * A role for the user who is logged in, in a call that no user typed; without `keep` nothing is written. Throws `logged-out` or
 * `session-expired`.
 */
export function openVouchRole(
  desk: Desk,
  asked: AskedVouchRole,
  { keep }: { readonly keep: boolean },
): VouchRole {
  const { app, workplace } = desk;
  const { base: server } = credentialServer(desk, asked.server);
  const request = { ...asked, server, account: asked.account ?? unnamedAccount(workplace.current, server) };
  return {
    session: requireSession(desk, request),
    async credentials(wish) {
      const access = await openAccess(desk, request);
      // It writes a note of what it has said.
      if (keep) tellIgnoredVariables(app, access, request.region);
      return askCredentials(app, access, request, { ...wish, keep });
    },
  };
}
