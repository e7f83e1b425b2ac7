import { maskAwsFile, maskJson, maskVariable } from "../../token/masking/mask-arguments.ts";
import { maskConfiguration, maskKubeconfig } from "../../token/masking/mask-kubeconfig.ts";
import { YamlRefused } from "../../token/text/yaml.ts";
import { awsFileLines } from "./aws-file-lines.ts";
import { type Client, type DoctorEvidence, knownValue } from "./evidence.ts";
import { collectHost, collectHostsOfVariables, collectHostsUnderKnown } from "./redaction/collect-hosts.ts";
import { collectCacheFiles, collectNames } from "./redaction/collect-names.ts";
import { Pseudonymizer } from "./redaction/name-book.ts";

/**
 * A copy that can be kept and sent. Keys, tokens, signatures, passwords and private keys are always removed. With `names`,
 * account ids, e-mail addresses, principal ids, names of roles, users and clusters are replaced too, and hosts that appear in a
 * field, a URL, a setting or a usual error and that not everyone has; each by the same placeholder everywhere, so that rules
 * evaluate the copy like the original.
 *
 * Not replaced, because rules compare it: namespaces, groups, context names, IP addresses, certificates and their issuers, and
 * names that are ordinary words (`admin`).
 */
export function redactEvidence(
  evidence: DoctorEvidence,
  { names }: { readonly names: boolean },
): DoctorEvidence {
  const kept = maskJson(maskedParts(evidence));
  if (!names) return kept;
  const book = bookOf(kept);
  return mapTexts(kept, (text) => replacedIn(text, book));
}

/** The parts with formats of their own: kubeconfig, AWS's files, variables, files of programs. */
function maskedParts(evidence: DoctorEvidence): DoctorEvidence {
  const { awsConfig, awsCredentials, awsAuth, otherObservations } = evidence;
  return {
    ...maskedClientSide(evidence),
    ...(awsConfig && { awsConfig: masked(awsConfig, ofAws) }),
    ...(awsCredentials && { awsCredentials: masked(awsCredentials, ofAws) }),
    ...(typeof awsAuth === "string" && { awsAuth: unlessRefused(() => maskConfiguration(awsAuth), failed) }),
    ...(otherObservations && { otherObservations: otherObservations.map(maskedClientSide) }),
  };
}

/** What a client was started with, in the case itself or in another observation. */
function maskedClientSide<T extends Pick<DoctorEvidence, "kubeconfig" | "environment" | "client">>(
  side: T,
): T {
  const { kubeconfig, environment, client } = side;
  const files = knownValue(kubeconfig);
  const program = knownValue(client);
  return {
    ...side,
    ...(files && {
      kubeconfig: {
        ...files,
        files: files.files.map((file) =>
          unlessRefused(
            () => masked(file, maskKubeconfig),
            (why) => ({ path: file.path, ...failed(why) }),
          ),
        ),
        ...(files.kuberc && { kuberc: masked(files.kuberc, orLeftOut(maskKubeconfig)) }),
      },
    }),
    ...(environment && { environment: maskedVariables(environment) }),
    ...(program && { client: maskedClient(program) }),
  };
}

function maskedClient(client: Client): Client {
  const { configuration, files } = client;
  return {
    ...client,
    ...(configuration !== undefined && { configuration: orLeftOut(maskConfiguration)(configuration) }),
    ...(files && { files: files.map((file) => masked(file, orLeftOut(maskConfiguration))) }),
  };
}

const ofAws = (text: string) => maskAwsFile(awsFileLines(text));

/** YAML that is not read, as it would take too long, cannot be masked, so it is not kept. */
function unlessRefused<T, R>(work: () => T, refused: (why: string) => R): T | R {
  try {
    return work();
  } catch (error) {
    if (error instanceof YamlRefused) return refused(error.message);
    throw error;
  }
}

const failed = (why: string) => ({ failed: why });

const orLeftOut = (mask: (text: string) => string) => (text: string) =>
  unlessRefused(
    () => mask(text),
    (why) => `# left out: ${why}\n`,
  );

