/** A fault for each rule of ours that judges a token. */
import type { SourceFault } from "../../support/mutated-module.ts";

type Faults = Readonly<Record<string, SourceFault>>;

const inFile = (file: string) => (text: string, by: string) => ({ file, text, by });

const explain = inFile("token/eks/explain-token.ts");
const hosts = inFile("token/eks/verifier-hosts.ts");
const partitions = inFile("token/hot/partition.ts");

/** In what `kubectl vouch token explain` says. */
export const EXPLAIN_FAULTS: Faults = {
  "1, longer tokens pass": inFile("token/eks/token-form.ts")(
    "MAX_TOKEN_BYTES = 4096",
    "MAX_TOKEN_BYTES = 8192",
  ),
  "1, long tokens are refused": inFile("token/eks/token-form.ts")(
    "MAX_TOKEN_BYTES = 4096",
    "MAX_TOKEN_BYTES = 4094",
  ),
  "1, characters are counted": explain("new TextEncoder().encode(token).length", "token.length"),
  "2, no prefix is needed": explain("if (!token.startsWith(TOKEN_PREFIX))", "if (token === '')"),
  "3, padding passes": explain("/^[A-Za-z0-9_-]*$/", "/^[A-Za-z0-9_=-]*$/"),
  "3, ordinary base64 passes": explain("/^[A-Za-z0-9_-]*$/", "/^[A-Za-z0-9_+\\/-]*$/"),
  "3, a letter too few is refused": explain("encoded.length % 4 === 1", "encoded.length % 4 % 2 === 1"),
  "3, line ends are refused": explain('.replaceAll(/[\\r\\n]/g, "")', ""),
  "3, blanks pass": explain("/[\\r\\n]/g", "/\\s/g"),
  "4, control characters pass": explain("CONTROLS.test(url) || ", ""),
  "4, control characters in a fragment are refused": explain("CONTROLS.test(url)", "CONTROLS.test(text)"),
  "4, a broken escape in a fragment passes": explain(" || BROKEN_ESCAPE.test(fragment)", ""),
  "4, a broken escape in a path passes": explain(
    '(path.startsWith("/") && BROKEN_ESCAPE.test(path))',
    "false",
  ),
  "4, a broken escape without a host is refused": explain(
    '(path.startsWith("/") && BROKEN_ESCAPE.test(path))',
    "BROKEN_ESCAPE.test(path)",
  ),
  "4, any user passes": explain("!USER_INFO.test(userInfo) || ", ""),
  "4, a broken escape in a user passes": explain("BROKEN_ESCAPE.test(userInfo) || ", ""),
  "4, a user is refused": explain("authority.slice(at + 1)", "authority"),
  "4, any host passes": explain(" || !isHost(host)", ""),
  "4, addresses are no hosts": explain("return URL.canParse(", "return false && URL.canParse("),
  "4, an address is not looked at": explain("return URL.canParse(", "return true || URL.canParse("),
  "4, http passes": explain('scheme !== "https"', '!scheme.startsWith("http")'),
  "4, the scheme's case counts": explain("scheme.toLowerCase()", "scheme"),
  "4, a URL without a host is none": explain("([^?]*)(?:\\?(.*))?$/is", "(\\/\\/[^?]*)(?:\\?(.*))?$/is"),
  "5, every host passes": explain("acceptingClusters(host).length === 0", "false"),
  "5, the global host is refused": hosts("if (host === GLOBAL_HOST) return [{", "if (host === '') return [{"),
  "5, the global host passes everywhere": hosts(
    'return [{ partition: "aws" }]',
    "return PARTITIONS.map(({ id }) => ({ partition: id }))",
  ),
  "5, any label passes": hosts(" || !REGION_LABEL.test(region)", ""),
  "5, capitals are no label": hosts("[0-9a-z])?$/i", "[0-9a-z])?$/"),
  "5, FIPS hosts are refused": hosts('|| (service === "sts-fips" && id !== "aws-us-gov")', ""),
  "5, GovCloud has FIPS hosts of that name": hosts(' && id !== "aws-us-gov"', ""),
  "5, FIPS hosts of dual-stack are refused": hosts(
    'return service === "sts" || service === "sts-fips"',
    'return service === "sts"',
  ),
  "5, aws-global is a region": hosts("host === NO_HOST || ", ""),
  "5, other services pass": hosts('return service === "sts" || (', 'return service !== "sts-fips" || ('),
  "5, every partition takes every host": hosts(
    "PARTITIONS.filter((partition) => hasSuffix(partition, suffix))",
    "PARTITIONS",
  ),
  "5, strange regions of a partition are refused": hosts(
    'return service === "sts" && hasSuffix(own, suffix)',
    "return false",
  ),
  "5, strange regions pass in the whole partition": hosts(
    "[{ partition: own.id, region }]",
    "[{ partition: own.id }]",
  ),
  ...Object.fromEntries(
    [
      "cn-\\w+-\\d+|aws-cn-global",
      "us-gov-\\w+-\\d+|aws-us-gov-global",
      "us-iso-\\w+-\\d+|aws-iso-global",
    ].map((pattern) => [`5, the regions ${pattern} are commercial`, hosts(`(?:${pattern})`, "(?:x)")]),
  ),
  ...Object.fromEntries(
    [
      "us-isob-\\w+-\\d+|aws-iso-b-global",
      "eu-isoe-\\w+-\\d+|aws-iso-e-global",
      "us-isof-\\w+-\\d+|aws-iso-f-global",
    ].map((pattern) => [`5, the regions ${pattern} are commercial`, hosts(`(?:${pattern})`, "(?:x)")]),
  ),
  "5, the regions eusc-de are commercial": hosts("/^eusc-de-\\w+-\\d+$/", "/^x$/"),
  ...Object.fromEntries(
    [
      "amazonaws.com.cn",
      "amazonaws.eu",
      "c2s.ic.gov",
      "sc2s.sgov.gov",
      "cloud.adc-e.uk",
      "csp.hci.ic.gov",
    ].map((suffix) => [
      `5, ${suffix} is another suffix`,
      partitions(`nsSuffix: "${suffix}"`, `nsSuffix: "x.${suffix}"`),
    ]),
  ),
  ...Object.fromEntries(
    ["api.amazonwebservices.com.cn", "api.amazonwebservices.eu"].map((suffix) => [
      `5, ${suffix} is another suffix`,
      partitions(`dualStackSuffix: "${suffix}"`, `dualStackSuffix: "x.${suffix}"`),
    ]),
  ),
  "6, every path passes": explain('path !== "/"', "false"),
  "6, no path passes": explain('path !== "/"', "path.length > 1"),
  "7, semicolons pass": explain("/;|%(?!", "/%(?!"),
  "7, broken escapes pass": explain("|%(?![0-9a-f]{2})", ""),
  "7, a parameter twice passes": explain("names.indexOf(name) < index", "false"),
  "7, case counts": explain("[name.toLowerCase(), value] as const", "[name, value] as const"),
  "8, every parameter passes": explain("!PARAMETERS.has(name)", "false"),
  "8, a question mark in front of the query passes": explain("URLSearchParams(`?", "URLSearchParams(`"),
  ...Object.fromEntries(
    ["version", "x-amz-algorithm", "x-amz-credential", "x-amz-security-token", "x-amz-signature"].map(
      (name) => [`8, ${name} is not allowed`, explain(`  "${name}",\n`, "")],
    ),
  ),
  "9, every action passes": explain('action === "GetCallerIdentity"', "action !== undefined"),
  "9, the action's case does not count": explain(
    'action === "GetCallerIdentity"',
    'action?.toLowerCase() === "getcalleridentity"',
  ),
  "10, the cluster need not be signed": explain("SIGNED_CLUSTER_HEADER.test(name)", "name === 'host'"),
  "10, the header's case counts": explain("id$/iu", "id$/u"),
  "10, the long s is no s": explain("id$/iu", "id$/i"),
  "10, headers are parted by commas": explain('.split(";")', ".split(/[;,]/)"),
  "11, every expiry passes": explain("seconds >= 0 && seconds <= 900", "true"),
  "11, a negative expiry passes": explain("seconds >= 0 && ", ""),
  "11, an expiry of a quarter of an hour is refused": explain("seconds <= 900", "seconds < 900"),
  "11, no expiry passes": explain("Number.NaN", "0"),
  "11, a sign is refused": explain("/^[+-]?\\d+$/", "/^\\d+$/"),
  "12, an old date passes": explain("ageMs > TOKEN_LIFETIME_MS", "false"),
  "12, tokens live ten minutes": inFile("token/eks/token-form.ts")(
    "TOKEN_LIFETIME_MS = 15 *",
    "TOKEN_LIFETIME_MS = 10 *",
  ),
  "12, tokens live twenty minutes": inFile("token/eks/token-form.ts")(
    "TOKEN_LIFETIME_MS = 15 *",
    "TOKEN_LIFETIME_MS = 20 *",
  ),
  "12, a fraction of a second is refused": explain("(?:[.,](\\d+))?Z$/", "(x)?Z$/"),
  "12, the 30th of February passes": explain("amzDate(epoch) === `", '"" !== `'),
  "13, every date ahead passes": explain("if (aheadMinutes <= FUTURE_MINUTES) return [];", "return [];"),
  "13, five minutes ahead are refused": explain("FUTURE_MINUTES = 15", "FUTURE_MINUTES = 5"),
};

