import { symptomInWords } from "../derive/failure/symptom-words.ts";
import { abridged, plainText } from "../derive/pasted-text.ts";
import type { Question } from "../evidence/evidence.ts";
import { type Candidate, tellsFailure } from "./question.ts";

/** A command, what may be its failure, and what it printed. */
interface Run {
  readonly command: string | undefined;
  readonly candidate: Candidate | undefined;
  readonly output: string;
  /** Whether it shows whose credentials AWS accepted. */
  readonly hasIdentity: boolean;
}

/** How a failure explains that of another command. */
interface Explanation {
  /** Whether a failure is of this kind. */
  readonly isCause: (failure: Question) => boolean;
  /** Whether it explains another one. */
  readonly explains: (failure: Question) => boolean;
  /** Whether the cause is over after a command. */
  readonly isOver: (run: Run) => boolean;
}

/** AWS's tools on credentials that no call of theirs can do without. Source: doctor/AWS-CREDENTIALS.md. */
const NO_CREDENTIALS =
  /SSO (?:session|Token)|[Tt]oken has expired|session has expired|Unable to locate credentials|ExpiredToken|InvalidClientTokenId|UnrecognizedClientException|security token included in the request|InvalidGrantException|Partial credentials|Error when retrieving (?:token|credentials)/;

const LOGIN =
  /^(?:\w+=\S* )*(?:aws (?:sso )?login|(?:kubectl[ -])?vouch login|saml2aws login|aws-azure-login|gimme-aws-creds|granted|assume)\b/;

const EXPLANATIONS: readonly Explanation[] = [
  {
    isCause: ({ command = "", stderr = "" }) =>
      LOGIN.test(command) || (/^aws /.test(command) && NO_CREDENTIALS.test(plainText(abridged(stderr)))),
    explains: ({ stderr = "" }) => {
      const plain = plainText(abridged(stderr));
      const { kind } = symptomInWords(plain);
      return kind === "unauthorized" || (kind === "plugin-failed" && !NO_CREDENTIALS.test(plain));
    },
    isOver: ({ output, hasIdentity }) =>
      hasIdentity || /Successfully logged in|^Logged in (?:as|to)\b/m.test(abridged(output)),
  },
  {
    isCause: ({ command = "" }) => /\b(?:update-kubeconfig|write-kubeconfig)\b/.test(command),
    explains: ({ stderr = "" }) => {
      const plain = plainText(abridged(stderr));
      return (
        symptomInWords(plain).kind === "configuration" ||
        /\b(?:localhost|127\.0\.0\.1):8080\b|no configuration has been provided/.test(plain)
      );
    },
    isOver: ({ output }) => /Added new context|Updated context/.test(abridged(output)),
  },
];

/**
 * The failure that explains another one, wherever it stands, unless it was over later: a login that failed explains the 401, and a
 * kubeconfig that could not be written the context that is missing. Undefined where the other one stands for itself.
 */
export function causeOf<T extends Run>(runs: readonly T[], { question }: Candidate): T | undefined {
  const known = EXPLANATIONS.filter(({ explains }) => explains(question)).map((explanation) => ({
    ...explanation,
    over: runs.findLastIndex(explanation.isOver),
  }));
  return runs.findLast(({ candidate }, index) => {
    if (candidate === undefined || candidate.question === question || !tellsFailure(candidate)) return false;
    const { question: failure } = candidate;
    const isRoot = known.some(({ isCause, over }) => over <= index && isCause(failure));
    return isRoot && isSameProfile(failure.command ?? "", question.command);
  });
}

/** A profile that only one of two commands names may be another one's. */
function isSameProfile(one: string, other = ""): boolean {
  const named = (command: string) => /(?:\bAWS_PROFILE=|--profile[= ])(\S{1,128})/.exec(command)?.[1];
  return LOGIN.test(one) || named(one) === named(other);
}
