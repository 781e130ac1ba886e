/** One experiment: what it does, what should hold, its settings, and what came of it. */

import type { ReactNode } from 'react'
import { Badge } from '#dashboard/components/badge.tsx'
import { Button } from '#dashboard/components/button.tsx'
import { Card, Row } from '#dashboard/components/layout.tsx'
import css from './experiment-card.module.css'
import { runExperiment, useExperiment } from './use-experiment.ts'

interface ExperimentCardProps {
  readonly title: string
  readonly about: string
  /** Which promise of the design it tries: "P4". */
  readonly promise: string
  /** What should hold. */
  readonly holds: string
  readonly verb: string
  /** Settings, given to `run` by their names. */
  readonly children: ReactNode
  readonly run: (values: FormData, say: (line: string) => void) => Promise<void>
}

export function ExperimentCard({ title, about, promise, holds, verb, children, run }: ExperimentCardProps) {
  const { name, isRunning, lines } = useExperiment()
  const isThis = name === title
  return (
    <Card title={title} about={about}>
      <form
        className={css.form}
        onSubmit={(event) => {
          event.preventDefault()
          const values = new FormData(event.currentTarget)
          runExperiment(title, (say) => run(values, say))
        }}
      >
        <p>
          <Badge tone="accent">{promise}</Badge> {holds}
        </p>
        <div className={css.controls}>{children}</div>
        <Row>
          <Button type="submit" isBusy={isThis && isRunning} disabled={isRunning}>
            {verb}
          </Button>
        </Row>
        <ol className={css.lines} aria-live="polite">
          {isThis && lines.map((line) => <li key={line}>{line}</li>)}
        </ol>
      </form>
    </Card>
  )
}
