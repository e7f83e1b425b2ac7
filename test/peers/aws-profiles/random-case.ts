import fc from "fast-check";
import type { SourceGiven } from "../../token/aws/sources/plan-of-case.ts";

const PROFILES = ["default", "a", "b", "c"] as const;

/** Settings and their values. None of `aws login`, which AWS CLI 2.9 does not know. */
const VALUES: Readonly<Record<string, readonly string[]>> = {
  role_arn: ["arn:aws:iam::111122223333:role/ra", "arn:aws:iam::111122223333:role/rb"],
  source_profile: [...PROFILES, ...PROFILES, "gone"],
  credential_source: ["Environment", "EcsContainer", "Ec2InstanceMetadata", "environment"],
  web_identity_token_file: ["DIR/web"],
  role_session_name: ["n"],
  external_id: ["x"],
  duration_seconds: ["900"],
  mfa_serial: ["arn:aws:iam::111122223333:mfa/ada"],
  aws_access_key_id: ["B", "C", "D"],
  aws_secret_access_key: ["secret"],
  credential_process: [`/bin/echo '{"Version":1,"AccessKeyId":"process","SecretAccessKey":"s"}'`],
  sso_session: ["corp", "gone"],
  sso_account_id: ["111122223333"],
  sso_role_name: ["Dev"],
  sso_start_url: ["https://corp.awsapps.com/start", "https://other.awsapps.com/start"],
  sso_region: ["eu-west-1", "us-east-1"],
  region: ["eu-west-1"],
};

/** Settings that go together, so that most profiles mean something. */
const GROUPS = [
  ["role_arn", "credential_source"],
  ["role_arn", "web_identity_token_file"],
  ["aws_access_key_id", "aws_secret_access_key"],
  ["credential_process"],
  ["sso_session", "sso_account_id", "sso_role_name"],
  ["sso_start_url", "sso_region", "sso_account_id", "sso_role_name"],
];

const group = fc.oneof(
  { weight: 4, arbitrary: fc.constant(["role_arn", "source_profile"]) },
  { weight: 8, arbitrary: fc.constantFrom(...GROUPS) },
  { weight: 3, arbitrary: fc.constantFrom(...Object.keys(VALUES)).map((key) => [key]) },
);

const settings = fc
  .array(group, { minLength: 1, maxLength: 3 })
  .chain((groups) =>
    fc.record(Object.fromEntries(groups.flat().map((key) => [key, fc.constantFrom(...(VALUES[key] ?? []))]))),
  );

interface Section {
  readonly name: string;
  readonly said: Readonly<Record<string, string>>;
}

const section: fc.Arbitrary<Section> = fc.record({ name: fc.constantFrom(...PROFILES), said: settings });

const sections = (minLength: number) =>
  fc.uniqueArray(section, { minLength, maxLength: PROFILES.length, selector: ({ name }) => name });

const configHeader = (name: string) => (name === "default" ? name : `profile ${name}`);

function file(of: fc.Arbitrary<readonly Section[]>, header: (name: string) => string): fc.Arbitrary<string> {
  return of.map((all) => all.map(({ name, said }) => `[${header(name)}]\n${lines(said)}`).join(""));
}

function lines(said: Readonly<Record<string, string>>): string {
  return Object.entries(said)
    .map(([key, value]) => `${key} = ${value}\n`)
    .join("");
}

/** Headers that some tool takes for that of profile NAME. */
const ODD_HEADERS = [
  ...['[profile "NAME"]', "[profile 'NAME']", "[profile\tNAME]", "[profile  NAME ]", "[ profile NAME]"],
  ...[
    "[Profile NAME]",
    "[profile NAME] # note",
    "[profile NAME];note",
    "[profiles NAME]",
    "[profile NAME x]",
  ],
  ...["[NAME]", "[NAME ]", "[ NAME]", "[DEFAULT]", "  [profile NAME]"],
];

