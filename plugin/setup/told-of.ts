/** `AWS profile dev: The rest.`; only the message if it already names its subject. */
export function toldOf(subject: string, message: string): string {
  const isNamed = message
    .split(subject)
    .slice(1)
    .some((rest) => !NAME_GOES_ON.test(rest));
  return isNamed ? message : `${subject}: ${message}`;
}

/** What follows the subject where that is only part of a longer name. */
const NAME_GOES_ON = /^[\w@./+-]*\w/;
