import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { CODE_INJECTION_PREFIXES, CODE_INJECTION_VARIABLES, DROPPED_PREFIX } from "../../token/hot/gate.ts";
import { SETTING_NAMES } from "../../token/settings/setting-keys.ts";
import { PROFILE_SETTINGS } from "./rogue.ts";
import { STEERING_ROWS } from "./rows.ts";
import { isOnPage, namesOnPage } from "./security-page.ts";

const ROOT = path.resolve(import.meta.dirname, "..", "..");

/** How our code asks for a variable by its name, in TypeScript and C. */
const READS = [
  /\benv\w*\(\s*(?:[\w.]+,\s*)?"([A-Za-z_]\w*)"/g,
  /\benv(?:ironment)?\[["']([A-Za-z_]\w*)["']\]/g,
  /\b(?:getenv|xdg|value|pluginVariable)\((?:\w+,\s*)?"([A-Za-z_]\w*)"/g,
];

/** What is written as a variable is: whatever the way it is asked for. */
const WRITTEN = /["`]((?:[A-Z][A-Z0-9]*_)+[A-Z0-9]*|[a-z]+_proxy)["`$]/g;

/** Written so, and no variables: words of AWS, Node, YAML, TLS and FIDO, and what a reader puts in place. */
const OTHERS = new Set([
  ...["API_AND_CONFIG_MAP", "CONFIG_MAP", "BLOCK_FOLDED", "BLOCK_LITERAL", "QUOTE_DOUBLE", "FIDO_2_"],
  ...["CERTIFICATE_VERIFY_FAILED", "ERR_TLS_CERT_ALTNAME_INVALID", "ERR_FS_EISDIR", "HPE_HEADER_OVERFLOW"],
  ...["NODE_SEA", "NODE_SEA_BLOB", "CA_BUNDLE", "AWS_ENDPOINT_URL_"],
  ...["HPE_", "REPORT_SIZE", "HID_MAX_DESCRIPTOR_SIZE", "SESSION_TOKEN", "PEM_FILE"],
  ...[
    "ADMIN_ROLE_ARN",
    "CLIENT_ID",
    "CLUSTER_ID",
    "ENDPOINT_HOST",
    "EXISTING_CIDRS",
    "EXISTING_GROUPS",
    "EXISTING_USERNAME",
  ],
  ...["EXISTING_NAMESPACES", "KUBECONFIG_FILE", "MFA_SERIAL", "NODE_ROLE_ARN", "POLICY_ARN", "PRINCIPAL_ARN"],
  ...["POD_CLUSTER", "POD_REGION"],
  ...["PROVIDER_ARN", "ROLE_ARN", "ROUTE_TABLE", "RUNNER_ARN", "SECURITY_GROUP", "SERVICE_ACCOUNT"],
  ...[
    "TOKEN_FILE",
    "TRANSIT_GATEWAY",
    "VOUCH_HOST",
    "INSUFFICIENT_PERMISSIONS",
    "TOKEN_EXPIRED",
    "USER_CREDENTIALS_CHANGED",
  ],
]);

function variablesInSources(): Map<string, string> {
  const folders = ["token", "doctor", "plugin", "krew/core", "krew/launcher"];
  const files = execFileSync("git", ["ls-files", ...folders], { cwd: ROOT, encoding: "utf8" }).split("\n");
  const found = new Map<string, string>();
  for (const file of files.filter((name) => /\.(?:ts|c|h)$/.test(name))) {
    if (!fs.existsSync(path.join(ROOT, file))) continue;
    const text = fs.readFileSync(path.join(ROOT, file), "utf8");
    for (const pattern of [...READS, WRITTEN])
      for (const [, name = ""] of text.matchAll(pattern)) if (!OTHERS.has(name)) found.set(name, file);
  }
  return found;
}

describe("the table of variables in SECURITY.md", () => {
  it("has a row for each variable that our sources name", () => {
    const missing = [...variablesInSources()].filter(([name]) => !isOnPage(name));
    assert.deepEqual(missing, []);
  });

  it("finds the variables that it is there for", () => {
    const found = variablesInSources();
    for (const name of ["HOME", "AWS_ENDPOINT_URL_STS", "https_proxy", "KUBERNETES_EXEC_INFO", "PATH"])
      assert.ok(found.has(name), name);
  });

  it("has a row for each setting", () => {
    assert.deepEqual(
      SETTING_NAMES.filter((key) => !isOnPage(key)),
      [],
    );
  });

  it("has no row that is not tried", () => {
    const gate = [
      ...CODE_INJECTION_PREFIXES.map((prefix) => `${prefix}*`),
      ...CODE_INJECTION_VARIABLES,
      `${DROPPED_PREFIX}*`,
    ];
    const tried = new Set([
      ...STEERING_ROWS.flatMap(({ names }) => names),
      ...SETTING_NAMES,
      ...PROFILE_SETTINGS,
      ...gate,
      "KUBERNETES_EXEC_INFO",
    ]);
    assert.deepEqual(
      namesOnPage().filter((name) => !tried.has(name)),
      [],
    );
    assert.deepEqual(
      [...tried].filter((name) => !namesOnPage().includes(name)),
      [],
    );
  });
});
