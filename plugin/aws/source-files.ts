import { awsConfigPath, awsCredentialsPath } from "../../token/aws/aws-paths.ts";
import type { AwsMachine } from "../../token/aws/sources/read-plan.ts";

/**
 * The variables that a profile's context needs so that every caller finds its files: absolute paths, and none for files at AWS's
 * default paths.
 */
export function fileVariables({
  env,
  homeDir,
}: Pick<AwsMachine, "env" | "homeDir">): Readonly<Record<string, string>> {
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
