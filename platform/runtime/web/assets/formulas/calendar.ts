/** Days as numbers since the beginning of 1970, in the calendar that is valid today. */
import { FormulaError, cannotCompute } from "./failures";

const DAY = 86_400_000;
export const DAY_MICROSECONDS = 86_400_000_000;

/** The date of a year, a month and a day that there is; of others a day near them. */
function dateOf(year: number, month: number, day: number): Date {
  const date = new Date(0);
  // Date.UTC would take the year 26 for 1926.
  date.setUTCFullYear(year, month - 1, day);
  return date;
}

export const dayNumber = (year: number, month: number, day: number): number => dateOf(year, month, day).getTime() / DAY;
const FIRST_DAY = dayNumber(1, 1, 1);
const LAST_DAY = dayNumber(9999, 12, 31);

/** Year, month and day of the month. */
export function partsOf(day: number): [number, number, number] {
  const date = new Date(day * DAY);
  return [date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate()];
}

export const lastOfMonth = (year: number, month: number): number => dateOf(year, month + 1, 0).getUTCDate();

export const isDay = (year: number, month: number, day: number): boolean =>
  year >= 1 && year <= 9999 && month >= 1 && month <= 12 && day >= 1 && day <= lastOfMonth(year, month);

/** The day's number. Throws where there is no such day. */
export function dayOf(year: number, month: number, day: number): number {
  if (!isDay(year, month, day)) throw new FormulaError("no_such_day");
  return dayNumber(year, month, day);
}

/** The same day. Throws for one that is not between the years 1 and 9999. */
export function withinYears(day: number): number {
  if (!(day >= FIRST_DAY && day <= LAST_DAY)) throw cannotCompute();
  return day;
}

export const padded = (number: number, length: number): string => String(number).padStart(length, "0");

export function dayText(day: number): string {
  const [year, month, date] = partsOf(day);
  return `${padded(year, 4)}-${padded(month, 2)}-${padded(date, 2)}`;
}
