import { debug } from "../../debug.ts";
import { reasonOf } from "../../errors/errors.ts";
import { deleteFile } from "../../files/sharing.ts";
import { timestamp } from "../../text/time.ts";
import type { BearerAccess } from "../bearer-call.ts";
import { ssoRegistrationFile } from "../sources/cache-names.ts";
import type { SsoPlace } from "../sources/plan-kinds.ts";
import type { SharedFiles } from "../sources/shared-files.ts";
import { readTokenFile, writeTokenFile } from "../token-file.ts";
import { type LoginWay, registerClient } from "./oidc-calls.ts";
import { readSsoClient, type SsoClient, ssoFile } from "./sso-token.ts";

/** A client must be valid for at least this long, in milliseconds: when it expires, its sessions cannot be refreshed. */
const MIN_LEFT_MS = 24 * 60 * 60 * 1000;

/** Our names, as part of the file names, so that neither we nor other tools use each other's clients. */
const TOOLS: Readonly<Record<LoginWay, string>> = {
  browser: "kubectl-vouch",
  "device-code": "kubectl-vouch device-code",
};

/** The client that is wanted, and for which session. */
export interface Registration {
  /** As in the profile. */
  readonly startUrl: string;
  /** The URL that the start URL resolves to. */
  readonly issuer: string;
  readonly region: string;
  readonly session: string | undefined;
  readonly scopes: readonly string[];
  readonly way: LoginWay;
}

/** The scopes of the plan's session; the old form has none. Source: AWS CLI User Guide, "sso_registration_scopes". */
export function registrationScopes(
  { session }: Pick<SsoPlace, "session">,
  { ssoSessions }: SharedFiles,
): readonly string[] {
  const setting = session === undefined ? undefined : ssoSessions.get(session)?.settings.get(SCOPES);
  const scopes = (setting?.value ?? "").split(",").map((scope) => scope.trim());
  return scopes.filter((scope) => scope !== "");
}

const SCOPES = "sso_registration_scopes";

/** Our client: the one on disk, else a new one, which is then kept. `fresh`: a new one in any case. */
export async function ourClient(
  wanted: Registration,
  { fresh }: { readonly fresh: boolean },
  access: BearerAccess,
): Promise<SsoClient> {
  const file = fileOf(wanted, access.homeDir);
  const kept = fresh ? undefined : await keptClient(file, access);
  if (kept !== undefined) return kept;
  const client = await registerClient(wanted, access);
  keepClient(file, client, wanted.scopes);
  return client;
}

/** Deletes a client that AWS no longer knows. */
export function forgetClient(wanted: Registration, { homeDir }: Pick<BearerAccess, "homeDir">): void {
  deleteFile(fileOf(wanted, homeDir));
}

function fileOf({ way, ...wanted }: Registration, homeDir: string): string {
  return ssoFile(ssoRegistrationFile({ ...wanted, tool: TOOLS[way] }), homeDir);
}

async function keptClient(file: string, access: BearerAccess): Promise<SsoClient | undefined> {
  try {
    const { content } = await readTokenFile(file, access);
    const client =
      content === undefined || content === "torn" ? undefined : readSsoClient(content, "expiresAt");
    return client !== undefined && client.expires - access.clock() > MIN_LEFT_MS ? client : undefined;
  } catch (error) {
    debug(`the client in ${file} could not be read: ${reasonOf(error)}`);
    return undefined;
  }
}

/** If it cannot be kept, that only costs another registration next time. */
function keepClient(
  file: string,
  { clientId, clientSecret, expires }: SsoClient,
  scopes: readonly string[],
): void {
  try {
    writeTokenFile(file, { clientId, clientSecret, expiresAt: timestamp(expires), scopes });
  } catch (error) {
    debug(`the client was not stored: ${reasonOf(error)}`);
  }
}
