/** Documents with canaries in every place where a secret may stand, from a seed. */

/** A stream of numbers from a seed. Source: G. Marsaglia, "Xorshift RNGs", 2003. */
class Chance {
  #state: number;

  constructor(seed: number) {
    this.#state = seed * 2654435761 || 1;
  }

  below(limit: number): number {
    this.#state ^= this.#state << 13;
    this.#state ^= this.#state >>> 17;
    this.#state ^= this.#state << 5;
    return (this.#state >>> 0) % limit;
  }

  of<T>(choices: readonly T[]): T {
    return choices[this.below(choices.length)] as T;
  }

  word(length: number): string {
    const letters = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghjkmnpqrstuvwxyz23456789";
    return Array.from({ length }, () => letters[this.below(letters.length)]).join("");
  }
}

export interface PlantedDocument {
  readonly text: string;
  readonly canaries: readonly string[];
}

/** Makes canaries, and remembers them. */
class Planter {
  readonly canaries: string[] = [];
  readonly chance: Chance;

  constructor(seed: number) {
    this.chance = new Chance(seed);
  }

  canary(): string {
    const word = `Cnry7${this.chance.word(15)}`;
    this.canaries.push(word);
    return word;
  }

  /** A canary with marks that have a meaning in shells, URLs or YAML. */
  password(): string {
    return `${this.canary()}${this.chance.of(["", "!x", "%41", "+/=", "@x", "(1)", "=="])}`;
  }

