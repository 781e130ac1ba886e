/** Every page: where it is, what the menu says, who sees it. A new page is a file in pages/ and a line here. */

import { type ComponentType, type LazyExoticComponent, lazy } from 'react'
import type { IconName } from './components/icon.tsx'

export interface PageEntry {
  readonly path: string
  readonly title: string
  readonly icon: IconName
  readonly group: 'System' | 'Records' | 'Data' | 'You'
  /** Seen only by those who hold it. */
  readonly permission?: string
  /** Only where this instance runs as a demo. */
  readonly isDemoOnly?: boolean
  readonly page: LazyExoticComponent<ComponentType>
}

export const pages: readonly PageEntry[] = [
  {
    path: '/overview',
    title: 'Overview',
    icon: 'overview',
    group: 'System',
    permission: 'admin:read',
    page: lazy(() => import('./pages/overview/overview.tsx')),
  },
  {
    path: '/topology',
    title: 'Topology',
    icon: 'topology',
    group: 'System',
    permission: 'admin:read',
    page: lazy(() => import('./pages/topology/topology.tsx')),
  },
]
