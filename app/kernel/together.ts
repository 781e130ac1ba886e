/** What is asked in one turn of the event loop in one call, and each hears its own answer; one that is refused does not take its neighbours with it. */

import { type Defer, perTurn } from './turn.ts'

export interface TogetherOptions<Item, Result> {
  /** Does all or none, and answers in their order. */
  readonly call: (items: readonly Item[]) => Promise<readonly Result[]>
  readonly defer: Defer
  /** Whether `error` was about one of the items and surely left nothing behind: each is then called for by itself. */
  readonly isRefusal?: (error: unknown) => boolean
  readonly maxItems?: number
}

interface Waiting<Item, Result> {
  readonly item: Item
  readonly resolve: (result: Result) => void
  readonly reject: (error: unknown) => void
}

/** Returns the function that calls for one item, with others where there are any. */
export function together<Item, Result>(
  options: TogetherOptions<Item, Result>,
): (item: Item) => Promise<Result> {
  const { call, defer, isRefusal = never, maxItems = Number.POSITIVE_INFINITY } = options

  const send = (batch: readonly Waiting<Item, Result>[]): void => {
    call(batch.map(({ item }) => item)).then(
      (results) => {
        for (const [index, { resolve }] of batch.entries()) resolve(results[index] as Result)
      },
      (error: unknown) => {
        const isOfOne = batch.length > 1 && isRefusal(error)
        for (const single of batch) {
          if (isOfOne) send([single])
          else single.reject(error)
        }
      },
    )
  }

  const add = perTurn<Waiting<Item, Result>>(defer, (all) => {
    for (let from = 0; from < all.length; from += maxItems) send(all.slice(from, from + maxItems))
  })
  return (item) => new Promise((resolve, reject) => add({ item, resolve, reject }))
}

const never = (): boolean => false