function masked<T extends object>(file: T, mask: (text: string) => string): T {
  return "text" in file && typeof file.text === "string" ? { ...file, text: mask(file.text) } : file;
}

function maskedVariables<T extends NonNullable<DoctorEvidence["environment"]>>(variables: T): T {
  const found = knownValue(variables);
  if (found === undefined) return variables;
  const entries = Object.entries(found as Readonly<Record<string, string>>);
  return Object.fromEntries(entries.map(([name, value]) => [name, maskVariable(name, value)])) as T;
}

/** Changes every text of a JSON value, and every key that is no field name: those in a trust policy contain hosts. */
function mapTexts<T>(value: T, change: (text: string) => string): T {
  return mapped(value, change) as T;
}

function mapped(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === "string") return change(value);
  if (Array.isArray(value)) return value.map((item) => mapped(item, change));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [
      /[.:/]/.test(name) ? change(name) : name,
      mapped(item, change),
    ]),
  );
}

/** All names of a bundle: those in certain fields, and those that any text shows by their form. */
function bookOf(evidence: DoctorEvidence): Pseudonymizer {
  const book = new Pseudonymizer();
  mapTexts(evidence, (text) => {
    collectNames(decoded(text), book);
    return text;
  });
  const { question, cluster, clusters, tokenNames, clocks, otherObservations = [] } = evidence;
  const { token, vouch, sourceFiles } = evidence;
  const clusterNames = [
    question?.cluster,
    knownValue(cluster)?.cluster.name,
    ...(knownValue(clusters)?.clusters ?? []),
    ...(knownValue(tokenNames) ?? []).map(({ name }) => name),
  ];
  for (const name of clusterNames) if (name !== undefined && /^[\w-]+$/.test(name)) book.add("cluster", name);
  for (const { peer } of knownValue(clocks) ?? []) collectHost(peer, book);
  collectHost(knownValue(token)?.host ?? "", book);
  const { server = "", endpoints = {} } = knownValue(vouch) ?? {};
  for (const url of [server, ...Object.values(endpoints)]) collectHost(url, book);
  for (const { startUrl } of knownValue(sourceFiles) ?? []) collectHost(startUrl ?? "", book);
  for (const side of [evidence, ...otherObservations]) collectOfClient(side, book);
  mapTexts(evidence, (text) => {
    collectHostsUnderKnown(decoded(text), book);
    return text;
  });
  collectCacheFiles(evidence, book);
  return book;
}

/** The names in fields of a client's side, of the case itself or of another observation. */
function collectOfClient(
  { environment, network, workload }: Pick<DoctorEvidence, "environment" | "network" | "workload">,
  book: Pseudonymizer,
): void {
  const variables = knownValue(environment) ?? {};
  for (const variable of ["USER", "LOGNAME", "USERNAME"]) {
    if (variables[variable] !== undefined) book.add("person", variables[variable]);
  }
  collectHostsOfVariables(variables, book);
  const { host = "", tls, proxy } = knownValue(network) ?? {};
  const { issuer = "", subjectAltNames = [] } = tls ?? {};
  for (const name of [host, proxy?.url ?? "", ...subjectAltNames]) collectHost(name, book);
  if (issuer.includes(".")) collectHost(issuer, book);
  const role = knownValue(workload)?.instanceRole ?? "";
  if (/^[\w+=,.@-]+$/.test(role)) book.add("role", role);
}

/** Replaces names, also inside the URL-encoded policies that IAM returns. */
function replacedIn(text: string, book: Pseudonymizer): string {
  const plain = decoded(text);
  return plain === text ? book.replaced(text) : encodeURIComponent(book.replaced(plain));
}

function decoded(text: string): string {
  if (!/^%7B/i.test(text)) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** What only placeholders have: account ids with a small number, and endpoints that begin with letters in order. */
const PLACEHOLDER = /:0{9}\d{3}:|\/\/abcdef0{20}/i;

/** Whether the names in a bundle were replaced by placeholders, which are the same for another user in another bundle. */
export function looksRedacted(evidence: DoctorEvidence): boolean {
  return PLACEHOLDER.test(JSON.stringify(evidence));
}