  pem(): string {
    return `-----BEGIN ${this.chance.of(["RSA ", "", "EC ", "ENCRYPTED "])}PRIVATE KEY-----\nMIIE${this.canary()}\n${this.canary()}\n-----END RSA PRIVATE KEY-----\n`;
  }
}

const FLAGS = [
  "--api-key",
  "--oidc-secret",
  "--oidc-client-secret",
  "--token",
  "--password",
  "--client-secret",
  "--refresh_token",
  "--access-token",
  "--db-passwd",
  "--private-key",
  "--secret-access-key",
  "-token",
  "--x-auth-token",
  "--passphrase",
];
const VARIABLES = [
  "AWS_SECRET_ACCESS_KEY",
  "AWS_SESSION_TOKEN",
  "GITHUB_TOKEN",
  "DB_PASSWORD",
  "SLACK_API_KEY",
  "CLIENT_SECRET",
  "MY_PRIVATE_KEY",
  "VAULT_TOKEN_2",
  "PGPASSWORD",
  "REGISTRY_CREDENTIALS",
  "APIKEY",
  "SECRET_VALUE_1",
  "NPM_AUTH",
];
const FIELDS = [
  "token",
  "password",
  "client-key-data",
  "id-token",
  "refresh-token",
  "access-token",
  "client-secret",
];

/** A kubeconfig; its secrets in fields, arguments, variables, anchors, merges, comments, addresses. */
export function plantedKubeconfig(seed: number): PlantedDocument {
  const plant = new Planter(seed);
  const { chance } = plant;
  const shared: string[] = [];
  const users = Array.from({ length: 3 }, (_, index) => {
    const lines: string[] = [];
    for (const field of FIELDS.filter(() => chance.below(2) === 0))
      lines.push(...scalar(plant, field, shared));
    if (chance.below(2) === 0) {
      shared.push(
        `  base${index}: &base${index}`,
        ...scalar(plant, "password", []).map((line) => `    ${line}`),
      );
      lines.push(`<<: *base${index}`);
    }
    lines.push(...execBlock(plant, shared, index));
    if (chance.below(2) === 0) lines.push(`# ${chance.of(FIELDS)}: ${plant.canary()}`);
    return [`- name: user-${index}`, "  user:", ...lines.map((line) => `    ${line}`)];
  });
  const proxy = chance.of(["", `    proxy-url: http://ada:${plant.canary()}@proxy.example.com:3128`]);
  const text = [
    "apiVersion: v1",
    "kind: Config",
    ...(shared.length > 0 ? ["x-shared:", ...shared] : []),
    "clusters:",
    "- name: lab",
    "  cluster:",
    "    server: https://ABCDEF.gr7.eu-west-1.eks.amazonaws.com",
    ...(proxy === "" ? [] : [proxy]),
    "users:",
    ...users.flat(),
    "",
  ].join(chance.of(["\n", "\n", "\r\n"]));
  return { text, canaries: plant.canaries };
}

function scalar(plant: Planter, field: string, shared: string[]): string[] {
  const { chance } = plant;
  const isKey = field === "client-key-data";
  const value = () => (isKey ? Buffer.from(plant.pem()).toString("base64") : plant.canary());
  const styles: (() => string[])[] = [
    () => [`${field}: ${value()}`],
    () => [`${field}: '${value()}'`],
    () => [`"${field}": "${value()}" # note`],
    () => [`${field}: |`, `  ${value()}`, `  ${plant.canary()}`],
    () => [`${field}: >-`, `  ${value()}`, "", `  ${plant.canary()}`],
    () => [`${field}: "${value()}`, `  ${plant.canary()}"`],
    () => [`${field}: !!str ${value()}`],
    () => [`? ${field}`, `: ${value()}`],
    () => {
      const anchor = `a${shared.length}`;
      shared.push(`  plain${shared.length}: &${anchor} ${chance.of([value(), `"${value()}"`])}`);
      return [`${field}: *${anchor}`];
    },
  ];
  return chance.of(styles)();
}

function execBlock(plant: Planter, shared: string[], index: number): string[] {
  const { chance } = plant;
  const args = Array.from({ length: 4 }, () => chance.of(argumentStyles(plant))()).flat();
  const isFlow = chance.below(3) === 0;
  if (chance.below(3) === 0) {
    shared.push(`  flag${index}: &flag${index} ${plant.canary()}`);
    args.push(chance.of(FLAGS), `*flag${index}`);
  }
  const written = args.map((arg) =>
    arg.startsWith("*flag") ? arg : chance.of([JSON.stringify(arg), `'${arg.replaceAll("'", "''")}'`]),
  );
  const env = Array.from({ length: 2 }, () => chance.of(variableStyles(plant))());
  return [
    "exec:",
    "  apiVersion: client.authentication.k8s.io/v1",
    "  command: kubelogin",
    ...(isFlow ? [`  args: [${written.join(", ")}]`] : ["  args:", ...written.map((arg) => `  - ${arg}`)]),
    "  env:",
    ...env.map((entry) => `  - ${entry}`),
  ];
}

function argumentStyles(plant: Planter): (() => string[])[] {
  const { chance } = plant;
  return [
    () => [`${chance.of(FLAGS)}=${plant.password()}`],
    () => [chance.of(FLAGS), plant.password()],
    () => ["-p", plant.password()],
    () => ["-u", `ada:${plant.password()}`],
    () => ["-c", `exec x ${chance.of(FLAGS)} ${plant.canary()} && y`],
    () => ["-H", `Authorization: ${chance.of(["Bearer", "Basic", "Token"])} ${plant.canary()}`],
    () => ["--data", JSON.stringify({ user: "ada", password: plant.password() })],
    () => [
      "--data",
      Buffer.from(JSON.stringify({ user: "ada", password: plant.canary() })).toString("base64"),
    ],
    () => ["--url", `https://ada:${plant.canary()}@idp.example.com/x`],
    () => ["--url", `https://idp.example.com/x?client_secret=${plant.canary()}&scope=y`],
    () => [`${chance.of(VARIABLES)}=${plant.canary()}`],
    () => ["--region", "eu-west-1"],
  ];
}

function variableStyles(plant: Planter): (() => string)[] {
  const { chance } = plant;
  return [
    () => `{name: ${chance.of(VARIABLES)}, value: ${plant.canary()}}`,
    () => `{value: "${plant.canary()}", name: "${chance.of(VARIABLES)}"}`,
    () => `{name: ${chance.of(VARIABLES)}, value: '${plant.canary()}', note: x}`,
    () => `{name: HTTPS_PROXY, value: "http://ada:${plant.canary()}@proxy:3128"}`,
    () => `{name: CONFIG_JSON, value: ${JSON.stringify(JSON.stringify({ apiKey: plant.canary() }))}}`,
  ];
}

/** `~/.aws/config` or `credentials`. */
export function plantedAwsFile(seed: number): PlantedDocument {
  const plant = new Planter(seed);
  const { chance } = plant;
  const styles: (() => string[])[] = [
    () => [`aws_secret_access_key = ${plant.password()}`],
    () => [`aws_session_token=${plant.canary()}`],
    () => [`aws_session_token : ${plant.canary()}`],
    () => ["aws_secret_access_key =", `    ${plant.canary()}`],
    () => ["s3 =", `  secret_key = ${plant.canary()}`, "  max_concurrent_requests = 10"],
    () => [`# aws_secret_access_key = ${plant.canary()}`],
    () => [`;aws_session_token=${plant.canary()}`],
    () => [`credential_process = /opt/x ${chance.of(FLAGS)} ${plant.canary()} --json`],
    () => [`credential_process = env ${chance.of(VARIABLES)}=${plant.canary()} /opt/x`],
    () => [`x_api_key = ${plant.canary()}`],
    () => ["region = eu-west-1", "aws_access_key_id = AKIAEXAMPLEEXAMPLE12"],
  ];
  const sections = ["default", "profile dev", "profile ops"].flatMap((name) => [
    `[${name}]`,
    ...Array.from({ length: 3 }, () => chance.of(styles)()).flat(),
  ]);
  return { text: `${sections.join(chance.of(["\n", "\r\n"]))}\n`, canaries: plant.canaries };
}

/** What people paste: errors, commands, headers, logs, values files. */
export function plantedText(seed: number): PlantedDocument {
  const plant = new Planter(seed);
  const { chance } = plant;
  const json = () =>
    JSON.stringify({
      Credentials: {
        AccessKeyId: "ASIAEXAMPLE",
        SecretAccessKey: plant.canary(),
        SessionToken: plant.canary(),
      },
    });
  const styles: (() => string)[] = [
    () =>
      `kubelogin get-token ${chance.of(FLAGS)}${chance.of(["=", " "])}${chance.of(["", '"', "'"])}${plant.canary()}`,
    () =>
      `${chance.of(["export ", "set ", "", "env "])}${chance.of(VARIABLES)}=${chance.of(["", '"', "'"])}${plant.canary()} aws sts get-caller-identity`,
    json,
    () => JSON.stringify(json()),
    () => JSON.stringify(JSON.stringify(json())),
    () => `body: ${Buffer.from(json()).toString(chance.of(["base64", "base64url"]))}`,
    () =>
      (
        Buffer.from(json())
          .toString("base64")
          .match(/.{1,76}/g) ?? []
      ).join("\n"),
    () =>
      `GET https://sts.amazonaws.com/?Action=GetCallerIdentity&X-Amz-Security-Token=${plant.canary()}&X-Amz-Signature=${plant.canary()}`,
    () => `redirect=https%3A%2F%2Fidp%2F%3Fclient_secret%3D${plant.canary()}%26x%3D1`,
    () =>
      `${chance.of(["> ", "", "DEBUG "])}Authorization: ${chance.of(["Bearer", "Basic", "bearer"])} ${plant.canary()}`,
    () => `X-Api-Key: ${plant.canary()}`,
    () => `Cookie: session=${plant.canary()}; path=/`,
    () => `curl -u ada:${plant.canary()} https://idp.example.com`,
    () => `docker login -u ada -p ${plant.canary()} registry.example.com`,
    () => plant.pem(),
    () => `key: ${Buffer.from(plant.pem()).toString("base64")}`,
    () => JSON.stringify({ key: plant.pem() }),
    () =>
      `eyJhbGciOiJSUzI1NiJ9.${Buffer.from(JSON.stringify({ sub: plant.canary() })).toString("base64url")}.${plant.canary()}`,
    () => `k8s-aws-v1.${Buffer.from(`https://sts.amazonaws.com/?x=${plant.canary()}`).toString("base64url")}`,
    () => `remote: ${chance.of(["ghp_", "github_pat_", "glpat-", "xoxb-", "npm_", "hf_"])}${plant.canary()}`,
    () => `proxy http://ada:${plant.password().replaceAll("/", "")}@proxy.example.com:3128 refused`,
    () => `db:\n  password: ${plant.canary()} and ${plant.canary()}\n  user: ada`,
    () => `db:\n  password: |\n    ${plant.canary()}\n    ${plant.canary()}\n  user: ada`,
    () => `db:\n  password: &pw ${plant.canary()}\n  user: ada`,
    () => `x: &pw ${plant.canary()}\ndb: {user: ada, password: *pw}`,
    () => `{ user: ada, password: ${plant.canary()}, token: ${plant.canary()} }`,
    () => `variable "x" {\n  db_password = "${plant.canary()}"\n  client_secret="${plant.canary()}"\n}`,
    () => `- ${chance.of(FLAGS)}\n- ${plant.canary()}`,
    () => `args: ["${chance.of(FLAGS)}", "${plant.canary()}"]`,
    () => "An error occurred (AccessDenied) when calling AssumeRole: User is not authorized",
  ];
  return { text: Array.from({ length: 5 }, () => chance.of(styles)()).join("\n"), canaries: plant.canaries };
}
