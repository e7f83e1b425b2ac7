/** `AWS profile dev: The rest.`; a message that says of itself what it is about is enough. */
export function toldOf(subject: string, message: string): string {
  const isNamed = message
    .split(subject)
    .slice(1)
    .some((rest) => !NAME_GOES_ON.test(rest));
  return isNamed ? message : `${subject}: ${message}`;
}

/** What stands behind is part of a longer name. */
const NAME_GOES_ON = /^[\w@./+-]*\w/;
