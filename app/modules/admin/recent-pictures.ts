/** The pictures of the last two minutes, each named by its time: what a reader that comes back has missed. */

export interface RecentPicture {
  /** Unix milliseconds; grows with each picture. */
  readonly id: number
  readonly text: string
}

const keptForMs = 120_000

export class RecentPictures {
  #pictures: RecentPicture[] = []

  /** `id` of the newest; 0 while there is none. */
  get newest(): number {
    return this.#pictures.at(-1)?.id ?? 0
  }

  /** The next id: the time, or a little after it where the clock was set back. */
  nextId(time: number): number {
    return Math.max(Math.round(time), this.newest + 1)
  }

  add(picture: RecentPicture): void {
    this.#pictures.push(picture)
    while ((this.#pictures[0]?.id ?? picture.id) < picture.id - keptForMs) this.#pictures.shift()
  }

  /** Newer than `id`, oldest first. */
  after(id: number): readonly RecentPicture[] {
    return this.#pictures.slice(this.#pictures.findLastIndex((picture) => picture.id <= id) + 1)
  }
}