const lab = (name: string) => inFile(`test/lab/kube/authentication/${name}.ts`);
const form = lab("presigned-url");
const goUrl = lab("go-url");
const goTime = lab("go-time");
const stsHost = lab("sts-host");

/** In the verifier of the lab, before STS is asked. */
export const FORM_FAULTS: Faults = {
  "1, longer tokens pass": form("MAX_TOKEN_BYTES = 4096", "MAX_TOKEN_BYTES = 8192"),
  "1, characters are counted": form("Buffer.byteLength(token)", "token.length"),
  "2, no prefix is needed": form("!token.startsWith(PREFIX)", "false"),
  "3, padding passes": form("/[^A-Za-z0-9_\\r\\n-]/", "/[^A-Za-z0-9_=\\r\\n-]/"),
  "3, line ends are refused": form("/[^A-Za-z0-9_\\r\\n-]/", "/[^A-Za-z0-9_-]/"),
  "3, a letter too many passes": form("letters.length % 4 === 1", "false"),
  "4, control characters pass": goUrl('byte < " " || byte === "\\u007f"', "false"),
  "4, the fragment is not read": goUrl("  unescaped(fragment);\n", ""),
  "4, any user passes": goUrl("if (!/^[\\w.~!$&'()*+,;=:@%-]*$/.test(userInfo))", "if (false)"),
  "4, any port passes": goUrl("if (!/^(?::\\d*)?$/.test(text))", "if (false)"),
  "4, any character passes in a host": goUrl('} else if (piece < "\\u0080" &&', "} else if (false &&"),
  "4, any escape passes in a host": goUrl('if (piece !== "%25" && /^%[0-7]/.test(piece))', "if (false)"),
  "4, http passes": form('url.scheme !== "https"', '!url.scheme.startsWith("http")'),
  "5, every host passes": form("  checkStsHost(url.host, place);\n", ""),
  "5, the global host passes everywhere": stsHost('place.partition === "aws"', "true"),
  "5, any label passes": stsHost(
    "if (!/^[0-9A-Za-z]([0-9A-Za-z-]*[0-9A-Za-z])?$/.test(region))",
    "if (false)",
  ),
  "5, a strange region of the cluster's own is refused": stsHost("if (fallback.includes(host)) return;", ""),
  "5, the partition is not looked at": stsHost("domain !== own.domain &&", "false &&"),
  "5, dual-stack is refused": stsHost("&& domain !== own.dualStackDomain", ""),
  "5, GovCloud has FIPS hosts of that name": stsHost(
    'name === "aws-us-gov" ? "sts" : "sts-fips"',
    '"sts-fips"',
  ),
  "5, aws-global is a region": stsHost('region === "aws-global" ? GLOBAL_HOST : ', ""),
  "6, every path passes": form('url.path !== "/"', "false"),
  "7, semicolons pass": form('part.includes(";")', "false"),
  "7, broken escapes pass": form('throw malformed("malformed query parameter");\n  }', "return text;\n  }"),
  "7, a parameter in two cases passes": form("twice !== undefined", "false"),
  "7, a parameter twice passes": form("values.length !== 1", "false"),
  "8, every parameter passes": form("!ALLOWED.has(lowerCased(name))", "false"),
  "9, every action passes": form('query.get("action") !== "GetCallerIdentity"', "false"),
  "10, the cluster need not be signed": form("!signed.some(", "signed.length === 0 && signed.some("),
  "10, the header's case counts": form("/^x-k8s-aws-id$/iu", "/^x-k8s-aws-id$/u"),
  "11, a later expiry passes": form("MAX_EXPIRES = 900", "MAX_EXPIRES = 3600"),
  "11, a negative expiry passes": form("seconds >= 0n && ", ""),
  "11, a word passes": form("digits !== undefined && ", ""),
  "12, no date is needed": form('if (text === "") throw', 'if (text === "x") throw'),
  "12, any date passes": goTime("Number(found) < least || Number(found) > most", "false"),
  "12, the 30th of February passes": goTime(" || new Date(epochMs).getUTCDate() !== Number(day)", ""),
  "12, a fraction of a second is refused": goTime("/^[.,]\\d+/", "/^x/"),
  "12, more text passes": goTime('rest !== "Z"', "false"),
  "12, tokens live longer": form("LIFETIME_MS = 15 *", "LIFETIME_MS = 20 *"),
};

