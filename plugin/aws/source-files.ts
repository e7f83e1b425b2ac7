import { awsConfigPath, awsCredentialsPath } from "../../token/aws/aws-paths.ts";
import type { AwsMachine } from "./source-plan.ts";

/**
 * The variables that a context of a profile needs so that its files are found by every caller: with absolute paths, and none
 * where they lie at AWS's own places.
 */
export function fileVariables({ env, homeDir }: AwsMachine): Readonly<Record<string, string>> {
  const places = {
    AWS_CONFIG_FILE: awsConfigPath,
    AWS_SHARED_CREDENTIALS_FILE: awsCredentialsPath,
  };
  return Object.fromEntries(
    Object.entries(places).flatMap(([name, pathIn]) => {
      const file = pathIn(env, homeDir);
      return file === pathIn({}, homeDir) ? [] : [[name, file]];
    }),
  );
}
