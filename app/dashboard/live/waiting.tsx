/** What a live page shows before the first picture, and a line above it while the picture is old. */

import type { ReactNode } from 'react'
import type { SystemPicture } from '#client/index.ts'
import { Empty, Loading } from '#dashboard/components/states.tsx'
import { useLive } from './live.ts'
import css from './waiting.module.css'

export function WithPicture({ children }: { readonly children: (picture: SystemPicture) => ReactNode }) {
  const picture = useLive((live) => live.picture)
  const connection = useLive((live) => live.connection)
  if (picture === undefined) {
    return connection === 'waiting' ? (
      <Empty icon="refresh" title="Waiting for Sluice">
        The live stream does not answer. It is asked again until it does.
      </Empty>
    ) : (
      <Loading lines={6} />
    )
  }
  return (
    <>
      {connection === 'waiting' && (
        <p className={css.old} role="status">
          The connection is lost: this is the last picture, and it will go on by itself.
        </p>
      )}
      {children(picture)}
    </>
  )
}
