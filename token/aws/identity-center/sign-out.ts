import fs from "node:fs";
import { debug } from "../../debug.ts";
import { reasonOf, VouchError } from "../../errors/errors.ts";
import { isUnwritable, systemError } from "../../files/file-errors.ts";
import { deleteFile } from "../../files/sharing.ts";
import type { BearerAccess } from "../bearer-call.ts";
import type { SsoPlan } from "../sources/plan-kinds.ts";
import { readTokenFile, withTokenFileLocked } from "../token-file.ts";
import { canRefresh } from "./access-token.ts";
import { createToken } from "./oidc-calls.ts";
import { portalLogout } from "./portal-calls.ts";
import { readSsoToken, type SsoToken, ssoFile } from "./sso-token.ts";

/** The result of ending a session. */
export type SignedOut =
  | { readonly status: "logged-out" | "was-logged-out" }
  | { readonly status: "server-not-told"; readonly problem: string };

/** The result of ending a session at AWS and here, and why something on this machine could not be removed. */
type SignedOutHere = SignedOut & { readonly left?: VouchError };

/** Ends the plan's session at AWS and here. AWS is told in any case, and only the session's own file is removed. */
export async function signOut(plan: SsoPlan, access: BearerAccess): Promise<SignedOutHere> {
  const file = ssoFile(plan.tokenFile, access.homeDir);
  if (!fs.existsSync(file)) return { status: "was-logged-out" };
  try {
    return await withTokenFileLocked(file, access, () => endSession(plan, file, access));
  } catch (error) {
    if (!isUnwritable(error)) throw error;
    // There is no lock on a disk that is full or read-only.
    return endSession(plan, file, access);
  }
}

async function endSession(plan: SsoPlan, file: string, access: BearerAccess): Promise<SignedOutHere> {
  const { content } = await readTokenFile(file, access);
  const token = readSsoToken(content);
  // A file with other content stays.
  if (token === undefined && content !== "torn") return { status: "was-logged-out" };
  const left = whyLeft(file);
  const here = left === undefined ? {} : { left };
  if (token === undefined) return { status: "was-logged-out", ...here };
  try {
    await portalLogout({ region: plan.region, accessToken: await knownToken(plan, token, access) }, access);
    return { status: "logged-out", ...here };
  } catch (error) {
    if (!(error instanceof VouchError) || error.code === "interrupted") throw error;
    return { status: "server-not-told", problem: reasonOf(error), ...here };
  }
}

/** Removes the file; returns why that failed. */
function whyLeft(file: string): VouchError | undefined {
  try {
    deleteFile(file);
    return undefined;
  } catch (error) {
    const problem = systemError(error);
    if (problem === undefined) throw error;
    return problem;
  }
}

/**
 * A token that the portal accepts. If the access token has ended, it is refreshed first, since the session could otherwise be
 * continued with the refresh token.
 */
async function knownToken(plan: SsoPlan, token: SsoToken, access: BearerAccess): Promise<string> {
  if (token.expires > access.clock() || !canRefresh(token, access.clock())) return token.accessToken;
  const { client, refreshToken } = token.refresh;
  const proof = { grant: "refresh", refreshToken } as const;
  const created = await createToken({ region: plan.region, client, proof }, access);
  if ("token" in created) return created.token.accessToken;
  debug(`AWS has already ended the session: ${created.refused}`);
  return token.accessToken;
}
