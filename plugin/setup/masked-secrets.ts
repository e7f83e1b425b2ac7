import { isAlias, isMap, isNode, isScalar, isSeq, type Pair, visit } from "yaml";
import { parseIni } from "../../token/aws/ini-file.ts";
import { parseKubeconfig } from "../../token/kubeconfig/kubeconfig-document.ts";
import { keyText, nodeSpan } from "./yaml/layout.ts";
import { applySplices, type Splice } from "./yaml/splices.ts";

/** A flag of a plugin that carries a secret (`--oidc-client-secret=…`), as an element of `exec.args`. */
const SECRET_FLAG = /^--?[\w-]*(?:secret|token|passw|api-?key)[\w-]*(=|$)/i;

/** An address with a password in it, as in `proxy-url`. */
const ADDRESS_WITH_PASSWORD = /^[a-z][a-z\d+.-]*:\/\/[^/@\s]*:[^/@\s]*@/i;

/** What stands where a secret was. */
const MASK = "***";

/** Fields of a kubeconfig whose value is a secret. Source: client-go, `AuthInfo` and its `auth-provider` settings. */
const SECRET_FIELDS = new Set([
  "token",
  "password",
  "client-key-data",
  "id-token",
  "refresh-token",
  "access-token",
  "client-secret",
]);

/** A secret that was commented out is still one. */
const COMMENTED_SECRET =
  /([#;][^\n]*?\b(?:token|password|client-key-data|id-token|refresh-token|access-token|client-secret|aws_secret_access_key|aws_session_token)["']?\s*[:=]\s*)\S[^\r\n]*/gi;

/** Names of variables and settings whose value one does not show. */
const SECRET_NAME = /secret|token|passw|private|credential|api_?key/i;

/** The kubeconfig with the values of secret fields hidden, line for line. */
export function maskKubeconfigSecrets(text: string): string {
  const { yaml } = parseKubeconfig(text, "kubeconfig");
  const splices: Splice[] = [];
  const seen = new Set<unknown>();
  const hide = (node: unknown): void => {
    if (seen.has(node) || !isNode(node)) return;
    seen.add(node);
    if (isAlias(node)) {
      if (yaml !== undefined) hide(node.resolve(yaml));
    } else if (isMap(node) || isSeq(node)) {
      for (const item of node.items) hide(isNode(item) ? item : (item as Pair).value);
    } else if (isScalar(node) && node.value !== null) {
      const { start, end } = nodeSpan(node);
      splices.push({ start, end, text: maskedLines(text.slice(start, end)) });
    }
  };
  if (yaml !== undefined) {
    visit(yaml, {
      Pair: (_, pair) => {
        if (isNode(pair.key) && isScalar(pair.key) && SECRET_FIELDS.has(keyText(pair))) hide(pair.value);
      },
      Seq: (_, { items }) => hideFlags(items, hide),
      Scalar: (_, node) => {
        if (ADDRESS_WITH_PASSWORD.test(String(node.value))) hide(node);
      },
      Map: (_, map) => hideVariable(map.items as Pair[], hide),
    });
  }
  return applySplices(text, splices).replaceAll(COMMENTED_SECRET, `$1${MASK}`);
}

/** The AWS config with its secret settings hidden, line for line. Nothing is shown of a file that cannot be read. */
export function maskAwsSecrets(text: string): string {
  const settings = parseIni(text, "config").sections.flatMap((section) => section.settings);
  const secret = settings.filter(({ key }) => key !== "credential_process" && SECRET_NAME.test(key));
  const splices = secret.map(({ valueStart: start, end }) => ({
    start,
    end,
    text: maskedLines(text.slice(start, end)),
  }));
  return applySplices(text, splices).replaceAll(COMMENTED_SECRET, `$1${MASK}`);
}

/** `{name: AWS_SECRET_ACCESS_KEY, value: …}` of `exec.env`. */
function hideVariable(pairs: readonly Pair[], hide: (node: unknown) => void): void {
  const named = (key: string) =>
    pairs.find((pair) => isNode(pair.key) && isScalar(pair.key) && pair.key.value === key);
  const name = named("name")?.value;
  const value = named("value");
  if (value !== undefined && isScalar(name) && SECRET_NAME.test(String(name.value))) hide(value.value);
}

/** Of `[--client-secret=x, --token, x]` the first and the last. */
function hideFlags(items: readonly unknown[], hide: (node: unknown) => void): void {
  for (const [index, item] of items.entries()) {
    const [, end] = isScalar(item) ? (SECRET_FLAG.exec(String(item.value)) ?? []) : [];
    if (end === "=") hide(item);
    else if (end === "") hide(items[index + 1]);
  }
}

function maskedLines(secret: string): string {
  return secret
    .split("\n")
    .map((line, index, lines) => hiddenLine(line, index === lines.length - 1))
    .join("\n");
}

/** What follows the last line break of a block scalar is nothing. */
function hiddenLine(line: string, isLast: boolean): string {
  const [, indent = "", end = ""] = /^(\s*).*?(\r?)$/s.exec(line) ?? [];
  return isLast && line === "" ? "" : `${indent}${MASK}${end}`;
}
