/** The time in a header such as Date or Retry-After, epoch ms. Source: RFC 9110, 5.6.7 (IMF-fixdate). */
export function httpDate(value: string | undefined): number | undefined {
  if (value === undefined || !/^\w{3}, \d{2} \w{3} \d{4} \d{2}:\d{2}:\d{2} GMT$/.test(value))
    return undefined;
  const moment = Date.parse(value);
  return Number.isNaN(moment) ? undefined : moment;
}
