import { TOKEN_PREFIX } from "../hot/cached-token.ts";
import { partitionOfRegion } from "../hot/partition.ts";
import { textFromBase64 } from "../text/base64.ts";
import { amzDate, CLUSTER_HEADER, MAX_TOKEN_BYTES, TOKEN_LIFETIME_MS } from "./token-form.ts";
import { acceptingClusters } from "./verifier-hosts.ts";

/** One rule of the verifier that a token breaks, with the number of its step in EKS-TOKEN.md, "Verifier". */
interface TokenProblem {
  readonly step: number;
  readonly problem: string;
}

/** The contents of a token, without the parts that make it a secret (signature and session token). */
export interface TokenExplanation {
  readonly bytes: number;
  readonly host?: string;
  /** Region of the signature, and its partition. */
  readonly region?: string;
  readonly partition?: string;
  readonly accessKeyId?: string;
  /** Temporary credentials carry a session token; keys of an IAM user do not. */
  readonly temporary?: boolean;
  readonly signedHeaders?: readonly string[];
  /** Milliseconds since 1970. */
  readonly signedAt?: number;
  /** When an EKS verifier no longer accepts it, whatever else holds; milliseconds since 1970. */
  readonly endsAt?: number;
  /**
   * The rules it breaks: those of a verifier up to step 12, all of them about its form; at step 13, what STS is sure to refuse.
   * Empty if only STS can say whether the token is good.
   */
  readonly problems: readonly TokenProblem[];
}

const PARAMETERS = new Set([
  "action",
  "version",
  "x-amz-algorithm",
  "x-amz-credential",
  "x-amz-date",
  "x-amz-expires",
  "x-amz-security-token",
  "x-amz-signature",
  "x-amz-signedheaders",
]);

/** How far in the future STS lets a signature be dated, in minutes. Source: EKS-TOKEN.md, "Lifetimes". */
const FUTURE_MINUTES = 15;

/** The cluster header, matched with Unicode's simple case folding, like Go's `EqualFold`. */
const SIGNED_CLUSTER_HEADER = /^x-k8s-aws-id$/iu;

/**
 * Decodes an EKS token and checks it by the verifier's rules, offline. A token does not contain the cluster's name (only a signed
 * header), so it cannot be told; nor whether the credentials are still valid.
 */
export function explainToken(token: string, now: number): TokenExplanation {
  const bytes = new TextEncoder().encode(token).length;
  if (bytes > MAX_TOKEN_BYTES)
    return broken(bytes, 1, `it is ${bytes} bytes long; a verifier accepts at most ${MAX_TOKEN_BYTES}`);
  if (!token.startsWith(TOKEN_PREFIX)) return broken(bytes, 2, `it does not start with ${TOKEN_PREFIX}`);
  // A verifier's decoder skips line ends, but no other blanks.
  const encoded = token.slice(TOKEN_PREFIX.length).replaceAll(/[\r\n]/g, "");
  if (!/^[A-Za-z0-9_-]*$/.test(encoded) || encoded.length % 4 === 1) {
    return broken(bytes, 3, "the part after the prefix is not base64url without padding");
  }
  const url = readPresignedUrl(textFromBase64(encoded));
  if (url === undefined) return broken(bytes, 4, "its decoded content is not a URL");

  // URLSearchParams would drop a question mark at the beginning of the query itself.
  const parameters = [...new URLSearchParams(`?${url.query}`)].map(
    ([name, value]) => [name.toLowerCase(), value] as const,
  );
  const value = (name: string) => parameters.find(([key]) => key === name)?.[1];
  const [accessKeyId, , region] = (value("x-amz-credential") ?? "").split("/");
  const signedHeaders = (value("x-amz-signedheaders") ?? "").split(";").filter((name) => name !== "");
  const signedAt = parseAmzDate(value("x-amz-date"));

  return {
    bytes,
    host: url.host,
    ...(region ? { region, partition: partitionOfRegion(region).id } : {}),
    ...(accessKeyId ? { accessKeyId } : {}),
    temporary: value("x-amz-security-token") !== undefined,
    signedHeaders,
    ...(signedAt === undefined ? {} : { signedAt, endsAt: signedAt + TOKEN_LIFETIME_MS }),
    problems: [
      ...hostProblems(url),
      ...queryProblems(url.query),
      ...parameterProblems(parameters),
      ...(signedHeaders.some((name) => SIGNED_CLUSTER_HEADER.test(name))
        ? []
        : [{ step: 10, problem: `the header ${CLUSTER_HEADER} is not signed` }]),
      ...expiresProblems(value("x-amz-expires")),
      ...dateProblems(signedAt, now),
    ],
  };
}

function broken(bytes: number, step: number, problem: string): TokenExplanation {
  return { bytes, problems: [{ step, problem }] };
}

function hostProblems({ scheme, host, path }: PresignedUrl): TokenProblem[] {
  const problems: TokenProblem[] = [];
  if (scheme !== "https") problems.push({ step: 4, problem: `its scheme is ${scheme}, not https` });
  if (acceptingClusters(host).length === 0)
    problems.push({ step: 5, problem: `EKS does not accept STS host ${host}` });
  if (path !== "/") problems.push({ step: 6, problem: `its path is ${path === "" ? "empty" : path}, not /` });
  return problems;
}

