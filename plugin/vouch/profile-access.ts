import { awsConfigPath, awsCredentialsPath } from "../../token/aws/aws-profiles.ts";
import type { IdentityCenterAccess } from "../../token/aws/identity-center/service-call.ts";
import type { SourceAccess } from "../../token/aws/sources/opened-source.ts";
import { readSharedFiles, type SharedFiles } from "../../token/aws/sources/shared-files.ts";
import type { Endpoints } from "../../token/endpoints/endpoints.ts";
import { readTextFile } from "../../token/files/private-file.ts";
import { sourceCredentials } from "../../token/mint/source-credentials.ts";
import { keyStoreSetting } from "../../token/settings/settings.ts";
import type { App } from "../app.ts";
import { regionSetting } from "./role-choice.ts";
import { ourKeyStore } from "./vouch-access.ts";
import type { LocalState } from "./workplace.ts";

/** AWS's two files, as they are now. */
export function awsFiles({ env, homeDir }: Pick<App, "env" | "homeDir">): SharedFiles {
  const file = (path: string) => ({ path, text: readTextFile(path) });
  return readSharedFiles(file(awsConfigPath(env, homeDir)), file(awsCredentialsPath(env, homeDir)));
}

/** Where a role is asked for: any STS of the partition gives it. */
export function roleRegion(app: App): string {
  return regionSetting(app).value ?? "us-east-1";
}

/** What asking Identity Center needs of this process. */
export function centerAccess(
  { env, homeDir, clock, signal }: App,
  endpoints: Endpoints,
): IdentityCenterAccess {
  return { env, homeDir, clock, signal, endpoints };
}

/** What opening a profile's source needs of this process. `mfaCode` asks the person; undefined: nobody may be asked. */
export function sourceAccess(
  app: App,
  workplace: LocalState,
  { endpoints, mfaCode }: Pick<SourceAccess, "endpoints" | "mfaCode">,
): SourceAccess {
  const kind = keyStoreSetting({ ...workplace, env: app.env }).value;
  const keep = workplace.config.cache ?? true;
  return {
    ...centerAccess(app, endpoints),
    isWindows: app.platform === "win32",
    state: workplace.folders.state,
    kept: (key, wish, ask) =>
      sourceCredentials(
        { state: workplace.folders.state, keyStore: () => ourKeyStore(workplace, kind) },
        key,
        { ...wish, keep, now: app.clock, signal: app.signal },
        ask,
      ),
    agent: undefined,
    mfaCode,
    // Nothing is run that was not approved, and a login for a profile of Vouch's never comes here.
    approvedProcess: undefined,
    runProcess: unreached,
    vouchCredentials: unreached,
    container: undefined,
    metadataEndpoint: undefined,
  };
}

function unreached(): Promise<never> {
  throw new Error("no process is run for a login");
}
