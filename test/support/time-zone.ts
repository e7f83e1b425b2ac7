/** Sets this process's time zone, by its IANA name, for each test of the suite it is called in. */
export function inTimeZone(name: string): void {
  let before: string | undefined;
  beforeEach(() => {
    before = process.env["TZ"];
    process.env["TZ"] = name;
  });
  afterEach(() => {
    if (before === undefined) delete process.env["TZ"];
    else process.env["TZ"] = before;
  });
}
