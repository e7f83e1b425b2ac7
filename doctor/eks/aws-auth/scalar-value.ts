/** The value of a scalar. Source: yaml/go-yaml@v2.4.4, resolve.go, and decode.go, `scalar`. */
import { textFromBase64 } from "../../../token/text/base64.ts";

/** Why a text is refused. */
export class AwsAuthYamlError extends Error {}

/** A text that two parsers may read differently. */
export class Unclear extends Error {}

/** A bigint if it needs all 64 bits. */
export type PlainValue = string | number | bigint | boolean | null;

const LONG = "tag:yaml.org,2002:";
const RESOLVED_TAGS = ["null", "bool", "int", "float", "timestamp"];

const NULL = /^(?:~|null|Null|NULL|)$/;
const TRUE = /^(?:[yY]|yes|Yes|YES|true|True|TRUE|on|On|ON)$/;
const FALSE = /^(?:[nN]|no|No|NO|false|False|FALSE|off|Off|OFF)$/;
const NO_NUMBER = /^(?:[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/;
const INTEGER = /^([-+]?)(0[xX](?=[\da-fA-F]+$)|0[oO]?(?=[0-7]+$)|0[bB](?=[01]+$)|(?=[1-9]\d*$|0$))(.+)$/;
const FLOAT = /^[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?$/;
const TIME = /^\d{4}-\d{1,2}-\d{1,2}(?:$|[Tt ]\d{1,2}:\d{1,2}:\d{1,2})/;

/** What a scalar is to Go: by what it looks like if it is `isPlain`, and by its tag. Throws `AwsAuthYamlError`. */
export function scalarValue(value: string, tag: string, isPlain: boolean): PlainValue {
  if (tag === "" && !isPlain) return value;
  if (tag === `${LONG}binary`) return fromBase64(value);
  const name = RESOLVED_TAGS.find((one) => tag === LONG + one);
  if (tag !== "" && name === undefined) return value;
  const resolved = resolve(value);
  const tags = tagsOf(resolved, value);
  if (name !== undefined && !tags.includes(name)) {
    const quoted = ["", value, ""].join("`");
    throw new AwsAuthYamlError(`cannot decode !!${tags.at(-1)} ${quoted} as a !!${name}`);
  }
  return resolved;
}

function resolve(text: string): PlainValue {
  if (NULL.test(text)) return null;
  if (TRUE.test(text)) return true;
  if (FALSE.test(text)) return false;
  if (NO_NUMBER.test(text)) return Number.NaN;
  if (!/^[-+.\d]/.test(text)) return text;
  const digits = text.startsWith(".") ? text : text.replaceAll("_", "");
  const number = integer(digits) ?? (FLOAT.test(digits) ? Number(digits) : undefined);
  return number === undefined || number === Infinity || number === -Infinity ? text : number;
}

/** As `strconv.ParseInt` reads it, or else `ParseUint`. */
function integer(digits: string): number | bigint | undefined {
  const [, sign, prefix = "", rest] = INTEGER.exec(digits) ?? [];
  if (rest === undefined) return undefined;
  const size = BigInt((prefix === "0" ? "0o" : prefix.toLowerCase()) + rest);
  if (size < 2n ** 63n || (sign === "-" && size === 2n ** 63n)) return Number(sign === "-" ? -size : size);
  return sign === "" && size < 2n ** 64n ? size : undefined;
}

/** The tags that a value may have; the last is its own. */
function tagsOf(resolved: PlainValue, text: string): readonly string[] {
  if (resolved === null) return ["null"];
  if (typeof resolved === "boolean") return ["bool"];
  if (typeof resolved === "string") return TIME.test(text) ? ["timestamp", "str"] : ["str"];
  return integer(text.replaceAll("_", "")) === undefined ? ["float"] : ["float", "int"];
}

function fromBase64(text: string): string {
  const digits = text.replaceAll(/[\r\n]/g, "");
  if (!/^(?:[A-Za-z\d+/]{4})*(?:[A-Za-z\d+/]{2}==|[A-Za-z\d+/]{3}=)?$/.test(digits)) {
    throw new AwsAuthYamlError("!!binary value contains invalid base64 data");
  }
  return textFromBase64(digits);
}
