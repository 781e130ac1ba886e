/** Where everything stands on the map, in per cent of its width and height, lying or standing. */

export interface Point {
  readonly x: number
  readonly y: number
}

export interface Plan {
  readonly gateway: Point
  readonly balancer: Point
  readonly redis: Point
  readonly postgres: Point
  readonly replica: (index: number, count: number) => Point
  /** How a line runs from the middle of one to that of another, below both, and a point of it. */
  readonly route: (from: Point, to: Point) => Route
}

export interface Route {
  /** For the `d` of an SVG path. */
  readonly path: string
  readonly at: (share: number) => Point
}

/** Evenly between two ends; alone in the middle. */
const spread = (from: number, to: number, index: number, count: number): number =>
  count < 2 ? (from + to) / 2 : from + ((to - from) * index) / (count - 1)

export const lying: Plan = {
  gateway: { x: 9, y: 50 },
  balancer: { x: 33, y: 50 },
  redis: { x: 90, y: 20 },
  postgres: { x: 90, y: 80 },
  replica: (index, count) => ({ x: 58, y: spread(16, 84, index, count) }),
  route: (from, to) => curve(from, to, 'x'),
}

export const standing: Plan = {
  gateway: { x: 50, y: 9 },
  balancer: { x: 50, y: 31 },
  redis: { x: 27, y: 90 },
  postgres: { x: 73, y: 90 },
  replica: (index, count) => ({ x: spread(18, 82, index, count), y: 61 }),
  route: (from, to) => curve(from, to, 'y'),
}

/** A cubic Bézier curve that leaves and arrives along one axis. */
function curve(from: Point, to: Point, axis: 'x' | 'y'): Route {
  const middle = (from[axis] + to[axis]) / 2
  const first = { ...from, [axis]: middle }
  const second = { ...to, [axis]: middle }
  return {
    path: `M${from.x} ${from.y}C${first.x} ${first.y} ${second.x} ${second.y} ${to.x} ${to.y}`,
    at: (share) => {
      const rest = 1 - share
      const along = (key: 'x' | 'y'): number =>
        rest ** 3 * from[key] +
        3 * rest ** 2 * share * first[key] +
        3 * rest * share ** 2 * second[key] +
        share ** 3 * to[key]
      return { x: along('x'), y: along('y') }
    },
  }
}
