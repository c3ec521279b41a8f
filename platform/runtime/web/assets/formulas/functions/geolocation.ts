/** Points on the earth. */
import { type Decimal, compare, fromDouble, toDouble, whole } from "../decimals";
import { FormulaError } from "../failures";
import { type Functions, of, ofAny } from "../functions";
import { Point } from "../values";

const EARTH_RADIUS = 6371.0088;
/** Of the earth, on which Salesforce measures: the result of one engine is that of the other. */
const RADIUS = new Map([["km", 6371.009], ["mi", 3958.761]]);

const isWithin = (degrees: Decimal, bound: number): boolean =>
  compare(degrees, whole(bound)) <= 0 && compare(degrees, whole(-bound)) >= 0;

function point(latitude: Decimal | null, longitude: Decimal | null): Point | null {
  if (!latitude && !longitude) return null;
  if (!latitude || !longitude || !isWithin(latitude, 90) || !isWithin(longitude, 180)) {
    throw new FormulaError("not_a_point");
  }
  return new Point(latitude, longitude);
}

function distance(one: Point, other: Point, unit: string): Decimal {
  const radius = RADIUS.get(unit);
  if (radius === undefined) throw new FormulaError("unknown_unit");
  return fromDouble((kilometresBetween(one, other) / EARTH_RADIUS) * radius);
}

/** By the haversine formula, on a sphere: at most half a percent off. */
function kilometresBetween(one: Point, other: Point): number {
  const [from, to] = [toDouble(one.latitude), toDouble(other.latitude)];
  const north = Math.sin(radians(to - from) / 2) ** 2;
  const east = Math.sin(radians(toDouble(other.longitude) - toDouble(one.longitude)) / 2) ** 2;
  const angle = north + Math.cos(radians(from)) * Math.cos(radians(to)) * east;
  return 2 * EARTH_RADIUS * Math.asin(Math.min(1, Math.sqrt(angle)));
}

const radians = (degrees: number): number => degrees * (Math.PI / 180);

export const FUNCTIONS: Functions = { GEOLOCATION: ofAny(point), DISTANCE: of(distance) };
