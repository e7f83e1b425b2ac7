import { maskText } from "./mask-text.ts";
import { looksRandom } from "./random-words.ts";
import { isSecretName, MASK } from "./secret-names.ts";

/** The value of a variable or setting: masked if its name says that it is a secret, else without the secrets in it. */
export function maskVariable(name: string, value: string): string {
  if (value !== "" && isSecretName(name)) return MASK;
  return maskWord(value);
}

/** The arguments of a command without secrets: `--token=x`; `--api-key x`; `-p x`; the password of `-u name:x`; `--from-literal=name=x`. */
export function maskArguments(args: readonly string[]): string[] {
  return args.map((arg, index) => {
    const flag = args[index - 1] ?? "";
    const isValue = !arg.startsWith("-") && arg !== "";
    if (isValue && (flag === "-p" || (flag.startsWith("-") && !flag.includes("=") && isSecretName(flag))))
      return MASK;
    if (isValue && /^(?:-u|--user)$/.test(flag)) return withoutPassword(arg);
    const literal = /^(--from-literal=)?[\w.-]{1,253}=(?=.)/s.exec(arg);
    if (literal !== null && (literal[1] !== undefined || flag === "--from-literal"))
      return `${literal[0]}${MASK}`;
    const equals = arg.indexOf("=");
    if (equals > 0 && isSecretName(arg.slice(0, equals)) && /^[\w.-]+$/.test(arg.slice(0, equals)))
      return arg.length > equals + 1 ? `${arg.slice(0, equals + 1)}${MASK}` : arg;
    return maskWord(arg);
  });
}

function withoutPassword(user: string): string {
  const colon = user.indexOf(":");
  return colon < 0 || /^(?:arn|system):/.test(user) ? user : `${user.slice(0, colon + 1)}${MASK}`;
}

function maskWord(text: string): string {
  return looksRandom(text) ? MASK : maskText(text);
}
