/** Signs that PowerShell takes for `'`, and for `"`. Source: PowerShell's `CharTraits.cs`. */
const SINGLE = "'\u2018\u2019\u201A\u201B";
const DOUBLE = '"\u201C\u201D\u201E';

/**
 * What is wrong with the quotes of a line for PowerShell, read sign by sign as PowerShell does: a string of ours begins and
 * ends with `'`, each sign that could end it is doubled, and no other quote stands outside of one.
 */
export function typographicFault(line: string): string | undefined {
  let isOpen = false;
  for (let at = 0; at < line.length; at += 1) {
    const sign = line.charAt(at);
    if (!isOpen) {
      if (sign === "'") isOpen = true;
      else if (SINGLE.includes(sign) || DOUBLE.includes(sign))
        return `${sign} stands outside of quotes at ${at}`;
    } else if (SINGLE.includes(sign)) {
      if (line.charAt(at + 1) === sign) at += 1;
      else if (sign === "'") isOpen = false;
      else return `${sign} at ${at} is not doubled`;
    }
  }
  return isOpen ? "a string does not end" : undefined;
}
