/** Nobody answers, so it is not known who this is: asked again by itself until somebody does. */

import { useEffect } from 'react'
import { messageOf } from '#dashboard/api/problem.ts'
import { Button } from '#dashboard/components/button.tsx'
import { Empty } from '#dashboard/components/states.tsx'
import { resume } from './session.ts'
import css from './sign-in.module.css'

const everyMs = 3_000

export function Unreachable({ error }: { readonly error: unknown }) {
  useEffect(() => {
    const timer = setInterval(resume, everyMs)
    return () => clearInterval(timer)
  }, [])
  return (
    <main className={css.page}>
      <Empty
        icon="alert"
        title="Waiting for Sluice"
        action={
          <Button icon="refresh" onClick={resume}>
            Try now
          </Button>
        }
      >
        {messageOf(error)} It is asked again every few seconds.
      </Empty>
    </main>
  )
}
