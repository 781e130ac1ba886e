/**
 * An open load: requests leave when they are due, whether or not earlier ones were answered. A closed one, whose clients
 * wait for their answers, slows down with the server and so hides every overload.
 */

import { Connection } from './connection.ts'
import type { LoadPlan, Stream, StreamResult } from './plan.ts'

const tickMs = 5

export async function openLoad(plan: LoadPlan): Promise<StreamResult[]> {
  const streams = plan.streams.map((stream, index) => openStream(stream, plan, index))
  const startedAt = performance.now()
  await new Promise<void>((resolve) => {
    const timer = setInterval(() => {
      const seconds = (performance.now() - startedAt) / 1_000
      for (const stream of streams) stream.send(Math.min(seconds, plan.seconds))
      if (seconds < plan.seconds) return
      clearInterval(timer)
      resolve()
    }, tickMs)
  })
  return Promise.all(streams.map((stream) => stream.ended()))
}

function openStream(stream: Stream, plan: LoadPlan, index: number) {
  const { path, perSecond, headers } = stream
  const lines = Object.entries({ host: 'sluice', ...headers }).map(([name, value]) => `${name}: ${value}\r\n`)
  const tail = ` HTTP/1.1\r\n${lines.join('')}\r\n`
  const idle: Connection[] = []
  const all = new Set<Connection>()
  const statuses: Record<string, number> = {}
  const times: number[] = []
  let sent = 0

  const free = (connection: Connection): void => {
    if (connection.isOpen) idle.push(connection)
    else all.delete(connection)
  }
  const connection = (): Connection | undefined => {
    for (let one = idle.pop(); one !== undefined; one = idle.pop()) if (one.isOpen) return one
    if (all.size >= plan.connections) return undefined
    const host = 1 + ((all.size * plan.streams.length + index) % plan.addresses)
    const localAddress = `127.1.${host >> 8}.${host & 255}`
    const made = new Connection({ port: plan.port, localAddress }, free)
    all.add(made)
    return made
  }
  const count = (status: number): void => {
    statuses[status] = (statuses[status] ?? 0) + 1
  }
  const sendOne = (): void => {
    const startedAt = performance.now()
    const one = connection()
    if (one === undefined) {
      count(0)
      return
    }
    const ended = (status: number): void => {
      count(status)
      if (status >= 200 && status < 300) times.push(performance.now() - startedAt)
    }
    one.send(`GET ${filled(path)}${tail}`, { startedAt, ended })
  }
  const leave = (): void => {
    const oldest = performance.now() - plan.patienceMs
    for (const one of all) if (one.exchange !== undefined && one.exchange.startedAt < oldest) one.close()
  }
  const impatience = setInterval(leave, 100)

  return {
    send(seconds: number): void {
      for (const due = Math.floor(seconds * perSecond); sent < due; sent++) sendOne()
    },
    async ended(): Promise<StreamResult> {
      const isBusy = () => [...all].some(({ exchange }) => exchange !== undefined)
      while (isBusy()) await new Promise((resolve) => setTimeout(resolve, 20))
      clearInterval(impatience)
      for (const one of all) one.close()
      times.sort((a, b) => a - b)
      const quantile = (share: number): number => times[Math.floor(times.length * share)] ?? 0
      return {
        name: stream.name,
        sent,
        good: times.length,
        statuses,
        p50Ms: quantile(0.5),
        p99Ms: quantile(0.99),
      }
    },
  }
}

const filled = (path: string): string =>
  path.replace(/\{(\d+)-(\d+)\}/g, (_, from: string, to: string) =>
    String(Number(from) + Math.floor(Math.random() * (Number(to) - Number(from) + 1))),
  )