const call = lab("caller-identity");
const arn = lab("canonical-arn");

/** In how the lab asks STS, and takes its answer. */
export const STS_FAULTS: Faults = {
  "13, the client's cluster is believed": call('"x-k8s-aws-id": sts.clusterName', '"x-k8s-aws-id": "lab"'),
  "13, XML is asked for": call('Accept: "application/json"', 'Accept: "text/xml"'),
  "13, it names itself otherwise": call('"User-Agent": "Go-http-client/1.1"', '"User-Agent": "node"'),
  "13, a user in the URL is not sent on": call("url.userInfo !== undefined && {", "false && {"),
  "14, every status passes": call("status !== 200", "status >= 400"),
  "14, throttling is a failure": call('body.includes("Throttling")', "false"),
  "14, JSON of any kind passes": call('typeof value === "object" && !Array.isArray(value)', "true"),
  "14, what is no JSON is nobody": call(
    "throw stsRefusal(\n      first",
    "return {}; throw stsRefusal(\n      first",
  ),
  "15, any ARN passes": arn('if (!arn.startsWith("arn:"))', "if (false)"),
  "15, a short ARN passes": arn("if (rest.length === 0)", "if (false)"),
  "15, any partition passes": arn("if (PARTITIONS[partition] === undefined)", "if (false)"),
  "15, a role without a session passes": arn("if (names.length < 2)", "if (false)"),
  "15, any kind of sts passes": arn('if (kind !== "assumed-role") throw', 'if (kind === "") throw'),
  "15, a user id without a session passes": call("sessionName === undefined || ", ""),
  "15, a user id of three parts passes": call(" || more.length > 0", ""),
};
