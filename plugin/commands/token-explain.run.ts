import { explainToken, type TokenExplanation } from "../../token/eks/explain-token.ts";
import { type AcceptingClusters, acceptingClusters } from "../../token/eks/verifier-hosts.ts";
import { EXIT, VouchError } from "../../token/errors/errors.ts";
import { shown } from "../../token/text/printable.ts";
import { localTime, timestamp } from "../../token/text/time.ts";
import type { App } from "../app.ts";
import { duration, printObject } from "../terminal/output.ts";
import type { OutputChoice } from "../terminal/output-choice.ts";

/** The exit status is 0 for a token without a fault, and 1 for one that EKS would refuse. */
export async function runTokenExplain(
  { token, output }: { readonly token: string | undefined; readonly output: OutputChoice },
  app: App,
): Promise<number> {
  const explanation = explainToken(tokenIn(token ?? (await tokenOfStdin(app))), app.clock());
  if (output === "text") app.io.out(asText(explanation, app.clock()));
  else printObject(app, output, "TokenExplanation", asObject(explanation));
  return explanation.problems.length === 0 ? EXIT.ok : EXIT.general;
}

async function tokenOfStdin(app: App): Promise<string> {
  if (app.io.isTerminal("stdin")) {
    throw new VouchError("usage", "No token to explain.", {
      hint: "Pipe one in: `aws eks get-token --cluster-name NAME | kubectl vouch token explain`",
    });
  }
  const text = await app.io.readStdin();
  if (text.trim() !== "") return text;
  throw new VouchError("token-invalid", "Standard input contains no token.", {
    hint: "Pipe one in: `aws eks get-token --cluster-name NAME | kubectl vouch token explain`",
  });
}

/** The token itself, or the one inside an ExecCredential. */
function tokenIn(text: string): string {
  const trimmed = text.trim();
  if (!trimmed.startsWith("{")) return trimmed;
  try {
    const token = (JSON.parse(trimmed) as { status?: { token?: unknown } }).status?.token;
    if (typeof token === "string") return token;
  } catch {
    throw new VouchError("token-invalid", "The input looks like JSON, but is not valid JSON.");
  }
  throw new VouchError("token-invalid", "The JSON does not contain status.token.");
}

function asObject({ signedAt, endsAt, ...rest }: TokenExplanation) {
  return {
    ...rest,
    ...(rest.host === undefined ? {} : { acceptedBy: acceptingClusters(rest.host) }),
    ...(signedAt === undefined ? {} : { signedAt: timestamp(signedAt) }),
    ...(endsAt === undefined ? {} : { endsAt: timestamp(endsAt) }),
    acceptable: rest.problems.length === 0,
  };
}

function asText(explanation: TokenExplanation, now: number): string {
  const {
    host,
    region,
    partition,
    accessKeyId,
    temporary,
    signedHeaders,
    signedAt,
    endsAt,
    bytes,
    problems,
  } = explanation;
  const rows: [string, string | undefined][] = [
    ["STS host", host],
    ["Accepted by", host && clustersText(acceptingClusters(host))],
    ["Region", region && `${region} (${partition})`],
    [
      "Access key",
      accessKeyId &&
        `${accessKeyId} (${temporary ? "temporary credentials" : "long-lived key of an IAM user"})`,
    ],
    ["Signed headers", signedHeaders?.join(", ")],
    ["Signed at", signedAt === undefined ? undefined : localTime(signedAt)],
    [
      "Expires",
      endsAt === undefined
        ? undefined
        : `${localTime(endsAt)} (${endsAt > now ? `in ${duration(endsAt - now)}` : "expired"}), or earlier with its credentials`,
    ],
    ["Size", `${bytes} bytes (maximum: 4096)`],
    ["Cluster", "not in the token; it is a signed header, which EKS compares with its own name"],
  ];
  const facts = rows
    .flatMap(([name, value]) => (value ? [`${`${name}:`.padEnd(16)}${shown(value)}\n`] : []))
    .join("");
  if (problems.length === 0)
    return `${facts}No problem found offline. Only STS can verify the signature, cluster and credentials.\n`;
  return `${facts}EKS rejects it:\n${problems.map(({ problem }) => `  - ${shown(problem)}\n`).join("")}`;
}

function clustersText(accepting: readonly AcceptingClusters[]): string {
  const [first] = accepting;
  if (first?.region !== undefined) return `clusters in ${first.region} only (${first.partition})`;
  return accepting.length === 0
    ? "no cluster"
    : `clusters in ${accepting.length === 1 ? "partition" : "partitions"} ${accepting.map(({ partition }) => partition).join(" and ")}`;
}
