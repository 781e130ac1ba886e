/** P3 of what shows somewhere else: the name of an owner in an item, in a list and in what a search finds; a title in a search. */

import { randomUUID } from 'node:crypto'
import type { RunningStack } from '#scripts/engine/stack.ts'
import { answered, clientFromOneAddress, newAccount, newClient } from '#scripts/prove/clients.ts'
import { longestStaleMs } from '#scripts/prove/histories.ts'
import type { Measuring, Verdict } from '#scripts/prove/promise.ts'
import { numberIn, type View, type Watched, watchRegister } from '#scripts/prove/register.ts'

const boundMs = 2_000

interface Item {
  readonly title: string
  readonly owner: { readonly name: string }
}
interface Items {
  readonly data: readonly Item[]
}

const ownerOf = (item: Item | undefined) => (item === undefined ? undefined : numberIn(item.owner.name))

export async function secondHand(stack: RunningStack, { isShort }: Measuring): Promise<Verdict> {
  const { id: owner, session } = await newAccount(stack)
  const word = `w${randomUUID().slice(0, 8)}`
  const made = await session.send('POST', '/api/v1/items', { title: `${word} 0` })
  const path = `/api/v1/items/${answered<{ id: number }>(made, 201, 'no item').id}`
  answered(await session.send('PATCH', '/api/v1/me', { name: 'Name 0' }), 200, 'no name')
  const client = await newClient(stack)
  const search = `/api/v1/search/items?q=${word}`

  const names: View[] = [
    { name: 'owner in an item', client, path, valueIn: (body) => ownerOf(body as Item) },
    {
      name: 'owner in a list',
      client,
      path: `/api/v1/items?ownerId=${owner}`,
      valueIn: (body) => ownerOf((body as Items).data[0]),
    },
    {
      name: 'owner in a search',
      client,
      path: search,
      valueIn: (body) => ownerOf((body as Items).data[0]),
    },
  ]
  const titles: View[] = [
    {
      name: 'title in a search',
      client: clientFromOneAddress(stack, String(client.headers.authorization).slice('Bearer '.length)),
      path: search,
      valueIn: (body) => numberIn((body as Items).data[0]?.title ?? ''),
    },
  ]
  const pauseMs = 40
  const renaming = watchRegister(
    { client: session, path: '/api/v1/me', change: (value) => ({ name: `Name ${value}` }) },
    names,
    pauseMs,
  )
  const retitling = watchRegister(
    { client: session, path, change: (value) => ({ title: `${word} ${value}` }) },
    titles,
    pauseMs,
  )
  const both = [renaming, retitling]
  try {
    await Promise.all(both.map((each) => each.more(isShort ? 15 : 60)))
  } finally {
    await Promise.all(both.map((each) => each.stop()))
  }
  return judged(both)
}

function judged(watched: readonly Watched[]): Verdict {
  const found = watched.flatMap(({ writes, views }) =>
    views.map(({ name, reads }) => ({ name, count: reads.length, staleMs: longestStaleMs(writes, reads) })),
  )
  return {
    holds: found.every(({ count, staleMs }) => count > 0 && staleMs <= boundMs),
    measured: found
      .map(({ name, count, staleMs }) => `${name} ${staleMs.toFixed(0)} ms of ${count}`)
      .join(', '),
  }
}
