import { type Env, envValue } from "../../env.ts";
import { invalidVariables } from "./plan-errors.ts";
import type { ContainerPlan, KeysPlan } from "./plan-kinds.ts";

/** The keys in the environment, if there are any. Throws `aws-variables-invalid` for an id without its secret. */
export function environmentKeys(env: Env): KeysPlan | undefined {
  const accessKeyId = envValue(env, "AWS_ACCESS_KEY_ID");
  const secretAccessKey = envValue(env, "AWS_SECRET_ACCESS_KEY");
  if (accessKeyId === undefined) return undefined;
  if (secretAccessKey === undefined)
    throw invalidVariables(
      ["AWS_ACCESS_KEY_ID"],
      "AWS_ACCESS_KEY_ID is set, but AWS_SECRET_ACCESS_KEY is not",
    );
  return {
    kind: "keys",
    from: "environment",
    accessKeyId,
    secretAccessKey,
    sessionToken: envValue(env, "AWS_SECURITY_TOKEN") ?? envValue(env, "AWS_SESSION_TOKEN"),
    expires: envValue(env, "AWS_CREDENTIAL_EXPIRATION"),
    origin: { variable: "AWS_ACCESS_KEY_ID" },
  };
}

/** The credentials address in a container's variables, if there is one. The relative one takes precedence. */
export function containerPlan(env: Env): ContainerPlan | undefined {
  const relative = envValue(env, "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI");
  if (relative !== undefined)
    return {
      kind: "container",
      uri: { relative },
      origin: { variable: "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI" },
    };
  const full = envValue(env, "AWS_CONTAINER_CREDENTIALS_FULL_URI");
  return full === undefined
    ? undefined
    : { kind: "container", uri: { full }, origin: { variable: "AWS_CONTAINER_CREDENTIALS_FULL_URI" } };
}
