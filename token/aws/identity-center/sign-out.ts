import fs from "node:fs";
import { debug } from "../../debug.ts";
import { reasonOf, VouchError } from "../../errors/errors.ts";
import type { BearerAccess } from "../bearer-call.ts";
import type { SsoPlan } from "../sources/plan-kinds.ts";
import { readTokenFile, withTokenFileLocked } from "../token-files/token-file.ts";
import { canRefresh } from "./access-token.ts";
import { createToken } from "./oidc-calls.ts";
import { portalLogout } from "./portal-calls.ts";
import { readSsoToken, type SsoToken, ssoFile } from "./sso-token.ts";

/** What came of ending a session. */
export type SignedOut =
  | { readonly status: "logged-out" | "was-logged-out" }
  | { readonly status: "server-not-told"; readonly problem: string };

/**
 * Ends the plan's session here and at AWS: the file goes in any case, and only that one. Throws what stands in the way of
 * removing it.
 */
export async function signOut(plan: SsoPlan, access: BearerAccess): Promise<SignedOut> {
  const file = ssoFile(plan.tokenFile, access.homeDir);
  if (!fs.existsSync(file)) return { status: "was-logged-out" };
  return withTokenFileLocked(file, access, async () => {
    const { content } = await readTokenFile(file, access);
    const token = readSsoToken(content);
    // What somebody else keeps there stays.
    if (token === undefined && content !== "torn") return { status: "was-logged-out" };
    fs.rmSync(file, { force: true });
    if (token === undefined) return { status: "was-logged-out" };
    try {
      await portalLogout({ region: plan.region, accessToken: await knownToken(plan, token, access) }, access);
      return { status: "logged-out" };
    } catch (error) {
      if (!(error instanceof VouchError) || error.code === "interrupted") throw error;
      return { status: "server-not-told", problem: reasonOf(error) };
    }
  });
}

/** A token that the portal knows: a session whose token has ended could be gone on with, as long as nobody ends it. */
async function knownToken(plan: SsoPlan, token: SsoToken, access: BearerAccess): Promise<string> {
  if (token.expires > access.clock() || !canRefresh(token, access.clock())) return token.accessToken;
  const { client, refreshToken } = token.refresh;
  const proof = { grant: "refresh", refreshToken } as const;
  const created = await createToken({ region: plan.region, client, proof }, access);
  if ("token" in created) return created.token.accessToken;
  debug(`the session is over at AWS already: ${created.refused}`);
  return token.accessToken;
}
