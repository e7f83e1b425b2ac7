import type { Endpoints } from "../../token/endpoints/endpoints.ts";
import { VouchError } from "../../token/errors/errors.ts";
import type { KeyStoreKind } from "../../token/hot/key-store-kind.ts";
import { keyStoreSetting } from "../../token/settings/settings.ts";
import { clockTime } from "../../token/text/local-time.ts";
import type { App } from "../app.ts";
import { performLogin } from "../login/perform-login.ts";
import { duration } from "../terminal/output.ts";
import { applySettings } from "../vouch/apply-settings.ts";
import { chosenServer, endpointsNamedNow, readWorkplace } from "../vouch/workplace.ts";

export interface LoginOptions {
  readonly server: string | undefined;
  readonly account: string | undefined;
  readonly timeoutSeconds: number;
  readonly pinFromStdin: boolean;
  readonly keyStore: KeyStoreKind | undefined;
}

export async function runLogin(options: LoginOptions, app: App): Promise<void> {
  if (!Number.isFinite(options.timeoutSeconds) || options.timeoutSeconds < 0) {
    throw new VouchError("usage", "--timeout takes a number of seconds; 0 means no limit.", {
      hint: "For instance `kubectl vouch login --timeout 120`.",
    });
  }
  const workplace = readWorkplace(app);
  const server = chosenServer(app, workplace, options.server);
  const keyStore = keyStoreSetting({ ...workplace, flag: options.keyStore, env: app.env }).value;

  const endpoints = endpointsNamedNow(app, workplace);

  app.io.err(`Logging in to ${server.base}\n`);
  const entry = await performLogin(app, workplace, {
    server,
    account: options.account ?? workplace.config.account,
    timeoutMs: options.timeoutSeconds * 1000,
    pinFromStdin: options.pinFromStdin,
    keyStore,
    endpoints,
    isTyped: true,
  });
  await applySettings(app, workplace);
  const left = duration(entry.end - app.clock());
  app.io.err(`Logged in as ${entry.identity} until ${clockTime(entry.end, app.clock())} (${left}).\n`);
  for (const line of settled(endpoints)) app.io.err(`${line}\n`);
}

/** Whoever logs in should see where secrets will go, when that is not the usual place. */
function settled({ vouchCaBundle, awsCaBundle, stsEndpoint, eksEndpoint, iamEndpoint }: Endpoints): string[] {
  const hosts = Object.entries({ STS: stsEndpoint, EKS: eksEndpoint, IAM: iamEndpoint });
  const files = Object.entries({ Vouch: vouchCaBundle, AWS: awsCaBundle });
  return [
    ...byValue(hosts).map(
      ([address, names]) => `Instead of AWS's own hosts, ${address} is asked (${names}).`,
    ),
    ...byValue(files).map(([file, names]) => `The authorities in ${file} are trusted too (${names}).`),
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
