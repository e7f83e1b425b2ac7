import { awsConfigPath, awsCredentialsPath } from "../../token/aws/aws-paths.ts";
import type { SharedFile } from "../../token/aws/sources/shared-files.ts";
import { readTextFile } from "../../token/files/plain-file.ts";
import type { App } from "../app.ts";

/** The two files of AWS, as they are. */
export interface AwsFiles {
  readonly config: SharedFile;
  readonly credentials: SharedFile;
}

/** Reads them anew, for a plan under their locks. */
export function readAwsFilesNow({ env, homeDir }: Pick<App, "env" | "homeDir">): AwsFiles {
  const [config, credentials] = [awsConfigPath(env, homeDir), awsCredentialsPath(env, homeDir)];
  return {
    config: { path: config, text: readTextFile(config) },
    credentials: { path: credentials, text: readTextFile(credentials) },
  };
}
