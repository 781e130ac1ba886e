/** What is shown before there is a page: nothing yet, no answer, the door; then the shell. */

import { useEffect } from 'react'
import { resume, useSession } from './session/session.ts'
import { SignIn } from './session/sign-in.tsx'
import { Unreachable } from './session/unreachable.tsx'
import { Shell } from './shell/shell.tsx'

export function App() {
  const session = useSession()
  useEffect(() => {
    resume()
  }, [])
  switch (session.is) {
    case 'starting':
      return null
    case 'unreachable':
      return <Unreachable error={session.error} />
    case 'signed-out':
      return <SignIn notice={session.notice} />
    case 'signed-in':
      return <Shell key={session.me.user.id} />
  }
}
