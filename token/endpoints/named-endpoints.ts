import path from "node:path";
import { edit, unsetVariables } from "../command/command.ts";
import { withCommands } from "../command/sentence.ts";
import type { Env } from "../env.ts";
import { VouchError } from "../errors/errors.ts";
import { caBundle } from "../net/trusted-roots.ts";
import { isRecord } from "../record.ts";
import {
  COMMON_VARIABLE,
  ENDPOINT_KEYS,
  type EndpointKey,
  type Endpoints,
  type EndpointVariable,
  endpointVariables,
  isAddressFor,
  isBearerKey,
  isBundleKey,
  shownValue,
} from "./endpoints.ts";

/** Hosts and CAs as a user sets them, highest precedence first: the environment, then the settings. */
export interface EndpointWishes {
  readonly env: Env;
  readonly config: Endpoints;
  /** The file that contains this value of `config`. */
  readonly fileOf: (key: EndpointKey) => string;
}

/**
 * The hosts and CAs set at the moment, for login and setup to record. Throws `config-invalid` for an address that would
 * expose secrets on the way, and for a bundle that cannot be used: the user who records it should learn of it at once. The one address
 * for all of AWS is not used for the services that get bearer tokens, unless it is on this machine.
 */
export function namedEndpoints({ env, config, fileOf }: EndpointWishes): Endpoints {
  const variables = endpointVariables(env).filter(
    ({ key, name, value }) => !(isBearerKey(key) && name === COMMON_VARIABLE) || isAddressFor(key, value),
  );
  const wishes = ENDPOINT_KEYS.flatMap((key): Wish[] => {
    const variable = variables.find((candidate) => candidate.key === key);
    if (variable !== undefined)
      return [{ ...variable, hint: withCommands`Run ${unsetVariables(variable.name)} and try again.` }];
    const value = config[key];
    const file = fileOf(key);
    const hint = withCommands`Correct it: ${edit(file)}`;
    return value === undefined ? [] : [{ key, name: `${key} in ${file}`, value, hint }];
  });
  return Object.fromEntries(
    wishes.map((wish) => [wish.key, isBundleKey(wish.key) ? bundle(wish) : address(wish)]),
  );
}

interface Wish extends EndpointVariable {
  readonly hint: string;
}

function bundle({ value }: Wish): string {
  const file = path.resolve(value);
  caBundle(file);
  return file;
}

function address({ key, name, value, hint }: Wish): string {
  if (isAddressFor(key, value)) return new URL(value).href;
  const rule = isBearerKey(key)
    ? "bearer tokens are sent only to AWS hosts or to this machine"
    : "an AWS endpoint must use https, or plain http on this machine, and must not contain a password";
  throw new VouchError("config-invalid", `${name} is ${JSON.stringify(shownValue(value))}; ${rule}.`, {
    hint,
  });
}

/** Reads a record. Values that no login would have recorded are left out, so that the usual ones apply. */
export function readEndpoints(value: unknown): Endpoints {
  const record = isRecord(value) ? value : {};
  return Object.fromEntries(
    ENDPOINT_KEYS.flatMap((key) => {
      const text = record[key];
      const isGood =
        typeof text === "string" && (isBundleKey(key) ? path.isAbsolute(text) : isAddressFor(key, text));
      return isGood ? [[key, text]] : [];
    }),
  );
}
