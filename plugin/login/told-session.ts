import type { Endpoints } from "../../token/endpoints/endpoints.ts";
import type { CurrentSession } from "../../token/hot/current.ts";
import { clockTime } from "../../token/text/time.ts";
import type { ServerUrl } from "../../token/vouch/server-url.ts";
import type { App } from "../app.ts";
import { duration, endObject } from "../terminal/output.ts";

/** `20:03 (7 h 59 min)`; the end is in milliseconds since 1970. */
export function untilWhen(app: App, end: number): string {
  return `${clockTime(end, app.clock())} (${duration(end - app.clock())})`;
}

/** A session as programs get it. */
export function sessionObject(app: App, { base }: ServerUrl, { identity, end, keyStore }: CurrentSession) {
  return {
    server: base,
    email: identity,
    ...endObject(end, app.clock()),
    keyStore,
  };
}

/** Shows a person who logs in where secrets will go, if that is not the usual place. */
export function settledLines(endpoints: Endpoints): string[] {
  const hosts = byValue({
    STS: endpoints.stsEndpoint,
    EKS: endpoints.eksEndpoint,
    IAM: endpoints.iamEndpoint,
    SSO: endpoints.ssoEndpoint,
    "SSO OIDC": endpoints.ssoOidcEndpoint,
    "Sign-In": endpoints.signinEndpoint,
  });
  const files = byValue({ Vouch: endpoints.vouchCaBundle, AWS: endpoints.awsCaBundle });
  return [
    ...hosts.map(([address, names]) => `Using a custom AWS endpoint: ${address} (${names})`),
    ...files.map(([file, names]) => `Also trusting the CAs in ${file} (${names})`),
  ];
}

/** `{ STS: "x", EKS: "x" }` is `x` for STS and EKS. */
function byValue(values: Readonly<Record<string, string | undefined>>): [value: string, names: string][] {
  const named = Map.groupBy(Object.keys(values), (name) => values[name]);
  return [...named].flatMap(([value, names]) => (value === undefined ? [] : [[value, names.join(", ")]]));
}
