import { TOKEN_PREFIX } from "../hot/cached-token.ts";
import { partitionOfRegion } from "../hot/partition.ts";
import { stsHost } from "../hot/sts-host.ts";
import { CLUSTER_HEADER, MAX_TOKEN_BYTES } from "./eks-token.ts";
import { TOKEN_LIFETIME_MS } from "./lifetime.ts";
import { amzDate } from "./sigv4-query.ts";

/** One rule of the verifier that a token breaks, with the number of its step in EKS-TOKEN.md, "Verifier". */
interface TokenProblem {
  readonly step: number;
  readonly problem: string;
}

/** What a token says, without the parts that make it a secret (signature and session token). */
export interface TokenExplanation {
  readonly bytes: number;
  readonly host?: string;
  readonly region?: string;
  readonly partition?: string;
  readonly accessKeyId?: string;
  /** Temporary credentials carry a session token; keys of an IAM user do not. */
  readonly temporary?: boolean;
  readonly signedHeaders?: readonly string[];
  /** Milliseconds since 1970. */
  readonly signedAt?: number;
  /** When an EKS verifier stops to accept it, whatever else holds; milliseconds since 1970. */
  readonly endsAt?: number;
  /** Empty when a verifier would accept it so far as can be told offline. */
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

/** How far in the future STS lets a signature be dated, in milliseconds. Source: EKS-TOKEN.md, "Lifetimes". */
const FUTURE_MS = 5 * 60 * 1000;

/** Hosts of STS that are valid beside the regional ones. Source: EKS-TOKEN.md, "Hosts". */
const GLOBAL_HOST = "sts.amazonaws.com";

/**
 * Decodes an EKS token and judges it by the verifier's rules, offline. The cluster's name is not in a token (only a
 * signed header), so it cannot be told; nor whether the credentials still live.
 */
export function explainToken(token: string, now: number): TokenExplanation {
  const bytes = Buffer.byteLength(token);
  if (bytes > MAX_TOKEN_BYTES)
    return broken(bytes, 1, `it has ${bytes} bytes, and a verifier reads at most ${MAX_TOKEN_BYTES}`);
  if (!token.startsWith(TOKEN_PREFIX)) return broken(bytes, 2, `it does not begin with ${TOKEN_PREFIX}`);
  const encoded = token.slice(TOKEN_PREFIX.length);
  if (!/^[A-Za-z0-9_-]*$/.test(encoded) || encoded.length % 4 === 1) {
    return broken(bytes, 3, "the rest is not base64url without padding");
  }
  const url = readUrl(Buffer.from(encoded, "base64url").toString("utf8"));
  if (url === undefined) return broken(bytes, 4, "what it holds is not a URL");

  const parameters = [...new URLSearchParams(url.query)].map(
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
      ...(signedHeaders.includes(CLUSTER_HEADER)
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

interface TokenUrl {
  readonly scheme: string;
  readonly host: string;
  readonly path: string;
  readonly query: string;
}

const URL_PARTS = /^([a-z][a-z0-9+.-]*):\/\/([^/?#]*)([^?#]*)\??([^#]*)/i;

/**
 * Splits a URL as the verifier does, that is as it is written. The class `URL` repairs what a verifier refuses: it drops
 * the port 443, adds a path, lowers the host.
 */
function readUrl(text: string): TokenUrl | undefined {
  const [, scheme, authority = "", path = "", query = ""] = URL_PARTS.exec(text) ?? [];
  if (scheme === undefined || /\p{Cc}/u.test(text)) return undefined;
  return { scheme: scheme.toLowerCase(), host: authority.slice(authority.lastIndexOf("@") + 1), path, query };
}

function hostProblems({ scheme, host, path }: TokenUrl): TokenProblem[] {
  const problems: TokenProblem[] = [];
  if (scheme !== "https") problems.push({ step: 4, problem: `its scheme is ${scheme}, not https` });
  if (!isStsHost(host))
    problems.push({ step: 5, problem: `${host} is not a host of AWS STS that EKS accepts` });
  if (path !== "/") problems.push({ step: 6, problem: `its path is ${path === "" ? "empty" : path}, not /` });
  return problems;
}

/** What Go's parser of queries refuses and `URLSearchParams` lets pass. */
function queryProblems(query: string): TokenProblem[] {
  return /;|%(?![0-9a-f]{2})/i.test(query) ? [{ step: 7, problem: "its query is malformed" }] : [];
}

function isStsHost(host: string): boolean {
  if (host === GLOBAL_HOST) return true;
  const region = host.split(".")[1] ?? "";
  return [false, true].some((fips) =>
    [false, true].some((dualStack) => stsHost(region, { fips, dualStack }) === host),
  );
}

function parameterProblems(parameters: readonly (readonly [string, string])[]): TokenProblem[] {
  const names = parameters.map(([name]) => name);
  const action = parameters.find(([name]) => name === "action")?.[1];
  return [
    ...names
      .filter((name, index) => names.indexOf(name) < index)
      .map((name) => ({ step: 7, problem: `parameter ${name} is there twice` })),
    ...names
      .filter((name) => !PARAMETERS.has(name))
      .map((name) => ({ step: 8, problem: `parameter ${name} is not allowed` })),
    ...(action === "GetCallerIdentity"
      ? []
      : [{ step: 9, problem: `its action is ${action ?? "missing"}, not GetCallerIdentity` }]),
  ];
}

function expiresProblems(expires: string | undefined): TokenProblem[] {
  const seconds = /^\d+$/.test(expires ?? "") ? Number(expires) : Number.NaN;
  return seconds >= 0 && seconds <= 900
    ? []
    : [{ step: 11, problem: `X-Amz-Expires is ${expires ?? "missing"}, not 0 to 900` }];
}

function dateProblems(signedAt: number | undefined, now: number): TokenProblem[] {
  if (signedAt === undefined)
    return [{ step: 12, problem: "X-Amz-Date is missing or not of the form 20260115T120000Z" }];
  const ageMs = now - signedAt;
  if (ageMs > TOKEN_LIFETIME_MS) {
    return [{ step: 12, problem: `it was signed ${Math.round(ageMs / 60_000)} minutes ago, and lives 15` }];
  }
  if (ageMs >= -FUTURE_MS) return [];
  const seconds = Math.round(-ageMs / 1000);
  return [
    { step: 13, problem: `it is dated ${seconds} s in the future; STS refuses more than five minutes` },
  ];
}

function parseAmzDate(text: string | undefined): number | undefined {
  const match = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text ?? "");
  if (match === null) return undefined;
  const epoch = Date.parse(`${match[1]}-${match[2]}-${match[3]}T${match[4]}:${match[5]}:${match[6]}Z`);
  return Number.isNaN(epoch) || amzDate(epoch) !== text ? undefined : epoch;
}
