const shape = /^(\d{4})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d):(\d\d)(?:\.\d+)?(?:[Zz]|[+-](\d\d):(\d\d))$/;

/** Whether a text is a `date-time` of RFC 3339, on a day that there is. */
export function isTimestamp(text: string): boolean {
  const [, year, month, day, hour, minute, second, offsetHour, offsetMinute] = shape.exec(text)?.map(Number) ?? [];
  if (year === undefined || month === undefined || day === undefined) return false;
  return (
    month >= 1 &&
    month <= 12 &&
    day >= 1 &&
    day <= daysOf(year, month) &&
    isAtMost(hour, 23) &&
    isAtMost(minute, 59) &&
    // A leap second.
    isAtMost(second, 60) &&
    isAtMost(offsetHour, 23) &&
    isAtMost(offsetMinute, 59)
  );
}

/** What is absent arrives as NaN. */
const isAtMost = (value: number | undefined, limit: number): boolean => !(value !== undefined && value > limit);

function daysOf(year: number, month: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}
