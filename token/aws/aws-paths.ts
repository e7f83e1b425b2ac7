import path from "node:path";
import { type Env, envValue } from "../env.ts";

/** `AWS_CONFIG_FILE` (`~` means home), else `~/.aws/config`. Absolute. */
export function awsConfigPath(env: Env, homeDir: string): string {
  return awsPath(envValue(env, "AWS_CONFIG_FILE") ?? "~/.aws/config", homeDir);
}

/** `AWS_SHARED_CREDENTIALS_FILE`, else `~/.aws/credentials`. Absolute. */
export function awsCredentialsPath(env: Env, homeDir: string): string {
  return awsPath(envValue(env, "AWS_SHARED_CREDENTIALS_FILE") ?? "~/.aws/credentials", homeDir);
}

function awsPath(file: string, homeDir: string): string {
  return path.resolve(file.replace(/^~(?=$|[\\/])/, () => homeDir));
}