/** What Go's query parser refuses and `URLSearchParams` accepts. */
function queryProblems(query: string): TokenProblem[] {
  return /;|%(?![0-9a-f]{2})/i.test(query) ? [{ step: 7, problem: "its query is malformed" }] : [];
}

function parameterProblems(parameters: readonly (readonly [string, string])[]): TokenProblem[] {
  const names = parameters.map(([name]) => name);
  const action = parameters.find(([name]) => name === "action")?.[1];
  return [
    ...names
      .filter((name, index) => names.indexOf(name) < index)
      .map((name) => ({ step: 7, problem: `parameter ${name} appears twice` })),
    ...names
      .filter((name) => !PARAMETERS.has(name))
      .map((name) => ({ step: 8, problem: `parameter ${name} is not allowed` })),
    ...(action === "GetCallerIdentity"
      ? []
      : [{ step: 9, problem: `its action is ${action ?? "missing"}, not GetCallerIdentity` }]),
  ];
}

function expiresProblems(expires: string | undefined): TokenProblem[] {
  const seconds = /^[+-]?\d+$/.test(expires ?? "") ? Number(expires) : Number.NaN;
  return seconds >= 0 && seconds <= 900
    ? []
    : [{ step: 11, problem: `X-Amz-Expires is ${expires ?? "missing"}; it must be 0 to 900` }];
}

function dateProblems(signedAt: number | undefined, now: number): TokenProblem[] {
  if (signedAt === undefined)
    return [{ step: 12, problem: "X-Amz-Date is missing or not in the form 20260115T120000Z" }];
  const ageMs = now - signedAt;
  if (ageMs > TOKEN_LIFETIME_MS) {
    return [
      { step: 12, problem: `it was signed ${Math.round(ageMs / 60_000)} minutes ago and is valid for 15` },
    ];
  }
  const aheadMinutes = -ageMs / 60_000;
  if (aheadMinutes <= FUTURE_MINUTES) return [];
  return [
    {
      step: 13,
      problem: `it is dated ${Math.round(aheadMinutes)} minutes in the future; STS accepts at most ${FUTURE_MINUTES}`,
    },
  ];
}

/** Like Go's `time.Parse`, accepts a fraction of a second that is not in the format. */
function parseAmzDate(text: string | undefined): number | undefined {
  const [, year, month, day, hour, minute, second, fraction = ""] =
    /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)(?:[.,](\d+))?Z$/.exec(text ?? "") ?? [];
  const epoch = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  // Date.parse accepts hour 24, and February 30.
  const isReal =
    !Number.isNaN(epoch) && amzDate(epoch) === `${year}${month}${day}T${hour}${minute}${second}Z`;
  return isReal ? epoch + Number(`0.${fraction}`) * 1000 : undefined;
}

/** The URL inside a token, in its parts as written. */
interface PresignedUrl {
  readonly scheme: string;
  /** Empty if the URL has none. */
  readonly host: string;
  readonly path: string;
  readonly query: string;
}

const URL_PARTS = /^([a-z][a-z0-9+.-]*):([^?]*)(?:\?(.*))?$/is;
const AUTHORITY = /^\/\/([^/]*)(|\/.*)$/s;
/** Unlike `\p{Cc}`, only those of ASCII. */
const CONTROLS = /[^ -~\u0080-\uffff]/;
const BROKEN_ESCAPE = /%(?![0-9a-f]{2})/i;
const USER_INFO = /^[\w.~!$&'()*+,;=:@%-]*$/;
/** In a host, only non-ASCII characters and the percent sign may be escaped. */
const HOST = /^(?:[\w.~!$&'()*+,;=<>"\]\u0080-\uffff-]|%(?:25|[89a-f][0-9a-f]))*(?::\d*)?$/i;

/**
 * Splits a URL as a verifier does, whose parser is Go's net/url; undefined if that refuses it. The class `URL` repairs what a
 * verifier refuses: it drops port 443, adds a path, and lower-cases the host.
 *
 * Source: Go 1.26, net/url, `Parse`.
 */
function readPresignedUrl(text: string): PresignedUrl | undefined {
  const end = text.indexOf("#");
  const [url, fragment] = end < 0 ? [text, ""] : [text.slice(0, end), text.slice(end + 1)];
  if (CONTROLS.test(url) || BROKEN_ESCAPE.test(fragment)) return undefined;
  const [, scheme, hierarchy = "", query = ""] = URL_PARTS.exec(url) ?? [];
  const [, authority = "", path = hierarchy] = AUTHORITY.exec(hierarchy) ?? [];
  // After a scheme without a slash, everything is opaque.
  if (scheme === undefined || (path.startsWith("/") && BROKEN_ESCAPE.test(path))) return undefined;

  const at = authority.lastIndexOf("@");
  const userInfo = authority.slice(0, Math.max(0, at));
  const host = authority.slice(at + 1);
  if (!USER_INFO.test(userInfo) || BROKEN_ESCAPE.test(userInfo) || !isHost(host)) return undefined;
  return { scheme: scheme.toLowerCase(), host, path, query };
}

function isHost(host: string): boolean {
  if (!host.startsWith("[")) return HOST.test(host);
  const [, address = ""] = /^\[([^\]%]*)(?:%25[^\]]+)?\](?::\d*)?$/.exec(host) ?? [];
  return URL.canParse(`http://[${address}]`);
}