const ODD_LINES: readonly ((key: string, value: string) => string)[] = [
  (key, value) => `${key}=${value}`,
  (key, value) => `${key.toUpperCase()} : ${value}`,
  (key, value) => `${key} = ${value} # note`,
  (key, value) => `${key} = ${value}\t; note`,
  (key, value) => `${key} = ${value}#x`,
  (key, value) => `  ${key} = ${value}`,
  (key, value) => `${key} =\n  ${value}`,
  (key, value) => `${key} = ${value}\n# note\n\n`,
  (key, value) => `${key} = ${value}\n  more = x`,
  (key, value) => `${key} = "${value}"`,
  (key, value) => `${key} = x\n${key} = ${value}`,
  (key, value) => `${key}${value}`,
  (key) => `${key} =`,
  (key, value) => `;${key} = ${value}`,
];

const ODD_FILES: readonly ((text: string) => string)[] = [
  (text) => `\ufeff${text}`,
  (text) => text.replaceAll("\n", "\r\n"),
  (text) => text.replaceAll("\n", "\r"),
  (text) => text.replace("\n", "\r"),
  (text) => text.replace("\n", "\r\n"),
  (text) => text.trimEnd(),
];

/** Mostly the usual way, else one of some. */
const either = <T>(usual: T, others: readonly T[]) =>
  fc.oneof(
    { weight: 12, arbitrary: fc.constant(usual) },
    { weight: 2, arbitrary: fc.constantFrom(...others) },
  );

/** A file whose headers, lines and ends are written in odd ways, and in which a profile may stand twice. */
function oddFile(minLength: number, header: (name: string) => string): fc.Arbitrary<string> {
  const written = ({ name, said }: Section) => {
    const own = Object.entries(said).map(([key, value]) =>
      either((k: string, v: string) => `${k} = ${v}`, ODD_LINES).map((write) => `${write(key, value)}\n`),
    );
    const headers = ODD_HEADERS.map((odd) => odd.replace("NAME", name));
    return fc
      .tuple(either(`[${header(name)}]`, headers), ...own)
      .map(([first, ...rest]) => `${first}\n${rest.join("")}`);
  };
  const again = fc.oneof({ weight: 8, arbitrary: fc.constant([]) }, { weight: 1, arbitrary: sections(1) });
  return fc
    .tuple(
      sections(minLength),
      again,
      either((text: string) => text, ODD_FILES),
    )
    .chain(([once, twice, write]) =>
      fc.tuple(...[...once, ...twice].map(written)).map((all) => write(all.join(""))),
    );
}

const maybe = <T>(value: T) => fc.option(fc.constant(value), { nil: undefined });

const SESSION =
  "[sso-session corp]\nsso_start_url = https://corp.awsapps.com/start\nsso_region = eu-west-1\n";

const env = fc
  .record({
    AWS_PROFILE: fc.option(fc.constantFrom(...PROFILES, ...PROFILES, "gone"), { nil: undefined }),
    AWS_ACCESS_KEY_ID: fc.option(fc.constant("E"), { nil: undefined, freq: 3 }),
    AWS_SECRET_ACCESS_KEY: maybe("secret"),
    AWS_WEB_IDENTITY_TOKEN_FILE: fc.option(fc.constant("DIR/other"), { nil: undefined, freq: 2 }),
    AWS_ROLE_ARN: maybe("arn:aws:iam::111122223333:role/rw"),
    AWS_ROLE_SESSION_NAME: maybe("m"),
    AWS_CONTAINER_CREDENTIALS_FULL_URI: maybe("URL/creds"),
    AWS_EC2_METADATA_DISABLED: fc.constantFrom("true", "false"),
  })
  .map((variables) =>
    Object.fromEntries(
      Object.entries(variables).filter((entry): entry is [string, string] => entry[1] !== undefined),
    ),
  );

/** Files and variables as nobody writes them on purpose: any settings of any profile, in any file. */
export const randomCase = caseOf(
  file(sections(3), configHeader),
  file(sections(0), (name) => name),
);

/** The same, and also written as nobody should. */
export const oddCase = caseOf(
  oddFile(3, configHeader),
  oddFile(0, (name) => name),
);

function caseOf(config: fc.Arbitrary<string>, credentials: fc.Arbitrary<string>): fc.Arbitrary<SourceGiven> {
  const profile = fc.option(fc.constantFrom(...PROFILES), { nil: undefined });
  return fc
    .record({ config, credentials, env, profile, session: either(`\n${SESSION}`, [""]) })
    .map(({ session, config: own, profile: asked, ...more }) => ({
      ...more,
      config: own + session,
      ...(asked === undefined ? {} : { profile: asked }),
    }));
}
