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
export function settledLines({
  vouchCaBundle,
  awsCaBundle,
  stsEndpoint,
  eksEndpoint,
  iamEndpoint,
  ssoEndpoint,
  ssoOidcEndpoint,
  signinEndpoint,
}: Endpoints): string[] {
  const hosts = Object.entries({
    STS: stsEndpoint,
    EKS: eksEndpoint,
    IAM: iamEndpoint,
    ...{ SSO: ssoEndpoint, "SSO OIDC": ssoOidcEndpoint, "Sign-In": signinEndpoint },
  });
  const files = Object.entries({ Vouch: vouchCaBundle, AWS: awsCaBundle });
  return [
    ...byValue(hosts).map(([address, names]) => `Using a custom AWS endpoint: ${address} (${names})`),
    ...byValue(files).map(([file, names]) => `Also trusting the CAs in ${file} (${names})`),
  ];
}

/** `{ STS: "x", EKS: "x" }` is `x` for STS and EKS. */
function byValue(
  entries: readonly (readonly [string, string | undefined])[],
): [value: string, names: string][] {
  const values = [...new Set(entries.flatMap(([, value]) => (value === undefined ? [] : [value])))];
  return values.map((value) => [
    value,
    entries
      .filter((entry) => entry[1] === value)
      .map(([name]) => name)
      .join(", "),
  ]);
}
