import { ENDPOINT_KEYS } from "../../../token/endpoints/endpoints.ts";
import { envValue } from "../../../token/env.ts";
import { kubeconfigPaths } from "../../../token/kubeconfig/kubeconfig-files.ts";
import { keyStoreSetting, type Origin } from "../../../token/settings/settings.ts";
import type { App } from "../../app.ts";
import { isForPrograms, printObject, table } from "../../terminal/output.ts";
import type { TableChoice } from "../../terminal/output-choice.ts";
import { profileSetting, regionSetting } from "../../vouch/role-choice.ts";
import { Desk, type LocalState, serverOrigin } from "../../workplace/workplace.ts";
import { shownSetting, withoutPassword } from "./edit-config-text.ts";

interface ConfigViewOptions {
  readonly showOrigin: boolean;
  readonly server: string | undefined;
  readonly output: TableChoice;
}

/** Variables about hosts, CAs and proxies. The first two kinds are read by login and setup, which record them. */
const NETWORK_VARIABLES = [
  "VOUCH_CA_BUNDLE",
  "AWS_CA_BUNDLE",
  "https_proxy",
  "HTTPS_PROXY",
  "all_proxy",
  "ALL_PROXY",
  "no_proxy",
  "NO_PROXY",
  "AWS_ENDPOINT_URL",
  "AWS_ENDPOINT_URL_STS",
  "AWS_ENDPOINT_URL_EKS",
  "AWS_ENDPOINT_URL_IAM",
  "AWS_ENDPOINT_URL_SSO",
  "AWS_ENDPOINT_URL_SSO_OIDC",
  "AWS_ENDPOINT_URL_SIGNIN",
  "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS",
  "AWS_USE_FIPS_ENDPOINT",
  "AWS_USE_DUALSTACK_ENDPOINT",
];

export function runConfigView(options: ConfigViewOptions, app: App): void {
  const settings = settingsInForce(options, new Desk(app));
  if (isForPrograms(options.output)) {
    const items = Object.entries(settings).map(([name, { value, origin }]) => ({
      name,
      value: value ?? null,
      origin,
    }));
    printObject(app, options.output, "Settings", { settings: items });
    return;
  }
  const showsOrigin = options.showOrigin || options.output === "wide";
  const rows = Object.entries(settings).map(([name, { value, origin }]) => [
    name,
    value ?? "-",
    ...(showsOrigin ? [origin] : []),
  ]);
  app.io.out(table([["SETTING", "VALUE", ...(showsOrigin ? ["ORIGIN"] : [])], ...rows]));
}

function settingsInForce(options: ConfigViewOptions, desk: Desk): Record<string, Origin<string | undefined>> {
  const { app, workplace } = desk;
  const { config, configFile, fileOf, folders } = workplace;
  const kubeconfigs = kubeconfigPaths(app);
  const server = serverOrigin(desk, options.server);
  return {
    server: { ...server, value: withoutPassword(server.value) },
    account: { value: config.account, origin: config.account === undefined ? "default" : fileOf("account") },
    keyStore: keyStoreSetting({ env: app.env, config, fileOf }),
    cache: warmSetting(workplace, "cache", true),
    notify: {
      value: String(shownSetting("notify", config.notify ?? false)),
      origin: config.notify === undefined ? "default" : fileOf("notify"),
    },
    requireClusterInfo: warmSetting(workplace, "requireClusterInfo", false),
    profile: profileSetting(app),
    region: regionSetting(desk),
    kubeconfig: {
      value: kubeconfigs.join(", "),
      origin: envValue(app.env, "KUBECONFIG") === undefined ? "default" : "KUBECONFIG",
    },
    configFile: { value: configFile, origin: folderOrigin(app, "XDG_CONFIG_HOME") },
    stateFolder: { value: folders.state, origin: folderOrigin(app, "XDG_STATE_HOME") },
    keyFolder: { value: folders.keys, origin: folderOrigin(app, "XDG_DATA_HOME") },
    ...Object.fromEntries(
      ENDPOINT_KEYS.flatMap((key) => {
        const value = config[key];
        return value === undefined ? [] : [[key, { value: withoutPassword(value), origin: fileOf(key) }]];
      }),
    ),
    ...Object.fromEntries(
      NETWORK_VARIABLES.flatMap((name) => {
        const value = envValue(app.env, name);
        return value === undefined ? [] : [[name, { value: withoutPassword(value), origin: name }]];
      }),
    ),
  };
}

/**
 * The value in force. The warm path uses what the last login, setup or `config set` copied for it; but once a file switches the
 * cache off, nothing more is kept.
 */
function warmSetting(
  { config, fileOf, current }: LocalState,
  name: "cache" | "requireClusterInfo",
  usual: boolean,
): Origin<string> {
  const shown = (flag: boolean) => String(shownSetting(name, flag));
  const said = config[name];
  const copied = current[name] ?? usual;
  const file = fileOf(name);
  if ((said ?? usual) === copied)
    return { value: shown(copied), origin: said === undefined ? "default" : file };
  if (name === "cache" && said === false) {
    const rest = "existing cache entries are used until the next login, setup or config set";
    return { value: shown(said), origin: `${file}; ${rest}` };
  }
  if (name === "requireClusterInfo" && said === true) {
    const rest = "it applies to cached tokens after the next login, setup or config set";
    return { value: shown(said), origin: `${file}; ${rest}` };
  }
  const files = said === undefined ? "not set in any file" : `set to ${shown(said)} in ${file}`;
  return { value: shown(copied), origin: `last login or setup; ${files}` };
}

function folderOrigin({ env, platform }: App, variable: string): string {
  return platform !== "win32" && env[variable]?.startsWith("/") ? variable : "default";
}
