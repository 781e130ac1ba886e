/** One experiment at a time: what it said, and what a reader saw of it meanwhile. */

import { create } from 'zustand'
import { messageOf } from '#dashboard/api/problem.ts'
import { duration } from '#dashboard/components/numbers.ts'
import { nothingSeen, type Seen, startProbe } from './probe.ts'

interface Experiment {
  /** Which one runs, or ran last. */
  readonly name: string | undefined
  readonly isRunning: boolean
  readonly lines: readonly string[]
  readonly seen: Seen
}

export const useExperiment = create<Experiment>(() => ({
  name: undefined,
  isRunning: false,
  lines: [],
  seen: nothingSeen,
}))

const say = (line: string): void => useExperiment.setState(({ lines }) => ({ lines: [...lines, line] }))

/** Runs `work` with a reader beside it, which goes on for as long. */
export async function runExperiment(
  name: string,
  work: (say: (line: string) => void) => Promise<void>,
): Promise<void> {
  if (useExperiment.getState().isRunning) return
  useExperiment.setState({ name, isRunning: true, lines: [], seen: nothingSeen })
  const endProbe = startProbe((seen) => useExperiment.setState({ seen }))
  try {
    await work(say)
  } catch (error) {
    say(messageOf(error))
  } finally {
    endProbe()
    say(verdict(useExperiment.getState().seen))
    useExperiment.setState({ isRunning: false })
  }
}

function verdict({ answered, failed, slowestMs }: Seen): string {
  const reads = `A reader asked ${answered + failed} times meanwhile`
  return failed === 0
    ? `${reads}: every read was answered, the slowest in ${duration(slowestMs)}.`
    : `${reads}: ${failed} of them failed.`
}
