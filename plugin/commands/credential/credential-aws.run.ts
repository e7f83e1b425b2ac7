import { timestamp } from "../../../token/text/time.ts";
import type { App } from "../../app.ts";
import type { RoleFlags } from "../../vouch/role-choice.ts";
import { fetchRoleCredentials } from "../../vouch/vouch-credentials.ts";
import { Desk } from "../../workplace/workplace.ts";

/** Prints the JSON of `credential_process`: exactly the five keys that AWS documents. */
export async function runCredentialAws(options: RoleFlags, app: App): Promise<void> {
  const { credentials } = await fetchRoleCredentials(options, new Desk(app));
  const body = {
    Version: 1,
    AccessKeyId: credentials.accessKeyId,
    SecretAccessKey: credentials.secretAccessKey,
    SessionToken: credentials.sessionToken,
    Expiration: timestamp(credentials.expires),
  };
  app.io.out(`${JSON.stringify(body)}\n`);
}
