import path from "node:path";
import {
  NOTHING_SETTLED,
  type ProfileName,
  type ProfileRecord,
} from "../../token/aws/sources/profile-record.ts";
import { isAddress } from "../../token/endpoints/endpoints.ts";
import { type Env, envValue } from "../../token/env.ts";
import type { App } from "../app.ts";
import { endpointsNamedNow, type LocalState } from "../vouch/workplace.ts";
import { settledProfile } from "./profile-settled.ts";

/**
 * What a person settles for a profile by naming it now, to setup or login: hosts, authorities, and where a container or a
 * machine gets its credentials. What was approved to be run before stays approved.
 */
export function settledNow(app: App, workplace: LocalState, name: ProfileName): ProfileRecord {
  const before = settledProfile(app, name) ?? NOTHING_SETTLED;
  return {
    endpoints: endpointsNamedNow(app, workplace),
    process: before.process,
    container: containerIn(app.env),
    metadataEndpoint: addressIn(app.env, "AWS_EC2_METADATA_SERVICE_ENDPOINT"),
  };
}

function containerIn(env: Env): ProfileRecord["container"] {
  const uri = addressIn(env, "AWS_CONTAINER_CREDENTIALS_FULL_URI");
  const tokenFile = envValue(env, "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE");
  return uri === undefined ? undefined : { uri, tokenFile: tokenFile && path.resolve(tokenFile) };
}

function addressIn(env: Env, name: string): string | undefined {
  const address = envValue(env, name);
  return address !== undefined && isAddress(address) ? address : undefined;
}
