import { isNode, isScalar, type Pair, visit } from "yaml";
import { yamlDocument } from "../../token/yaml.ts";

/** What stands where a secret was. */
const MASK = "***";

/** The same as a value of YAML or JSON, where a bare asterisk would be an alias. */
const MASKED_VALUE = `"${MASK}"`;

/** Fields of a kubeconfig whose value is a secret. Source: client-go, `AuthInfo` and its `auth-provider` settings. */
const SECRET_FIELDS: ReadonlySet<string> = new Set([
  "token",
  "password",
  "client-key-data",
  "id-token",
  "refresh-token",
  "access-token",
  "client-secret",
]);

/** Names of variables and settings whose value one does not show. */
const SECRET_NAME = /secret|token|passw|private|credential|api_?key/i;

/** Names that look secret and only say where something is. */
const PLACE_NAME = /_(?:file|uri|path)$|^(?:credential_process|credential_source|credential_helper)$/i;

/** A line `key: value` with a secret field. */
const SECRET_LINE =
  /^([^\S\n]*#?\s*(?:-\s+)?["']?(?:token|password|client-key-data|id-token|refresh-token|access-token|client-secret)["']?\s*[:=]\s*)\S.*$/gim;

/** The value of a variable or setting of this name, unless it is a secret; the password in a URL is one. */
export function maskedValue(name: string, value: string): string {
  if (value !== "" && SECRET_NAME.test(name) && !PLACE_NAME.test(name)) return MASK;
  return value.replaceAll(/(\w:\/\/)[^/@\s]+@/g, `$1${MASK}@`);
}

/** The kubeconfig with its secrets hidden: tokens, passwords, keys, and secret variables of `exec.env`. Throws `YamlRefused`. */
export function maskedKubeconfig(text: string): string {
  const document = yamlDocument(text, {
    version: "1.1",
    strict: false,
    uniqueKeys: false,
    logLevel: "silent",
  });
  const isBroken = document.errors.length > 0;
  const spans: (readonly [number, number])[] = [];
  const hide = (node: unknown) => {
    if (isNode(node) && node.range) spans.push([node.range[0], node.range[1]]);
  };
  visit(document, {
    Pair: (_, { key, value }) => {
      if (isScalar(key) && SECRET_FIELDS.has(String(key.value))) hide(value);
    },
    Map: (_, { items }) => {
      const { name, value } = variable(items);
      if (name !== undefined && SECRET_NAME.test(name) && !PLACE_NAME.test(name)) hide(value);
    },
  });
  return spans
    .sort(([one], [other]) => other - one)
    .reduce((masked, [start, end]) => {
      const lineEnd = masked.slice(start, end).endsWith("\n") ? "\n" : "";
      return `${masked.slice(0, start)}${MASKED_VALUE}${lineEnd}${masked.slice(end)}`;
    }, text)
    .replaceAll(SECRET_LINE, (line, before: string) =>
      isBroken || before.trimStart().startsWith("#") ? `${before}${MASKED_VALUE}` : line,
    );
}

/** `~/.aws/config` or `credentials` with the values of keys and tokens hidden. */
export function maskedAwsFile(text: string): string {
  return text.replaceAll(
    /^(\s*(?:[#;]\s*)?([\w.-]+)\s*[=:][^\S\n]*)(\S.*)$/gm,
    (_, before: string, name: string, value: string) => `${before}${maskedValue(name, value)}`,
  );
}

/** What a program said, without tokens, signatures and web tokens. */
export function maskedOutput(text: string): string {
  return text
    .replaceAll(/k8s-aws-v1\.[\w=-]+/g, `k8s-aws-v1.${MASK}`)
    .replaceAll(/\beyJ[\w-]{8,}\.[\w-]+(?:\.[\w-]*)?/g, MASK)
    .replaceAll(/(X-Amz-(?:Signature|Security-Token|Credential)=)[^&\s"']+/gi, `$1${MASK}`)
    .replaceAll(
      /(["']?(?:SecretAccessKey|SessionToken|aws_secret_access_key|aws_session_token|token)["']?\s*[:=]\s*["']?)[^\s"',]{16,}/gi,
      `$1${MASK}`,
    );
}

/** `{name: AWS_SESSION_TOKEN, value: …}` of `exec.env`. */
function variable(items: readonly unknown[]): { readonly name: string | undefined; readonly value: unknown } {
  const field = (key: string) =>
    (items as readonly Pair[]).find((pair) => isScalar(pair.key) && pair.key.value === key)?.value;
  const name = field("name");
  const isVariable = isScalar(name) && items.length <= 2;
  return { name: isVariable ? String(name.value) : undefined, value: field("value") };
}
