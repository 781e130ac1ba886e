/** Keeps a fault of one page from taking the whole dashboard down. */

import { Component, type ReactNode } from 'react'
import { Failed } from '#dashboard/components/states.tsx'

interface Props {
  readonly children: ReactNode
}

export class Boundary extends Component<Props, { error: unknown }> {
  override state: { error: unknown } = { error: undefined }

  static getDerivedStateFromError(error: unknown): { error: unknown } {
    return { error }
  }

  override render(): ReactNode {
    if (this.state.error === undefined) return this.props.children
    // A page that was replaced by a newer build is gone from the server: only a reload finds the new one.
    return <Failed error={this.state.error} retry={() => window.location.reload()} />
  }
}
