/** A day, a month or a year of the calendar. `year` is negative before Christ and null where none is given; `month` counts from 1. */
export interface CalendarDate {
  year: number | null;
  month: number | null;
  day: number | null;
}

/** Reads a date as people write it: `June 5, 1944`, `5 June 1944`, `the 5th of June`, `1944-06-05`, `June 1944`, `1944`, `44 BC`, `in 1944`. `05/06/1944` is two dates: null. */
export function readDate(text: string): CalendarDate | null {
  if (text.length > LONGEST) return null;
  const plain = text.trim().replace(/\.$/, "").replace(/^(?:in|on|around|about|circa|c\.|the)\s+/i, "");
  const iso = /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(plain);
  if (iso !== null) return date(Number(iso[1]), Number(iso[2]), Number(iso[3]));
  const era = /^(\d{1,4})\s*(BCE?|B\.C\.?(?:E\.?)?|CE|C\.E\.?|AD|A\.D\.?)$/i.exec(plain) ?? /^(AD|A\.D\.?)\s*(\d{1,4})$/i.exec(plain);
  if (era !== null) {
    const [first = "", second = ""] = era.slice(1);
    const [year, name] = /^\d/.test(first) ? [Number(first), second] : [Number(second), first];
    return date(/^b/i.test(name) ? -year : year, null, null);
  }
  if (/^\d{4}$/.test(plain)) return date(Number(plain), null, null);
  const monthFirst = /^(\p{L}{3,9})\.?(?:\s+(\d{1,2})(?:st|nd|rd|th)?)?(?:,?\s+(\d{4}))?$/iu.exec(plain);
  if (monthFirst !== null) return named(monthFirst[1], monthFirst[2], monthFirst[3]);
  const dayFirst = /^(\d{1,2})(?:st|nd|rd|th)?\s+(?:of\s+)?(\p{L}{3,9})\.?(?:,?\s+(\d{4}))?$/iu.exec(plain);
  return dayFirst === null ? null : named(dayFirst[2], dayFirst[1], dayFirst[3]);
}

/** Whether two dates are written to the same precision and are the same. */
export function sameDate(a: CalendarDate, b: CalendarDate): boolean {
  return a.year === b.year && a.month === b.month && a.day === b.day;
}

/** Negative: the first is earlier. Null where what is given does not tell (`1944` and `June 1944`). */
export function compareDates(a: CalendarDate, b: CalendarDate): number | null {
  for (const [x, y] of [[a.year, b.year], [a.month, b.month], [a.day, b.day]] as const) {
    if (x === null && y === null) continue;
    if (x === null || y === null) return null;
    if (x !== y) return x - y;
  }
  return 0;
}

const LONGEST = 60;
const MONTHS = ["january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"];

function named(month: string | undefined, day: string | undefined, year: string | undefined): CalendarDate | null {
  const word = month?.toLowerCase() ?? "";
  const at = MONTHS.findIndex((name) => name === word || (name.slice(0, 3) === word.slice(0, 3) && (word.length === 3 || word === "sept")));
  if (at < 0 || (day === undefined && year === undefined)) return null;
  return date(year === undefined ? null : Number(year), at + 1, day === undefined ? null : Number(day));
}

function date(year: number | null, month: number | null, day: number | null): CalendarDate | null {
  const sound = (month === null || (month >= 1 && month <= 12)) && (day === null || (day >= 1 && day <= 31));
  return sound ? { year, month, day } : null;
}
